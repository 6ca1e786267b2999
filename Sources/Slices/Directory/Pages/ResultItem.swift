import Formats
import Kernel
import Web

/// One listing in a list: what it is, how to reach it, and why it is here.
struct ResultItem {
    let result: Findings.Result
    let question: Question?
    let place: Gazetteer.Place?
    /// With a tick box to save it.
    let isListed: Bool
    /// One more reason, from elsewhere.
    var note: String?

    func html(_ setting: PageSetting) -> HTML {
        let card = result.card
        let name = card.name(in: setting.language)
        let link = setting.path("\(card.kind.rawValue)s/\(card.id)")
        let box: HTML = """
            <label class="save"><input type="checkbox" name="service" value="\(card.id.description)" \
            aria-label="\(setting.words(.listAddNamed, ["name": name]))"> \(setting.words(.listAdd))</label>
            """
        return """
            <li class="card"><div class="head"><h3><a href="\(link)">\(name)</a></h3>\(if: isListed, box)</div>
            \(if: !card.organization.isEmpty && card.organization != name, "<p class=\"by\">\(card.organization)</p>")
            \(if: !card.phone.isEmpty, setting.phone(card.phone, isConfirmed: card.phoneIsConfirmed))
            \(setting.summary(card))
            <ul class="why">\(reasons(setting), { "<li>\($0)</li>" })</ul></li>

            """
    }

    private func reasons(_ setting: PageSetting) -> [String] {
        let words = setting.words
        var reasons = [note].compactMap(\.self)
        if let kilometres = result.kilometres {
            let whole = Int(kilometres.rounded())
            reasons.append(
                whole < 1
                    ? words(.whyDistanceNear) : words(DirectoryPhrase.whyDistance, count: whole))
        } else if result.servesPlace, let place {
            reasons.append(words(.whyServes, ["place": place.name(in: setting.language)]))
        } else {
            let names = (result.card.places + result.card.areas).compactMap {
                setting.gazetteer[$0]?.name(in: setting.language)
            }
            if !names.isEmpty { reasons.append(names.prefix(3).joined(separator: ", ")) }
        }
        if result.opening != .unknown {
            reasons.append(setting.opening(result.opening, zone: result.zone))
        }
        if !result.matched.isEmpty {
            reasons.append(words(.whyMatched, ["words": result.matched.joined(separator: ", ")]))
        }
        if result.card.checkedOn != nil || !result.card.phoneIsConfirmed {
            reasons.append(
                setting.standing(checkedOn: result.card.checkedOn, asOf: result.card.asOf, today: result.today))
        }
        return reasons
    }
}
