package import Formats
import Foundation
package import Kernel
import Search
import Storage

/// Two listings that may be one.
package struct DuplicatePair: Sendable, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        case samePhone = "same-phone"
        case sameNameAndPlace = "same-name-and-place"
        case sameWebsite = "same-website"
        case similarName = "similar-name"

        var points: Int {
            switch self {
            case .samePhone, .sameNameAndPlace: 60
            case .sameWebsite, .similarName: 30
            }
        }
    }

    package let kind: RecordKind
    /// The one checked last, or with more in it.
    package let keep: Identifier<Record>
    package let lose: Identifier<Record>
    package let keepName: String
    package let loseName: String
    package let reasons: [Reason]
    /// From 60, one strong or two weak reasons, to 100.
    package var score: Int { min(100, reasons.map(\.points).reduce(0, +)) }

    static let threshold = 60
}

extension Directory {
    /// Organizations and services that may be the same one twice, the surest first; pairs that people refused are left out.
    package func duplicates(for viewer: Actor) async throws -> [DuplicatePair] {
        guard viewer.may(.editListings) else { throw DirectoryRefusal.notAllowed }
        let refused = try await database.read { try ProposalStore($0).refusedDuplicates() }
        var pairs: [DuplicatePair] = []
        for kind in [RecordKind.organization, .service] {
            var signs: [ListingSigns] = []
            try await eachPage(kind, for: viewer) { signs += $0.map(ListingSigns.init) }
            pairs += DuplicateSearch(signs).pairs(kind)
        }
        return pairs.filter { !refused.contains([$0.keep.description, $0.lose.description].sorted()) }
            .sorted { ($1.score, $0.keep, $0.lose) < ($0.score, $1.keep, $1.lose) }
    }

    /// Puts the pairs found into the queue, where accepting one merges it.
    package func proposeDuplicates(by actor: Actor) async throws -> Int {
        let drafts = try await duplicates(for: actor).map { pair in
            ProposalDraft(
                pair.kind, pair.keep, about: .duplicate, then: pair.keepName, to: pair.lose.description,
                from: .duplicate, note: pair.reasons.map(\.rawValue).joined(separator: ", "))
        }
        return try await propose(drafts, by: actor).count
    }

    /// All listings of a kind as `viewer` sees them, some hundred at a time.
    func eachPage(
        _ kind: RecordKind, for viewer: Actor, _ work: ([Projected<Listing>]) throws -> Void
    ) async throws {
        var last: Identifier<Record>?
        while true {
            let after = last
            let (listings, end) = try await database.read { transaction in
                let ids = try DirectoryStore(transaction).page(kind, after: after, limit: 500).map(\.id)
                return (try ListingLoader(transaction, withHistory: false).listings(kind, ids), ids.last)
            }
            guard let end else { return }
            try work(listings.compactMap { $0.projected(for: viewer) })
            last = end
        }
    }
}

/// What tells one listing from another.
struct ListingSigns: Sendable {
    let id: Identifier<Record>
    let name: String
    let words: Set<String>
    let phones: Set<PhoneDigits>
    let places: Set<String>
    let host: String?
    let organization: String?
    private let checkedOn: Day?
    private let weight: Int

    /// Words that say nothing about which one it is.
    private static let common: Set<String> = [
        "the", "of", "and", "for", "inc", "ltd", "society", "association", "foundation", "services", "service",
    ]

    init(_ listing: Projected<Listing>) {
        id = listing.id
        name = listing.record["name"] ?? ""
        let all = Set(SearchText.words(of: name))
        let telling = all.subtracting(Self.common)
        words = telling.isEmpty ? all : telling
        let own =
            listing.members("phones") + listing.members("service_at_locations").flatMap { $0.members["phones"] ?? [] }
            + listing.locations.flatMap { $0.members["phones"] ?? [] }
        phones = Set(own.compactMap { $0.record["number"].flatMap(PhoneDigits.init) })
        let cities = listing.locations.flatMap { $0.members["addresses"] ?? [] }.compactMap { $0.record["city"] }
        places = Set(listing.places + cities.map { SearchText.words(of: $0).joined(separator: " ") })
        host = (listing.record["website"] ?? listing.record["url"]).flatMap(Self.host)
        organization = listing.record["organization_id"]
        checkedOn = listing.value.facts[""]?.checkedOn
        weight = listing.record.values.count + listing.value.members.values.map(\.count).reduce(0, +)
    }

    private static func host(_ address: String) -> String? {
        guard let host = URL(string: address)?.host()?.lowercased(), host.contains(".") else { return nil }
        return host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
    }

    /// The one to keep comes first.
    func comesBefore(_ other: ListingSigns) -> Bool {
        let (mine, theirs) = (checkedOn?.number ?? .min, other.checkedOn?.number ?? .min)
        return (theirs, other.weight, id) < (mine, weight, other.id)
    }
}

/// Compares only listings that share a sign, so that a large directory takes no longer than its groups.
private struct DuplicateSearch {
    private let signs: [ListingSigns]
    /// A sign that more listings share than this tells nothing: a switchboard, a host of many sites.
    private static let largestGroup = 12

    init(_ signs: [ListingSigns]) { self.signs = signs }

    func pairs(_ kind: RecordKind) -> [DuplicatePair] {
        var seen: Set<[Int]> = []
        var pairs: [DuplicatePair] = []
        for group in groups.values where (2...Self.largestGroup).contains(group.count) {
            for (place, left) in group.enumerated() {
                for right in group[(place + 1)...] where seen.insert([left, right]).inserted {
                    if let pair = pair(kind, signs[left], signs[right]) { pairs.append(pair) }
                }
            }
        }
        return pairs
    }

    private var groups: [String: [Int]] {
        var groups: [String: [Int]] = [:]
        for (index, sign) in signs.enumerated() {
            var keys = Set(sign.phones.map { "phone \($0.digits)" })
            keys.insert("name \(sign.words.sorted().joined(separator: " "))")
            if let host = sign.host { keys.insert("host \(host)") }
            for key in keys { groups[key, default: []].append(index) }
        }
        return groups
    }

    private func pair(_ kind: RecordKind, _ left: ListingSigns, _ right: ListingSigns) -> DuplicatePair? {
        let shareOwner = left.organization != nil && left.organization == right.organization
        var reasons: [DuplicatePair.Reason] = []
        if !shareOwner, !left.phones.isDisjoint(with: right.phones) { reasons.append(.samePhone) }
        let sharePlace = left.places.isEmpty && right.places.isEmpty || !left.places.isDisjoint(with: right.places)
        if left.words == right.words, sharePlace {
            reasons.append(.sameNameAndPlace)
        } else if isSimilar(left.words, right.words) {
            reasons.append(.similarName)
        }
        if !shareOwner, left.host != nil, left.host == right.host { reasons.append(.sameWebsite) }
        let (keep, lose) = left.comesBefore(right) ? (left, right) : (right, left)
        let pair = DuplicatePair(
            kind: kind, keep: keep.id, lose: lose.id, keepName: keep.name, loseName: lose.name, reasons: reasons)
        return pair.score >= DuplicatePair.threshold ? pair : nil
    }

    /// At least three in five of all their words are shared.
    private func isSimilar(_ left: Set<String>, _ right: Set<String>) -> Bool {
        let all = left.union(right).count
        return all > 0 && left.intersection(right).count * 5 >= all * 3
    }
}
