import Formats
package import Kernel
import Storage

extension Landscape {
    /// Adds a code, or changes the one with its id. Throws `stale` when somebody changed it since the form was made, `cycle` when
    /// it would stand under itself.
    package func keep(
        _ code: StudyCode, in study: Identifier<Study>, by asker: StudyActor
    ) async throws {
        try code.problems.check()
        try await change(asker, "keep", "coding-code", code.id.description) { transaction in
            let store = StudyStore(transaction)
            _ = try store.study(study)
            let codes = try store.codes(of: study)
            if let parent = code.parent {
                guard let above = codes.first(where: { $0.id == parent }), above.mergedInto == nil else {
                    throw CodingRefusal.notFound
                }
                if parent == code.id || Self.ancestors(of: parent, codes).contains(code.id) {
                    throw CodingRefusal.cycle
                }
            }
            let twin = codes.first {
                $0.id != code.id && $0.parent == code.parent && $0.name == code.name && $0.mergedInto == nil
            }
            if twin != nil { throw Problems("name", "taken") }
            guard let known = codes.first(where: { $0.id == code.id }) else {
                return try store.insert([code], in: study)
            }
            guard known.mergedInto == nil else { throw CodingRefusal.retired }
            var changed = code
            (changed.retiredOn, changed.mergedInto) = (known.retiredOn, nil)
            guard try store.replace(changed, in: study) else { throw CodingRefusal.stale }
        }
    }

    /// The codes that `code` stands under, itself included.
    static func ancestors(of code: Identifier<StudyCode>, _ codes: [StudyCode]) -> Set<Identifier<StudyCode>> {
        let parents = Dictionary(codes.map { ($0.id, $0.parent) }) { first, _ in first }
        var (found, next): (Set<Identifier<StudyCode>>, Identifier<StudyCode>?) = ([], code)
        while let id = next, found.insert(id).inserted { next = parents[id] ?? nil }
        return found
    }

    /// Takes a code out of use. One that was given or that has others under it stays in the codebook, marked as retired; one
    /// that was never used goes.
    package func retire(_ id: Identifier<StudyCode>, in study: Identifier<Study>, by asker: StudyActor) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        let today = world.today
        try await change(asker, "retire", "coding-code", id.description) { transaction in
            let store = StudyStore(transaction)
            let codes = try store.codes(of: study)
            guard var code = codes.first(where: { $0.id == id }) else { throw CodingRefusal.notFound }
            guard code.retiredOn == nil else { return }
            let isNeeded = codes.contains { $0.parent == id || $0.mergedInto == id }
            guard try isNeeded || store.uses(in: study)[id] ?? 0 > 0 else { return try store.delete(id, in: study) }
            code.retiredOn = today
            guard try store.replace(code, in: study) else { throw CodingRefusal.stale }
        }
    }

    /// Makes two codes one: what `lost` marked is marked by `kept`, what stood under it stands where it stood, and `lost` leads to
    /// `kept` from now on.
    package func merge(
        _ lost: Identifier<StudyCode>, into kept: Identifier<StudyCode>, in study: Identifier<Study>,
        by asker: StudyActor
    ) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        let today = world.today
        try await change(asker, "merge", "coding-code", lost.description) { transaction in
            let store = StudyStore(transaction)
            let codes = try store.codes(of: study)
            guard var code = codes.first(where: { $0.id == lost }), let other = codes.first(where: { $0.id == kept })
            else { throw CodingRefusal.notFound }
            if code.mergedInto == kept { return }
            guard lost != kept, code.mergedInto == nil, other.isOffered,
                !Self.ancestors(of: kept, codes).contains(lost)
            else { throw CodingRefusal.notMergeable }
            try HighlightStore(transaction).move(from: lost, to: kept, in: study)
            try store.raise(lost, to: code.parent, in: study)
            code.retiredOn = code.retiredOn ?? today
            code.mergedInto = kept
            guard try store.replace(code, in: study) else { throw CodingRefusal.stale }
        }
    }
}
