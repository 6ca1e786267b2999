import Foundation
import Kernel
import Web

/// Which lists there are, and what keeping one on a phone means.
struct ListsPage {
    let regions: [Gazetteer.Place]

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        return setting.page(
            .listsPage, path: "lists", scripts: ["keep.js"], isInstallable: true,
            """
            <h1>\(words(.listsTitle))</h1>
            <p class="lead">\(words(.listsLead))</p>
            <section class="note" aria-labelledby="keep"><h2 id="keep">\(words(.keepTitle))</h2>
            <p>\(words(.keepText))</p><p>\(words(.keepStays))</p><p>\(words(.keepSeen))</p><p>\(words(.keepLeave))</p>
            <p id="keep-without">\(words(.keepWithout))</p>
            <p id="keep-state" role="status" data-done="\(words(.keepDone))" data-failed="\(words(.keepFailed))"></p>
            <p><a data-kept href="#keep" hidden>\(words(.keepOpen))</a></p>
            <p>\(wipe(setting))</p></section>
            <p class="hint">\(words(.listsFileText))</p>
            <ul class="plain regions">\(regions, { entry($0, setting) })</ul>
            """)
    }

    private func wipe(_ setting: PageSetting) -> HTML { KeepButton.wipe(setting) }

    private func entry(_ region: Gazetteer.Place, _ setting: PageSetting) -> HTML {
        let words = setting.words
        let (name, path) = (region.name(in: setting.language), setting.path("lists/\(region.id)"))
        return """
            <li><h2>\(name)</h2><p class="tools">
            <a href="\(path)" aria-label="\(words(.listsOpen)): \(name)">\(words(.listsOpen))</a>
            <a href="\(setting.path("stick/\(region.id).html"))" download="\(region.id).html" aria-label="\(words(.listsFile)): \(name)">\(words(.listsFile))</a>
            <button type="button" class="second" data-keep="\(path)" aria-label="\(words(.keepButtonNamed, ["place": name]))" hidden>\(words(.keepButton))</button>
            </p></li>

            """
    }
}

enum KeepButton {
    /// Shown by script while something is kept.
    static func wipe(_ setting: PageSetting) -> HTML {
        let words = setting.words
        return """
            <button type="button" data-wipe="\(setting.path("forget"))" data-gone="\(words(.forgetTitle))" hidden>\(words(.keepWipe))</button>
            """
    }
}

/// The list of one region: on a page of the site, or as a file of its own.
struct RegionListPage {
    let list: RegionList
    let hours: HoursCache

    func html(_ setting: PageSetting) -> HTML {
        setting.page(
            .listsPage, path: "lists/\(list.region.id)", scripts: ["list.js", "keep.js"],
            """
            \(head(setting))
            <p class="tools">\(KeepButton.wipe(setting)) <span id="keep-state" role="status" data-done="\(setting.words(.keepDone))" data-failed="\(setting.words(.keepFailed))"></span></p>
            \(groups(setting, hasLinks: true))
            """)
    }

    /// One file with all in it.
    func file(_ setting: PageSetting) -> HTML {
        setting.frame.file(
            setting.words, title: setting.words(.listsPage),
            """
            <p class="screen"><a href="index.html">\(setting.words(.listsPage))</a></p>
            \(head(setting))
            \(groups(setting, hasLinks: false))
            """)
    }

    private func head(_ setting: PageSetting) -> HTML {
        let words = setting.words
        return """
            <h1>\(words(.listTitle, ["place": list.region.name(in: setting.language)]))</h1>
            <p><time id="made" datetime="\(list.today.description)">\(words(.listMade, ["date": setting.date(list.today)]))</time>
            <span id="age" data-one="\(words(DirectoryPhrase.listAge, count: 1))" data-other="\(words(DirectoryPhrase.listAge, count: 9).replacing("9", with: "{count}"))" data-old="\(words(.listOld))"></span></p>
            <form id="look" class="ask screen" hidden data-plain><label for="filter">\(words(.listFilter))</label>
            <input id="filter" type="search" autocomplete="off" maxlength="100">
            <p id="found" role="status" data-text="\(words(.listFound, ["count": "{count}"]))"></p></form>
            <p class="tools"><button type="button" data-print hidden>\(words(.savedPrint))</button></p>
            """
    }

