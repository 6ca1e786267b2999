import Kernel
import Web

/// What is wrong with what was typed, and the codes of what is not there.
struct EvaluationFaults: Error {
    var problems = Problems()
    var names: [String] = []
}

/// What was typed into the form of an indicator.
struct IndicatorDraft: Sendable {
    var texts: [Indicator.Field: String] = [:]

    init(_ texts: [Indicator.Field: String]) { self.texts = texts }

    init(_ form: FormFields) {
        for field in Indicator.Field.allCases {
            texts[field] = (form.value(field.rawValue) ?? "").replacing("\r\n", with: "\n")
        }
    }

    /// What an indicator is held against.
    struct Known: Sendable {
        var actions: Set<String> = []
        var findings: Set<String> = []
        var others: [Indicator] = []
        /// Something was measured already: what it counts must not change under it.
        var isMeasured = false
        /// Of what stands; where it began cannot be later.
        var firstMeasured: Day?
    }

    func linked(_ field: Indicator.Field) -> [String] {
        var seen: Set<String> = []
        return (texts[field] ?? "").split { ", ;\n\t".contains($0) }.map { $0.lowercased() }.filter {
            seen.insert($0).inserted
        }
    }

    /// The texts as they are kept. Throws `EvaluationFaults`, all at once.
    func checked(for id: Identifier<Indicator>, was: Indicator?, _ known: Known) throws -> [Indicator.Field: String] {
        var (kept, faults) = (texts, EvaluationFaults())
        for field in Indicator.Field.allCases {
            let text = texts[field] ?? ""
            if text.isEmpty {
                if field.isRequired { faults.problems.add(field.rawValue, "required") }
            } else if text.count > field.longest {
                faults.problems.add(field.rawValue, "too-long")
            } else if !field.choices.isEmpty, !field.choices.contains(text) {
                faults.problems.add(field.rawValue, "choose-one-of")
            }
        }
        numbers(&kept, &faults.problems)
        days(&kept, known, &faults.problems)
        links(&kept, known, &faults)
        if known.isMeasured, let was {
            for field in [Indicator.Field.kind, .people] where was[field] != kept[field] ?? "" {
                faults.problems.add(field.rawValue, "measured-already")
            }
        }
        parent(&kept, id, known, &faults.problems)
        guard faults.problems.isEmpty else { throw faults }
        return kept.filter { !$0.value.isEmpty }
    }

    private func numbers(_ kept: inout [Indicator.Field: String], _ problems: inout Problems) {
        let (isNumber, countsPeople) = (kept[.kind] == "number", kept[.people] == "yes")
        if countsPeople, !isNumber { problems.add("people", "people-are-counted") }
        guard isNumber else { return }
        if (kept[.unit] ?? "").isEmpty { problems.add("unit", "required") }
        for field in [Indicator.Field.baseline, .target] {
            guard let text = kept[field], !text.isEmpty else { continue }
            guard let amount = Amount.read(text) else {
                problems.add(field.rawValue, "no-number")
                continue
            }
            if countsPeople, Amount.count(amount) == nil { problems.add(field.rawValue, "whole-people") }
            kept[field] = amount
        }
    }

    private func days(_ kept: inout [Indicator.Field: String], _ known: Known, _ problems: inout Problems) {
        func day(_ field: Indicator.Field) -> Day? {
            guard let text = kept[field], !text.isEmpty else { return nil }
            let day = Day(text)
            if day == nil { problems.add(field.rawValue, "not-a-day") }
            return day
        }
        let (start, end) = (day(.baselineOn), day(.targetOn))
        if let start, let end, end <= start { problems.add("target-on", "target-first") }
        if let start, let first = known.firstMeasured, first < start {
            problems.add("baseline-on", "measured-before")
        }
    }

    private func links(_ kept: inout [Indicator.Field: String], _ known: Known, _ faults: inout EvaluationFaults) {
        for (field, code, there) in [
            (Indicator.Field.actions, "unknown-action", known.actions),
            (.findings, "unknown-finding", known.findings),
        ] {
            let codes = linked(field)
            let missing = codes.filter { !there.contains($0) }
            if !missing.isEmpty {
                faults.problems.add(field.rawValue, code)
                faults.names += missing.map { String($0.prefix(40)) }
            }
            kept[field] = codes.joined(separator: ", ")
        }
    }

    /// A part is of the same kind as its whole, and nothing is a part of a part: so a whole has one row of parts.
    private func parent(
        _ kept: inout [Indicator.Field: String], _ id: Identifier<Indicator>, _ known: Known, _ problems: inout Problems
    ) {
        guard let text = kept[.partOf], !text.isEmpty else { return }
        guard let whole = known.others.first(where: { $0.id.description == text }), whole.id != id else {
            return problems.add("part-of", "unknown-choice")
        }
        let fits =
            whole.kind == .number && kept[.kind] == "number" && whole[.people] == kept[.people]
            && whole[.partOf].isEmpty && !known.others.contains { $0.parent == id }
        if !fits { problems.add("part-of", "part-unlike") }
    }
}
