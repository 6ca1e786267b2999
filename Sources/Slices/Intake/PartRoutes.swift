import Kernel
import Web

/// The form of one part: which, the version that was seen, what was typed.
struct PartForm {
    let kind: PartKind
    let version: Int
    let answers: Answers

    /// Nil for any other form.
    init?(_ visit: Visit, _ routes: IntakeRoutes) {
        guard let kind = visit.form.value("kind").flatMap(PartKind.init(asked:)),
            let version = visit.form.value("version").flatMap(Int.init)
        else { return nil }
        self.kind = kind
        self.version = version
        answers = routes.answers(kind, visit)
    }
}

extension IntakeRoutes {
    // MARK: Parts

    func partForm(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        guard let kind = visit.form.value("kind").flatMap(PartKind.init(asked:)) else { throw NotFound() }
        let part = try await intake.read(stay)[kind]
        let page = PartPage(kind: kind, version: part?.version ?? 0, answers: part?.answers ?? Answers())
        return .page(page.html(setting(visit, stay)))
    }

    func writePart(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        guard let form = PartForm(visit, self) else { throw NotFound() }
        do {
            switch try await intake.write(form.answers, form.kind, over: form.version, by: stay) {
            case .kept: return try await file(visit, stay, note: visit.words(.fileSaved))
            case .changedMeanwhile(let theirs): return conflict(form, theirs, visit, stay, status: 409)
            }
        } catch let problems as Problems {
            let page = PartPage(
                kind: form.kind, version: form.version, answers: form.answers, problems: problems)
            return .page(page.html(setting(visit, stay)), status: 422)
        }
    }

    /// What was typed before the stay was over, to be kept now.
    func keptTyping(_ form: PartForm, _ visit: Visit, _ stay: Stay) async throws -> Reply {
        let part = try await intake.read(stay)[form.kind]
        guard (part?.version ?? 0) == form.version else { return conflict(form, part, visit, stay, status: 200) }
        let page = PartPage(kind: form.kind, version: form.version, answers: form.answers)
        return .page(page.html(setting(visit, stay)))
    }

    private func conflict(
        _ form: PartForm, _ theirs: Part?, _ visit: Visit, _ stay: Stay, status: Int
    ) -> Reply {
        let page = PartPage(
            kind: form.kind, version: theirs?.version ?? 0, answers: form.answers, theirs: .some(theirs))
        return .page(page.html(setting(visit, stay)), status: status)
    }

    func removePart(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        guard let kind = visit.form.value("kind").flatMap(PartKind.init(asked:)) else { throw NotFound() }
        try await intake.remove(kind, by: stay)
        return try await file(visit, stay, note: visit.words(.fileRemoved))
    }

    func delete(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        try await intake.delete(by: stay)
        return closed(visit, isDeleted: true)
    }

    // MARK: Grants

    func giveForm(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        try await givePage(visit, stay, Problems())
    }

    private func givePage(_ visit: Visit, _ stay: Stay, _ problems: Problems) async throws -> Reply {
        let page = GivePage(
            recipients: try await intake.askableRecipients(visit.language, by: stay),
            parts: try await intake.read(stay).parts,
            draft: OfferDraft(visit.form), problems: problems)
        return .page(page.html(setting(visit, stay)), status: problems.isEmpty ? 200 : 422)
    }

    func confirm(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        do {
            let offer = try OfferDraft(visit.form).offer()
            let parts = try await intake.read(stay).parts.filter { offer.parts.contains($0.id) }
            guard let found = try await intake.recipient(offer.recipient, visit.language, by: stay),
                parts.count == offer.parts.count
            else { throw IntakeRefusal.notFound }
            let page = ConfirmPage(
                offer: offer, name: found.name, readers: found.readers, parts: parts,
                endsOn: intake.today + offer.days)
            return .page(page.html(setting(visit, stay)))
        } catch let problems as Problems {
            return try await givePage(visit, stay, problems)
        }
    }

    func give(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        do {
            _ = try await intake.grant(OfferDraft(visit.form).offer(), by: stay)
            return try await file(visit, stay, note: visit.words(.fileGiven))
        } catch let problems as Problems {
            return try await givePage(visit, stay, problems)
        }
    }

    func revoke(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        guard let id = visit.form.value("grant").flatMap(Identifier<Grant>.init) else { throw NotFound() }
        try await intake.revoke(id, by: stay)
        return try await file(visit, stay, note: visit.words(.fileRevoked))
    }
}
