import Kernel
import Web

/// The person's side of referrals, messages and exclusions.
extension IntakeRoutes {
    // MARK: Asking

    func askForm(_ visit: Visit, _ stay: Stay) async throws -> Reply { try await askPage(visit, stay, Problems()) }

    private func askPage(_ visit: Visit, _ stay: Stay, _ problems: Problems) async throws -> Reply {
        let draft = ReferralDraft(visit.form)
        var found: [ServiceLookup.Found] = []
        if !draft.text.isEmpty {
            found = try await intake.services(named: draft.text, in: visit.language, by: stay)
        }
        if let id = draft.service, !found.contains(where: { $0.id == id }) {
            found = try await [known(id, visit, stay)?.service].compactMap(\.self) + found
        }
        let page = AskPage(draft: draft, services: found, parts: try await intake.read(stay).parts, problems: problems)
        return .page(page.html(setting(visit, stay)), status: problems.isEmpty ? 200 : 422)
    }

    /// A service that can be asked by this person, and who would read it; nil for one that is not there for them.
    private func known(
        _ id: Identifier<AskedService>, _ visit: Visit, _ stay: Stay
    ) async throws -> (service: ServiceLookup.Found, recipient: RecipientLookup.Found)? {
        guard let service = try await intake.services.find(id, visit.language),
            let recipient = try await intake.recipient(service.recipient, visit.language, by: stay)
        else { return nil }
        return (service, recipient)
    }

    func confirmAsk(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        do {
            let wish = try ReferralDraft(visit.form).wish()
            let parts = try await intake.read(stay).parts.filter { wish.parts.contains($0.id) }
            guard let known = try await known(wish.service, visit, stay), parts.count == wish.parts.count else {
                throw IntakeRefusal.notFound
            }
            let page = AskConfirmPage(
                wish: wish, service: known.service, readers: known.recipient.readers, parts: parts,
                answerDays: try await intake.answerDays(of: known.service.recipient), today: intake.today)
            return .page(page.html(setting(visit, stay)))
        } catch let problems as Problems {
            return try await askPage(visit, stay, problems)
        }
    }

    func ask(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        do {
            _ = try await intake.refer(try ReferralDraft(visit.form).wish(), by: stay)
            return try await file(visit, stay, note: visit.words(.askedSent))
        } catch let problems as Problems {
            return try await askPage(visit, stay, problems)
        }
    }

    // MARK: One referral

    private func id(_ visit: Visit) throws -> Identifier<Referral> {
        guard let id = visit.form.value("referral").flatMap(Identifier<Referral>.init) else { throw NotFound() }
        return id
    }

    func asked(_ visit: Visit, _ stay: Stay) async throws -> Reply { try await asked(visit, stay, note: nil) }

    private func asked(
        _ visit: Visit, _ stay: Stay, note: ReferralPhrase?, typed: String = "", _ problems: Problems = Problems()
    ) async throws -> Reply {
        let view = try await intake.referral(try id(visit), by: stay)
        let file = try await intake.read(stay)
        let isOpen = file.grants.contains { $0.id == view.sent.grant && $0.isLive(on: intake.today) }
        let page = AskedPage(
            line: try await line(view.sent, visit), view: view, parts: file.parts, isOpen: isOpen, typed: typed,
            problems: problems, note: note.map { visit.words($0) })
        return .page(page.html(setting(visit, stay)), status: problems.isEmpty ? 200 : 422)
    }

    private func line(_ sent: SentReferral, _ visit: Visit) async throws -> AskedLine {
        let found = try await intake.services.find(sent.service, visit.language)
        let name = try await intake.recipients.name(sent.recipient, visit.language) ?? found?.organization
        return AskedLine(
            sent: sent, service: found?.name ?? visit.words(.somePlace),
            organization: name ?? visit.words(.somePlace))
    }

    /// The referrals of a file as its page lists them.
    func askedSection(_ visit: Visit, _ stay: Stay) async throws -> AskedSection {
        var lines: [AskedLine] = []
        let all = try await intake.referrals(of: stay)
        let live = Set(all.filter { $0.sent.referral.state.isLive }.map(\.sent.service))
        let isLate = all.contains { $0.sent.referral.reason == .noResponse }
        let desks = try await isLate ? intake.askableDesks(by: stay) : []
        for (sent, unread, asks) in all {
            var line = try await line(sent, visit)
            line.unread = unread
            line.asks = asks
            if sent.referral.reason == .noResponse {
                let instead = try await intake.suggestions(instead: sent.service, in: visit.language, among: desks)
                line.instead = Array(instead.filter { !live.contains($0.id) }.prefix(3))
            }
            lines.append(line)
        }
        return AskedSection(lines: lines)
    }

