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
            routes.page([.get], "notes") { visit in start(visit) }
            routes.page([.get], "notes/new") { visit in
                .page(NewPage(form: intake.newForm()).html(setting(visit)))
            }
            routes.page([.post], "notes/new", atMost: FormFields.maximumTextBytes, begin)
            form("opening", in: &routes, open)
            form("closing", in: &routes, close)
            for (path, handler) in Array(fileSteps) + Array(referralSteps) { form(path, in: &routes, inside(handler)) }
            form("documents", in: &routes, atMost: Self.longestUpload, inside(addDocument))
        }
    }

    /// With script the address of the last form stands in the one entry of the history: it leads to the start.
    private func form(
        _ path: String, in routes: inout RouteTable.PublicRoutes,
        atMost maximumBytes: Int = FormFields.maximumTextBytes,
        _ handler: @escaping @Sendable (Visit) async throws -> Reply
    ) {
        routes.page([.post], "notes/\(path)", atMost: maximumBytes, handler)
        routes.page([.get], "notes/\(path)") { .redirect(to: "/\($0.language)/notes") }
    }

    typealias Step = @Sendable (Visit, Stay) async throws -> Reply

    private var fileSteps: KeyValuePairs<String, Step> {
        [
            "file": { try await file($0, $1) }, "parts/form": partForm, "parts": writePart,
            "parts/removal": removePart, "grants/form": giveForm, "grants/question": confirm, "grants": give,
            "grants/end": revoke, "documents/content": readDocument, "documents/removal": removeDocument,
            "deletion/form": { .page(DeletionPage().html(setting($0, $1))) },
            "deletion": delete,
        ]
    }

    private var referralSteps: KeyValuePairs<String, Step> {
        [
            "referrals/form": askForm, "referrals/question": confirmAsk, "referrals": ask,
            "referrals/one": { try await asked($0, $1) }, "referrals/cancellation": cancelAsk,
            "referrals/outcome": tellHelped, "referrals/answers": answerMore, "referrals/refusals": refuseMore,
            "referrals/messages": write, "exclusions/form": keepOutForm, "exclusions": keepOut,
            "exclusions/end": letIn,
        ]
    }

    func setting(_ visit: Visit, _ stay: Stay? = nil, token: Token? = nil) -> IntakeSetting {
        IntakeSetting(
            words: visit.words, frame: frame, needs: intake.needs.all(visit.language), stay: stay?.token ?? token)
    }

    func answers(_ kind: PartKind, _ visit: Visit) -> Answers {
        Answers(kind, form: visit.form, needs: Set(intake.needs.all(visit.language).map(\.id)))
    }

    /// A handler for which the file is open. When it is not any longer, what the form held stays on the page.
    private func inside(_ handler: @escaping Step) -> @Sendable (Visit) async throws -> Reply {
        { visit in
            // Nothing that another site put into its form comes back: it could be a receipt that is not the person's own.
            guard !visit.isFromAnotherSite else { return start(visit, status: 403) }
            do {
                return try await handler(visit, try await intake.stay(visit.form.value(IntakeSetting.stayField)))
            } catch IntakeRefusal.stayOver {
                let page = OverPage(form: intake.newForm(), kept: kept(visit))
                return .page(page.html(setting(visit)), status: 403)
            } catch {
                guard let delay = Delay(error, visit.words), let reply = delayed(visit, delay) else { throw error }
                return reply
            }
        }
    }

    private func start(_ visit: Visit, fault: String? = nil, status: Int = 200) -> Reply {
        .page(StartPage(form: intake.newForm(), fault: fault).html(setting(visit)), status: status)
    }

    // MARK: Begin, open, close

    private func begin(_ visit: Visit) async throws -> Reply {
        var answers: [PartKind: Answers] = [:]
        for kind in PartKind.asked { answers[kind] = self.answers(kind, visit) }
        let form = visit.form.value(OpenForm.field)
        do {
            guard !visit.isFromAnotherSite else { throw IntakeRefusal.staleForm }
            let begun = try await intake.begin(answers, form: form)
            return .page(ReceiptPage(receipt: begun.receipt).html(setting(visit, begun.stay)))
        } catch let problems as Problems {
            let page = NewPage(form: form ?? intake.newForm(), answers: answers, problems: problems)
            return .page(page.html(setting(visit)), status: 422)
        } catch IntakeRefusal.staleForm {
            let page = NewPage(form: intake.newForm(), answers: answers, fault: visit.words(.newStale))
            return .page(page.html(setting(visit)), status: IntakeRefusal.staleForm.status)
        } catch {
            guard let delay = Delay(error, visit.words) else { throw error }
            // The same form again, so that who waited is before those who come later.
            return delay.reply(
                NewPage(form: form ?? "", answers: answers, fault: delay.sentence).html(setting(visit)))
        }
    }

    private func open(_ visit: Visit) async throws -> Reply {
        guard !visit.isFromAnotherSite, visit.form.values("receipt").count < 2 else {
            return start(visit, fault: visit.words(.openRefused), status: 403)
        }
        do {
            let receipt = try Receipt(typed: visit.form.value("receipt") ?? "", WordList.all)
            let (stay, announcedOn) = try await intake.open(receipt, form: visit.form.value(OpenForm.field))
            if let part = PartForm(visit, self) { return try await keptTyping(part, visit, stay) }
            if isMessage(visit) { return try await keptMessage(visit, stay) }
            if isRequest(visit) { return try await askForm(visit, stay) }
            let alert = announcedOn.map { visit.words(.fileAnnounced, ["date": "\($0)"]) }
            return try await file(visit, stay, alert: alert)
        } catch let fault as ReceiptFault {
            return notOpened(visit, sentence(fault, visit.words), 422)
        } catch IntakeRefusal.noFile {
            return notOpened(visit, visit.words(.openRefused), IntakeRefusal.noFile.status)
        } catch IntakeRefusal.staleForm {
            return notOpened(visit, visit.words(.openStale), IntakeRefusal.staleForm.status)
        } catch {
            guard let delay = Delay(error, visit.words) else { throw error }
            return delay.reply(notOpenedPage(visit, delay.sentence, form: visit.form.value(OpenForm.field)))
        }
    }

    private func notOpened(_ visit: Visit, _ sentence: String, _ status: Int) -> Reply {
        .page(notOpenedPage(visit, sentence), status: status)
    }

    /// The page again, with whatever was typed before.
    private func notOpenedPage(_ visit: Visit, _ sentence: String, form: String? = nil) -> HTML {
        let form = form ?? intake.newForm()
        guard let kept = kept(visit) else { return StartPage(form: form, fault: sentence).html(setting(visit)) }
        return OverPage(form: form, kept: kept, fault: sentence).html(setting(visit))
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
        guard !visit.isFromAnotherSite else { return start(visit, status: 403) }
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
        _ visit: Visit, _ stay: Stay, note: String? = nil, alert: String? = nil
    ) async throws -> Reply {
        let view = try await intake.read(stay)
        let page = FilePage(
            view: view, names: try await names(view.grants.map(\.recipient) + view.readings.map(\.recipient), visit),
            note: note, alert: alert, today: intake.today, asked: try await askedSection(visit, stay))
        var reply = Reply.page(page.html(setting(visit, stay)))
        // Whoever comes to a screen that was left finds the first page, also without script.
        reply.leaves = (Int(Stay.idleSeconds) + 5, "/\(visit.language)/notes")
        return reply
    }

    /// What organizations are called, also those that read nothing any more.
    func names(_ ids: [Identifier<Recipient>], _ visit: Visit) async throws -> RecipientNames {
        var names: [Identifier<Recipient>: String] = [:]
        for id in Set(ids) { names[id] = try await intake.recipients.name(id, visit.language) }
        return RecipientNames(names: names)
    }
}
