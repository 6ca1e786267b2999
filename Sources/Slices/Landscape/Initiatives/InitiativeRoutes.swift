import Kernel
import Web

/// The pages of initiatives, for anybody and for staff.
struct InitiativeRoutes: Sendable {
    let landscape: Landscape
    let frame: PageFrame
    let ways: [StaffWay]

    func declare(in table: inout RouteTable) {
        table.everyone { routes in
            routes.page(
                [.get], "landscape/initiatives",
                publishing: .pages {
                    let count = try await landscape.initiatives().count
                    return max(1, (count + InitiativesPage.length - 1) / InitiativesPage.length)
                }, all)
            routes.page(
                [.get], "landscape/initiatives/:initiative",
                publishing: .named { try await landscape.initiatives().map(\.id.description) }, one)
            routes.page([.get], "landscape/meetings", publishing: .once, whenAndWho)
            routes.file("/landscape/initiatives.json", publishing: .once) { _ in try await export().json }
            routes.file("/landscape/initiatives.csv", publishing: .once) { _ in try await export().csv }
            routes.file("/landscape/meetings.ics", publishing: .once) { _ in
                let calendar = try await meetings().calendar(landscape.region, now: landscape.world.now())
                var reply = Reply(type: "text/calendar; charset=utf-8", .plain(calendar))
                reply.savedAs = "meetings.ics"
                return reply
            }
        }
        table.staff { routes in
            routes.page([.get], "desk/landscape/initiatives") { visit, signedIn in try await desk(visit, signedIn) }
            routes.page([.get], "desk/landscape/initiatives/new", blank)
            routes.page([.get], "desk/landscape/initiatives/:initiative", change)
            routes.page([.post], "desk/landscape/initiatives", atMost: FormFields.maximumTextBytes, propose)
            routes.page(
                [.post], "desk/landscape/initiatives/:initiative", atMost: FormFields.maximumTextBytes, propose)
            routes.page([.post], "desk/landscape/initiatives/:initiative/confirmations", confirm)
            routes.page([.post], "desk/landscape/initiatives/:initiative/withdrawal", withdraw)
            routes.page([.post], "desk/landscape/initiatives/:initiative/restoration", restore)
        }
        table.staff(may: .keepLandscape) { routes in
            routes.page([.post], "desk/landscape/initiative-proposals/:proposal/acceptance") { visit, signedIn in
                try await decide(visit, signedIn, refusal: nil)
            }
            routes.page([.post], "desk/landscape/initiative-proposals/:proposal/refusal") { visit, signedIn in
                try await decide(visit, signedIn, refusal: visit.form.value("reason") ?? "")
            }
        }
    }

    private func setting(_ visit: Visit) -> ScanSetting {
        ScanSetting(words: visit.words, frame: frame, region: landscape.region)
    }

    private func setting(_ visit: Visit, _ signedIn: SignedIn) -> StaffFrame {
        StaffFrame(frame, ways: ways, visit, signedIn)
    }

    private func meetings() async throws -> Meetings {
        Meetings(try await landscape.initiatives(), landscape.clock, now: landscape.world.now())
    }

    @Sendable private func whenAndWho(_ visit: Visit) async throws -> Reply {
        let (all, now) = (try await landscape.initiatives(), landscape.world.now())
        let groups = all.filter { $0[.kind] == "group" && $0.standing(on: now.day).isCounted }
        let page = MeetingsPage(
            meetings: Meetings(all, landscape.clock, now: now), groups: groups, clock: landscape.clock)
        return .page(page.html(setting(visit)))
    }

    private func export() async throws -> InitiativeExport {
        InitiativeExport(initiatives: try await landscape.initiatives(), today: landscape.world.today)
    }

    @Sendable private func all(_ visit: Visit) async throws -> Reply {
        var page = InitiativesPage(all: try await landscape.initiatives(), today: landscape.world.today)
        do {
            let areas = Set(landscape.region.areas(visit.language).map(\.id))
            page.filter = try InitiativeFilter(visit.form, areas: areas)
        } catch {
            page.problems = error
        }
        return .page(page.html(setting(visit)), status: page.problems.isEmpty ? 200 : 422)
    }

    @Sendable private func one(_ visit: Visit) async throws -> Reply {
        let initiative = try await found { try await landscape.initiative(visit.parameters["initiative"]) }
        let now = landscape.world.now()
        let page = InitiativePage(
            initiative: initiative, meetings: Meetings([initiative], landscape.clock, now: now),
            clock: landscape.clock, today: now.day, principles: try await landscape.principles(),
            desks: try await landscape.colleagues.desks(visit.language))
        return .page(page.html(setting(visit)))
    }

    private func found<Value>(_ find: () async throws -> Value) async throws -> Value {
        do { return try await find() } catch InitiativeRefusal.noInitiative { throw NotFound() }
    }

    // MARK: Staff

    private func desk(
        _ visit: Visit, _ signedIn: SignedIn, refusal: InitiativeRefusal? = nil, problems: Problems = Problems()
    ) async throws -> Reply {
        let page = InitiativeDeskPage(
            desk: try await landscape.initiativeDesk(signedIn),
            desks: try await landscape.colleagues.desks(visit.language), today: landscape.world.today,
            principles: try await landscape.principles(), refusal: refusal, problems: problems)
        return .page(
            page.html(setting(visit, signedIn), landscape.region),
            status: refusal?.status ?? (problems.isEmpty ? 200 : 422))
    }

