import Accounts
import Foundation
import Kernel
import Platform
import Support
import Testing
import Web

/// Everything that is not for everyone, asked by nobody and by every role: who comes in stands in `access.txt`. A route
/// that is added without a line there fails.
@Suite struct AccessMatrixTests {
    private typealias Somebody = (name: String, browser: StaffBrowser)

    @Test func `who reaches which page of staff is as it was approved`() async throws {
        let staff = try await Staff(fillsDocuments: true)
        let everybody = try await everybody(staff)
        // Last, because it ends the stay.
        let routes = staff.town.platform.routes.routes.filter { $0.circle != .everyone }
            .sorted { ($0.isLast ? 1 : 0, $0.path) < ($1.isLast ? 1 : 0, $1.path) }
        var lines: [String] = []
        for route in routes {
            let path = route.path.replacing(":language", with: "en").replacing(":secret", with: "none")
            var who: [String: [String]] = [:]
            for (name, browser) in everybody {
                let reply = try await route.method == .get ? browser.get(path) : browser.post(path, [])
                who[Self.outcome(reply), default: []].append(name)
            }
            let outcomes = who.sorted { $0.key < $1.key }.map { outcome, names in
                "  \(outcome): \(names.count == everybody.count ? "everybody" : names.joined(separator: ", "))"
            }
            lines += ["\(route.method.rawValue) \(route.path)"] + outcomes
        }
        try expectGolden(lines.joined(separator: "\n") + "\n", "access.txt")
    }

    @Test func `a page of staff without this session's token changes nothing`() async throws {
        let staff = try await Staff(fillsDocuments: true)
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        for route in staff.town.platform.routes.routes where route.method == .post {
            guard case .staff(let permission) = route.circle else { continue }
            let path = route.path.replacing(":language", with: "en")
            let browser = permission == .openFiles ? provider : coordinator
            for token in ["", String(repeating: "0", count: 64)] {
                let reply = try await browser.post(path, [], token: token)
                #expect(reply.status == 409, "\(path)")
            }
        }
        for browser in [coordinator, provider] { #expect(try await browser.get("/en/desk").status == 200) }
    }

    /// Somebody who is not signed in, and every role as one who leads a desk and as one who does not.
    private func everybody(_ staff: Staff) async throws -> [Somebody] {
        let coordinator = try await staff.coordinator().browser
        var everybody: [Somebody] = [("nobody", StaffBrowser(staff.town.browser))]
        for role in Role.allCases {
            for leads in [true, false] {
                let name = role.rawValue + (leads ? " who leads" : "")
                let secret = try await staff.invite(
                    coordinator, "team", [("role", role.rawValue)] + (leads ? [("leads", "1")] : []))
                everybody.append((name, try await staff.join(secret, as: "a \(name)").browser))
            }
        }
        return everybody
    }

    private static func outcome(_ reply: Browser.Reply) -> String {
        switch reply.status {
        case 303 where reply.header("Location")?.prefix(while: { $0 != "?" }).hasSuffix("/sign-in") == true:
            "to the door"
        case 404: "is not there"
        case 403: "refused"
        default: "comes in"
        }
    }
}

extension RouteTable.Route {
    fileprivate var isLast: Bool { path.hasSuffix("sign-out") }
}
