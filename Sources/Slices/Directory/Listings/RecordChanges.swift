import Formats
import Foundation
import Kernel
import Storage

/// Changes of single records inside one transaction, each with its history, its change numbers and its audit entry. Whether
/// `actor` may make them is asked by the front door.
struct RecordChanges {
    let store: DirectoryStore
    let actor: Actor
    let now: Instant
    private let newUUID: @Sendable () -> UUID

    init(_ transaction: any Transaction, by actor: Actor, _ world: World) {
        store = DirectoryStore(transaction)
        self.actor = actor
        now = world.now()
        newUUID = world.newUUID
    }

    var today: Day { now.day }
    func newId<Owner>() -> Identifier<Owner> { Identifier(newUUID()) }

    /// Does `work` on a record, and numbers and audits the change.
    func change(
        _ kind: RecordKind, _ id: Identifier<Record>, field: String, verb: String, _ work: (Record) throws -> Void
    ) throws {
        if !field.isEmpty, kind.object.field(field) == nil { throw DirectoryRefusal.unknownField(field) }
        guard let record = try store.record(kind, id) else { throw DirectoryRefusal.notFound }
        try work(record)
        try number(try store.owners(of: record))
        try audit(verb, kind, id, field)
    }

    /// Gives a field a value, or takes it away with nil. Its source becomes `source`, and its checks start again.
    func edit(
        _ kind: RecordKind, _ id: Identifier<Record>, field name: String, to value: FieldValue?, source: String,
        verb: String = "edit"
    ) throws {
        try change(kind, id, field: name, verb: verb) { record in
            guard let field = kind.object.field(name) else { throw DirectoryRefusal.unknownField(name) }
            var edited = record
            edited.values[name] = value
            if !edited.problems.isEmpty { throw DirectoryRefusal.invalid(edited.problems) }
            try remember(name, of: record, from: record.values[name], to: value)
            try store.set(field, of: record, to: value)
            let note = try store.fact(name, of: id)?.note
            try store.write(Fact(source: source, asOf: today.description, note: note), name, of: id)
        }
    }

    /// Keeps both values of a change as an HSDS metadata record. What vetted partners may not see now, its history never
    /// shows to anybody but staff, even when the field is opened later.
    func remember(
        _ field: String, of record: Record, from old: FieldValue?, to new: FieldValue?, action: String = "update",
        staysHidden: Bool = false
    ) throws {
        guard old != new, record.kind != .metadata else { return }
        let entry = Record(
            .metadata, id: newId(),
            [
                "resource_id": .text(record.id.description), "resource_type": .text(record.kind.rawValue),
                "last_action_date": .text(today.description), "last_action_type": .text(action),
                "field_name": .text(field), "previous_value": .text(old?.written ?? HistoryEntry.nothing),
                "replacement_value": .text(new?.written ?? HistoryEntry.nothing), "updated_by": .text(actor.name),
            ])
        let isHidden = try staysHidden || store.circle(field, of: record) == .nobody
        _ = try store.insert(entry)
        if isHidden { try store.write(.nobody, "", of: entry.id) }
    }

    /// After a record was withheld: its history, and that of all under it that went with it, stays withheld for good.
    func withholdHistory(around record: Record) throws {
        for listing in try store.listings(showing: record) {
            for entry in listing.history(hiddenFrom: .vettedPartner) { try store.write(.nobody, "", of: entry) }
        }
    }

    func number(_ owners: [Record]) throws {
        for owner in Set(owners).sorted(by: { $0.id < $1.id }) {
            try ChangeSequence(store.transaction).append(owner.kind.rawValue, owner.id.description, at: now)
        }
    }

    func audit(_ verb: String, _ kind: RecordKind, _ id: Identifier<Record>, _ field: String = "") throws {
        let deed = AuditChain.Deed(
            actor: actor, verb: verb, kind: kind.rawValue, record: id.description, field: field)
        try AuditChain(store.transaction).append(deed, at: now)
    }
}

extension FieldValue {
    /// As a person writes it: a whole number without a fraction.
    var written: String {
        switch self {
        case .text(let text): text
        case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
        }
    }

    /// Reads what a person wrote for a field of `form`; nil when a number is asked for and it is none.
    init?(written text: String, form: HSDSField.Form) {
        guard form == .number else {
            self = .text(text)
            return
        }
        guard let number = Double(text), number.isFinite else { return nil }
        self = .number(number)
    }
}

extension Actor {
    /// The widest circle that histories of values are for.
    static let vettedPartner = Actor(name: "vetted", clearance: .vetted)
}

extension DirectoryStore {
    /// The listings that `record` is seen in: a service or organization in its own, a part of one in its owners', anything
    /// else by itself.
    func listings(showing record: Record) throws -> [Listing] {
        let loader = try ListingLoader(transaction)
        if [.service, .organization].contains(record.kind) { return try loader.listings(record.kind, [record.id]) }
        let owners = try owners(of: record)
        guard !owners.isEmpty else { return try loader.listings(record.kind, [record.id]) }
        return try loader.organizations(owners.filter { $0.kind == .organization }.map(\.id))
            + loader.services(owners.filter { $0.kind == .service }.map(\.id))
    }

    /// The widest circle that sees `field` of `record` somewhere, whether or not it has a value; an empty name asks for the
    /// record.
    func circle(_ field: String, of record: Record) throws -> Audience {
        let listings = try listings(showing: record)
        let circle = [Audience.everyone, .partner, .vetted].first { audience in
            let viewer = Actor(name: audience.rawValue, clearance: audience)
            return listings.contains { $0.shows(field, of: record.id, to: viewer) }
        }
        return circle ?? .nobody
    }
}