    private func groups(_ setting: PageSetting, hasLinks: Bool) -> HTML {
        let words = setting.words
        func group(_ name: String, _ cards: [Card]) -> HTML {
            if cards.isEmpty { return "" }
            return """
                <section data-group><h2>\(name)</h2><ul class="listing">\(cards, { item($0, setting, hasLinks: hasLinks) })</ul></section>

                """
        }
        return """
            \(if: list.isEmpty, "<p>\(words(.listNone))</p>")
            \(list.groups, { group($0.place?.name(in: setting.language) ?? "", $0.cards) })
            \(group(words(.listWithin), list.wide))\(group(words(.listWide), list.widest))
            """
    }

    private func item(_ card: Card, _ setting: PageSetting, hasLinks: Bool) -> HTML {
        let name = card.name(in: setting.language)
        let needs = card.facets.filter { $0.hasPrefix("need:") }.map(setting.term).joined(separator: ", ")
        let details = [week(card, setting), needs].filter { !$0.isEmpty }
        let link: HTML =
            hasLinks
            ? "<a href=\"\(setting.path("\(card.kind.rawValue)s/\(card.id)"))\">\(name)</a>" : "\(name)"
        return """
            <li data-item><h3>\(link)</h3>
            \(if: !card.organization.isEmpty && card.organization != name, "<p class=\"by\">\(card.organization)</p>")
            \(if: !card.phone.isEmpty, setting.phone(card.phone, isConfirmed: card.phoneIsConfirmed))
            \(setting.summary(card))
            \(details, { "<p>\($0)</p>" })
            <p class="quiet">\(setting.standing(checkedOn: card.checkedOn, asOf: card.asOf, today: list.today))</p></li>

            """
    }

    /// The seven days from the day of the list, days of equal hours in one.
    private func week(_ card: Card, _ setting: PageSetting) -> String {
        guard !card.hours.isEmpty, let hours = hours.hours(card.hours) else { return "" }
        if hours.isOpenAllWeek(from: list.today) { return setting.words(.openAlways) }
        var days: [(names: [String], spans: [OpeningSpan])] = []
        for entry in hours.week(from: list.today).sorted(by: { $0.day.weekday < $1.day.weekday }) {
            let name = setting.weekday(entry.day)
            if let last = days.last, last.spans == entry.spans {
                days[days.count - 1].names.append(name)
            } else {
                days.append(([name], entry.spans))
            }
        }
        return days.filter { !$0.spans.isEmpty }.map { day in
            let name =
                day.names.count > 2
                ? "\(day.names[0]) – \(day.names[day.names.count - 1])" : day.names.joined(separator: ", ")
            let spans = day.spans.map { "\(setting.time($0.opens)) – \(setting.time($0.closes))" }
            return "\(name): \(spans.joined(separator: ", "))"
        }.joined(separator: "; ")
    }
}

/// The lists of a disk or stick, with links that hold without a site.
struct StickPage {
    let regions: [Gazetteer.Place]
    let others: [Words]
    let today: Day

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        return setting.frame.file(
            words, title: words(.listsPage),
            """
            <h1>\(words(.listsTitle))</h1>
            <p>\(words(.listsLead))</p>
            <p><time id="made" datetime="\(today.description)">\(words(.listMade, ["date": setting.date(today)]))</time></p>
            <ul class="plain regions">\(regions, { "<li><a href=\"\($0.id).html\">\($0.name(in: setting.language))</a></li>\n" })</ul>
            <ul>\(others, { "<li><a href=\"../../\($0.language.code)/stick/index.html\" lang=\"\($0.language.code)\">\($0(WebPhrase.languageName))</a></li>" })</ul>
            """)
    }
}

/// After everything kept was deleted.
struct ForgetPage {
    func html(_ setting: PageSetting) -> HTML {
        setting.page(
            .forgetPage, path: nil,
            """
            <h1>\(setting.words(.forgetTitle))</h1>
            <p>\(setting.words(.forgetText))</p>
            """)
    }
}
