import Formats
package import Kernel
import Storage

extension Landscape {
    /// Adds a code. Throws `tooMany` where the codebook holds no more, or none as deep.
    package func add(_ code: StudyCode, to study: Identifier<Study>, by asker: StudyActor) async throws {
        try code.problems.check()
        try await change(asker, "add", "coding-code", code.id.description) { transaction in
            let codes = try Self.codes(of: study, by: asker, transaction)
            try Self.checkPlace(of: code, codes)
            guard codes.count < Codebook.mostCodes else { throw CodingRefusal.tooMany }
            try StudyStore(transaction).insert([code], in: study)
        }
    }

    /// Changes the code with its id. Throws `gone` when it is not there any more, `stale` when somebody changed it since the form
    /// was made, `cycle` when it would stand under itself.
    package func keep(_ code: StudyCode, in study: Identifier<Study>, by asker: StudyActor) async throws {
        try code.problems.check()
        try await changeOnce(asker, "keep", "coding-code", code.id.description) { transaction in
            let codes = try Self.codes(of: study, by: asker, transaction)
            guard let known = codes.first(where: { $0.id == code.id }) else { throw CodingRefusal.gone }
            guard known.mergedInto == nil else { throw CodingRefusal.retired }
            try Self.checkPlace(of: code, codes)
            var changed = code
            (changed.retiredOn, changed.mergedInto) = (known.retiredOn, nil)
            if changed == known { return false }
            guard try StudyStore(transaction).replace(changed, in: study) else { throw CodingRefusal.stale }
            return true
        }
    }

    /// The codebook for who may write in it.
    private static func codes(
        of study: Identifier<Study>, by asker: StudyActor, _ transaction: any Transaction
    ) throws -> [StudyCode] {
        let open = try open(study, for: asker, transaction)
        try open.mustRead()
        return open.codes
    }

    /// It stands under a code that is there and not under itself, nor too deep, nor beside one of its name.
    private static func checkPlace(of code: StudyCode, _ codes: [StudyCode]) throws {
        if let parent = code.parent {
            guard let above = codes.first(where: { $0.id == parent }), above.mergedInto == nil else {
                throw CodingRefusal.notFound
            }
            let ancestors = ancestors(of: parent, codes)
            if parent == code.id || ancestors.contains(code.id) { throw CodingRefusal.cycle }
            guard ancestors.count + height(of: code.id, codes) <= Codebook.deepest else { throw CodingRefusal.tooMany }
        }
        let isTaken = codes.contains {
            $0.id != code.id && $0.parent == code.parent && $0.name == code.name && $0.mergedInto == nil
        }
        if isTaken { throw Problems("name", "taken") }
    }

    /// How many codes stand one under the other from `code` down, itself included.
    private static func height(of code: Identifier<StudyCode>, _ codes: [StudyCode]) -> Int {
        var heights = [code: 1]
        // Each code comes after the one it stands under.
        for one in codes where one.id != code {
            if let above = one.parent.flatMap({ heights[$0] }) { heights[one.id] = above + 1 }
        }
        return heights.values.max() ?? 1
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
        try await changeOnce(asker, "retire", "coding-code", id.description) { transaction in
            let store = StudyStore(transaction)
            let codes = try store.codes(of: study)
            guard var code = codes.first(where: { $0.id == id }) else { throw CodingRefusal.notFound }
            guard code.retiredOn == nil else { return false }
            let isNeeded = codes.contains { $0.parent == id || $0.mergedInto == id }
            guard try isNeeded || store.isUsed(id, in: study) else {
                try store.delete(id, in: study)
                return true
            }
            code.retiredOn = today
            guard try store.replace(code, in: study) else { throw CodingRefusal.stale }
            return true
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
        try await changeOnce(asker, "merge", "coding-code", lost.description) { transaction in
            let store = StudyStore(transaction)
            let codes = try store.codes(of: study)
            guard var code = codes.first(where: { $0.id == lost }), let other = codes.first(where: { $0.id == kept })
            else { throw CodingRefusal.notFound }
            if code.mergedInto == kept { return false }
            guard lost != kept, code.mergedInto == nil, other.isOffered,
                !Self.ancestors(of: kept, codes).contains(lost)
            else { throw CodingRefusal.notMergeable }
            try HighlightStore(transaction).move(from: lost, to: kept, in: study)
            try store.raise(lost, to: code.parent, in: study)
            code.retiredOn = code.retiredOn ?? today
            code.mergedInto = kept
            guard try store.replace(code, in: study) else { throw CodingRefusal.stale }
            return true
        }
    }
}