    @Sendable private func blank(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let desk = try await landscape.colleagues.desks(visit.language).first { $0.id == signedIn.organization }
        let draft = InitiativeDraft([
            .member: signedIn.organization, .organization: desk?.name ?? "", .state: "running",
        ])
        return .page(
            try await form(visit, signedIn, Identifier(landscape.world.newUUID()), draft, version: 0, isNew: true)
                .html(setting(visit, signedIn), landscape.region))
    }

    @Sendable private func change(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        try await change(visit, signedIn, problems: Problems())
    }

    private func change(_ visit: Visit, _ signedIn: SignedIn, problems: Problems) async throws -> Reply {
        let (initiative, texts) = try await found {
            try await landscape.form(of: visit.parameters["initiative"], for: signedIn)
        }
        var page = try await form(
            visit, signedIn, initiative.id, InitiativeDraft(texts), version: initiative.version, isNew: false)
        page.problems = problems
        return .page(
            page.html(setting(visit, signedIn), landscape.region), status: problems.isEmpty ? 200 : 422)
    }

    private func form(
        _ visit: Visit, _ signedIn: SignedIn, _ id: Identifier<Initiative>, _ draft: InitiativeDraft, version: Int,
        isNew: Bool, as proposal: Identifier<InitiativeProposal>? = nil
    ) async throws -> InitiativeForm {
        let isCoordinator = signedIn.actor.may(.keepLandscape)
        let desks = try await landscape.colleagues.desks(visit.language)
        let known = try await landscape.known(id)
        return InitiativeForm(
            id: id, proposal: proposal ?? Identifier(landscape.world.newUUID()), version: version, isNew: isNew,
            draft: draft, principles: try await landscape.principles(),
            desks: isCoordinator ? desks : nil,
            shown: known.flatMap { InitiativeShown($0, signedIn, desks: desks) })
    }

    @Sendable private func propose(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let named = visit.parameters["initiative"]
        var draft = InitiativeDraft(visit.form)
        guard let id = Identifier<Initiative>(named ?? visit.form.value("id") ?? ""),
            let proposal = Identifier<InitiativeProposal>(visit.form.value("proposal") ?? "")
        else { throw NotFound() }
        if named != nil { _ = try await found { try await landscape.form(of: named, for: signedIn) } }
        var version = visit.form.value("version").flatMap(Int.init) ?? 0
        do {
            let texts = try await landscape.checked(draft, for: id, by: signedIn, visit.language)
            if named == nil, visit.form.value("seen") != draft.proposal.mark {
                let like = try await landscape.like(draft, visit.language)
                if !like.isEmpty {
                    (draft.texts[.member], draft.texts[.organization]) = (texts[.member], texts[.organization])
                    var page = try await form(visit, signedIn, id, draft, version: version, isNew: true, as: proposal)
                    page.like = like
                    return .page(page.html(setting(visit, signedIn), landscape.region))
                }
            }
            let isNew = try await found {
                try await landscape.propose(texts, to: id, as: proposal, version: version, by: signedIn)
            }
            return Reply.redirect(to: "/\(visit.language)/desk/landscape/initiatives")
                .done(isNew ? "proposed" : "same", in: visit.language)
        } catch let problems as Problems {
            if problems.faults.contains(where: { $0.code == "initiative-changed" }) {
                version = try await found { try await landscape.form(of: id.description, for: signedIn) }
                    .initiative.version
            }
            var page = try await form(
                visit, signedIn, id, draft, version: version, isNew: named == nil, as: proposal)
            page.problems = problems
            return .page(page.html(setting(visit, signedIn), landscape.region), status: 422)
        }
    }

    @Sendable private func confirm(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        try await step(visit, signedIn) {
            try await landscape.confirm(
                visit.parameters["initiative"], version: visit.form.value("version").flatMap(Int.init) ?? 0,
                by: signedIn)
        }
    }

    private func named(_ visit: Visit) throws -> Identifier<Initiative> {
        guard let id = Identifier<Initiative>(visit.parameters["initiative"] ?? "") else { throw NotFound() }
        return id
    }

    @Sendable private func withdraw(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let id = try named(visit)
        return try await step(visit, signedIn, orAgain: { try await change(visit, signedIn, problems: $0) }) {
            try await landscape.withdraw(id, reason: visit.form.value("reason") ?? "", by: signedIn)
        }
    }

    @Sendable private func restore(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let id = try named(visit)
        return try await step(visit, signedIn) { try await landscape.restore(id, by: signedIn) }
    }

    private func decide(_ visit: Visit, _ signedIn: SignedIn, refusal: String?) async throws -> Reply {
        guard let id = Identifier<InitiativeProposal>(visit.parameters["proposal"] ?? "") else { throw NotFound() }
        return try await step(visit, signedIn) {
            try await landscape.decide(
                id, version: visit.form.value("version").flatMap(Int.init) ?? -1, refusal: refusal,
                by: signedIn.actor)
        }
    }

    /// Does what a button asks for; where the rules forbid it, the desk stands again as it is now and says why.
    /// - Parameter again: the page that has what was typed; nil where that is the desk.
    private func step(
        _ visit: Visit, _ signedIn: SignedIn, orAgain again: ((Problems) async throws -> Reply)? = nil,
        _ verb: () async throws -> Void
    ) async throws -> Reply {
        do {
            try await verb()
            return .redirect(to: "/\(visit.language)/desk/landscape/initiatives")
        } catch InitiativeRefusal.noInitiative {
            throw NotFound()
        } catch let refusal as InitiativeRefusal {
            return try await desk(visit, signedIn, refusal: refusal)
        } catch let problems as Problems {
            if let again { return try await again(problems) }
            return try await desk(visit, signedIn, problems: problems)
        }
    }
}
