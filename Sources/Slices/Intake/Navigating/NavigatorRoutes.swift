import Kernel
import Storage
package import Web

/// The page on which staff look for services for several needs of somebody at once. Nothing of it is kept.
package struct NavigatorRoutes: Sendable {
    private let intake: Intake
    private let frame: PageFrame
    private let ways: [StaffWay]
    private let finder: ServiceFinder

    package init(_ intake: Intake, _ finder: ServiceFinder, frame: PageFrame, ways: [StaffWay]) {
        self.intake = intake
        self.finder = finder
        self.frame = frame
        self.ways = ways
    }

    package func declare(in table: inout RouteTable) {
        table.staff(may: .openFiles) { routes in
            routes.page([.get], "desk/services") { visit, signedIn in
                .page(page(NeedsQuestion(), visit).html(setting(visit, signedIn)))
            }
            routes.page([.post], "desk/services", find)
        }
    }

    private func setting(_ visit: Visit, _ signedIn: SignedIn) -> StaffFrame {
        StaffFrame(frame, ways: ways, visit, signedIn)
    }

    private func page(_ question: NeedsQuestion, _ visit: Visit) -> NavigatorPage {
        NavigatorPage(
            question: question, needs: intake.needs.all(visit.language), languages: finder.languages(visit.language),
            distances: finder.distances)
    }

    private func find(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let setting = setting(visit, signedIn)
        let needs = intake.needs.all(visit.language)
        let question = NeedsQuestion(visit.form, finder, visit.language, needs: Set(needs.map(\.id)))
        var page = page(question, visit)
        guard !question.needs.isEmpty else {
            page.problems.add("need", "choose-one")
            return .page(page.html(setting), status: 422)
        }
        let accepting = try await intake.servicesThatAccepted(by: signedIn.actor)
        page.found = question.needs.map { need in
            let items = finder.items(need, question, visit.words, ServiceFinder.perNeed) { id in
                accepting.contains(id) ? visit.words(.servicesAccepted) : nil
            }
            return (needs.first { $0.id == need }?.name ?? need, items)
        }
        return .page(page.html(setting))
    }
}

extension Intake {
    /// For how long "lately" lasts.
    static let latelyDays = 30

    /// Services that accepted somebody lately; of whom and how many is not told.
    func servicesThatAccepted(by actor: Actor) async throws -> Set<Identifier<AskedService>> {
        guard actor.may(.openFiles) else { throw IntakeRefusal.notAllowed }
        let since = today + -Self.latelyDays
        return try await database.read { try ReferralStore($0).servicesThatAccepted(since: since) }
    }
}
