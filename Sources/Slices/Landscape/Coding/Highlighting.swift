package import Formats
package import Kernel
import Storage

extension Landscape {
    /// Marks stretches of a text with codes, one highlight for each stretch. Sent twice it is there once. Throws `finished`
    /// once the coder has said that they are done with the text.
    package func highlight(
        _ ranges: [Range<Int>], of source: Identifier<StudySource>, in study: Identifier<Study>,
        with codes: [Identifier<StudyCode>], memo: String?, by asker: StudyActor
    ) async throws {
        var problems = Problems()
        if ranges.isEmpty || ranges.contains(where: \.isEmpty) { problems.add("unit", "choose-one") }
        if codes.isEmpty, memo == nil { problems.add("code", "choose-one") }
        if memo?.utf8.count ?? 0 > Highlight.longestMemo { problems.add("memo", "too-long") }
        try problems.check()
        let made = world.now().description
        // Ids are drawn before, because a write may not wait for the world.
        let ids = ranges.map { _ in (own: world.newUUID(), marks: codes.map { _ in world.newUUID() }) }
        try await changeOnce(asker, "highlight", "coding-source", source.description) { transaction in
            let open = try Self.open(study, for: asker, transaction)
            let text = try open.source(source)
            guard let coder = open.own else { throw CodingRefusal.notACoder }
            guard !text.finishedBy.contains(coder.id) else { throw CodingRefusal.finished }
            for code in codes {
                guard open.codes.first(where: { $0.id == code })?.isOffered == true else { throw CodingRefusal.retired }
            }
            let store = HighlightStore(transaction)
            let known = Set(
                try store.highlights(in: study, of: source).filter { $0.coder == coder.id }.map {
                    Self.likeness($0.start..<$0.end, $0.marks.map(\.code), $0.memo)
                })
            var added: [Highlight] = []
            for (range, ids) in zip(ranges, ids) where !known.contains(Self.likeness(range, codes, memo)) {
                guard range.lowerBound >= 0, range.upperBound <= text.length else { throw CodingRefusal.beyond }
                var highlight = Highlight(
                    id: Identifier(ids.own), source: source, coder: coder.id, start: range.lowerBound,
                    end: range.upperBound, memo: memo, made: made)
                highlight.marks = zip(codes, ids.marks).map {
                    Highlight.Mark(id: Identifier($1), code: $0, coder: coder.id, made: made)
                }
                added.append(highlight)
            }
            try store.insert(added, in: study)
            return !added.isEmpty
        }
    }

    private static func likeness(_ range: Range<Int>, _ codes: [Identifier<StudyCode>], _ memo: String?) -> [String] {
        ["\(range)", memo ?? ""] + codes.map(\.description).sorted()
    }

    /// Takes an own highlight out again, with its memo and the comments on it.
    package func removeHighlight(
        _ id: Identifier<Highlight>, in study: Identifier<Study>, by asker: StudyActor
    ) async throws {
        try await change(asker, "remove", "coding-highlight", id.description) { transaction in
            let open = try Self.open(study, for: asker, transaction)
            guard let coder = open.own else { throw CodingRefusal.notACoder }
            let store = HighlightStore(transaction)
            guard let own = try store.highlights([id], in: study).first, own.coder == coder.id else {
                throw CodingRefusal.notFound
            }
            guard try !open.source(own.source).finishedBy.contains(coder.id) else { throw CodingRefusal.finished }
            try store.delete(id, in: study)
        }
        traces.leave()
    }

    /// Says that the asker is done with a text: from now on it stays as it is, and they see others who are done too.
    package func finish(
        _ source: Identifier<StudySource>, in study: Identifier<Study>, by asker: StudyActor
    ) async throws {
        let today = world.today
        try await changeOnce(asker, "finish", "coding-source", source.description) { transaction in
            let open = try Self.open(study, for: asker, transaction)
            guard let coder = open.own else { throw CodingRefusal.notACoder }
            _ = try open.source(source)
            return try StudyStore(transaction).finish(source, by: coder.id, in: study, on: today)
        }
    }

    /// Takes a finishing back that was said by mistake, as long as nobody's work in the text could be seen through it: then both
    /// still code apart.
    /// - Throws: `seen` once somebody else is done too, or where a file brought marks that name nobody.
    package func reopen(
        _ source: Identifier<StudySource>, in study: Identifier<Study>, by asker: StudyActor
    ) async throws {
        try await changeOnce(asker, "reopen", "coding-source", source.description) { transaction in
            let open = try Self.open(study, for: asker, transaction)
            guard let coder = open.own else { throw CodingRefusal.notACoder }
            let text = try open.source(source)
            guard text.finishedBy.contains(coder.id) else { return false }
            let all = try HighlightStore(transaction).highlights(in: study, of: source)
            guard open.layers.isAlone(in: text, all) else { throw CodingRefusal.seen }
            try StudyStore(transaction).reopen(source, by: coder.id, in: study)
            return true
        }
    }

    /// A text with the highlights in it that the asker may see, and what is said beside it.
    package func text(
        _ source: Identifier<StudySource>, in study: Identifier<Study>, for asker: StudyActor
    ) async throws -> CodedText {
        try await database.read { transaction in
            let open = try Self.open(study, for: asker, transaction)
            try open.mustRead()
            let found = try open.source(source)
            let all = try HighlightStore(transaction).highlights(in: study, of: source)
            let highlights = open.layers.visible(all, in: found)
            let subjects = [source.description] + highlights.map(\.id.description)
            return CodedText(
                open: open, source: found, units: TextUnits(try StudyStore(transaction).text(of: source, in: study)),
                highlights: highlights, remarks: try RemarkStore(transaction).remarks(about: subjects))
        }
    }
}

/// A text of a study as one person may see it.
package struct CodedText: Sendable {
    let open: OpenStudy
    package let source: StudySource
    package let units: TextUnits
    package let highlights: [Highlight]
    package let remarks: [Remark]

    var isFinished: Bool { open.own.map { source.finishedBy.contains($0.id) } ?? false }
    var mayMark: Bool { open.own != nil && !isFinished }
    var mayReopen: Bool { isFinished && open.layers.isAlone(in: source, highlights) }
}
