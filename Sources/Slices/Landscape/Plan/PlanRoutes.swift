import Kernel
import Storage
import Web

/// The pages of the plan, for anybody and for staff.
struct PlanRoutes: Sendable {
    let landscape: Landscape
    let frame: PageFrame
    let ways: [StaffWay]

    func declare(in table: inout RouteTable) {
        table.everyone { routes in
            routes.page([.get], "landscape/plan", publishing: .once) { visit in
                .page(PlanPage(plan: try await landscape.plan(visit.language)).html(visit.words, frame))
            }
            routes.page([.get], "landscape/board", publishing: .once) { visit in
                let plan = try await landscape.plan(visit.language)
                return .page(
                    BoardPage(plan: plan, months: try await landscape.months(of: plan)).html(visit.words, frame))
            }
            routes.page([.get], "landscape/actions/:action", publishing: .named(allActions), action)
            routes.file("/landscape/plan.json", publishing: .once) { _ in
                PlanExport(plan: try await landscape.plan(.english)).json
            }
            routes.file("/landscape/plan.csv", publishing: .once) { _ in
                PlanExport(plan: try await landscape.plan(.english)).csv
            }
        }
        table.staff { routes in
            routes.page([.get], "desk/landscape/plan") { visit, signedIn in try await overview(visit, signedIn) }
            routes.page([.get], "desk/landscape/actions/:action") { visit, signedIn in
                try await form(visit, signedIn, typed: nil)
            }
            routes.page([.post], "desk/landscape/actions/:action", change)
            routes.page([.get], "desk/landscape/proposals") { visit, signedIn in
                .page(ProposalPage(proposal: Proposal()).html(setting(visit, signedIn)))
            }
            routes.page([.post], "desk/landscape/proposals", propose)
            routes.page([.post], "desk/landscape/respite", setRespite)
            routes.page([.post], "desk/landscape/calls", setCalls)
        }
        table.staff(may: .keepLandscape) { routes in
            routes.page([.post], "desk/landscape/actions/:action/erasure", erase)
        }
    }

    private func allActions() async throws -> [String] { try await landscape.plan(.english).actions.map(\.id) }

    private func setting(_ visit: Visit, _ signedIn: SignedIn) -> StaffFrame {
        StaffFrame(frame, ways: ways, visit, signedIn)
    }

    private func action(_ visit: Visit) async throws -> Reply {
        let plan = try await landscape.plan(visit.language)
        guard let action = plan.actions.first(where: { $0.id == visit.parameters["action"] }) else { throw NotFound() }
        let links = [action.finding, action.vote?.description].compactMap(\.self)
        let page = ActionPage(
            action: action, plan: plan, changes: ActionChange.published(try await landscape.changes(of: action.id)),
            texts: try await landscape.texts(of: links), finding: try await landscape.finding(coded: action.finding))
        return .page(page.html(visit.words, frame))
    }

    // MARK: Staff

    private func overview(
        _ visit: Visit, _ signedIn: SignedIn, typed: [String: String] = [:], problems: Problems = Problems()
    ) async throws -> Reply {
        let page = StaffPlanPage(
            plan: try await landscape.plan(visit.language, isWhole: true), desk: signedIn.organization,
            isCoordinator: signedIn.actor.may(.keepLandscape), typed: typed, problems: problems)
        return .page(page.html(setting(visit, signedIn)), status: problems.isEmpty ? 200 : 422)
    }

    private func form(
        _ visit: Visit, _ signedIn: SignedIn, typed: TypedAction?, faults: TypedAction.Faults = .init()
    ) async throws -> Reply {
        let plan = try await landscape.plan(visit.language, isWhole: true)
        guard let action = plan.actions.first(where: { $0.id == visit.parameters["action"] }) else { throw NotFound() }
        guard Landscape.may(signedIn, change: action) else { throw PlanRefusal.notYours }
        let typed = (faults.rebased ?? typed)?.over(action) ?? TypedAction(action)
        var form = ActionForm(
            action: action, plan: plan, typed: typed, votes: try await landscape.voteNames(),
            changes: try await landscape.changes(of: action.id), isCoordinator: signedIn.actor.may(.keepLandscape))
        form.faults = faults
        return .page(form.html(setting(visit, signedIn)), status: faults.problems.isEmpty ? 200 : 422)
    }

    private func change(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let id = visit.parameters["action"] ?? ""
        let typed = TypedAction(visit.form)
        var isNew = false
        do {
            isNew = try await landscape.change(id, typed, by: signedIn)
        } catch let faults as TypedAction.Faults {
            return try await form(visit, signedIn, typed: typed, faults: faults)
        }
        return Reply.redirect(to: "/\(visit.language)/desk/landscape/actions/\(id)")
            .done(isNew ? "action" : "same", in: visit.language)
    }

    private func erase(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let id = visit.parameters["action"] ?? ""
        guard let number = visit.form.value("change").flatMap(Int.init) else { throw NotFound() }
        try await landscape.erase(number, of: id, by: signedIn)
        return Reply.redirect(to: "/\(visit.language)/desk/landscape/actions/\(id)")
            .done("erased", in: visit.language)
    }

    /// Looks first, for these words; adds them when they are sent again with what was shown.
    private func propose(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let proposal = Proposal(visit.form)
        do {
            try proposal.check()
        } catch let problems as Problems {
            return .page(
                ProposalPage(proposal: proposal, problems: problems).html(setting(visit, signedIn)), status: 422)
        }
        guard proposal.seen == proposal.mark else {
            let found = try await landscape.like(proposal, visit.language)
            return .page(ProposalPage(proposal: proposal, found: found).html(setting(visit, signedIn)))
        }
        let (action, isNew) = try await landscape.propose(proposal, by: signedIn)
        // Sent twice it is one.
        guard isNew || action.state == .proposed && action.owner == signedIn.organization else {
            return .page(ProposalPage(proposal: proposal, same: action).html(setting(visit, signedIn)))
        }
        return .redirect(to: "/\(visit.language)/desk/landscape/actions/\(action.id)")
    }

    private func setCalls(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        var (problems, tags, typed): (Problems, Set<Tag>, [String: String]) = (Problems(), [], [:])
        for document in Tag.Document.allCases {
            let text = visit.form.value(document.rawValue) ?? ""
            typed[document.rawValue] = text
            if let read = Tag.read(document, text) {
                tags.formUnion(read)
            } else {
                problems.add(document.rawValue, "no-such-call")
            }
        }
        if !problems.isEmpty { return try await overview(visit, signedIn, typed: typed, problems: problems) }
        try await landscape.setCalls(tags, by: signedIn)
        return .redirect(to: "/\(visit.language)/desk/landscape/plan")
    }

    private func setRespite(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let typed = visit.form.value("until")
        let day = typed.flatMap(Day.init)
        if typed != nil, day == nil {
            return try await overview(
                visit, signedIn, typed: ["until": typed ?? ""], problems: Problems("until", "not-a-day"))
        }
        try await landscape.setRespite(
            of: visit.form.value("desk") ?? signedIn.organization, until: day, by: signedIn)
        return .redirect(to: "/\(visit.language)/desk/landscape/plan")
    }
}
