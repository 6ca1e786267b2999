import Kernel
package import Web

/// The pages of a desk that is asked for help. No id stands in an address: each step is a form that carries it.
package struct ReferralDeskRoutes: Sendable {
    private let intake: Intake
    private let frame: PageFrame
    private let ways: [StaffWay]
    private let team: DeskTeam

    package init(_ intake: Intake, frame: PageFrame, ways: [StaffWay], team: DeskTeam) {
        self.intake = intake
        self.frame = frame
        self.ways = ways
        self.team = team
    }

    package func declare(in table: inout RouteTable) {
        table.staff(may: .openFiles) { routes in
            routes.page([.get], "desk/referrals", guarded { try await list($0, $1, $2) })
            routes.page([.post], "desk/referrals/card", guarded(card))
            routes.page([.post], "desk/referrals/part", guarded(part))
            routes.page([.post], "desk/referrals/document", guarded(document))
            routes.page([.post], "desk/referrals/moves", guarded(move))
            routes.page([.post], "desk/referrals/places", guarded(place))
            routes.page([.post], "desk/referrals/asks", guarded(ask))
            routes.page([.post], "desk/referrals/messages", guarded(write))
            routes.page([.post], "desk/referrals/fhir", guarded(fhir))
            routes.page([.post], "desk/referrals/htcds", guarded(htcds))
        }
        table.staff(may: .inviteOrganizations) { routes in
            routes.page([.get], "desk/unanswered") { visit, signedIn in
                let page = UnansweredPage(counts: try await intake.networkCounts(by: signedIn.actor))
                return .page(page.html(setting(visit, signedIn)))
            }
        }
    }

    private typealias Step = @Sendable (Visit, SignedIn, AtDesk) async throws -> Reply

    private func setting(_ visit: Visit, _ signedIn: SignedIn) -> StaffFrame {
        StaffFrame(frame, ways: ways, visit, signedIn)
    }

    private func said(_ visit: Visit) -> SaidAnswers {
        SaidAnswers(words: visit.words, needs: intake.needs.all(visit.language))
    }

    /// A handler whose refused moves lead back to the list, with a sentence.
    private func guarded(_ handler: @escaping Step) -> @Sendable (Visit, SignedIn) async throws -> Reply {
        { visit, signedIn in
            let desk = try await intake.atDesk(signedIn, team)
            do {
                return try await handler(visit, signedIn, desk)
            } catch let fault as ReferralFault {
                let sentence = visit.words(fault == .over || fault == .consentOver ? .deskFaultOver : .deskFaultOther)
                return try await list(visit, signedIn, desk, alert: sentence, status: fault.status)
            } catch is Problems {
                return try await list(
                    visit, signedIn, desk, alert: visit.words(IntakePhrase.problemChoose), status: 422)
            }
        }
    }

    private func list(
        _ visit: Visit, _ signedIn: SignedIn, _ desk: AtDesk, alert: String? = nil, status: Int = 200
    ) async throws -> Reply {
        let referrals = try await intake.referrals(to: desk)
        var services: [Identifier<AskedService>: String] = [:]
        for id in Set(referrals.map(\.sent.service)) {
            services[id] = try await intake.services.find(id, visit.language)?.name
        }
        let grants = Set(referrals.flatMap { [$0.sent.grant] + $0.asks.compactMap(\.grant) })
        let shared = try await intake.filesSharedWith(desk).filter { !grants.contains($0.grant) }
        let page = DeskListPage(referrals: referrals, services: services, shared: shared, alert: alert)
        return .page(page.html(setting(visit, signedIn)), status: status)
    }

    private func id(_ visit: Visit) throws -> Identifier<Referral> {
        guard let id = visit.form.value("referral").flatMap(Identifier<Referral>.init) else { throw nothingChosen }
        return id
    }

    private var nothingChosen: Problems {
        var problems = Problems()
        problems.add("referral", "choose-one")
        return problems
    }

    private func back(_ visit: Visit) -> Reply { .redirect(to: "/\(visit.language)/desk/referrals") }

    // MARK: Opening

    private func card(_ visit: Visit, _ signedIn: SignedIn, _ desk: AtDesk) async throws -> Reply {
        let card = try await intake.openCard(try id(visit), at: desk)
        let service = try await intake.services.find(card.referral.sent.service, visit.language)
        let page = DeskCardPage(card: card, service: service?.name ?? visit.words(.somePlace), said: said(visit))
        return .page(page.html(setting(visit, signedIn)))
    }

    private func part(_ visit: Visit, _ signedIn: SignedIn, _ desk: AtDesk) async throws -> Reply {
        let (part, grant) = try chosen(visit)
        let page = DeskPartPage(
            part: try await intake.openPart(part, under: grant, at: desk), grant: grant, said: said(visit))
        return .page(page.html(setting(visit, signedIn)))
    }

    private func document(_ visit: Visit, _ signedIn: SignedIn, _ desk: AtDesk) async throws -> Reply {
        let (part, grant) = try chosen(visit)
        return .document(try await intake.openDocument(part, under: grant, at: desk))
    }

    private func chosen(_ visit: Visit) throws -> (Identifier<Part>, Identifier<Grant>) {
        guard let grant = visit.form.value("grant").flatMap(Identifier<Grant>.init),
            let part = visit.form.value("part").flatMap(Identifier<Part>.init)
        else { throw nothingChosen }
        return (part, grant)
    }

    // MARK: Answering

    private func move(_ visit: Visit, _ signedIn: SignedIn, _ desk: AtDesk) async throws -> Reply {
        guard let state = visit.form.value("to").flatMap(Referral.State.init) else { throw ReferralFault.notAllowed }
        let move = DeskMove(
            state, rejection: visit.form.value("rejection").flatMap(Rejection.init),
            outcome: visit.form.value("outcome").flatMap(Outcome.init))
        try await intake.move(try id(visit), move, at: desk)
        return back(visit)
    }

    private func place(_ visit: Visit, _ signedIn: SignedIn, _ desk: AtDesk) async throws -> Reply {
        let place = visit.form.value("place").flatMap(Int.init) ?? 0
        try await intake.place(try id(visit), place, at: desk)
        return back(visit)
    }

    private func ask(_ visit: Visit, _ signedIn: SignedIn, _ desk: AtDesk) async throws -> Reply {
        let kinds = Set(visit.form.values("kind").compactMap(PartKind.init(asked:)))
        try await intake.ask(kinds, about: try id(visit), at: desk)
        return back(visit)
    }

    private func write(_ visit: Visit, _ signedIn: SignedIn, _ desk: AtDesk) async throws -> Reply {
        let (id, typed) = (try id(visit), visit.form.value("message") ?? "")
        do {
            try await intake.say(typed, about: id, at: desk)
            return back(visit)
        } catch let problems as Problems {
            let page = DeskMessagePage(referral: id, typed: typed, problems: problems)
            return .page(page.html(setting(visit, signedIn)), status: 422)
        }
    }

    // MARK: Taking along

    private func fhir(_ visit: Visit, _ signedIn: SignedIn, _ desk: AtDesk) async throws -> Reply {
        let bundle = try await intake.fhir(of: desk, in: visit.language)
        var reply = Reply(type: "application/fhir+json", .plain(bundle))
        reply.savedAs = "referrals.json"
        return reply
    }

    private func htcds(_ visit: Visit, _ signedIn: SignedIn, _ desk: AtDesk) async throws -> Reply {
        let sheet = try await intake.htcds(of: try id(visit), at: desk)
        var reply = Reply(type: "text/csv; charset=utf-8", .plain(sheet))
        reply.savedAs = "htcds.csv"
        return reply
    }
}
