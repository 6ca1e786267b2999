import Formats
import Kernel
import Web

/// What a visitor picked, held by the page itself: hidden fields carry it from form to form.
struct SavedPage {
    let cards: [Card]

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let path = setting.path("saved")
        guard !cards.isEmpty else {
            return setting.page(
                .savedPage, path: "saved",
                """
                <h1>\(words(.savedTitle))</h1><p>\(words(.savedEmpty))</p>
                <p><a class="button" href="\(setting.path("find"))">\(words(.savedMore))</a></p>
                """)
        }
        return setting.page(
            .savedPage, path: "saved",
            """
            <h1 data-listed>\(words(.savedTitle))</h1><p>\(words(.savedNote))</p>
            <form method="post" action="\(path)" data-saves>
            \(hidden)
            <ul class="cards">\(cards, { item($0, setting) })</ul>
            <p class="tools"><button formaction="\(path)/sheet">\(words(.savedSheet))</button>
            <button class="second" formaction="\(path)/cards">\(words(.savedCards))</button>
            <a class="button second" href="\(setting.path("find"))">\(words(.savedMore))</a></p>
            </form>
            """)
    }

    private var hidden: HTML {
        "\(cards, { "<input type=\"hidden\" name=\"service\" value=\"\($0.id.description)\">" })"
    }

    private func item(_ card: Card, _ setting: PageSetting) -> HTML {
        let name = card.name(in: setting.language)
        let link = setting.path("\(card.kind.rawValue)s/\(card.id)")
        return """
            <li class="card"><h2><a href="\(link)">\(name)</a></h2>
            \(if: !card.phone.isEmpty, setting.phone(card.phone, isConfirmed: card.phoneIsConfirmed))
            <p><button class="second" name="remove" value="\(card.id.description)" \
            aria-label="\(setting.words(.savedRemoveNamed, ["name": name]))">\(setting.words(.savedRemove))</button></p></li>

            """
    }
}

/// The list on paper: large, plain, nothing to press.
struct SheetPage {
    let cards: [Card]
    let lines: [CallLine]
    let today: Day

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        return setting.page(
            .savedPage, path: nil,
            """
            <h1>\(words(.sheetTitle))</h1>
            <p class="tools"><button type="button" data-print hidden>\(words(.savedPrint))</button></p>
            <ul class="sheet">\(cards, { entry($0, setting) })
            \(lines, { "<li><h2>\($0.name)</h2><p class=\"number\"><bdi>\($0.number)</bdi></p></li>" })</ul>
            """)
    }

    private func entry(_ card: Card, _ setting: PageSetting) -> HTML {
        let places = card.places.compactMap { setting.gazetteer[$0]?.name(in: setting.language) }.joined(
            separator: ", ")
        return """
            <li><h2>\(card.name(in: setting.language))</h2>
            <p class="\(card.phone.isEmpty ? "quiet" : "number")">\(card.phone.isEmpty ? setting.words(.cardNone) : card.phone)</p>
            \(if: !places.isEmpty, "<p>\(places)</p>")
            \(setting.summary(card))
            <p class="quiet">\(setting.standing(checkedOn: card.checkedOn, asOf: card.asOf, today: today))</p></li>
            """
    }
}

/// Cards the size of a bank card: a number, a square code, no word about what it is for.
struct PocketCardPage {
    let numbers: [CallLine]
    /// After the language; nil when the page came from a form.
    let path: String?

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        return setting.page(
            .cardTitle, path: path,
            """
            <h1>\(words(.cardTitle))</h1>
            <p class="screen">\(words(.cardLead))</p>
            <p class="tools"><button type="button" data-print hidden>\(words(.savedPrint))</button></p>
            <ul class="pocket">\(numbers, { card($0, setting) })</ul>
            \(if: numbers.isEmpty, "<p>\(words(.cardNone))</p>")
            """)
    }

    private func card(_ line: CallLine, _ setting: PageSetting) -> HTML {
        guard let code = QRCode("tel:\(line.dialled)") else { return "" }
        let label = setting.words(.cardQr, ["number": line.number])
        return """
            <li><p class="number"><bdi>\(line.number)</bdi></p>
            <svg role="img" aria-label="\(label)" viewBox="-4 -4 \(code.size + 8) \(code.size + 8)" shape-rendering="crispEdges">\
            <rect x="-4" y="-4" width="\(code.size + 8)" height="\(code.size + 8)" fill="#fff"/><path d="\(code.path)" fill="#000"/></svg></li>
            """
    }
}
