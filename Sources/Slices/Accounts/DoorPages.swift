import Kernel
import Sealing
import Web

extension StaffFrame {
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
    /// A form came when nobody was signed in any more.
    var isOver = false

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = FormFaults(Problems(), labels: [:], words)
        return setting.page(
            words(WebPhrase.desk), heading: words(.signInTitle), path: "sign-in",
            """
            \(HTML.alert(isRefused ? words(.signInRefused) : isOver ? words(.signInOver) : nil))
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

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = FormFaults(
            problems,
            labels: [
                "name": words(.signInName), "passphrase": words(.signInPassphrase), "code": words(.signInCode),
                "pieces": words(.joinPieces),
            ], words)
        return setting.page(
            words(.joinPage), heading: words(.joinTitle, ["name": organization]), path: "invitations/\(secret)",
            """
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

    private func pieces(_ setting: StaffFrame, _ faults: FormFaults) -> HTML {
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

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return setting.page(
            words(WebPhrase.desk), heading: words(.welcomeTitle), path: nil,
            """
            <p class="lead">\(words(.welcomeLead))</p>
            \(if: !codes.isEmpty, "<h2>\(words(.welcomeCodes))</h2><ul class=\"codes\">\(codes, { "<li><code>\($0.prefix(5).description) \($0.dropFirst(5).description)</code></li>" })</ul>")
            \(if: !pieces.isEmpty, "<h2>\(words(.welcomePieces))</h2><p>\(words(.welcomePiecesLead))</p><ul class=\"codes\">\(pieces, { "<li><code>\($0)</code></li>" })</ul>")
            <p class="tools"><a class="button" href="\(setting.path("desk"))">\(words(.welcomeGo))</a></p>
            """)
    }
}

/// A link that cannot be used.
struct NoInvitationPage {
    func html(_ setting: StaffFrame) -> HTML {
        setting.page(
            setting.words(.joinPage), path: nil, "<p class=\"lead\">\(setting.words(.joinGone))</p>")
    }
}
