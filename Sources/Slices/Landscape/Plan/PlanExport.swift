import Formats
import Kernel
import Web

/// The plan as data, as anybody may see it. What is unknown is left out.
struct PlanExport {
    let plan: Plan

    var json: Reply {
        var text = JSONText()
        text.array { list in
            for action in plan.actions { list.object { write(action, to: &$0) } }
        }
        return Reply(type: "application/json", .plain(text.bytes))
    }

    private func write(_ action: Action, to json: inout JSONText) {
        func integer(_ name: String, _ value: Int?) { if let value { json.member(name) { $0.integer(value) } } }
        func texts(_ name: String, _ values: [String]) {
            json.member(name) { json in json.array { list in for value in values { list.text(value) } } }
        }
        json.member("id", action.id)
        json.member("text", action.body)
        json.member("focus", action.focus)
        json.member("theme", action.theme)
        json.member("horizon", action.horizon?.rawValue)
        texts("examples", action.examples)
        integer("recurrence_years", action.recurrenceYears)
        json.member("owner", action.owner)
        json.member("owner_name", plan.desk(action.owner))
        json.member("state", action.state.rawValue)
        json.member("reason", action.reason)
        integer("cost_low_cad", action.cost?.lowerBound)
        integer("cost_high_cad", action.cost?.upperBound)
        json.member("due", action.due?.description)
        integer("progress", action.progress)
        integer("weight", action.weight)
        json.member("survivors_role", action.survivorsRole.isEmpty ? nil : action.survivorsRole)
        json.member("survivors_lead", action.survivorsLead.rawValue)
        json.member("survivors_paid", action.survivorsPaid.rawValue)
        texts("depends_on", action.dependencies.filter { id in plan.actions.contains { $0.id == id } })
        json.member("review", action.review)
        json.member("finding", action.finding)
        json.member("vote", action.vote?.description)
        for document in Tag.Document.allCases {
            texts(
                document.rawValue.replacing("-", with: "_"),
                action.tags.filter { $0.document == document }.map(\.label))
        }
        json.member("principles") { json in
            json.array { list in
                for (id, check) in action.checks.sorted(by: { $0.key < $1.key }) {
                    list.object { json in
                        json.member("principle", id)
                        json.member("answer", check.answer.rawValue)
                        json.member("note", check.note.isEmpty ? nil : check.note)
                    }
                }
            }
        }
        json.member("document", action.document)
        json.member("section", action.section)
    }

    /// Those that have no column at the head of the row.
    private var fields: [ActionField] {
        ActionField.allCases.filter { ![.body, .focus, .theme, .horizon, .owner].contains($0) }
    }

    var csv: Reply {
        var sheet = CSVText(guardsFormulas: true)
        sheet.row(
            [
                "id", "text", "focus", "theme", "horizon", "examples", "recurrence_years", "owner", "owner_name",
                "source",
            ] + fields.map(\.rawValue))
        for action in plan.actions {
            let head: [CSVText.Cell] = [
                .text(action.id), .text(action.body), .text(action.focus), .text(action.theme),
                .text(action.horizon?.rawValue), .text(action.examples.joined(separator: "; ")),
                .number(action.recurrenceYears.map(Double.init)), .text(action.owner), .text(plan.desk(action.owner)),
                .text([action.document, action.section].compactMap(\.self).joined(separator: ", ")),
            ]
            sheet.row(
                head
                    + fields.map { .text($0.text(action)) })
        }
        return Reply(type: "text/csv; charset=utf-8; header=present", .plain(sheet.bytes))
    }
}
