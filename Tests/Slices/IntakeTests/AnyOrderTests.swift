import Kernel
import Sealing
import Storage
import Support
import Testing

@testable import Intake

/// Grants, revocations, expiry, writing, removing and reading in any order, beside a model of a few lines.
@Suite struct AnyOrderTests {
    private static let shards = 4
    /// PostgreSQL answers each of many small questions over a socket: a few hundred show that it answers alike.
    private static let sequences = TestDatabase.isPostgres ? 100 : 2500
    private static let steps = 3
    private static let kinds: [PartKind] = [.needs, .story]

    /// What consent means, without any key.
    private struct Model {
        struct Given {
            let id: Identifier<Grant>
            let desk: Int
            let parts: Set<Identifier<Part>>
            let endsOn: Day
        }

        var parts: [PartKind: SharedFile.SharedPart] = [:]
        var answers: [PartKind: Answers]
        var given: [Given] = []

        func sees(_ desk: Int, on day: Day) -> [PartKind: Answers] {
            let ids = given.filter { $0.desk == desk && day <= $0.endsOn }.reduce(into: Set()) {
                $0.formUnion($1.parts)
            }
            return parts.filter { ids.contains($0.value.id) }.reduce(into: [:]) { $0[$1.key] = answers[$1.key] }
        }
    }

    @Test(arguments: 0..<AnyOrderTests.shards)
    func `in any order a desk reads what it may and nothing else`(_ shard: Int) async throws {
        var chance = Chance(state: UInt64(shard + 1) &* 0x9e37_79b9_7f4a_7c15)
        var (shelf, stay, model) = try await beginning()
        var read = 0
        for sequence in 0..<Self.sequences {
            if sequence % 100 == 99 { (shelf, stay, model) = try await beginning() }
            for step in 0..<Self.steps {
                try await take(chance.next(6), "\(sequence).\(step)", &chance, shelf, stay, &model)
            }
            let desk = chance.next(2)
            let seen = try await shelf.opened(by: desk)
            #expect(seen == model.sees(desk, on: shelf.intake.today), "shard \(shard), sequence \(sequence)")
            read += seen.count
            try await reset(shelf, stay, &model)
        }
        #expect(read > Self.sequences / 4)
    }

    private func beginning() async throws -> (Shelf, Stay, Model) {
        let shelf = try await Shelf()
        let answers = [PartKind.needs: Answers(["needs-more": ["first"]])]
        let stay = try await shelf.begin(answers).stay
        return (shelf, stay, Model(parts: try await parts(shelf, stay), answers: answers))
    }

    private func parts(_ shelf: Shelf, _ stay: Stay) async throws -> [PartKind: SharedFile.SharedPart] {
        let listed = try await shelf.database.read { try IntakeStore($0).listedParts(of: stay.file) }
        return Dictionary(uniqueKeysWithValues: listed.map { ($0.kind, $0) })
    }

    private func take(
        _ action: Int, _ text: String, _ chance: inout Chance, _ shelf: Shelf, _ stay: Stay, _ model: inout Model
    ) async throws {
        let kind = Self.kinds[chance.next(Self.kinds.count)]
        switch action {
        case 0, 1:
            let answers = Answers([kind == .needs ? "needs-more" : "own-words": [text]])
            let written = try await shelf.intake.write(
                answers, kind, over: model.parts[kind]?.version ?? 0, by: stay)
            #expect(written == .kept)
            model.answers[kind] = answers
        case 2, 3:
            let wish = chance.next(3)
            let kinds = wish == 2 ? Self.kinds : [Self.kinds[wish]]
            let offer = Offer(
                recipient: shelf.desks[chance.next(2)].id, parts: Set(kinds.compactMap { model.parts[$0]?.id }),
                purpose: .help, days: Grant.offeredDays[chance.next(2)])
            guard !offer.parts.isEmpty else { return }
            let grant = try await shelf.intake.grant(offer, by: stay)
            guard !model.given.contains(where: { $0.id == grant.id }) else { return }
            let desk = shelf.desks.firstIndex { $0.id == grant.recipient } ?? -1
            model.given.append(.init(id: grant.id, desk: desk, parts: grant.parts, endsOn: grant.endsOn))
        case 4:
            guard !model.given.isEmpty else { return }
            let gone = model.given.remove(at: chance.next(model.given.count))
            try await shelf.intake.revoke(gone.id, by: stay)
        default:
            if chance.next(2) == 0 {
                shelf.clock.advance(days: chance.next(9))
                if chance.next(2) == 0 { _ = try await shelf.intake.sweep() }
            } else {
                try await shelf.intake.remove(kind, by: stay)
            }
        }
        model.parts = try await parts(shelf, stay)
    }

    /// Every second consent is taken back, so that sequences begin with some and not with many.
    private func reset(_ shelf: Shelf, _ stay: Stay, _ model: inout Model) async throws {
        while model.given.count > 2 {
            try await shelf.intake.revoke(model.given.removeFirst().id, by: stay)
        }
    }

    /// SplitMix64, so that a failure can be had again.
    private struct Chance {
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
        }
    }
}
