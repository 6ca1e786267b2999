import Formats
import Kernel
import Web

/// Initiatives as data, as anybody may see them.
struct InitiativeExport {
    let initiatives: [Initiative]
    let today: Day

    var json: Reply {
        var text = JSONText()
        text.array { list in
            for initiative in initiatives { list.object { write(initiative, to: &$0) } }
        }
        return Reply(type: "application/json", .plain(text.bytes))
    }

    private func write(_ initiative: Initiative, to json: inout JSONText) {
        json.member("id", initiative.id.description)
        for field in Initiative.Field.allCases where !initiative[field].isEmpty {
            let name = field.rawValue.replacing("-", with: "_")
            switch field {
            case .steps, .meetings:
                let lines = initiative.lines(field)
                json.member(name) { json in json.array { list in for line in lines { list.text(line) } } }
            case .costLow, .costHigh:
                Int(initiative[field]).map { number in json.member("\(name)_cad") { $0.integer(number) } }
            default: json.member(name, initiative[field])
            }
        }
        json.member("confirmed_on", initiative.confirmation?.day.description)
        json.member("confirmed_by", initiative.confirmation?.desk)
        json.member("standing", initiative.standing(on: today).rawValue)
    }

    var csv: Reply {
        var sheet = CSVText(guardsFormulas: true)
        sheet.row(["id"] + Initiative.Field.allCases.map(\.rawValue) + ["confirmed-on", "confirmed-by", "standing"])
        for initiative in initiatives {
            sheet.row(
                [initiative.id.description] + Initiative.Field.allCases.map { initiative[$0] }
                    + [
                        initiative.confirmation?.day.description ?? "", initiative.confirmation?.desk ?? "",
                        initiative.standing(on: today).rawValue,
                    ])
        }
        var reply = Reply(type: "text/csv; charset=utf-8; header=present", .plain(sheet.bytes))
        reply.savedAs = "initiatives.csv"
        return reply
    }
}
