package import Kernel

/// A way to one of the pages of staff, for who may go it.
package struct StaffWay: Sendable {
    let name: WebPhrase
    /// After the language.
    let path: String
    let permission: Permission?

    package init(_ name: WebPhrase, _ path: String, may permission: Permission? = nil) {
        self.name = name
        self.path = path
        self.permission = permission
    }
}

/// What every page of staff is drawn with.
package struct StaffFrame: Sendable {
    package let words: Words
    private let frame: PageFrame
    private let ways: [StaffWay]
    /// Nil where nobody signed in yet.
    package let signedIn: SignedIn?
    /// What the form before did, in a sentence.
    private let done: String?

    package init(_ frame: PageFrame, ways: [StaffWay], _ visit: Visit, _ signedIn: SignedIn?) {
        self.frame = frame
        self.ways = ways
        self.words = visit.words
        self.signedIn = signedIn
        done =
            signedIn != nil && visit.method == .get
            ? visit.form.value("done").flatMap { visit.words.text(key: "done.\($0)") } : nil
    }

    package func path(_ rest: String) -> String { "/\(words.language.code)/\(rest)" }

    /// A page under its heading, with the ways between the pages of staff below it once somebody is signed in.
    /// - Parameters:
    ///   - title: neutral; the heading too, where none is given.
    ///   - path: after the language; nil when the page cannot be asked for again.
    ///   - scripts: names of further script files of this page.
    package func page(
        _ title: String, heading: String? = nil, path: String?, scripts: [String] = [], styles: [String] = [],
        _ main: HTML
    ) -> HTML {
        frame.page(
            words, title: title, path: path, scripts: scripts, styles: styles, promise: words(WebPhrase.deskPromise),
            """
            <h1>\(heading ?? title)</h1>\(done.map { "<p class=\"note\" role=\"status\">\($0)</p>" })
            \(main)
            \(signedIn.map(navigation))
            """)
    }

    private func navigation(_ signedIn: SignedIn) -> HTML {
        let ways = ways.filter { $0.permission.map(signedIn.actor.may) ?? true }
        return """
            <nav class="screen" aria-label="\(words(WebPhrase.desk))"><ul>\(ways, { "<li><a href=\"\(path($0.path))\">\(words($0.name))</a></li>" })</ul>
            \(form("sign-out", "<button>\(words(WebPhrase.deskSignOut))</button>"))</nav>
            """
    }

    /// A form of this session, sent by the browser itself: what the site's script sends carries no cookie.
    /// - Parameters:
    ///   - isStep: true where a button is all of it.
    ///   - takesFiles: true where a file is sent along.
    package func form(_ action: String, isStep: Bool = false, takesFiles: Bool = false, _ content: HTML) -> HTML {
        """
        <form method="post" action="\(path(action))" autocomplete="off" data-plain\(if: takesFiles, " enctype=\"multipart/form-data\"")\(if: isStep, " class=\"tools\"")>\(signedIn?.formField)\(content)</form>

        """
    }
}
