import Formats
import Kernel
import Web

/// The question as a form, and its answer.
struct FindPage {
    let findings: Findings
    let filters: FindFilters

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let question = findings.question
        return setting.page(
            .findPage, path: "find",
            """
            <h1>\(words(.findTitle))</h1>
            <form id="search" class="search" method="post" action="\(setting.path("find"))">
            <div class="fields">
            <div class="wide"><label for="q">\(words(.findWords))</label>
            <input id="q" name="q" type="search" value="\(question.text)" maxlength="300" autocomplete="off"></div>
            <div class="wide"><label for="near">\(words(.findNear))</label>
            <input id="near" name="near" value="\(question.near)" maxlength="100" autocomplete="off"></div>
            \(filters.html(question, setting))
            </div>
            <p><button>\(words(.findGo))</button> <a href="\(setting.path("find"))">\(words(.findClear))</a></p>
            </form>
            \(if: !question.isEmpty, answer(setting))
            """)
    }

    private func answer(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let place = findings.place
        let shown = findings.results
        return """
            <section aria-labelledby="results">
            <h2 id="results">\(heading(setting))</h2>
            \(notes(setting))
            <form method="post" action="\(setting.path("saved"))" data-saves data-carries>
            \(if: findings.linesComeFirst, always(setting))
            \(if: shown.isEmpty && !findings.linesComeFirst, "<p>\(words(.findNone))</p>")
            \(if: findings.linesComeFirst && !shown.isEmpty, "<h3 class=\"always\">\(words(.findRest))</h3>")
            \(if: !shown.isEmpty, "<ol class=\"cards\">\(shown, { item($0, place, setting) })</ol>")
            \(if: !findings.linesComeFirst, always(setting))
            <p class="tools"><button class="second">\(words(.listShow))</button></p>
            </form>
            \(pages(setting))
            </section>
            """
    }

    private func always(_ setting: PageSetting) -> HTML {
        guard !findings.always.isEmpty else { return "" }
        let showsHeading = !findings.results.isEmpty || findings.linesComeFirst
        return """
            \(if: showsHeading, "<h3 class=\"always\">\(setting.words(.findFew))</h3>")
            <ul class="cards">\(findings.always, { item($0, findings.place, setting) })</ul>
            """
    }

    private func item(_ result: Findings.Result, _ place: Gazetteer.Place?, _ setting: PageSetting) -> HTML {
        ResultItem(result: result, question: findings.question, place: place, isListed: true).html(setting)
    }

    private func heading(_ setting: PageSetting) -> String {
        guard let place = findings.place else {
            return setting.words(DirectoryPhrase.findCount, count: findings.total)
        }
        let phrase = findings.noneIsNear ? DirectoryPhrase.findCountFar : .findCountNear
        return setting.words(
            phrase, count: findings.total, ["place": place.name(in: setting.language)])
    }

    private func notes(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let region = findings.place.flatMap { $0.coordinate == nil ? setting.gazetteer.region(of: $0) : nil }
        var notes: HTML = ""
        if let region, let place = findings.place {
            notes +=
                "<p class=\"note\">\(words(.findNearRegion, ["place": place.name(in: setting.language), "region": region.name(in: setting.language)]))</p>"
        }
        if findings.nearIsUnknown {
            notes += "<p class=\"note\">\(words(.findNearUnknown, ["place": findings.question.near]))</p>"
            if !findings.suggestions.isEmpty {
                let names = findings.suggestions.map { $0.name(in: setting.language) }.joined(separator: ", ")
                notes += "<p class=\"note\">\(words(.findNearSuggest)) \(names)</p>"
            }
        }
        if let typed = findings.placeReadFrom, let place = findings.place {
            notes +=
                "<p class=\"note\">\(words(.findPlaceRead, ["from": typed, "place": place.name(in: setting.language)]))</p>"
        }
        for correction in findings.corrections {
            notes += "<p class=\"note\">\(words(.findCorrection, ["from": correction.from, "to": correction.to]))</p>"
        }
        if findings.placeReadFrom != nil || !findings.corrections.isEmpty { notes += exactly(setting) }
        return notes
    }

    /// The way back from a spelling that was put right.
    private func exactly(_ setting: PageSetting) -> HTML {
        """
        <form method="post" action="\(setting.path("find"))">
        \(fields(findings.question), { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" })
        <p><button class="link" name="exact" value="1">\(setting.words(.findExact))</button></p>
        </form>
        """
    }

    /// Paging by POST, so that the question stays out of addresses and histories.
    private func pages(_ setting: PageSetting) -> HTML {
        let question = findings.question
        let last = min(Question.lastPage, (findings.total + Question.perPage - 1) / Question.perPage)
        guard last > 1 else { return "" }
        let words = setting.words
        func button(_ page: Int, _ phrase: DirectoryPhrase) -> HTML {
            "<button class=\"second\" name=\"page\" value=\"\(page)\">\(words(phrase))</button> "
        }
        return """
            <form class="pages" method="post" action="\(setting.path("find"))" aria-label="\(words(.findPages))">
            \(fields(question), { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" })
            \(if: question.page > 1, button(question.page - 1, .findPrevious))
            <span>\(words(.findPageNumber, ["page": "\(question.page)", "pages": words.number(last)]))</span>
            \(if: question.page < last, button(question.page + 1, .findNext))
            </form>
            """
    }

    private func fields(_ question: Question) -> [(name: String, value: String)] {
        [
            ("q", question.text), ("near", question.near), ("need", question.need), ("for", question.population),
            ("language", question.language), ("region", question.region),
            ("within", question.within.map(String.init) ?? ""),
            ("open", question.open), ("online", question.isOnline ? "1" : ""), ("peer", question.isPeerLed ? "1" : ""),
            ("exact", question.isExact ? "1" : ""),
        ].filter { !$0.1.isEmpty }
    }
}
