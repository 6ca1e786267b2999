import Kernel
import Web

/// What the pages of a receiving desk are drawn with.
struct DeskSetting: Sendable {
    let words: Words
    let frame: PageFrame
    let signedIn: SignedIn
    let needs: [(id: String, name: String)]

    func path(_ rest: String) -> String { "/\(words.language.code)/desk/\(rest)" }

    func page(_ title: String, path: String?, _ main: HTML) -> HTML {
        frame.page(
            words, title: title, path: path, promise: words.text(key: "desk.promise"),
            """
            <h1>\(title)</h1>
            \(main)
            """)
    }

    /// A form of this session, sent by the browser itself: what the site's script sends carries no cookie.
    func form(_ action: String, isStep: Bool = false, _ content: HTML) -> HTML {
        """
        <form method="post" action="\(path(action))" autocomplete="off" data-plain\(if: isStep, " class=\"tools\"")>\(signedIn.formField)\(content)</form>

        """
    }

    func back(_ words: Words) -> HTML {
        "<p><a href=\"\(path("referrals"))\">\(words(.deskBack))</a></p>"
    }

    /// What the person said, as their own page shows it.
    func said(_ part: Part) -> HTML {
        let own = IntakeSetting(words: words, frame: frame, needs: needs)
        return """
            <section class="card"><h2>\(words.name(part.kind))</h2>\(own.said(part.kind, part.answers))</section>

            """
    }

    func state(_ sent: SentReferral) -> String {
        let state = words.text(key: "desk.state.\(sent.referral.state.rawValue)") ?? sent.referral.state.rawValue
        let reason = sent.referral.reason.flatMap { words.text(key: "desk.reason.\($0.rawValue)") }
        return ([state] + [reason, sent.rejection.map { words.name($0) }].compactMap(\.self)).joined(separator: " · ")
    }
}
