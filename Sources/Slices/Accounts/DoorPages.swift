import Kernel
import Sealing
import Web

/// What every page of staff is drawn with.
struct DeskSetting: Sendable {
    let words: Words
    let frame: PageFrame
    /// Nil where nobody signed in yet.
    var signedIn: SignedIn?

    func path(_ rest: String) -> String { "/\(words.language.code)/\(rest)" }

    /// A page with the ways between the pages of staff above it, when somebody is signed in.
    func page(_ title: String, path: String?, _ main: HTML) -> HTML {
        frame.page(words, title: title, path: path, promise: words(.deskPromise), main + ways)
    }

    private var ways: HTML {
        guard let signedIn else { return "" }
        var links: [(AccountsPhrase, String)] = [(.signInPage, "desk"), (.deskAccount, "desk/account")]
        if signedIn.actor.may(.openFiles) { links.append((.deskReferrals, "desk/referrals")) }
        if signedIn.actor.may(.inviteWorkers) { links.append((.deskTeam, "desk/team")) }
        if signedIn.actor.may(.inviteOrganizations) {
            links += [(.deskOrganizations, "desk/organizations"), (.deskUnanswered, "desk/unanswered")]
        }
        return """
            <nav class="desk" aria-label="\(words(.signInPage))"><ul>\(links, { "<li><a href=\"\(path($0.1))\">\(words($0.0))</a></li>" })</ul>
            \(form("sign-out", "<button>\(words(.signOutGo))</button>"))</nav>
            """
    }

    /// A form of this session, sent by the browser itself: what the site's script sends carries no cookie.
    func form(_ action: String, _ content: HTML) -> HTML {
        "<form method=\"post\" action=\"\(path(action))\" data-plain>\(signedIn?.formField)\(content)</form>"
    }

    func input(
        _ name: String, _ label: AccountsPhrase, value: String = "", hint: String? = nil, type: String = "text",
        complete: String = "off", _ faults: FormFaults
    ) -> HTML {
        let id = FormFaults.id(name)
        return """
            <div><label for="\(id)">\(words(label))</label>\(hint.map { hint -> HTML in "<p class=\"hint\" id=\"\(id)-hint\">\(hint)</p>" })\(faults.error(name))
            <input id="\(id)" name="\(name)" type="\(type)" value="\(value)" autocomplete="\(complete)" autocapitalize="none" spellcheck="false"\(faults.ties(name, hint: hint == nil ? nil : "\(id)-hint"))></div>

            """
    }
}

struct SignInPage {
    var name = ""
    var isRefused = false

    func html(_ setting: DeskSetting) -> HTML {
        let words = setting.words
        let faults = FormFaults(Problems(), labels: [:], words)
        return setting.page(
            words(.signInPage), path: "sign-in",
            """
            <h1>\(words(.signInTitle))</h1>
            \(if: isRefused, "<p class=\"alert\" role=\"alert\">\(words(.signInRefused))</p>")
            <p class="lead">\(words(.signInLead))</p>
            \(setting.form("sign-in", """
            \(setting.input("name", .signInName, value: name, complete: "username", faults))
            \(setting.input("passphrase", .signInPassphrase, type: "password", complete: "current-password", faults))
            \(setting.input("code", .signInCode, hint: words(.signInCodeHint), complete: "one-time-code", faults))
            <p class="tools"><button>\(words(.signInGo))</button></p>
            """))
            <p>\(words(.signInLost))</p>
            """)
    }
}

/// What an invitation opens.
struct JoinPage {
    let secret: String
    let invitation: Invitation
    let organization: String
    let needsPieces: Bool
    let joining: Joining
    let problems: Problems
    /// A passphrase that chance made, for who wants one.
    let suggestion: String

