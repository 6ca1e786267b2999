package import Kernel
import Storage

/// One position of a finding with what its side said before.
struct OpenPosition: Sendable {
    let finding: Finding
    let current: NumberedPosition
    /// The newest first.
    let earlier: [PositionChange]
}

extension Landscape {
    private static let longestReason = 500

    private static func faults(_ position: Finding.Position, _ suffix: String = "") -> Problems {
        var problems = Problems()
        check(position.author, "author\(suffix)", longest: 200, &problems)
        check(position.source, "source\(suffix)", longest: 500, &problems)
        check(position.text, "text\(suffix)", longest: 4000, &problems)
        if let date = position.date, !date.isEmpty {
            if !Finding.Position.isDate(date) { problems.add("date\(suffix)", "not-a-date") }
        } else {
            problems.add("date\(suffix)", "required")
        }
        return problems
    }

    /// Marks a finding as contested, with what each side says. Both sides come first together; more can follow. A row of the
    /// baseline can be contested too: its printed words stay, and the positions stand beside them.
    package func contest(
        _ id: Identifier<Finding>, with positions: [Finding.Position], by asker: StudyActor
    ) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        var problems = Problems()
        for (at, position) in positions.enumerated() {
            for fault in Self.faults(position, "-\(at + 1)").faults { problems.add(fault.field, fault.code) }
        }
        try problems.check()
        try await change(asker, "contest", "finding", id.description) { transaction in
            guard let finding = try FindingStore(transaction).finding(id) else { throw CodingRefusal.notFound }
            guard finding.state != .merged else { throw CodingRefusal.notMergeable }
            let fresh = finding.new(positions)
            var whole = finding
            whole.positions += fresh
            guard whole.hasTwoSides else {
                throw Problems("text-2", positions.count < 2 ? "required" : "same-position")
            }
            try PositionStore(transaction).add(fresh, to: id)
        }
    }

    func position(_ number: Int, of id: Identifier<Finding>, for asker: StudyActor) async throws -> OpenPosition {
        try await database.read { transaction in
            let finding = try Self.seen(id, by: asker, transaction)
            let store = PositionStore(transaction)
            return OpenPosition(
                finding: finding, current: try Self.position(number, of: id, store),
                earlier: try store.changes(of: id).filter { $0.position == number })
        }
    }

    private static func position(
        _ number: Int, of id: Identifier<Finding>, _ store: PositionStore
    ) throws -> NumberedPosition {
        guard let found = try store.positions(of: id).first(where: { $0.number == number }) else {
            throw CodingRefusal.notFound
        }
        return found
    }

    /// Writes what one side says now; what it said before stays in its history, for staff. Nothing new changes nothing.
    /// - Parameter mark: of the position as it stood in the form.
    /// - Throws: `Problems`, also where somebody else changed it meanwhile; `oneSided` where a published finding would keep one
    ///   side.
    package func replace(
        _ number: Int, of id: Identifier<Finding>, by position: Finding.Position, seen mark: String,
        as asker: StudyActor
    ) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        try Self.faults(position).check()
        let now = world.now()
        try await changeOnce(asker, "change", "finding-position", "\(id)/\(number)") { transaction in
            let store = PositionStore(transaction)
            let old = try Self.position(number, of: id, store)
            if old.position == position { return false }
            guard old.mark == mark else { throw Problems("text", "finding-changed") }
            let others = try store.positions(of: id).filter { $0.number != number }.map(\.position)
            if others.contains(position) { throw Problems("text", "same-position") }
            try Self.mustKeepSides(others + [position], of: id, transaction)
            try store.replace(number, of: id, by: position)
            try store.add(old.position, because: nil, at: now, by: asker, to: number, of: id)
            return true
        }
    }

    /// Takes a position away for good with all that its side said before, or one earlier version of it alone. That and why it
    /// was erased stays, for staff.
    /// - Parameter change: the number of the earlier version; nil for the position.
    /// - Throws: `oneSided` where a published finding would keep one side.
    package func erase(
        _ number: Int, version change: Int? = nil, of id: Identifier<Finding>, because reason: String,
        by asker: StudyActor
    ) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        var problems = Problems()
        Self.check(reason, "reason-\(change ?? 0)", longest: Self.longestReason, &problems)
        try problems.check()
        let now = world.now()
        try await changeOnce(asker, "erase", "finding-position", "\(id)/\(number)") { transaction in
            let store = PositionStore(transaction)
            _ = try Self.position(number, of: id, store)
            if let change {
                guard try store.changes(of: id).contains(where: { $0.number == change && $0.position == number })
                else { throw CodingRefusal.notFound }
                return try store.eraseChange(change, because: reason, of: id)
            }
            let others = try store.positions(of: id).filter { $0.number != number }.map(\.position)
            try Self.mustKeepSides(others, of: id, transaction)
            try store.delete(number, of: id)
            try store.deleteChanges(ofPosition: number, of: id)
            try store.add(nil, because: reason, at: now, by: asker, to: number, of: id)
            return true
        }
        traces.leave()
    }

    private static func mustKeepSides(
        _ positions: [Finding.Position], of id: Identifier<Finding>, _ transaction: any Transaction
    ) throws {
        guard var finding = try FindingStore(transaction).finding(id) else { throw CodingRefusal.notFound }
        finding.positions = positions
        guard finding.state != .published || !finding.isContested || finding.hasTwoSides else {
            throw CodingRefusal.oneSided
        }
    }
}
