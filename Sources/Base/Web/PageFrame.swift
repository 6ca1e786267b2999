package import Kernel

/// A number shown at the top of every page because two people checked it, or because it is the number everybody knows.
package struct CallLine: Sendable, Hashable {
    package let name: String
    package let number: String

    package init(name: String, number: String) {
        self.name = name
        self.number = number
    }

    /// The number as a `tel:` link takes it.
    package var dialled: String {
        String(decoding: number.utf8.filter { $0 == UInt8(ascii: "+") || 0x30...0x39 ~= $0 }, as: UTF8.self)
    }
}

/// What surrounds every page: neutral title, way out, numbers to call, menu, language switch, footer.
package struct PageFrame: Sendable {
    private let assets: Assets
    private let offered: [Words]
    private let lines: @Sendable (Language) -> [CallLine]

    /// - Parameters:
    ///   - offered: the words of each language of the menu.
    ///   - lines: the confirmed numbers, asked for on each page because a number can be withdrawn.
    package init(assets: Assets, offered: [Words], lines: @escaping @Sendable (Language) -> [CallLine]) {
        self.assets = assets
        self.offered = offered
        self.lines = lines
    }

    /// - Parameters:
    ///   - title: neutral; it stands in histories and task lists.
    ///   - path: after the language, for the switch to another language; nil when the page cannot be asked for again.
    ///   - scripts: names of further script files of this page.
    package func page(
        _ words: Words, title: String, path: String?, scripts: [String] = [], styles: [String] = [], _ main: HTML
    ) -> HTML {
        let language = words.language
        let direction = language.isRightToLeft ? "rtl" : "ltr"
        let files = ["exit.js", "site.js"] + scripts
        return """
            <!doctype html>
            <html lang="\(language.code)" dir="\(direction)"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title) – \(words(WebPhrase.siteName))</title>
            <link rel="icon" href="\(assets.path("icon.svg") ?? "data:,")">
            \((["site.css"] + styles).compactMap(assets.path), { "<link rel=\"stylesheet\" href=\"\($0)\">" })
            \(files.compactMap(assets.path), { "<script src=\"\($0)\" defer></script>" })
            </head><body>
            <a class="skip" href="#main">\(words(WebPhrase.skip))</a>
            \(top(words))
            <main id="main" tabindex="-1">
            \(main)
            </main>
            \(footer(words, path: path))
            </body></html>

            """
    }

    /// The way in where nobody can look at what languages a browser likes.
    package var languageChoice: HTML {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark"><title>\(offered.first.map { "\($0(WebPhrase.siteName))" })</title>
        <link rel="icon" href="\(assets.path("icon.svg") ?? "data:,")">
        \(assets.path("site.css").map { "<link rel=\"stylesheet\" href=\"\($0)\">" })
        </head><body><main><h1>\(offered.first.map { "\($0(WebPhrase.siteName))" })</h1>
        \(offered, { words in
        "<p><a class=\"button\" href=\"/\(words.language.code)/\" lang=\"\(words.language.code)\">\(words(WebPhrase.languageName))</a></p>" })
        </main></body></html>

        """
    }

    private func top(_ words: Words) -> HTML {
        let language = words.language.code
        let links: [(WebPhrase, String)] = [(.find, "find"), (.map, "map"), (.saved, "saved")]
        return """
            <header><div class="bar">
            <a class="brand" href="/\(language)/">\(words(WebPhrase.siteName))</a>
            <nav aria-label="\(words(WebPhrase.menu))"><ul>\(links, { link in
            "<li><a href=\"/\(language)/\(link.1)\">\(words(link.0))</a></li>" })</ul></nav>
            <a class="exit" id="exit" href="/exit" rel="noreferrer">\(words(WebPhrase.exit))</a>
            </div>
            <p class="lines"><span>\(words(WebPhrase.emergency)) <a href="tel:911">\(words(WebPhrase.emergencyNumber))</a></span>
            \(lines(words.language), { line in
            "<span>\(if: line.name != line.number, "\(line.name) ")<a href=\"tel:\(line.dialled)\"><bdi>\(line.number)</bdi></a></span> " })</p>
            </header>
            """
    }

    private func footer(_ words: Words, path: String?) -> HTML {
        let language = words.language.code
        let links: [(WebPhrase, String)] = [
            (.about, "about"), (.privacy, "privacy"), (.accessibility, "accessibility"),
        ]
        return """
            <footer>
            <p class="exit-hint">\(words(WebPhrase.exitHint)) <a href="/\(language)/privacy#leaving">\(words(WebPhrase.exitNoticeLink))</a></p>
            <nav aria-label="\(words(WebPhrase.language))"><ul>\(offered, { other in
            "<li><a href=\"/\(other.language.code)/\(path ?? "")\" lang=\"\(other.language.code)\" hreflang=\"\(other.language.code)\"\(if: other.language == words.language, " aria-current=\"true\"")>\(other(WebPhrase.languageName))</a></li>" })</ul></nav>
            <ul>\(links, { "<li><a href=\"/\(language)/\($0.1)\">\(words($0.0))</a></li>" })</ul>
            <p>\(words(WebPhrase.neutral))</p>
            </footer>
            """
    }

    /// The page of a fault: what happened in plain words, and the ways on. Nothing of the error itself.
    package func faultPage(_ fault: Site.Fault) -> HTML {
        let words = fault.words
        let sentences: [String: WebPhrase] = [
            "not-found": .faultNotFound, "too-long": .faultTooLong, "too-many-fields": .faultTooManyFields,
            "unreadable": .faultUnreadable, "bad-value": .faultBadValue, "failure": .faultFailure,
            "busy": .faultBusy,
        ]
        let sentence = sentences[fault.code] ?? .faultBadRequest
        let title = words(fault.status == 404 ? WebPhrase.faultNotFoundTitle : WebPhrase.faultTitle)
        return page(
            words, title: title, path: nil,
            """
            <h1>\(title)</h1>
            <p>\(words(sentence))</p>
            \(fault.also, { "<p lang=\"\($0.language.code)\">\($0(sentence))</p>" })
            <p><a class="button" href="/\(words.language.code)/">\(words(WebPhrase.faultStart))</a></p>
            \(if: fault.status >= 500, "<p class=\"quiet\">\(words(WebPhrase.faultReference)) \(fault.correlation)</p>")
            """)
    }
}