    func html(_ setting: DeskSetting) -> HTML {
        let words = setting.words
        let faults = FormFaults(
            problems,
            labels: [
                "name": words(.signInName), "passphrase": words(.signInPassphrase), "code": words(.signInCode),
                "pieces": words(.joinPieces),
            ], words)
        return setting.page(
            words(.joinPage), path: "invitations/\(secret)",
            """
            <h1>\(words(.joinTitle, ["name": organization]))</h1>
            \(faults.summary())
            <p class="lead">\(words(.joinLead, ["role": words.role(invitation.role)]))</p>
            \(setting.form("invitations/\(secret)", """
            \(HTML.hidden("secret", joining.codeSecret))
            \(setting.input("name", .signInName, value: joining.name, hint: words(.joinNameHint), complete: "username", faults))
            \(setting.input("passphrase", .signInPassphrase, hint: words(.joinPassphraseHint, ["words": suggestion]), type: "password", complete: "new-password", faults))
            <fieldset><legend>\(words(.joinPhone))</legend><p>\(words(.joinPhoneLead))</p>
            \(picture(words))
            <p><code>\(joining.codeSecret)</code></p>
            \(setting.input("code", .signInCode, complete: "one-time-code", faults))</fieldset>
            \(if: needsPieces, pieces(setting, faults))
            <p class="tools"><button>\(words(.joinGo))</button></p>
            """))
            """)
    }

    private func pieces(_ setting: DeskSetting, _ faults: FormFaults) -> HTML {
        let words = setting.words
        return """
            <fieldset id="f-pieces"\(faults.ties("pieces", hint: "pieces-hint"))><legend>\(words(.joinPieces))</legend>
            <p class="hint" id="pieces-hint">\(words(.joinPiecesHint))</p>\(faults.error("pieces"))
            \([0, 1], { number in
            "<div><label for=\"piece-\(number)\">\(words(.joinPiece, ["number": "\(number + 1)"]))</label><textarea id=\"piece-\(number)\" name=\"piece\" rows=\"3\" autocomplete=\"off\" spellcheck=\"false\">\(joining.pieces.indices.contains(number) ? joining.pieces[number] : "")</textarea></div>" })</fieldset>
            """
    }

    private func picture(_ words: Words) -> HTML? {
        guard let address = OneTimeCode(base32: joining.codeSecret)?.address(label: "Desk"), let code = QRCode(address)
        else { return nil }
        return """
            <svg class="qr" role="img" aria-label="\(words(.joinPhonePicture))" viewBox="-4 -4 \(code.size + 8) \(code.size + 8)" width="220" height="220"><rect x="-4" y="-4" width="100%" height="100%" fill="#fff"/><path d="\(code.path)" fill="#000"/></svg>
            """
    }
}

/// What is shown once after joining, after a new passphrase, or when a desk prints its pieces again.
struct WrittenDownPage {
    let codes: [String]
    let pieces: [String]

    func html(_ setting: DeskSetting) -> HTML {
        let words = setting.words
        return setting.page(
            words(.signInPage), path: nil,
            """
            <h1>\(words(.welcomeTitle))</h1><p class="lead">\(words(.welcomeLead))</p>
            \(if: !codes.isEmpty, "<h2>\(words(.welcomeCodes))</h2><ul class=\"codes\">\(codes, { "<li><code>\($0.prefix(5).description) \($0.dropFirst(5).description)</code></li>" })</ul>")
            \(if: !pieces.isEmpty, "<h2>\(words(.welcomePieces))</h2><p>\(words(.welcomePiecesLead))</p><ul class=\"codes\">\(pieces, { "<li><code>\($0)</code></li>" })</ul>")
            <p class="tools"><a class="button" href="\(setting.path("desk"))">\(words(.welcomeGo))</a></p>
            """)
    }
}

/// A link that cannot be used.
struct NoInvitationPage {
    func html(_ setting: DeskSetting) -> HTML {
        setting.page(
            setting.words(.joinPage), path: nil,
            "<h1>\(setting.words(.joinPage))</h1><p class=\"lead\">\(setting.words(.joinGone))</p>")
    }
}
