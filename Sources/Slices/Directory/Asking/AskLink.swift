package import Formats
package import Kernel
import Storage

/// The links that ask a provider whether its listing is still right, inside one transaction. SQL only. Of a link's secret
/// only the digest is kept.
struct AskLinkStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func insert(_ secret: String, _ record: Record, on day: Day, by role: String, until end: Instant) throws {
        let organization = record.kind == .organization ? record.id : nil
        let service = record.kind == .service ? record.id : nil
        try transaction.run(
            """
            INSERT INTO ask_link (digest, organization_id, service_id, asked_on, asked_by, expires_at)
            VALUES (\(sha256(secret)), \(organization), \(service), \(day), \(role), \(end))
            """)
    }

    /// What an open link asks about; nil for one that never was or has expired.
    /// - Throws: `linkUsed` for one that was answered: only who holds its 256 bits can ask.
    func scope(_ secret: String, at now: Instant) throws -> (kind: RecordKind, id: Identifier<Record>)? {
        let row = try transaction.row(
            """
            SELECT organization_id, service_id, used_on FROM ask_link
            WHERE digest = \(sha256(secret)) AND (used_on IS NOT NULL OR expires_at > \(now))
            """)
        guard let row else { return nil }
        if row.day("used_on") != nil { throw DirectoryRefusal.linkUsed }
        if let id = row.optionalText("organization_id").flatMap(Identifier<Record>.init) { return (.organization, id) }
        return (.service, try row.identifier("service_id"))
    }

    /// Uses the link up. False when it cannot be used: of two uses at the same time, one gets true.
    func use(_ secret: String, at now: Instant) throws -> Bool {
        try transaction.run(
            """
            UPDATE ask_link SET used_on = \(now.day)
            WHERE digest = \(sha256(secret)) AND used_on IS NULL AND expires_at > \(now)
            """) == 1
    }

    func move(_ kind: RecordKind, from lost: Identifier<Record>, to kept: Identifier<Record>) throws {
        switch kind {
        case .organization:
            try transaction.run("UPDATE ask_link SET organization_id = \(kept) WHERE organization_id = \(lost)")
        case .service: try transaction.run("UPDATE ask_link SET service_id = \(kept) WHERE service_id = \(lost)")
        default: break
        }
    }

    /// The record and the day of every link that nobody answered, oldest first.
    func unanswered() throws -> [(record: Identifier<Record>, askedOn: Day)] {
        try transaction.rows(
            "SELECT organization_id, service_id, asked_on FROM ask_link WHERE used_on IS NULL ORDER BY asked_on, digest"
        ).compactMap { row in
            let id = row.optionalText("organization_id") ?? row.optionalText("service_id")
            guard let record = id.flatMap(Identifier<Record>.init), let day = row.day("asked_on") else { return nil }
            return (record, day)
        }
    }
}

extension Actor {
    /// Whoever holds a link that a desk sent to a provider.
    static let provider = Actor(name: "provider", clearance: .everyone)
}

extension Directory {
    /// Days that a link may be answered.
    package static let askDays = 30

    /// Makes a link that asks a provider about an organization with its services, or about one service. The secret is
    /// 256 random bits in 64 hexadecimal digits and is given only now; the page is `/<language>/listing/<secret>`.
    package func ask(_ kind: RecordKind, _ id: Identifier<Record>, by actor: Actor) async throws -> String {
        let secret = hexadecimal(world.randomBytes(32))
        try await changes(by: actor) { changes in
            guard [.organization, .service].contains(kind), let record = try changes.store.record(kind, id) else {
                throw DirectoryRefusal.notFound
            }
            guard try changes.store.circle("", of: record) == .everyone else { throw DirectoryRefusal.notPublic }
            let end = Instant(seconds: changes.now.seconds + Int64(Self.askDays) * 86_400)
            try AskLinkStore(changes.store.transaction)
                .insert(secret, record, on: changes.today, by: actor.name, until: end)
            try changes.audit("ask", kind, id)
        }
        return secret
    }

    /// What the link asks about, as everybody may see it. Wrong and expired links are `notFound`, all the same.
    func asked(_ secret: String, in language: Language) async throws -> AskedListing {
        let now = world.now()
        let asked = try await database.read { try AskedListing(secret, at: now, language, in: $0) }
        guard let asked else { throw DirectoryRefusal.notFound }
        return asked
    }

    /// Takes the provider's answer and uses the link up. Corrections go into the queue; what is right counts as checked by
    /// the provider. Throws `Problems` when the answer cannot be taken, and the link stays open.
    func answer(_ secret: String, with answer: ProviderAnswer, in language: Language) async throws {
        try await changesUnasked(by: .provider) { changes in
            let transaction = changes.store.transaction
            guard let asked = try AskedListing(secret, at: changes.now, language, in: transaction) else {
                throw DirectoryRefusal.notFound
            }
            try answer.problems(with: asked).check()
            guard try AskLinkStore(transaction).use(secret, at: changes.now) else { throw DirectoryRefusal.linkUsed }
            for draft in answer.drafts(about: asked) { try changes.propose(draft) }
            if answer.confirmsTheRest {
                for (kind, id, field) in answer.confirmed(of: asked) { try changes.renew(kind, id, field) }
            }
            try changes.audit("answer", asked.scope.record.kind, asked.scope.id)
        }
    }
}

extension RecordChanges {
    /// The actor says again that a fact is right. What sources disagree about stays as it is.
    fileprivate func renew(_ kind: RecordKind, _ id: Identifier<Record>, _ field: String) throws {
        var fact = try store.fact(field, of: id) ?? Fact()
        guard fact.standing != .conflict else { return }
        try change(kind, id, field: field, verb: "confirm") { _ in
            try fact.renew(by: actor.name, on: today)
            try store.write(fact, field, of: id)
        }
    }
}

extension AskedListing {
    fileprivate init?(
        _ secret: String, at now: Instant, _ language: Language, in transaction: any Transaction
    ) throws {
        guard let (kind, id) = try AskLinkStore(transaction).scope(secret, at: now) else { return nil }
        let loader = try ListingLoader(transaction, withHistory: false)
        guard let scope = try loader.listings(kind, [id]).first?.projected(for: .visitor) else { return nil }
        var services: [Projected<Listing>] = []
        if kind == .organization {
            let records = try DirectoryStore(transaction)
                .records(.service, where: "organization_id", in: [id.description])
            services = try loader.services(records.map(\.id)).compactMap { $0.projected(for: .visitor) }
        }
        self.init(scope: scope, services: services, in: language)
    }
}
