import Kernel
import Web

/// The spaces of initiatives, for desks.
struct SpaceRoutes: Sendable {
    let landscape: Landscape
    let frame: PageFrame
    let ways: [StaffWay]

    func declare(in table: inout RouteTable) {
        let space = "desk/landscape/initiatives/:initiative/space"
        table.staff { routes in
            routes.page([.get], space) { visit, signedIn in try await page(visit, signedIn) }
            routes.page([.post], "\(space)/joining") { visit, signedIn in
                try await step(visit, signedIn, "joined") { try await landscape.takePart(true, in: $0, by: signedIn) }
            }
            routes.page([.post], "\(space)/leaving") { visit, signedIn in
                try await step(visit, signedIn, "left") { try await landscape.takePart(false, in: $0, by: signedIn) }
            }
            routes.page([.post], "\(space)/notes", say)
            routes.page([.post], "\(space)/done") { visit, signedIn in
                let note = try note(visit)
                return try await step(visit, signedIn, "finished") {
                    try await landscape.setDone(true, note, in: $0, by: signedIn)
                }
            }
            routes.page([.post], "\(space)/reopened") { visit, signedIn in
                let note = try note(visit)
                return try await step(visit, signedIn, "reopened") {
                    try await landscape.setDone(false, note, in: $0, by: signedIn)
                }
            }
            routes.page([.post], "\(space)/removal") { visit, signedIn in
                let note = try note(visit)
                return try await step(visit, signedIn, "removed") {
                    try await landscape.remove(note, in: $0, by: signedIn)
                }
            }
        }
    }

    private func note(_ visit: Visit) throws -> Identifier<Space.Note> {
        guard let id = Identifier<Space.Note>(visit.form.value("note") ?? "") else { throw NotFound() }
        return id
    }

    private func page(
        _ visit: Visit, _ signedIn: SignedIn, as next: Identifier<Space.Note>? = nil, draft: SpaceDraft = SpaceDraft(),
        problems: Problems = Problems(), refusal: InitiativeRefusal? = nil
    ) async throws -> Reply {
        let asked = min(max(visit.form.value("page").flatMap { Int($0) } ?? 1, 1), 1_000_000)
        let space: Space
        do {
            space = try await landscape.space(of: visit.parameters["initiative"], page: asked, for: signedIn)
        } catch InitiativeRefusal.noInitiative {
            throw NotFound()
        }
        let page = SpacePage(
            space: space, signedIn: signedIn, desks: try await landscape.colleagues.desks(visit.language),
            today: landscape.world.today, next: next ?? Identifier(landscape.world.newUUID()), draft: draft,
            problems: problems, refusal: refusal)
        return .page(
            page.html(StaffFrame(frame, ways: ways, visit, signedIn)),
            status: refusal?.status ?? (problems.isEmpty ? 200 : 422))
    }

    @Sendable private func say(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        guard let id = Identifier<Space.Note>(visit.form.value("id") ?? "") else { throw NotFound() }
        let draft = SpaceDraft(visit.form)
        return try await step(visit, signedIn, "said", as: id, draft: draft) {
            try await landscape.say(draft, as: id, in: $0, by: signedIn)
        }
    }

    /// Does what a button asks for; where that is not allowed the page stands again with what was typed, and says why.
    private func step(
        _ visit: Visit, _ signedIn: SignedIn, _ done: String, as next: Identifier<Space.Note>? = nil,
        draft: SpaceDraft = SpaceDraft(), _ verb: (String?) async throws -> Void
    ) async throws -> Reply {
        let named = visit.parameters["initiative"]
        do {
            try await verb(named)
        } catch InitiativeRefusal.noInitiative {
            throw NotFound()
        } catch let refusal as InitiativeRefusal {
            return try await page(visit, signedIn, as: next, draft: draft, refusal: refusal)
        } catch let problems as Problems {
            return try await page(visit, signedIn, as: next, draft: draft, problems: problems)
        }
        return Reply.redirect(to: "/\(visit.language)/desk/landscape/initiatives/\(named ?? "")/space")
            .done(done, in: visit.language)
    }
}
