import Formats
import Kernel
import Storage

/// What can only be told when the file has ended: keys that point nowhere, circles, and what the file no longer has.
extension Importer {
    mutating func resolvePending() throws {
        var there: Set<RecordKey> = []
        for (kind, waiting) in Dictionary(grouping: pending, by: \.target) {
            there.formUnion(try imports.existing(kind, Set(waiting.map(\.targetId))))
        }
        var touched: [Record] = []
        for waiting in pending {
            guard let record = try store.record(waiting.kind, waiting.id) else { continue }
            guard there.contains(RecordKey(kind: waiting.target, id: waiting.targetId)) else {
                try giveUp(waiting, record)
                continue
            }
            guard let field = record.kind.object.field(waiting.field) else { continue }
            if waiting.target == waiting.kind, try isCyclic(waiting) {
                note(
                    .noticed, "\(waiting.field) leads back to the record itself and was left out", waiting.kind,
                    waiting.id, at: waiting.origin)
                continue
            }
            try store.set(field, of: record, to: .text(waiting.targetId.description))
            touched.append(record)
        }
        pending = []
        var owners: [Record] = []
        for record in touched {
            guard let record = try store.record(record.kind, record.id) else { continue }
            owners += try store.owners(of: record)
        }
        try announce(owners)
    }

    func announce(_ owners: [Record]) throws {
        let changes = Set(owners).sorted { $0.id < $1.id }.map { ($0.kind.rawValue, $0.id.description) }
        try ChangeSequence(store.transaction).append(changes, at: now)
    }

    /// A key that points nowhere. A part that hangs under nothing else is rejected; another record stays without the key.
    private mutating func giveUp(_ waiting: Pending, _ record: Record) throws {
        let reason = "\(waiting.field) points to \(waiting.target.withArticle) that is not there"
        let isRoot = [.organization, .service, .location, .program, .taxonomy, .taxonomyTerm, .unit].contains(
            record.kind)
        let hasOther = record.kind.object.fields.contains { field in
            field.name != waiting.field && field.name.hasSuffix("_id") && record.values[field.name] != nil
        }
        if isRoot || hasOther && ![.attribute, .metadata, .serviceAtLocation].contains(record.kind) {
            return note(.noticed, "\(reason) and was left out", record.kind, record.id, at: waiting.origin)
        }
        try imports.bury(record.kind, record.id, on: now.day, for: .nobody)
        try imports.exhume([record.id])
        report.counts[.added, default: 0] -= 1
        note(.rejected, reason, record.kind, record.id, at: waiting.origin)
    }

    private func isCyclic(_ waiting: Pending) throws -> Bool {
        var above: Identifier<Record>? = waiting.targetId
        for _ in 0..<64 {
            guard let id = above else { return false }
            if id == waiting.id { return true }
            above = try store.record(waiting.kind, id)?.reference(waiting.field)
        }
        return true
    }

    mutating func removeUnseen() throws {
        let (missing, all) = try imports.unseen(order.source, in: run)
        let isCutOff = missing > 20 && missing * 5 > all || missing > 0 && missing == all
        if isCutOff, !order.allowsRemovals {
            throw ImportRefusal.tooManyRemoved(missing: missing, all: all)
        }
        while true {
            let unseen = try imports.nextUnseen(order.source, before: run, limit: 500)
            if unseen.isEmpty { return }
            // Asked of all before the first goes: removing a record takes what hangs under it along.
            let circles = try unseen.map { try circle($0.kind, $0.id) }
            for (key, circle) in zip(unseen, circles) {
                try remove(key.kind, key.id, "no longer in the file", knownTo: circle, at: nil)
            }
        }
    }

    mutating func remove(
        _ kind: RecordKind, _ id: Identifier<Record>, _ reason: String, knownTo audience: Audience? = nil,
        at origin: Origin?
    ) throws {
        let audience = try audience ?? circle(kind, id)
        var owners = try store.record(kind, id).map(store.owners) ?? []
        try imports.bury(kind, id, on: now.day, for: audience)
        if kind.isFollowed, !owners.contains(where: { $0.id == id }) {
            owners.append(Record(kind, id: id))
        }
        try ChangeSequence(store.transaction).append(owners.map { ($0.kind.rawValue, $0.id.description) }, at: now)
        note(.removed, reason, kind, id, at: origin)
    }

    /// The widest circle that sees the record now, and so may know that it is gone.
    private func circle(_ kind: RecordKind, _ id: Identifier<Record>) throws -> Audience {
        try store.record(kind, id).map { try store.circle("", of: $0) } ?? .nobody
    }
}

extension RecordKind {
    /// `an organization`, `a service`.
    fileprivate var withArticle: String {
        let isVowel = rawValue.first.map { "aeio".contains($0) } ?? false
        return (isVowel ? "an " : "a ") + rawValue
    }
}
