package import Formats
package import Kernel
import Storage

extension Directory {
    /// Makes two records of one kind one: what hangs under `lost` moves to `kept`, gaps of `kept` are filled with the fact
    /// and the audience they had, both values of a difference stay in the history, and the old address leads to the new one.
    package func merge(
        _ kind: RecordKind, keeping kept: Identifier<Record>, losing lost: Identifier<Record>, by actor: Actor
    ) async throws {
        try await changes(by: actor) { changes in try changes.merge(kind, keeping: kept, losing: lost) }
    }
}

extension RecordChanges {
    func merge(_ kind: RecordKind, keeping keptId: Identifier<Record>, losing lostId: Identifier<Record>) throws {
        if keptId == lostId { throw DirectoryRefusal.sameRecord }
        guard kind != .metadata, let kept = try store.record(kind, keptId), let lost = try store.record(kind, lostId)
        else { throw DirectoryRefusal.notFound }
        guard try store.circle("", of: kept) == store.circle("", of: lost) else {
            throw DirectoryRefusal.differentAudience
        }
        if try lies(kept, under: lost) { throw DirectoryRefusal.wouldCircle }
        // An organization that loses its last service stands for itself in search.
        let organization = try lost.reference("organization_id").flatMap { try store.record(.organization, $0) }
        let owners = try store.owners(of: lost) + [organization].compactMap(\.self)
        try Merger(changes: self).merge(lost, into: kept)
        try number(owners + store.owners(of: kept))
        try audit("merge", kind, keptId)
        try audit("merged-away", kind, lostId)
    }

    private func lies(_ record: Record, under ancestor: Record) throws -> Bool {
        var (next, steps) = (record, 0)
        while let parent = (next.reference("parent_organization_id") ?? next.reference("parent_id")), steps < 100 {
            if parent == ancestor.id { return true }
            guard let found = try store.record(record.kind, parent) else { return false }
            (next, steps) = (found, steps + 1)
        }
        return false
    }
}

/// The steps of one merge.
private struct Merger {
    let changes: RecordChanges

    private var store: DirectoryStore { changes.store }

    /// Parts that say the same twice after a move become one as well; anything larger is for people to judge.
    private static let parts: Set<RecordKind> = [
        .phone, .url, .language, .attribute, .serviceArea, .schedule, .accessibility, .address, .contact, .costOption,
        .requiredDocument, .funding, .organizationIdentifier, .serviceAtLocation,
    ]

    func merge(_ lost: Record, into kept: Record) throws {
        let notes = try store.annotations(of: [lost.id.description, kept.id.description])
        try keepSteward(lost, kept, notes)
        let circle = try store.circle("", of: lost)
        try fillGaps(of: kept, from: lost, notes)
        try moveParts(of: lost, to: kept)
        try movePointers(from: lost, to: kept)
        let tombstone = Tombstone(
            record: lost.id, kind: lost.kind, removedOn: changes.today, into: kept.id, audience: circle)
        try TombstoneStore(store.transaction).write(tombstone)
        try store.delete(lost)
    }

    private func keepSteward(_ lost: Record, _ kept: Record, _ notes: DirectoryStore.Annotations) throws {
        guard let steward = notes.stewards[lost.id.description] else { return }
        guard let own = notes.stewards[kept.id.description] else { return try store.write(steward, of: kept.id) }
        if own.name != steward.name { throw DirectoryRefusal.twoStewards }
    }

    // MARK: Fields

    private func fillGaps(of kept: Record, from lost: Record, _ notes: DirectoryStore.Annotations) throws {
        for field in lost.kind.object.fields {
            guard let value = lost.values[field.name] else { continue }
            if HSDSObject.target(of: field.name, in: lost.kind) == lost.kind { continue }
            let circle = try store.circle(field.name, of: lost)
            if let own = kept.values[field.name] {
                if field.name.hasSuffix("_id") { continue }
                try changes.remember(
                    field.name, of: kept, from: value, to: own, action: "merge", staysHidden: circle == .nobody)
            } else {
                try annotate(field.name, of: kept, as: lost, circle, notes)
                try changes.remember(field.name, of: kept, from: nil, to: value, action: "merge")
                try store.set(field, of: kept, to: value)
            }
        }
        let listingFact = notes.facts[lost.id.description]?[""]
        if let listingFact, notes.facts[kept.id.description]?[""] == nil {
            try store.write(listingFact, "", of: kept.id)
        }
    }

    /// A value that moves takes along who may see it, where it comes from and its other languages.
    private func annotate(
        _ field: String, of kept: Record, as lost: Record, _ circle: Audience, _ notes: DirectoryStore.Annotations
    ) throws {
        let own = notes.audiences[kept.id.description]?[field] ?? .everyone
        if max(own, circle) > .everyone { try store.write(max(own, circle), field, of: kept.id) }
        if let fact = notes.facts[lost.id.description]?[field] { try store.write(fact, field, of: kept.id) }
        for (language, translation) in notes.translations[lost.id.description]?[field] ?? [:] {
            try store.write(translation, field, language, of: kept.id)
        }
    }

    // MARK: Parts

    private func moveParts(of lost: Record, to kept: Record) throws {
        for kind in RecordKind.allCases {
            for field in kind.object.fields where Self.leads(field.name, in: kind, to: lost.kind) {
                let own = try store.records(kind, where: field.name, in: [kept.id.description])
                for part in try store.records(kind, where: field.name, in: [lost.id.description]) {
                    try move(part, field, to: kept, besides: own)
                }
            }
        }
    }

    private static func leads(_ field: String, in kind: RecordKind, to target: RecordKind) -> Bool {
        switch (kind, field) {
        case (.attribute, "link_id"), (.metadata, "resource_id"): true
        default: HSDSObject.target(of: field, in: kind) == target
        }
    }

    private func move(_ part: Record, _ field: HSDSField, to kept: Record, besides own: [Record]) throws {
        if Self.parts.contains(part.kind),
            let twin = own.first(where: { Self.sameness($0, field.name) == Self.sameness(part, field.name) }),
            try store.circle("", of: twin) == store.circle("", of: part)
        {
            return try merge(part, into: twin)
        }
        try store.set(field, of: part, to: .text(kept.id.description))
    }

    /// What two parts share when they say the same: a phone its digits, a term its value, anything else all its fields.
    private static func sameness(_ record: Record, _ parent: String) -> [String: String] {
        switch record.kind {
        case .phone:
            let digits = PhoneDigits(record["number"] ?? "")?.digits ?? record["number"] ?? ""
            return ["number": digits, "extension": record.values["extension"]?.written ?? ""]
        case .attribute: return ["value": record["value"] ?? record["taxonomy_term_id"] ?? record.id.description]
        default:
            var values = record.values.mapValues(\.written)
            values[parent] = nil
            return values
        }
    }

    private func movePointers(from lost: Record, to kept: Record) throws {
        let proposals = ProposalStore(store.transaction)
        try proposals.settleDuplicates(of: lost.id, on: changes.today, by: changes.actor.name)
        try proposals.move(from: lost.id, to: kept.id)
        try AskLinkStore(store.transaction).move(lost.kind, from: lost.id, to: kept.id)
    }
}