    func cancelAsk(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        do {
            try await intake.cancel(try id(visit), by: stay)
            return try await file(visit, stay, note: visit.words(.askedStopped))
        } catch ReferralFault.over {
            return try await asked(visit, stay)
        }
    }

    func tellHelped(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        guard let helped = visit.form.value("helped").flatMap(Helped.init) else { return try await asked(visit, stay) }
        try await intake.tell(helped, about: try id(visit), by: stay)
        return try await file(visit, stay, note: visit.words(.fileSaved))
    }

    func answerMore(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        let parts = Set(visit.form.values("part").compactMap(Identifier<Part>.init))
        guard !parts.isEmpty else { return try await asked(visit, stay) }
        return try await answer(visit, stay, parts, visit.words(.fileGiven))
    }

    func refuseMore(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        try await answer(visit, stay, [], visit.words(.askedMoreRefused))
    }

    private func answer(
        _ visit: Visit, _ stay: Stay, _ parts: Set<Identifier<Part>>, _ note: String
    ) async throws -> Reply {
        guard let ask = visit.form.value("ask").flatMap(Identifier<Ask>.init) else { throw NotFound() }
        do {
            try await intake.answer(ask, about: try id(visit), with: parts, by: stay)
            return try await file(visit, stay, note: note)
        } catch ReferralFault.over {
            return try await asked(visit, stay)
        }
    }

    /// True for a message about a referral.
    func isMessage(_ visit: Visit) -> Bool { visit.form.value("referral") != nil && visit.form.value("message") != nil }

    /// True for a form of asking, perhaps with nothing chosen yet.
    func isRequest(_ visit: Visit) -> Bool {
        ["find", "service", "message"].contains { visit.form.value($0) != nil } && visit.form.value("referral") == nil
    }

    /// What was typed before the stay was over, to be sent now.
    func keptMessage(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        try await asked(visit, stay, note: nil, typed: visit.form.value("message") ?? "")
    }

    func write(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        let typed = visit.form.value("message") ?? ""
        do {
            try await intake.say(typed, about: try id(visit), by: stay)
            return try await asked(visit, stay, note: .messageSent)
        } catch let problems as Problems {
            return try await asked(visit, stay, note: nil, typed: typed, problems)
        } catch ReferralFault.over {
            return try await asked(visit, stay)
        }
    }

    // MARK: Keeping out

    func keepOutForm(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        try await keepOutPage(visit, stay, Problems())
    }

    private func keepOutPage(
        _ visit: Visit, _ stay: Stay, _ problems: Problems, note: ReferralPhrase? = nil
    ) async throws -> Reply {
        let exclusions = try await intake.exclusions(of: stay)
        let page = KeepOutPage(
            recipients: try await intake.askableRecipients(visit.language, by: stay), exclusions: exclusions,
            names: try await names(exclusions.map(\.recipient), visit), problems: problems,
            typed: problems.isEmpty ? "" : visit.form.value("name") ?? "", note: note.map { visit.words($0) })
        return .page(page.html(setting(visit, stay)), status: problems.isEmpty ? 200 : 422)
    }

    func keepOut(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        let name = visit.form.value("name") ?? ""
        var problems = Problems()
        let recipient = visit.form.value("recipient").flatMap(Identifier<Recipient>.init)
        if recipient == nil { problems.add("recipient", "choose-one") }
        if name.unicodeScalars.count > Intake.longestName { problems.add("name", "too-long") }
        guard let recipient, problems.isEmpty else { return try await keepOutPage(visit, stay, problems) }
        try await intake.exclude(recipient, name, by: stay)
        return try await keepOutPage(visit, stay, Problems(), note: .keepOutDone)
    }

    func letIn(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        guard let id = visit.form.value("exclusion").flatMap(Identifier<Exclusion>.init) else { throw NotFound() }
        try await intake.include(id, by: stay)
        return try await keepOutPage(visit, stay, Problems())
    }
}
