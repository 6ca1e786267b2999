import Kernel
import Web

/// The card of one who asks: needs and safe ways first, then how to call, what was said, and the answers that can be given.
struct DeskCardPage {
    let card: DeskCard
    let service: String
    let said: SaidAnswers

    private var sent: SentReferral { card.referral.sent }

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let opened = Set(card.card.map(\.id))
        let others = card.referral.parts.filter { !opened.contains($0.part.id) }
        return setting.page(
            sent.code, path: nil,
            """
            <p class="lead">\(service)</p><p>\(setting.state(sent))\(sent.answerBy.map { day -> HTML in " · \(words(.deskAnswerBy, ["date": "\(day)"]))" })</p>
            \(if: card.card.isEmpty, "<p>\(words(.deskNothing))</p>")
            \(card.card, { said.card($0) })
            \(if: !others.isEmpty, "<section><h2>\(words(.deskOther))</h2><div class=\"row\">\(others, { DeskPartButton(part: $0.part, grant: $0.grant).html(setting) })</div></section>")
            \(script(setting))
            \(if: sent.referral.state.isLive, "\(moves(setting))\(asking(setting))")
            \(messages(setting))
            <section><h2>\(words(.deskExport))</h2><p>\(words(.deskExportLead))</p>
            \(setting.form("desk/referrals/htcds", isStep: true, "\(id)<button class=\"second\">\(words(.deskExportHTCDS))</button>"))</section>
            \(setting.back)
            """)
    }

    private var id: HTML { .hidden("referral", sent.id.description) }

    private func script(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let call: [ReferralPhrase] = [.deskCallSafe, .deskCallFirst, .deskCallNo, .deskCallCode]
        return """
            <section><h2>\(words(.deskCallTitle))</h2><ol>\(call, { "<li>\(words($0))</li>" })</ol></section>
            <section><h2>\(words(.deskHandTitle))</h2>
            <ul><li>\(words(.deskHandAsk, ["code": sent.code]))</li><li>\(words(.deskHandCard))</li></ul>
            <p class="tools"><button type="button" class="second" data-print hidden>\(words(.deskHandPrint))</button></p></section>

            """
    }

    private func moves(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let next = Referral.moves.filter {
            $0.from == sent.referral.state && $0.by.contains(.recipient) && $0.reason == nil
        }.map(\.to)
        return """
            <section><h2>\(words(.deskMoves))</h2>\(next, { move($0, setting) })
            \(if: sent.referral.state == .onHold, setting.form("desk/referrals/places", """
            \(id)<div><label for="f-place">\(words(.deskPlaceLabel))</label>
            <input id="f-place" name="place" inputmode="numeric" maxlength="4" size="5" value="\(sent.referral.place.map(String.init) ?? "")"></div>
            <p class="tools"><button class="second">\(words(.deskPlaceGo))</button></p>
            """))</section>

            """
    }

    private func move(_ state: Referral.State, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let label = words.text(key: "desk.move.\(state.rawValue)") ?? state.rawValue
        var choices: HTML?
        if state == .rejected {
            choices = """
                <fieldset><legend>\(words(.deskRejection))</legend>\(Rejection.allCases, { HTML.tick(.radio, "rejection", $0.rawValue, words.name($0)) })</fieldset>
                """
        }
        if state == .completed {
            choices = """
                <fieldset><legend>\(words(.deskOutcome))</legend>\(Outcome.allCases, { HTML.tick(.radio, "outcome", $0.rawValue, words.name($0)) })</fieldset>
                """
        }
        return setting.form(
            "desk/referrals/moves",
            """
            \(id)\(HTML.hidden("to", state.rawValue))\(choices)<p class="tools"><button class="second">\(label)</button></p>
            """)
    }

    private func asking(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let waiting = card.referral.asks.filter { $0.answeredOn == nil }.flatMap(\.kinds)
        let refused = card.referral.asks.filter { $0.answeredOn != nil && $0.grant == nil }
        let known = Set(card.referral.parts.map(\.part.kind) + waiting)
        let kinds = PartKind.asked.filter { !known.contains($0) }
        return """
            <section><h2>\(words(.deskAskTitle))</h2>
            \(if: !waiting.isEmpty, "<p>\(words(.deskAsks)) (\(words.names(waiting)))</p>")
            \(refused, { ask -> HTML in "<p>\(words(.deskAskRefused, ["date": "\(ask.answeredOn ?? ask.askedOn)", "parts": words.names(ask.kinds)]))</p>" })
            \(if: !kinds.isEmpty, setting.form("desk/referrals/asks", """
            \(id)<fieldset><legend>\(words(.deskAskHint))</legend>\(kinds, { HTML.tick(.checkbox, "kind", $0.rawValue, words.name($0)) })</fieldset>
            <p class="tools"><button class="second">\(words(.deskAskGo))</button></p>
            """))</section>

            """
    }

    private func messages(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.messagesTitle))</h2>
            \(if: card.messages.isEmpty, "<p>\(words(.messagesNone))</p>")
            \(card.messages, { message($0, words) })
            \(DeskMessageForm(referral: sent.id).html(setting, FormFaults(Problems(), labels: [:], words)))</section>

            """
    }

    private func message(_ message: Message, _ words: Words) -> HTML {
        let day: KeyValuePairs = ["date": "\(message.sentOn)"]
        let read = message.side == .recipient ? message.readOn : nil
        return """
            <div class="card"><h3>\(message.side == .person ? words(.messagePerson, day) : words(.messageUs, day))</h3><blockquote>\(message.text)</blockquote>
            \(read.map { day -> HTML in "<p class=\"quiet\">\(words(.messageRead, ["date": "\(day)"]))</p>" })</div>

            """
    }
}
