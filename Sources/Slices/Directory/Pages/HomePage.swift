import Formats
import Kernel
import Web

/// The start: what do you need, where are you, call now.
struct HomePage {
    let needs: [String]
    let lines: [Findings.Result]

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        return setting.page(
            .homePage, path: "",
            """
            <h1>\(words(.homeTitle))</h1>
            <p class="lead">\(words(.homeLead))</p>
            <form id="search" class="ask" method="post" action="\(setting.path("find"))">
            <label for="q">\(words(.homeWords))</label>
            <p class="hint" id="q-hint">\(words(.homeWordsExample))</p>
            <div class="row"><input id="q" name="q" type="search" autocomplete="off" maxlength="300" aria-describedby="q-hint">
            <button>\(words(.homeGo))</button></div>
            </form>
            <section aria-labelledby="need"><h2 id="need">\(words(.homeNeed))</h2>
            <ul class="tiles">\(needs, { need in
            "<li><a href=\"\(setting.path("find"))?need=\(String(need.dropFirst(5)))\">\(setting.term(need))</a></li>" })</ul></section>
            <section aria-labelledby="where"><h2 id="where">\(words(.homeWhere))</h2>
            <form class="ask" method="post" action="\(setting.path("find"))">
            <label for="near">\(words(.homeWhereLead))</label>
            <div class="row"><input id="near" name="near" autocomplete="off" maxlength="100"><button>\(words(.homeGo))</button></div>
            </form>
            <p><a href="\(setting.path("map"))">\(words(.homeMap))</a></p></section>
            <section aria-labelledby="call"><h2 id="call">\(words(.homeCall))</h2>
            <ul class="cards">\(lines, { ResultItem(result: $0, question: nil, place: nil, isListed: false).html(setting) })</ul>
            <p><a href="\(setting.path("worried"))">\(words(.worriedTitle))</a></p>
            <p><a href="\(setting.path("notes"))">\(words(.homeNotes))</a></p></section>
            """)
    }
}
