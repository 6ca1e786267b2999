import Foundation
import Kernel
import Sealing
import Storage
import Support
import Testing
import Web

@testable import Intake

/// The files of a fictional network with three desks; receipts are stretched cheaply.
struct Shelf {
    let intake: Intake
    let database: any Database
    let clock: TownClock
    let desks: [Desk]

    struct Desk {
        let id: Identifier<Recipient>
        let opening: SealingKey.Opening
        let service = Identifier<AskedService>(UUID())
        var secret: [UInt8] { opening.secret.bytes }
    }

    static let reader = Reader(
        actor: Actor(name: "navigator", clearance: .vetted, permissions: [.openFiles]), worker: "a worker",
        name: "")
    static let lead = Reader(
        actor: Actor(name: "provider", clearance: .vetted, permissions: [.openFiles, .inviteWorkers]), worker: "lou",
        name: "Lou Rivers")
    static let answers: [PartKind: Answers] = [
        .needs: Answers(["needs": ["need:housing"], "needs-more": ["a bus pass"]]),
        .safeContact: Answers(["ways": ["text"], "reach": ["250-555-0199"], "must-not-know": ["my landlord"]]),
        .story: Answers(["own-words": ["A fictional sentence."]]),
    ]

    init(_ database: (any Database)? = nil, cost: PassphraseGuard.Cost = .init(bytes: 8192, passes: 1)) async throws {
        let database = if let database { database } else { try await TestDatabase.make() }
        let clock = TownClock(Town.noon)
        try await Migrator(IntakeSchema.migrations).run(on: database, at: clock.now)
        let desks = try (1...3).map { _ in Desk(id: Identifier(UUID()), opening: try SealingKey.Opening()) }
        self.database = database
        self.clock = clock
        self.desks = desks
        intake = Self.intake(database, clock, desks, key: 7, cost)
    }

    static func intake(
        _ database: any Database, _ clock: TownClock, _ desks: [Desk], key: UInt8,
        _ cost: PassphraseGuard.Cost = .init(bytes: 8192, passes: 1)
    ) -> Intake {
        Intake(
            database: database, world: .seeded { clock.now }, guardian: guardian, cost: cost,
            secret: IntakeSecret([UInt8](repeating: key, count: 32)),
            needs: NeedLookup { _ in [("need:housing", "A place to stay"), ("need:food", "Food")] },
            recipients: RecipientLookup(
                all: { _ in desks.enumerated().map { ($1.id, "Desk \($0)") } },
                name: { id, _ in desks.firstIndex { $0.id == id }.map { "Desk \($0)" } },
                find: { id, _ in
                    desks.firstIndex { $0.id == id }.map {
                        RecipientLookup.Found(
                            name: "Desk \($0)", sealingKey: desks[$0].opening.sealing, readers: 2)
                    }
                }), services: services(desks))
    }

    /// Each desk runs one service.
    private static func services(_ desks: [Desk]) -> ServiceLookup {
        let all = desks.enumerated().map { number, desk in
            ServiceLookup.Found(
                id: desk.service, name: "Service \(number)", recipient: desk.id,
                organization: "Desk \(number)")
        }
        return ServiceLookup(
            named: { text, _ in all.filter { $0.name.contains(text) } },
            find: { id, _ in all.first { $0.id == id } }, like: { _, _ in all })
    }

    /// Asks the service of a desk for help.
    func refer(
        _ desk: Int, _ kinds: [PartKind] = [.needs, .safeContact], by stay: Stay, note: String = "", days: Int = 90
    ) async throws -> Identifier<Referral> {
        let view = try await intake.read(stay)
        return try await intake.refer(
            ReferralWish(
                service: desks[desk].service, parts: Set(kinds.compactMap { view[$0]?.id }), days: days,
                note: note), by: stay)
    }

    /// A worker at a desk.
    /// - Parameter other: the desk whose secret they hold instead of their own.
    func at(_ desk: Int, _ reader: Reader = Shelf.reader, holding other: Int? = nil) throws -> AtDesk {
        try intake.atDesk(desks[desk].id, secret: desks[other ?? desk].secret, reader)
    }

    /// What a desk sees of those who ask.
    func asking(_ desk: Int, _ reader: Reader = Shelf.reader) async throws -> [DeskReferral] {
        try await intake.referrals(to: at(desk, reader))
    }

    func card(_ id: Identifier<Referral>, _ desk: Int, _ reader: Reader = Shelf.reader) async throws -> DeskCard {
        try await intake.openCard(id, at: at(desk, reader))
    }

    func move(
        _ id: Identifier<Referral>, _ state: Referral.State, _ desk: Int, rejection: Rejection? = nil,
        outcome: Outcome? = nil, _ reader: Reader = Shelf.reader
    ) async throws {
        try await intake.move(
            id, DeskMove(state, rejection: rejection, outcome: outcome), at: at(desk, reader))
    }

    private static let guardian: PassphraseGuard = {
        guard let guardian = try? PassphraseGuard(width: 2, longestLine: 1000) else {
            preconditionFailure("no libsodium")
        }
        return guardian
    }()

    func begin(_ answers: [PartKind: Answers] = Shelf.answers) async throws -> Begun {
        try await intake.begin(answers, form: intake.newForm())
    }

    func offer(_ desk: Int, _ kinds: [PartKind], of stay: Stay, days: Int = 90) async throws -> Offer {
        let view = try await intake.read(stay)
        return Offer(
            recipient: desks[desk].id, parts: Set(kinds.compactMap { view[$0]?.id }), purpose: .help, days: days)
    }

    /// What a desk reads of all that is shared with it.
    func opened(by desk: Int) async throws -> [PartKind: Answers] {
        var found: [PartKind: Answers] = [:]
        for shared in try await intake.filesSharedWith(at(desk)) {
            for part in shared.parts {
                found[part.kind] = try await open(part.id, shared.grant, desk).answers
            }
        }
        return found
    }

    func open(_ part: Identifier<Part>, _ grant: Identifier<Grant>, _ desk: Int) async throws -> Part {
        try await intake.openPart(part, under: grant, at: at(desk))
    }

    func rows(_ table: String) async throws -> Int {
        try await database.read { try $0.rows(SQL(stringLiteral: "SELECT * FROM \(table)")).count }
    }
}

/// What a person sent: fields of a form, as tests write them.
func fields(_ pairs: [(String, String)]) -> FormFields { FormFields(pairs.map { (name: $0.0, value: $0.1) }) }

extension Intake {
    /// Opens with a form of its own, as a page gives it.
    func open(_ receipt: Receipt) async throws -> (stay: Stay, announcedOn: Day?) {
        try await open(receipt, form: newForm())
    }
}
