import Kernel
import Web

/// The pages of staff about scans: drafts, a form for one more, publishing.
struct ScanDeskRoutes: Sendable {
    let landscape: Landscape
    let frame: PageFrame
    let ways: [StaffWay]

    func declare(in table: inout RouteTable) {
        table.staff { routes in
            routes.page([.get], "desk/landscape") { visit, signedIn in try await desk(visit, signedIn, nil) }
            routes.page([.get], "desk/landscape/findings/new") { visit, signedIn in
                try await form(visit, signedIn, FindingDraft(), Problems())
            }
            routes.page([.post], "desk/landscape/findings", enter)
        }
        table.staff(may: .keepLandscape) { routes in
            routes.page([.post], "desk/landscape/findings/publications") { visit, signedIn in
                try await set(.published, visit, signedIn)
            }
            routes.page([.post], "desk/landscape/findings/withdrawals") { visit, signedIn in
                try await set(.withdrawn, visit, signedIn)
            }
        }
    }

    private func setting(_ visit: Visit, _ signedIn: SignedIn) -> StaffFrame {
        StaffFrame(frame, ways: ways, visit.words, signedIn)
    }

    private func desk(_ visit: Visit, _ signedIn: SignedIn, _ refusal: ScanRefusal?) async throws -> Reply {
        let page = LandscapeDeskPage(
            drafts: try await landscape.drafts(), mayPublish: signedIn.actor.may(.keepLandscape), refusal: refusal)
        return .page(page.html(setting(visit, signedIn)), status: refusal?.status ?? 200)
    }

    private func form(
        _ visit: Visit, _ signedIn: SignedIn, _ draft: FindingDraft, _ problems: Problems
    ) async throws -> Reply {
        let page = FindingForm(
            scans: try await landscape.scans(), scan: visit.form.value("scan"),
            id: visit.form.value("id").flatMap(Identifier<Finding>.init)
                ?? Identifier(landscape.world.newUUID()),
            draft: draft, needs: landscape.region.needs(visit.language), problems: problems)
        return .page(page.html(setting(visit, signedIn)), status: problems.isEmpty ? 200 : 422)
    }

    @Sendable private func enter(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let draft = FindingDraft(visit.form)
        do {
            guard let id = visit.form.value("id").flatMap(Identifier<Finding>.init) else {
                throw Problems("text", "required")
            }
            guard let scan = try await landscape.scans().first(where: { $0.code == visit.form.value("scan") }) else {
                throw Problems("scan", "unknown-choice")
            }
            try await landscape.enter(draft, id: id, in: scan, by: signedIn.actor)
            return .redirect(to: "/\(visit.language)/desk/landscape")
        } catch let problems as Problems {
            return try await form(visit, signedIn, draft, problems)
        }
    }

    private func set(_ state: Finding.State, _ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let back = Reply.redirect(to: "/\(visit.language)/desk/landscape")
        guard let id = visit.form.value("finding").flatMap(Identifier<Finding>.init) else { return back }
        do {
            try await landscape.setState(state, of: id, by: signedIn.actor)
            return back
        } catch ScanRefusal.noFinding {
            throw NotFound()
        } catch let refusal as ScanRefusal {
            return try await desk(visit, signedIn, refusal)
        }
    }
}
