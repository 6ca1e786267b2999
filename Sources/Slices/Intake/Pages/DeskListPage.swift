import Kernel
import Web

/// Who asks a desk for help, by code; and what was given to it to read besides.
struct DeskListPage {
    let referrals: [DeskReferral]
    /// The names of the services that were asked.
    let services: [Identifier<AskedService>: String]
    /// What was given without asking for anything.
    let shared: [SharedFile]
    var alert: String?

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let live = referrals.filter { $0.sent.referral.state.isLive }
        let ended = referrals.filter { !$0.sent.referral.state.isLive }
        return setting.page(
            words(.deskListTitle), path: "desk/referrals",
            """
            \(HTML.alert(alert))
            <p class="lead">\(words(.deskListLead))</p>
            \(if: live.isEmpty, "<p>\(words(.deskListNone))</p>")
            <ul class="plain">\(live, { line($0, setting) })</ul>
            \(if: !shared.isEmpty, "<section><h2>\(words(.deskShared))</h2><ul class=\"plain\">\(shared, { given($0, setting) })</ul></section>")
            \(if: !ended.isEmpty, "<section><h2>\(words(.deskEnded))</h2><ul class=\"plain\">\(ended, { line($0, setting) })</ul></section>")
            \(if: !referrals.isEmpty, "<section><h2>\(words(.deskExport))</h2><p>\(words(.deskExportLead))</p>\(setting.form("desk/referrals/fhir", isStep: true, "<button class=\"second\">\(words(.deskExportFHIR))</button>"))</section>")
            """)
    }

    private func line(_ referral: DeskReferral, _ setting: StaffFrame) -> HTML {
        let (words, sent) = (setting.words, referral.sent)
        let service = services[sent.service] ?? words(.somePlace)
        return """
            <li class="card"><h2>\(sent.code)</h2><p>\(service)</p><p>\(setting.state(sent))</p>
            <p class="quiet">\(words(.deskSent, ["date": "\(sent.sentOn)"]))\(sent.answerBy.map { day -> HTML in " · \(words(.deskAnswerBy, ["date": "\(day)"]))" })</p>
            \(sent.referral.place.map { place -> HTML in "<p>\(words(.deskPlace, ["place": words.number(place)]))</p>" })
            \(if: referral.unread > 0, "<p class=\"note\">\(words(.deskUnread, ["count": words.number(referral.unread)]))</p>")
            \(if: referral.openAsks > 0, "<p>\(words(.deskAsks))</p>")
            \(if: !referral.parts.isEmpty, setting.form("desk/referrals/card", isStep: true, "\(HTML.hidden("referral", sent.id.description))<button aria-label=\"\(words(.fileNamed, ["action": words(.deskOpen), "name": sent.code]))\">\(words(.deskOpen))</button>"))</li>

            """
    }

    private func given(_ file: SharedFile, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let code = SentReferral.code(file.grant.description)
        return """
            <li class="card"><h2>\(code)</h2><p>\(words.name(file.purpose))</p>
            <p class="quiet">\(words(.deskSharedUntil, ["date": "\(file.endsOn)"]))</p>
            <div class="row">\(file.parts, { DeskPartButton(part: $0, grant: file.grant).html(setting) })</div></li>

            """
    }
}

/// Opens one more part.
struct DeskPartButton {
    let part: SharedFile.SharedPart
    let grant: Identifier<Grant>

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return setting.form(
            "desk/referrals/part", isStep: true,
            """
            \(HTML.hidden("grant", grant.description))\(HTML.hidden("part", part.id.description))<button class="second">\(words(.fileNamed, ["action": words(.deskOpenPart), "name": words.name(part.kind)]))</button>
            """)
    }
}

/// One part that was opened by itself.
struct DeskPartPage {
    let part: Part
    let grant: Identifier<Grant>
    let said: SaidAnswers

    func html(_ setting: StaffFrame) -> HTML {
        setting.page(
            setting.words.name(part.kind), path: nil,
            "\(said.card(part))\(if: part.kind == .document, copy(setting))\(setting.back)")
    }

    private func copy(_ setting: StaffFrame) -> HTML {
        setting.form(
            "desk/referrals/document", isStep: true,
            """
            \(HTML.hidden("grant", grant.description))\(HTML.hidden("part", part.id.description))<button class="second">\(setting.words(.documentRead))</button>
            """)
    }
}

/// A message that was not sent; what was typed stays.
struct DeskMessagePage {
    let referral: Identifier<Referral>
    let typed: String
    let problems: Problems

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = FormFaults(problems, labels: ["message": words(.messageWrite)], words)
        return setting.page(
            words(.deskMessageFault), path: nil,
            """
            \(faults.summary())
            \(DeskMessageForm(referral: referral, typed: typed).html(setting, faults))
            \(setting.back)
            """)
    }
}

struct DeskMessageForm {
    let referral: Identifier<Referral>
    var typed = ""

    func html(_ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        return setting.form(
            "desk/referrals/messages",
            """
            \(HTML.hidden("referral", referral.description))<div><label for="f-message">\(words(.messageWrite))</label>\(faults.error("message"))
            <textarea id="f-message" name="message" rows="4" maxlength="\(Message.longest)"\(faults.ties("message"))>
            \(typed)</textarea></div><p class="tools"><button>\(words(.messageGo))</button></p>
            """)
    }
}

/// What the coordinator is told of the whole network: of nobody in particular.
struct UnansweredPage {
    let counts: NetworkCounts

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return setting.page(
            words(.unansweredTitle), path: "desk/unanswered",
            """
            <p class="lead">\(words(.unansweredLead))</p>
            <dl class="facts"><div><dt>\(words(.unansweredAnswers))</dt><dd>\(number(counts.unanswered, words))</dd></div>
            <div><dt>\(words(.unansweredHelped))</dt><dd>\(number(counts.notHelped, words))</dd></div></dl>
            """)
    }

    private func number(_ count: Int?, _ words: Words) -> String { count.map(words.number) ?? words(.unansweredFew) }
}

extension StaffFrame {
    /// From one referral to all of the desk.
    var back: HTML { "<p><a href=\"\(path("desk/referrals"))\">\(words(.deskBack))</a></p>" }

    func state(_ sent: SentReferral) -> String {
        let state = words.text(key: "desk.state.\(sent.referral.state.rawValue)") ?? sent.referral.state.rawValue
        let reason = sent.referral.reason.flatMap { words.text(key: "desk.reason.\($0.rawValue)") }
        return ([state] + [reason, sent.rejection.map { words.name($0) }].compactMap(\.self)).joined(separator: " · ")
    }
}
