import Kernel
import Sealing
package import Web

/// The person's own pages. No cookie, no address that tells anything: after opening, each page is the answer to a form that
/// carries the stay.
package struct IntakeRoutes: Sendable {
    let intake: Intake
    private let frame: PageFrame

    package init(_ intake: Intake, frame: PageFrame) {
        self.intake = intake
        self.frame = frame
    }

    package func declare(in table: inout RouteTable) {
        table.everyone { routes in
            routes.page([.get], "notes") { visit in .page(StartPage().html(setting(visit))) }
            routes.page([.get], "notes/new") { visit in
                .page(NewPage(form: intake.newForm().text).html(setting(visit)))
            }
            // With script the address of the last form stands in the one entry of the history: it leads to the start.
            for path in Self.formPaths {
                routes.page([.get], "notes/\(path)") { .redirect(to: "/\($0.language)/notes") }
            }
            routes.page([.post], "notes/new", begin)
            routes.page([.post], "notes/opening", open)
            routes.page([.post], "notes/closing", close)
            routes.page([.post], "notes/file", inside { visit, stay in try await file(visit, stay) })
            routes.page([.post], "notes/parts/form", inside(partForm))
            routes.page([.post], "notes/parts", inside(writePart))
            routes.page([.post], "notes/parts/removal", inside(removePart))
            routes.page([.post], "notes/grants/form", inside(giveForm))
            routes.page([.post], "notes/grants/question", inside(confirm))
            routes.page([.post], "notes/grants", inside(give))
            routes.page([.post], "notes/grants/end", inside(revoke))
            routes.page(
                [.post], "notes/deletion/form",
                inside { visit, stay in
                    .page(DeletionPage().html(setting(visit, stay)))
                })
            routes.page([.post], "notes/deletion", inside(delete))
            routes.page([.post], "notes/referrals/form", inside(askForm))
            routes.page([.post], "notes/referrals/question", inside(confirmAsk))
            routes.page([.post], "notes/referrals", inside(ask))
            routes.page([.post], "notes/referrals/one", inside { visit, stay in try await asked(visit, stay) })
            routes.page([.post], "notes/referrals/cancellation", inside(cancelAsk))
            routes.page([.post], "notes/referrals/outcome", inside(tellHelped))
            routes.page([.post], "notes/referrals/answers", inside(answerMore))
            routes.page([.post], "notes/referrals/refusals", inside(refuseMore))
            routes.page([.post], "notes/referrals/messages", inside(write))
            routes.page([.post], "notes/exclusions/form", inside(keepOutForm))
            routes.page([.post], "notes/exclusions", inside(keepOut))
            routes.page([.post], "notes/exclusions/end", inside(letIn))
        }
    }

    private static let formPaths = [
        "opening", "closing", "file", "parts/form", "parts", "parts/removal", "grants/form", "grants/question",
        "grants", "grants/end", "deletion/form", "deletion", "referrals/form", "referrals/question", "referrals",
        "referrals/one", "referrals/cancellation", "referrals/outcome", "referrals/answers", "referrals/refusals",
        "referrals/messages", "exclusions/form", "exclusions", "exclusions/end",
    ]

    func setting(_ visit: Visit, _ stay: Stay? = nil, token: Token? = nil) -> IntakeSetting {
        IntakeSetting(
            words: visit.words, frame: frame, needs: intake.needs.all(visit.language), stay: stay?.token ?? token)
    }

    func answers(_ kind: PartKind, _ visit: Visit) -> Answers {
        Answers(kind, form: visit.form, needs: Set(intake.needs.all(visit.language).map(\.id)))
    }

    /// A handler for which the file is open. When it is not any longer, what the form held stays on the page.
    private func inside(
        _ handler: @escaping @Sendable (Visit, Stay) async throws -> Reply
    ) -> @Sendable (Visit) async throws -> Reply {
        { visit in
            // Nothing that another site put into its form comes back: it could be a receipt that is not the person's own.
            guard !visit.isFromAnotherSite else { return .page(StartPage().html(setting(visit)), status: 403) }
            do {
                return try await handler(visit, try await intake.stay(visit.form.value(IntakeSetting.stayField)))
            } catch IntakeRefusal.stayOver {
                return over(visit)
            } catch let outage as any Outage where outage.code != nil {
                guard let form = PartForm(visit, self) else { throw outage }
                let page = PartPage(
                    kind: form.kind, version: form.version, answers: form.answers, fault: sentence(outage, visit))
                let stay = Token(visit.form.value(IntakeSetting.stayField))
                return away(page.html(setting(visit, token: stay)), outage)
            }
        }
    }

    private func over(_ visit: Visit) -> Reply {
        let typed = PartForm(visit, self).map { ($0.kind, $0.answers) }
        let isCarried = typed != nil || isMessage(visit) || visit.form.value("service") != nil
        let carried =
            isCarried ? visit.form.fields.filter { ![IntakeSetting.stayField, "receipt"].contains($0.name) } : []
        return .page(
            OverPage(carried: carried, typed: typed, message: visit.form.value("message")).html(setting(visit)),
            status: 403)
    }

    private func sentence(_ outage: any Outage, _ visit: Visit) -> String {
        visit.words.text(key: "fault.\(outage.code ?? "")") ?? visit.words(WebPhrase.faultAway)
    }

    /// What was typed stays on the page while the database cannot be reached.
    private func away(_ page: HTML, _ outage: any Outage) -> Reply {
        var reply = Reply.page(page, status: 503)
        reply.outage = outage
        return reply
    }

    // MARK: Begin, open, close

    private func begin(_ visit: Visit) async throws -> Reply {
        var answers: [PartKind: Answers] = [:]
        for kind in PartKind.allCases { answers[kind] = self.answers(kind, visit) }
        let form = visit.form.value(NewPage.formField)
        do {
            guard !visit.isFromAnotherSite else { throw IntakeRefusal.staleForm }
            let begun = try await intake.begin(answers, form: form)
            return .page(ReceiptPage(receipt: begun.receipt).html(setting(visit, begun.stay)))
        } catch let problems as Problems {
            let page = NewPage(form: form ?? intake.newForm().text, answers: answers, problems: problems)
            return .page(page.html(setting(visit)), status: 422)
        } catch IntakeRefusal.staleForm {
            let page = NewPage(form: intake.newForm().text, answers: answers, fault: visit.words(.newStale))
            return .page(page.html(setting(visit)), status: IntakeRefusal.staleForm.status)
        } catch let refusal as IntakeRefusal where refusal.status == 503 {
            let sentence = refusal == .busy ? visit.words(.busy) : visit.words(WebPhrase.faultAway)
            let page = NewPage(form: form ?? "", answers: answers, fault: sentence)
            return .page(page.html(setting(visit)), status: refusal.status)
        } catch let outage as any Outage where outage.code != nil {
            let page = NewPage(form: form ?? "", answers: answers, fault: sentence(outage, visit))
            return away(page.html(setting(visit)), outage)
        }
    }

    private func open(_ visit: Visit) async throws -> Reply {
        guard !visit.isFromAnotherSite, visit.form.values("receipt").count < 2 else {
            return .page(StartPage(fault: visit.words(.openRefused)).html(setting(visit)), status: 403)
        }
        do {
            let receipt = try Receipt(typed: visit.form.value("receipt") ?? "", WordList.all)
            let (stay, announcedOn) = try await intake.open(receipt)
            if let part = PartForm(visit, self) { return try await keptTyping(part, visit, stay) }
            if isMessage(visit) { return try await keptMessage(visit, stay) }
            if visit.form.value("service") != nil { return try await askForm(visit, stay) }
            let alert = announcedOn.map { visit.words(.fileAnnounced, ["date": "\($0)"]) }
            return try await file(visit, stay, alert: alert)
        } catch let fault as ReceiptFault {
            return notOpened(visit, sentence(fault, visit.words), 422)
        } catch IntakeRefusal.noFile {
            return notOpened(visit, visit.words(.openRefused), IntakeRefusal.noFile.status)
        } catch IntakeRefusal.busy {
            return notOpened(visit, visit.words(.busy), IntakeRefusal.busy.status)
        }
    }

    /// The page again, with whatever was typed into a part before.
    private func notOpened(_ visit: Visit, _ sentence: String, _ status: Int) -> Reply {
        let part = PartForm(visit, self)
        guard part != nil || isMessage(visit) || visit.form.value("service") != nil else {
            return .page(StartPage(fault: sentence).html(setting(visit)), status: status)
        }
        let carried = visit.form.fields.filter { $0.name != "receipt" }
        let page = OverPage(
            carried: carried, typed: part.map { ($0.kind, $0.answers) }, message: visit.form.value("message"),
            fault: sentence)
        return .page(page.html(setting(visit)), status: status)
    }

    private func sentence(_ fault: ReceiptFault, _ words: Words) -> String {
        switch fault {
        case .wordCount(let count): words(.openWords, ["count": words.number(count)])
        case .digitCount(let count): words(.openDigits, ["count": words.number(count)])
        case .unknownWords(let places):
            words(.openUnknown, ["places": places.map(words.number).joined(separator: ", ")])
        case .noReceipt: words(.openSlip)
        }
    }

    private func close(_ visit: Visit) async throws -> Reply {
        // Another site must neither close anything nor wipe what this browser holds.
        guard !visit.isFromAnotherSite else { return .page(StartPage().html(setting(visit)), status: 403) }
        try await intake.leave(visit.form.value(IntakeSetting.stayField))
        return closed(visit, isDeleted: false)
    }

    func closed(_ visit: Visit, isDeleted: Bool) -> Reply {
        var reply = Reply.page(ClosedPage(isDeleted: isDeleted).html(setting(visit)))
        reply.clearsTraces = true
        return reply
    }

    // MARK: The file

    func file(
        _ visit: Visit, _ stay: Stay, note: IntakePhrase, alert: String? = nil
    ) async throws -> Reply {
        try await file(visit, stay, note: visit.words(note), alert: alert)
    }

    func file(
        _ visit: Visit, _ stay: Stay, note: String? = nil, alert: String? = nil
    ) async throws -> Reply {
        let view = try await intake.read(stay)
        var names: [Identifier<Recipient>: String] = [:]
        for id in Set(view.grants.map(\.recipient) + view.readings.map(\.recipient)) {
            names[id] = try await intake.recipients.name(id, visit.language)
        }
        let page = FilePage(
            view: view, names: RecipientNames(names: names), note: note, alert: alert,
            today: intake.today, asked: try await askedSection(visit, stay))
        return .page(page.html(setting(visit, stay)))
    }
}
