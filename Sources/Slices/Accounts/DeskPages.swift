import Kernel
import Web

struct DeskPage {
    let organization: String
    let worker: Worker
    let codesLeft: Int

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return setting.page(
            words(WebPhrase.desk), heading: words(.deskTitle, ["name": organization]), path: "desk",
            """
            <p class="lead">\(words(.deskYou, ["name": worker.name, "role": words.role(worker.role)]))</p>
            <p>\(words(.deskCodesLeft, ["count": words.number(codesLeft)]))</p>
            """)
    }
}

struct AccountPage {
    let account: Account
    /// The digest of the stay that asks.
    let own: String?
    /// Where mail goes; nil where none is sent.
    let address: String?
    let problems: Problems

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = FormFaults(
            problems,
            labels: [
                "old": words(.accountPassphraseOld), "passphrase": words(.accountPassphraseNew),
                "address": words(.noticesAddress),
            ], words)
        return setting.page(
            words(.accountTitle), path: "desk/account",
            """
            \(faults.summary())
            <section><h2>\(words(.accountSessions))</h2><ul>\(account.sessions, { session($0, setting) })</ul>
            \(if: account.sessions.count > 1, setting.form("desk/sessions/end", "<button>\(words(.accountEndOthers))</button>"))</section>
            <section><h2>\(words(.accountDevices))</h2><ul>\(account.devices, { device($0, setting) })</ul></section>
            \(address.map { notices($0, setting, faults) })
            <section><h2>\(words(.accountPassphrase))</h2><p>\(words(.accountPassphraseLead))</p>
            \(setting.form("desk/passphrase", """
            \(setting.input("old", .accountPassphraseOld, type: "password", complete: "current-password", faults))
            \(setting.input("passphrase", .accountPassphraseNew, type: "password", complete: "new-password", faults))
            <p class="tools"><button>\(words(.accountPassphraseGo))</button></p>
            """))</section>
            """)
    }

    private func notices(_ address: String, _ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.noticesTitle))</h2><p>\(words(.noticesLead))</p>
            \(setting.form("desk/notices", """
            <div><label for="f-address">\(words(.noticesAddress))</label>\(faults.error("address"))
            <input id="f-address" name="address" type="email" autocomplete="email" maxlength="200" value="\(address)"\(faults.ties("address"))></div>
            <p class="tools"><button class="second">\(words(.noticesGo))</button></p>
            """))</section>

            """
    }

    private func session(_ session: Session, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let times: KeyValuePairs = ["time": minute(session.began), "used": minute(session.used)]
        let end: HTML =
            session.digest == own
            ? "<strong>\(words(.accountSessionThis))</strong>"
            : setting.form(
                "desk/sessions/end",
                "\(HTML.hidden("session", session.digest))<button>\(words(.accountEnd))</button>")
        return "<li>\(words(.accountSessionBegan, times)) \(end)</li>"
    }

    /// As `2026-11-21 17:41 UTC`: staff of one desk may sit in several zones.
    private func minute(_ moment: Instant) -> String {
        moment.description.prefix(16).replacing("T", with: " ") + " UTC"
    }

    private func device(_ device: KnownDevice, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let days: KeyValuePairs = ["first": "\(device.firstOn)", "last": "\(device.lastOn)"]
        return """
            <li>\(words(.accountDevice, days)) \(setting.form("desk/devices/forget", "\(HTML.hidden("device", device.digest))<button>\(words(.accountForget))</button>"))</li>
            """
    }
}

struct TeamPage {
    let me: Worker
    let workers: [Worker]
    let invitations: [Invitation]
    /// A link that was just made, whole.
    var link: String?
    var refusal: AccountsRefusal?

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return setting.page(
            words(.teamTitle), path: "desk/team",
            """
            \(HTML.alert(refusal == .lastLead ? words(.teamLastLead) : nil))
            \(link.map { LinkNote(link: $0).html(setting) })
            <ul class="team">\(workers, { row($0, setting) })</ul>
            <section><h2>\(words(.teamInvite))</h2>
            \(setting.form("desk/team/invitations", """
            \(RoleChoice(roles: me.role.mayInvite).html(setting))
            <p>\(HTML.tick(.checkbox, "leads", "1", words(.teamInviteLeads)))</p>
            <p class="tools"><button>\(words(.teamInviteGo))</button></p>
            """))</section>
            \(if: !invitations.isEmpty, "<section><h2>\(words(.teamInvitations))</h2><ul>\(invitations, { invitation($0, setting) })</ul></section>")
            <section><h2>\(words(.welcomePieces))</h2><p>\(words(.teamPiecesLead))</p>
            \(setting.form("desk/team/pieces", "<p class=\"tools\"><button>\(words(.teamPiecesGo))</button></p>"))</section>
            """)
    }

    private func row(_ worker: Worker, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let state = words.text(key: "state.\(worker.state.rawValue)") ?? worker.state.rawValue
        // Who was suspended comes back by a link alone.
        let actions: [Worker.State: (String, AccountsPhrase)] = [
            .active: ("suspended", .teamSuspend), .dormant: ("active", .teamWake),
        ]
        let hidden = HTML.hidden("worker", worker.id.description)
        return """
            <li><strong>\(worker.name)</strong>, \(words.role(worker.role))\(if: worker.leads, ", \(words(.teamLeads))") · \(state) · \(words(.teamSeen)) \(worker.seenOn.description)
            \(if: worker.id != me.id && me.role.mayInvite.contains(worker.role), "\(actions[worker.state].map { setting.form("desk/team/state", "\(hidden)\(HTML.hidden("state", $0.0))<button>\(words($0.1))</button>") })\(setting.form("desk/team/renewals", "\(hidden)<button>\(words(.teamRenew))</button>"))")</li>

            """
    }

    private func invitation(_ invitation: Invitation, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let until = String(invitation.expires.description.prefix(10))
        return """
            <li>\(words(.teamInvitation, ["role": words.role(invitation.role), "date": until])) \(setting.form("desk/team/withdrawals", "\(HTML.hidden("invitation", invitation.digest))<button>\(words(.teamWithdraw))</button>"))</li>
            """
    }
}

/// The organizations that have a desk, and the link for another.
struct DesksPage {
    let names: [String]
    let roles: [Role]
    var typed = ""
    var problems = Problems()
    var link: String?

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = FormFaults(problems, labels: ["organization": words(.desksInviteId)], words)
        return setting.page(
            words(.desksTitle), path: "desk/organizations",
            """
            \(faults.summary())
            \(link.map { LinkNote(link: $0).html(setting) })
            \(names.isEmpty ? "<p>\(words(.desksNone))</p>" : "<ul>\(names, { "<li>\($0)</li>" })</ul>")
            <section><h2>\(words(.desksInvite))</h2>
            \(setting.form("desk/organizations", """
            \(setting.input("organization", .desksInviteId, value: typed, hint: words(.desksInviteHint), faults))
            \(RoleChoice(roles: roles).html(setting))
            <p class="tools"><button>\(words(.teamInviteGo))</button></p>
            """))</section>
            """)
    }
}

private struct LinkNote {
    let link: String

    func html(_ setting: StaffFrame) -> HTML {
        """
        <div class="note" role="status"><p>\(setting.words(.teamLink))</p><p><code class="link">\(link)</code></p></div>
        """
    }
}

private struct RoleChoice {
    let roles: [Role]

    func html(_ setting: StaffFrame) -> HTML {
        """
        <div><label for="f-role">\(setting.words(.teamRole))</label><select id="f-role" name="role">\(roles, { "<option value=\"\($0.rawValue)\">\(setting.words.role($0))</option>" })</select></div>
        """
    }
}
