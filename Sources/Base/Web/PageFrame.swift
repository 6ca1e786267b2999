import Foundation
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
    package var languages: [Words] { offered }
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
    ///   - isInstallable: true where a phone may be told that the site can stand on its home screen.
    ///   - promise: the last sentence of a page that keeps something; others say that nothing is kept.
    package func page(
        _ words: Words, title: String, path: String?, scripts: [String] = [], styles: [String] = [],
        isInstallable: Bool = false, promise: String? = nil, _ main: HTML
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
            \(if: isInstallable, "<link rel=\"manifest\" href=\"/\(language.code)/app.webmanifest\"><link rel=\"apple-touch-icon\" href=\"\(assets.path("icon-192.png") ?? "data:,")\">\n")\
            \((["site.css"] + styles).compactMap(assets.path), { "<link rel=\"stylesheet\" href=\"\($0)\">" })
            \(files.compactMap(assets.path), { "<script src=\"\($0)\" defer></script>" })
            </head><body>
            <a class="skip" href="#main">\(words(WebPhrase.skip))</a>
            \(top(words))
            <main id="main" tabindex="-1">
            \(main)
            </main>
            \(footer(words, path: path, promise: promise))
            </body></html>

            """
    }

    /// A page that is one file: style and script lie in it, and no link leads to this site. For a disk or a stick.
    package func file(_ words: Words, title: String, _ main: HTML) -> HTML {
        func data(_ name: String, _ type: String) -> String? {
            assets.bytes(name).map { "data:\(type);base64,\(Data($0).base64EncodedString())" }
        }
        return """
            <!doctype html>
            <html lang="\(words.language.code)" dir="\(words.language.isRightToLeft ? "rtl" : "ltr")"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
            <title>\(title)</title>
            \(data("site.css", "text/css").map { "<link rel=\"stylesheet\" href=\"\($0)\">" })
            \(data("list.js", "text/javascript").map { "<script src=\"\($0)\" defer></script>" })
            </head><body>
            <header>\(numbers(words))</header>
            <main id="main">
            \(main)
            </main>
            </body></html>

            """
    }

    /// What a phone shows of the site when somebody puts it on the home screen: a plain name and a plain picture.
    package func appManifest(_ words: Words) -> Reply {
        let icons = [("icon-192.png", "192x192"), ("icon-512.png", "512x512")].compactMap { name, sizes in
            assets.path(name).map { "{\"src\":\"\($0)\",\"sizes\":\"\(sizes)\",\"type\":\"image/png\"}" }
        }
        let (name, language) = (words(WebPhrase.siteName), words.language.code)
        let text = """
            {"name":"\(name)","short_name":"\(name)","lang":"\(language)","start_url":"/\(language)/lists","scope":"/",\
            "display":"minimal-ui","background_color":"#fbfaf7","theme_color":"#fbfaf7","icons":[\(icons.joined(separator: ","))]}
            """
        return Reply(type: "application/manifest+json", .plain(Array(text.utf8)))
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
            \(numbers(words))
            </header>
            """
    }

    private func numbers(_ words: Words) -> HTML {
        """
        <p class="lines"><span>\(words(WebPhrase.emergency)) <a href="tel:911">\(words(WebPhrase.emergencyNumber))</a></span>
        \(lines(words.language), { line in
        "<span>\(line.name == line.number ? words(WebPhrase.lineWithoutName) : line.name) <a href=\"tel:\(line.dialled)\"><bdi>\(line.number)</bdi></a></span> " })</p>
        """
    }

    private func footer(_ words: Words, path: String?, promise: String?) -> HTML {
        let language = words.language.code
        let links: [(WebPhrase, String)] = [
            (.lists, "lists"), (.about, "about"), (.privacy, "privacy"), (.accessibility, "accessibility"),
            (.data, "data"),
        ]
        return """
            <footer>
            <p class="exit-hint">\(words(WebPhrase.exitHint)) <a href="/\(language)/privacy#leaving">\(words(WebPhrase.exitNoticeLink))</a></p>
            <nav aria-label="\(words(WebPhrase.language))"><ul>\(offered, { other in
            "<li><a href=\"/\(other.language.code)/\(path ?? "")\" lang=\"\(other.language.code)\" hreflang=\"\(other.language.code)\"\(if: other.language == words.language, " aria-current=\"true\"")>\(other(WebPhrase.languageName))</a></li>" })</ul></nav>
            <ul>\(links, { "<li><a href=\"/\(language)/\($0.1)\">\(words($0.0))</a></li>" })</ul>
            <p>\(promise ?? words(WebPhrase.neutral))</p>
            </footer>
            """
    }

    /// The page of a fault: what happened in plain words, and the ways on. Nothing of the error itself. The sentence of a code
    /// is the text `fault.<code>`.
    package func faultPage(_ fault: Site.Fault) -> HTML {
        let words = fault.words
        let title = words(fault.status == 404 ? WebPhrase.faultNotFoundTitle : WebPhrase.faultTitle)
        return page(
            words, title: title, path: nil,
            """
            <h1>\(title)</h1>
            <p>\(Self.sentence(fault.code, words))</p>
            \(fault.also, { "<p lang=\"\($0.language.code)\">\(Self.sentence(fault.code, $0))</p>" })
            <p><a class="button" href="/\(words.language.code)/">\(words(WebPhrase.faultStart))</a></p>
            \(if: fault.status >= 500, "<p class=\"quiet\">\(words(WebPhrase.faultReference)) \(fault.correlation)</p>")
            """)
    }

    private static func sentence(_ code: String, _ words: Words) -> String {
        words.text(key: "fault.\(code)") ?? words(WebPhrase.faultBadRequest)
    }
}
