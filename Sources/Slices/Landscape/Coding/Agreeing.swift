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

    let open: OpenStudy
    package let unit: TextUnits.Kind
    /// Of all codes together.
    package let all: Line
    package let codes: [(code: StudyCode, line: Line)]
    package let pairs: [(first: Coder, second: Coder, line: Line)]
    /// Texts that two coders at least have finished.
    package let texts: Int
}

/// What coders judged, as the units that each gave each code to. Units are counted, never listed, so that a long text and many
/// codes cost no more than what was marked.
struct Judgements {
    private struct Text {
        let units: Int
        let coders: Set<Identifier<Coder>>
        /// Apart from each other and in order, for each code and coder.
        var given: [Identifier<StudyCode>: [Identifier<Coder>: [Range<Int>]]] = [:]
    }

    private var texts: [Text] = []

    /// What only one has finished says nothing and is left out.
    mutating func add(_ units: [Range<Int>], finishedBy coders: Set<Identifier<Coder>>, _ highlights: [Highlight]) {
        guard coders.count > 1 else { return }
        var text = Text(units: units.count, coders: coders)
        for highlight in highlights {
            let first = Self.first(units) { $0.upperBound > highlight.start }
            let end = Self.first(units) { $0.lowerBound >= highlight.end }
            guard first < end else { continue }
            for mark in highlight.marks {
                guard let coder = mark.coder, coders.contains(coder) else { continue }
                text.given[mark.code, default: [:]][coder, default: []].append(first..<end)
            }
        }
        text.given = text.given.mapValues { $0.mapValues(Self.joined) }
        texts.append(text)
    }

    /// The first unit for which `isBehind` is true, which it stays for all after it.
    private static func first(_ units: [Range<Int>], _ isBehind: (Range<Int>) -> Bool) -> Int {
        var (low, high) = (0, units.count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(units[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var joined: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, range.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }

    var textCount: Int { texts.count }

    func pair(
        _ first: Identifier<Coder>, _ second: Identifier<Coder>, _ codes: [Identifier<StudyCode>]
    ) -> StudyAgreement.Line {
        var (count, both, one, other) = (0, 0, 0, 0)
        for text in texts where text.coders.contains(first) && text.coders.contains(second) {
            count += text.units * codes.count
            for code in codes {
                guard let given = text.given[code] else { continue }
                let yes = Self.tallied([given[first] ?? [], given[second] ?? []])
                both += yes[2] ?? 0
                one += (given[first] ?? []).reduce(0) { $0 + $1.count }
                other += (given[second] ?? []).reduce(0) { $0 + $1.count }
            }
        }
        return .init(count: count, agreement: .kappa(both: both, first: one, second: other, of: count))
    }

    func alpha(_ codes: [Identifier<StudyCode>]) -> StudyAgreement.Line {
        var (count, tallies): (Int, [Agreement.Tally: Int]) = (0, [:])
        for text in texts {
            count += text.units * codes.count
            for code in codes {
                let yes = Self.tallied((text.given[code] ?? [:]).map(\.value))
                for (coders, units) in yes {
                    tallies[.init(yes: coders, judged: text.coders.count), default: 0] += units
                }
                tallies[.init(yes: 0, judged: text.coders.count), default: 0] += text.units - yes.values.reduce(0, +)
            }
        }
        return .init(count: count, agreement: .alpha(tallies.filter { $0.value > 0 }))
    }

    /// How many units one, two or more of the coders gave a code to.
    private static func tallied(_ coders: [[Range<Int>]]) -> [Int: Int] {
        let edges = coders.joined().flatMap { [($0.lowerBound, 1), ($0.upperBound, -1)] }.sorted { $0 < $1 }
        var (tallies, yes, last): ([Int: Int], Int, Int) = ([:], 0, 0)
        for (at, step) in edges {
            if yes > 0, at > last { tallies[yes, default: 0] += at - last }
            (yes, last) = (yes + step, at)
        }
        return tallies
    }
}

extension Landscape {
    /// Agreement over the texts that the asker may compare: those they have finished, all for who keeps the landscape and does
    /// not code.
    package func agreement(
        in study: Identifier<Study>, by unit: TextUnits.Kind, for asker: StudyActor
    ) async throws -> StudyAgreement {
        let (open, judgements) = try await database.read { transaction -> (OpenStudy, Judgements) in
            let open = try Self.open(study, for: asker, transaction)
            try open.mustRead()
            let store = HighlightStore(transaction)
            var judgements = Judgements()
            for source in open.sources
            where source.finishedBy.count > 1 && open.own.map({ source.finishedBy.contains($0.id) }) ?? true {
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
            open: open, unit: unit, all: judgements.alpha(ids), codes: codes.map { ($0, judgements.alpha([$0.id])) },
            pairs: pairs,
            texts: judgements.textCount)
    }
}
