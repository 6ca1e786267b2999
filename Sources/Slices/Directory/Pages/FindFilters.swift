import Kernel
import Web

/// The part of the search form that narrows an answer down, with its long lists written once for each language.
struct FindFilters: Sendable {
    private let needs: Options
    private let populations: Options
    private let regions: Options
    private let distances: Options
    private let openings: Options
    /// Nil while no service says in which languages it helps.
    private let spoken: Options?

    init(_ setting: PageSetting, languages: [String]) {
        let words = setting.words
        let any = [(value: "", name: words(.findAny))]
        func terms(_ taxonomy: String) -> Options {
            let facets = setting.vocabulary.facets(of: taxonomy)
            return Options(
                any + facets.map { (value: String($0.drop { $0 != ":" }.dropFirst()), name: setting.term($0)) })
        }
        needs = terms("need")
        populations = terms("population")
        regions = Options(
            [(value: "", name: words(.findRegionAny))]
                + setting.gazetteer.counted.map { ($0.id, $0.name(in: setting.language)) })
        distances = Options(
            [(value: "", name: words(.findWithinAny))]
                + Question.distances.map { ("\($0)", words(DirectoryPhrase.findWithinKm, count: $0)) })
        openings = Options([
            (value: "", name: words(.findOpenAny)), ("now", words(.findOpenNow)),
            ("after-hours", words(.findOpenAfterHours)),
        ])
        let names = languages.map { (value: $0, name: LanguageNames.name($0, in: setting.language)) }
        spoken = languages.isEmpty ? nil : Options(any + names)
    }

    func html(_ question: Question, _ setting: PageSetting) -> HTML {
        let words = setting.words
        let isNarrowed =
            !question.need.isEmpty || !question.population.isEmpty || !question.region.isEmpty || question.within != nil
            || !question.open.isEmpty || !question.language.isEmpty || question.isOnline || question.isPeerLed
        return """
            <details class="wide"\(if: isNarrowed, " open")><summary>\(words(.findFilters))</summary><div class="fields">
            \(select("need", words(.findNeed), needs, question.need))
            \(select("for", words(.findFor), populations, question.population))
            \(select("region", words(.findRegion), regions, question.region))
            \(select("within", words(.findWithin), distances, question.within.map(String.init) ?? ""))
            \(select("open", words(.findOpen), openings, question.open))
            \(spoken.map { select("language", words(.findLanguage), $0, question.language) })
            <div class="ticks"><label><input type="checkbox" name="online" value="1"\(if: question.isOnline, " checked")> \(words(.findOnline))</label>
            <label><input type="checkbox" name="peer" value="1"\(if: question.isPeerLed, " checked")> \(words(.findPeerLed))</label></div>
            </div></details>
            """
    }

    private func select(_ name: String, _ label: String, _ options: Options, _ chosen: String) -> HTML {
        """
        <div><label for="\(name)">\(label)</label>
        <select id="\(name)" name="\(name)">\(options.html(chosen: chosen))</select></div>
        """
    }
}

/// The options of a select, written out once for each that can be chosen.
private struct Options: Sendable {
    private let unchosen: HTML
    private let chosen: [String: HTML]

    init(_ choices: [(value: String, name: String)]) {
        func list(_ chosen: String?) -> HTML {
            "\(choices, { "<option value=\"\($0.value)\"\(if: $0.value == chosen, " selected")>\($0.name)</option>" })"
        }
        unchosen = list(nil)
        self.chosen = Dictionary(choices.map { ($0.value, list($0.value)) }) { first, _ in first }
    }

    func html(chosen value: String) -> HTML { chosen[value] ?? unchosen }
}
