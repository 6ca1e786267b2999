package import Formats
package import Kernel
import Search
import Storage

/// What one organization owes the network, and what the desk owes it.
package struct StaleRow: Sendable, Hashable {
    package let organization: Identifier<Record>
    package let name: String
    /// The organization itself and its services.
    package internal(set) var listings = 0
    package internal(set) var neverChecked = 0
    package internal(set) var overSixMonths = 0
    package internal(set) var overTwelveMonths = 0
    package internal(set) var openProposals = 0
    package internal(set) var oldestProposal: Day?
    package internal(set) var unansweredLinks = 0
    package internal(set) var oldestUnanswered: Day?
    /// Facts that sources disagree about.
    package internal(set) var conflicts = 0
    /// Numbers that one role checked and another has not.
    package internal(set) var waitingForSecondCheck = 0

    package var owesNothing: Bool {
        neverChecked + overSixMonths + overTwelveMonths + openProposals + unansweredLinks + conflicts
            + waitingForSecondCheck == 0
    }

    init(_ organization: Projected<Listing>) {
        self.organization = organization.id
        name = organization.record["name"] ?? ""
    }

    fileprivate mutating func count(_ listing: Projected<Listing>, today: Day) {
        listings += 1
        switch Freshness(checkedOn: listing.value.facts[""]?.checkedOn, today: today) {
        case .fresh: break
        case .ageing: overSixMonths += 1
        case .old: overTwelveMonths += 1
        case .never: neverChecked += 1
        }
    }

    fileprivate mutating func count(_ part: Listing) {
        conflicts += part.facts.values.count { $0.standing == .conflict }
        guard part.record.kind == .phone, let fact = part.facts["number"] else { return }
        if fact.standing == .reported, fact.checkedBy != nil { waitingForSecondCheck += 1 }
    }

    fileprivate mutating func count(_ proposals: [Proposal]) {
        let open = proposals.filter { $0.state == .open }
        openProposals += open.count
        oldestProposal = (open.map(\.receivedOn) + [oldestProposal].compactMap(\.self)).min()
    }

    fileprivate mutating func count(unanswered days: [Day]) {
        unansweredLinks += days.count
        oldestUnanswered = (days + [oldestUnanswered].compactMap(\.self)).min()
    }
}

extension Directory {
    /// Who owes what, the most stale first: every organization that `viewer` may see.
    package func staleBoard(for viewer: Actor) async throws -> [StaleRow] {
        guard viewer.may(.editListings) else { throw DirectoryRefusal.notAllowed }
        let today = world.today
        var rows: [StaleRow] = []
        var last: Identifier<Record>?
        while true {
            let after = last
            let (page, end) = try await database.read { transaction in
                try Self.staleRows(after: after, for: viewer, today: today, in: transaction)
            }
            rows += page
            guard let end else { break }
            last = end
        }
        return rows.sorted { ($1.urgency, $0.name, $0.organization) < ($0.urgency, $1.name, $1.organization) }
    }

    private static func staleRows(
        after last: Identifier<Record>?, for viewer: Actor, today: Day, in transaction: any Transaction
    ) throws -> ([StaleRow], Identifier<Record>?) {
        let store = DirectoryStore(transaction)
        let ids = try store.page(.organization, after: last, limit: 200).map(\.id)
        let loader = try ListingLoader(transaction, withHistory: false)
        let organizations = try loader.organizations(ids).compactMap { $0.projected(for: viewer) }
        let owned = try store.records(.service, where: "organization_id", in: ids.map(\.description)).map(\.id)
        let services = Dictionary(
            grouping: try loader.services(owned).compactMap { $0.projected(for: viewer) }
        ) { $0.record["organization_id"] ?? "" }
        let unanswered = Dictionary(grouping: try AskLinkStore(transaction).unanswered(), by: \.record)
        let rows = try organizations.map { organization in
            var row = StaleRow(organization)
            // A site can hang under the organization and under its services: every part counts once.
            var parts: [Identifier<Record>: Listing] = [:]
            for listing in [organization] + (services[organization.id.description] ?? []) {
                row.count(listing, today: today)
                row.count(unanswered: (unanswered[listing.id] ?? []).map(\.askedOn))
                for part in listing.value.ownParts { parts[part.record.id] = part }
            }
            for part in parts.values { row.count(part) }
            row.count(try ProposalStore(transaction).about(parts.keys.sorted()))
            return row
        }
        return (rows, ids.last)
    }
}

extension StaleRow {
    fileprivate var urgency: Int {
        conflicts * 100 + openProposals * 10 + overTwelveMonths * 3 + neverChecked * 2 + overSixMonths
    }
}

extension Listing {
    /// The record and everything under it; an organization or program that stands there for its name alone is left out.
    fileprivate var ownParts: [Listing] {
        let own = members.filter { !["organization", "program"].contains($0.key) }.values.joined()
        return [self] + own.flatMap(\.ownParts)
    }
}
