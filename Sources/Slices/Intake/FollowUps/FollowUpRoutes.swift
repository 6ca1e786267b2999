import Kernel
package import Web

/// The pages on which a desk keeps up with those who gave it something. No id stands in an address.
package struct FollowUpRoutes: Sendable {
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

    /// The pages of those who open files at a desk.
    package func declare(in table: inout RouteTable) {
        table.staff(may: .openFiles) { routes in
            routes.page([.get], "desk/people") { visit, signedIn in try await people(visit, signedIn) }
            routes.page([.post], "desk/people/form") { visit, signedIn in
                try await form(visit, signedIn, try grant(visit))
            }
            routes.page([.post], "desk/people", keep)
            routes.page([.get], "desk/workload") { visit, signedIn in
                try await workload(visit, signedIn, Problems())
            }
            routes.page([.post], "desk/workload/promise", promise)
        }
    }

    private func setting(_ visit: Visit, _ signedIn: SignedIn) -> StaffFrame {
        StaffFrame(frame, ways: ways, visit, signedIn)
    }

    private func people(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let all = try await intake.followed(at: intake.atDesk(signedIn, team))
        let names = try await names(signedIn)
        var services: [Identifier<AskedService>: String] = [:]
        for id in Set(all.compactMap(\.sent?.service)) {
            services[id] = try await intake.services.find(id, visit.language)?.name
        }
        let page = PeoplePage(
            mine: all.filter { $0.followUp.worker == signedIn.worker },
            nobodys: all.filter { $0.followUp.worker.map { names[$0] == nil } ?? true },
            colleagues: all.filter {
                $0.followUp.worker.map { names[$0] != nil && $0 != signedIn.worker } ?? false
            }, names: names, services: services, today: intake.today)
        return .page(page.html(setting(visit, signedIn)))
    }

    private func names(_ signedIn: SignedIn) async throws -> [String: String] {
        Dictionary(try await team.readers(signedIn).map { ($0.id, $0.name) }) { first, _ in first }
    }

    private func grant(_ visit: Visit) throws -> Identifier<Grant> {
        guard let grant = visit.form.value("grant").flatMap(Identifier<Grant>.init) else { throw NotFound() }
        return grant
    }

    /// - Parameter typed: what a refused form held, instead of what is stored.
    private func form(
        _ visit: Visit, _ signedIn: SignedIn, _ grant: Identifier<Grant>, typed: FollowUpDraft? = nil,
        _ problems: Problems = Problems(), isChanged: Bool = false
    ) async throws -> Reply {
        let open = try await intake.followUp(grant, at: intake.atDesk(signedIn, team))
        let page = FollowUpPage(
            open: open, draft: typed ?? FollowUpDraft(open), team: try await team.readers(signedIn),
            problems: problems, isChanged: isChanged)
        return .page(page.html(setting(visit, signedIn)), status: isChanged ? 409 : problems.isEmpty ? 200 : 422)
    }

    private func keep(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let (grant, draft) = (try grant(visit), FollowUpDraft(visit.form))
        do {
            let change = try draft.followUp(of: grant, among: Set(try await names(signedIn).keys))
            try await intake.follow(change, note: draft.note, at: intake.atDesk(signedIn, team))
            return .redirect(to: "/\(visit.language)/desk/people")
        } catch let problems as Problems {
            return try await form(visit, signedIn, grant, typed: draft, problems)
        } catch is FollowUpChanged {
            return try await form(visit, signedIn, grant, typed: draft, isChanged: true)
        }
    }

    private func workload(_ visit: Visit, _ signedIn: SignedIn, _ problems: Problems) async throws -> Reply {
        let desk = try await intake.atDesk(signedIn, team)
        let (all, today) = (try await intake.followed(at: desk), intake.today)
        let readers = try await team.readers(signedIn)
        let known = Set(readers.map(\.id))
        var loads: [String?: Workload] = [:]
        for followed in all {
            let worker = followed.followUp.worker.flatMap { known.contains($0) ? $0 : nil }
            loads[worker, default: Workload()].add(followed.followUp, on: today)
        }
        let page = WorkloadPage(
            rows: readers.map { ($0.name, loads[$0.id] ?? Workload()) }, nobody: loads[nil] ?? Workload(),
            answerDays: try await intake.answerDays(of: desk.id), maySetPromise: signedIn.actor.may(.inviteWorkers),
            typed: problems.isEmpty ? nil : visit.form.value("days"), problems: problems)
        return .page(page.html(setting(visit, signedIn)), status: problems.isEmpty ? 200 : 422)
    }

    private func promise(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        do {
            let days = visit.form.value("days").flatMap { Int(Message.trimmed($0)) } ?? 0
            try await intake.promise(answerWithin: days, at: intake.atDesk(signedIn, team))
            return .redirect(to: "/\(visit.language)/desk/workload")
        } catch let problems as Problems {
            return try await workload(visit, signedIn, problems)
        }
    }
}
