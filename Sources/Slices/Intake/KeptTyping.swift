import Kernel
import Sealing
import Web

/// What a person wrote into a form that could not be taken: it stays on the page, to be sent again.
struct KeptTyping {
    let fields: [(name: String, value: String)]
    /// Nil for a message or a request.
    let part: PartForm?
    let message: String?
}

/// Why nothing can be taken now, in a sentence; it ends by itself.
struct Delay {
    let sentence: String
    private let outage: (any Outage)?

    /// Nil for every other error.
    init?(_ error: any Error, _ words: Words) {
        switch error {
        case IntakeRefusal.busy: (sentence, outage) = (words(.busy), nil)
        case IntakeRefusal.closed: (sentence, outage) = (words(WebPhrase.faultAway), nil)
        case let away as any Outage:
            guard let code = away.code else { return nil }
            (sentence, outage) = (words.text(key: "fault.\(code)") ?? words(WebPhrase.faultAway), away)
        default: return nil
        }
    }

    func reply(_ page: HTML) -> Reply {
        var reply = Reply.page(page, status: 503)
        reply.outage = outage
        return reply
    }
}

extension IntakeRoutes {
    /// Nil for a form that holds nothing that the person wrote.
    func kept(_ visit: Visit) -> KeptTyping? {
        let part = PartForm(visit, self)
        guard part != nil || isMessage(visit) || isRequest(visit) else { return nil }
        let own = [IntakeSetting.stayField, OpenForm.field, "receipt"]
        return KeptTyping(
            fields: visit.form.fields.filter { !own.contains($0.name) }, part: part,
            message: visit.form.value("message"))
    }

    /// The page of a form that was not taken while its file was open; nil when it held nothing to keep.
    func delayed(_ visit: Visit, _ delay: Delay) -> Reply? {
        guard let kept = kept(visit) else { return nil }
        let setting = setting(visit, token: Token(visit.form.value(IntakeSetting.stayField)))
        if let part = kept.part {
            let page = PartPage(
                kind: part.kind, version: part.version, answers: part.answers, fault: delay.sentence)
            return delay.reply(page.html(setting))
        }
        let path = String(visit.path.dropFirst("notes/".count))
        return delay.reply(AgainPage(path: path, kept: kept, fault: delay.sentence).html(setting))
    }
}
