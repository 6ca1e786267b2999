import Kernel

/// Where the audit chain stands. The digest of its last entry vouches for all entries up to it.
package struct AuditHead: Sendable, Equatable {
    /// 0 for a chain without entries, whose digest is empty.
    package let entry: Int
    package let digest: String

    package init(entry: Int, digest: String) {
        self.entry = entry
        self.digest = digest
    }
}

/// A place at which the audit chain is not what was written.
package enum AuditBreak: Sendable, Equatable {
    /// No entries have these numbers, and later ones are there.
    case missing(ClosedRange<Int>)
    /// The entry does not follow from the one before it.
    case unlinked(Int)
    /// Entries were removed after the last, or added by hand: the program itself counted otherwise.
    case miscounted(last: Int, counted: Int)
    /// The chain ends before a head that was kept.
    case cutOff(last: Int, kept: AuditHead)
    /// The entry of a head that was kept is another one now, so it or one before it was written anew.
    case rewritten(kept: AuditHead)
}

/// What a walk over the whole chain found.
package struct AuditWalk: Sendable, Equatable {
    /// So many breaks between entries are kept; later ones are only passed over.
    package static let mostBreaks = 20

    package private(set) var entries = 0
    package private(set) var head = AuditHead(entry: 0, digest: "")
    package private(set) var breaks: [AuditBreak] = []

    /// Each entry is judged against the digest that stands before it, so that one break does not hide the next.
    fileprivate mutating func take(_ row: Row) throws {
        let (number, digest) = (try row.integer("number"), row.optionalText("digest") ?? "")
        if number > head.entry + 1 {
            note(.missing(head.entry + 1...number - 1))
        } else if (try? Self.digest(after: head.digest, number: number, row)) != digest {
            note(.unlinked(number))
        }
        entries += 1
        head = AuditHead(entry: number, digest: digest)
    }

    private static func digest(after previous: String, number: Int, _ row: Row) throws -> String {
        let deed = AuditChain.Deed(
            actor: Actor(name: try row.text("actor"), clearance: .everyone), verb: try row.text("verb"),
            kind: try row.text("kind"), record: try row.text("record"), field: try row.text("field"))
        let at = Instant(seconds: Int64(try row.integer("at")))
        return AuditChain.digest(after: previous, number: number, at: at, deed)
    }

    private mutating func note(_ fault: AuditBreak) { if breaks.count < Self.mostBreaks { breaks.append(fault) } }

    /// What concerns the chain as a whole is always kept.
    fileprivate mutating func conclude(_ fault: AuditBreak) { breaks.append(fault) }
}

extension AuditChain {
    /// Goes over all entries.
    /// - Parameter kept: a head of an earlier day, which shows what the chain by itself cannot: entries removed at its end
    ///   together with their count, or all of it written anew.
    package func walk(against kept: AuditHead? = nil) throws -> AuditWalk {
        var walk = AuditWalk()
        while true {
            let rows = try transaction.rows(
                "SELECT * FROM audit WHERE number > \(walk.head.entry) ORDER BY number LIMIT 1000")
            for row in rows { try walk.take(row) }
            if rows.isEmpty { break }
        }
        let last = walk.head.entry
        let counted = try transaction.row("SELECT value FROM counter WHERE name = 'audit'")?.integer("value") ?? 0
        if counted != last { walk.conclude(.miscounted(last: last, counted: counted)) }
        guard let kept, kept.entry > 0 else { return walk }
        if kept.entry > last {
            walk.conclude(.cutOff(last: last, kept: kept))
        } else if let row = try transaction.row("SELECT digest FROM audit WHERE number = \(kept.entry)"),
            try row.text("digest") != kept.digest
        {
            walk.conclude(.rewritten(kept: kept))
        }
        return walk
    }
}
