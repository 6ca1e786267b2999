package import Formats
package import Kernel
import Storage

/// How far the coders of a study agree, over the texts that they have finished. The unit of judgement is a paragraph or a
/// sentence together with a code: given to any part of it, or not.
package struct StudyAgreement: Sendable {
    package struct Line: Sendable {
        /// Units that two coders at least judged.
        package let count: Int
        package let agreement: Agreement
    }

    package let unit: TextUnits.Kind
    /// Of all codes together.
    package let all: Line
    package let codes: [(code: StudyCode, line: Line)]
    package let pairs: [(first: Coder, second: Coder, line: Line)]
    /// Texts that two coders at least have finished.
    package let texts: Int
}

/// What each coder judged, unit by unit.
struct Judgements {
    private struct Text {
        let units: Int
        let coders: Set<Identifier<Coder>>
        var given: [Identifier<Coder>: [Identifier<StudyCode>: Set<Int>]] = [:]
    }

    private var texts: [Text] = []

    mutating func add(_ units: [Range<Int>], finishedBy coders: Set<Identifier<Coder>>, _ highlights: [Highlight]) {
        var text = Text(units: units.count, coders: coders)
        for highlight in highlights {
            let first = Self.firstUnit(units, endingAfter: highlight.start)
            let touched = units[first...].indices.prefix { units[$0].lowerBound < highlight.end }
            for mark in highlight.marks {
                guard let coder = mark.coder, coders.contains(coder) else { continue }
                text.given[coder, default: [:]][mark.code, default: []].formUnion(touched)
            }
        }
        texts.append(text)
    }

    private static func firstUnit(_ units: [Range<Int>], endingAfter place: Int) -> Int {
        var (low, high) = (0, units.count)
        while low < high {
            let middle = (low + high) / 2
            if units[middle].upperBound > place { high = middle } else { low = middle + 1 }
        }
        return low
    }

    var textCount: Int { texts.filter { $0.coders.count > 1 }.count }

    func pair(_ first: Identifier<Coder>, _ second: Identifier<Coder>, _ codes: [Identifier<StudyCode>])
        -> StudyAgreement
        .Line
    {
        var pairs: [(Bool, Bool)] = []
        for text in texts where text.coders.contains(first) && text.coders.contains(second) {
            for code in codes {
                let (one, other) = (text.given[first]?[code] ?? [], text.given[second]?[code] ?? [])
                for unit in 0..<text.units { pairs.append((one.contains(unit), other.contains(unit))) }
            }
        }
        return .init(count: pairs.count, agreement: .kappa(pairs))
    }

    func alpha(_ codes: [Identifier<StudyCode>]) -> StudyAgreement.Line {
        var units: [[Bool?]] = []
        for text in texts where text.coders.count > 1 {
            for code in codes {
                let given = text.coders.map { text.given[$0]?[code] ?? [] }
                for unit in 0..<text.units { units.append(given.map { $0.contains(unit) }) }
            }
        }
        return .init(count: units.count, agreement: .alpha(units))
    }
}

extension Landscape {
    /// Agreement over the texts that the asker may compare: all for who does not code, else those they have finished.
    package func agreement(
        in study: Identifier<Study>, by unit: TextUnits.Kind, for asker: StudyActor
    ) async throws -> StudyAgreement {
        let (open, judgements) = try await database.read { transaction -> (OpenStudy, Judgements) in
            let open = try Self.open(study, for: asker, transaction)
            let store = HighlightStore(transaction)
            var judgements = Judgements()
            for source in open.sources where open.own.map({ source.finishedBy.contains($0.id) }) ?? true {
                let text = try StudyStore(transaction).text(of: source.id, in: study)
                judgements.add(
                    TextUnits(text).units(unit), finishedBy: source.finishedBy,
                    try store.highlights(in: study, of: source.id))
            }
            return (open, judgements)
        }
        let codes = open.codes.filter { $0.mergedInto == nil && ($0.isOffered || open.uses[$0.id] ?? 0 > 0) }
        let ids = codes.map(\.id)
        var pairs: [(first: Coder, second: Coder, line: StudyAgreement.Line)] = []
        for (at, first) in open.coders.enumerated() {
            for second in open.coders[(at + 1)...] {
                let line = judgements.pair(first.id, second.id, ids)
                if line.count > 0 { pairs.append((first, second, line)) }
            }
        }
        return StudyAgreement(
            unit: unit, all: judgements.alpha(ids), codes: codes.map { ($0, judgements.alpha([$0.id])) }, pairs: pairs,
            texts: judgements.textCount)
    }
}
