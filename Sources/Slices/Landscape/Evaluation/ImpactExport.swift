import Formats
import Kernel
import Web

/// Evaluation as data, as anybody may see it: in the Common Impact Data Standard 3.2.1 (JSON-LD), and as a table.
/// Source of its terms: https://ontology.commonapproach.org/cids (Common Approach to Impact Measurement).
struct ImpactExport {
    let evaluation: Evaluation
    /// What actions and findings say, by their codes.
    let texts: [String: String]
    /// What the network is called.
    let network: String

    private static let context = "https://ontology.commonapproach.org/contexts/cidsContext.jsonld"

    private func id(_ name: String) -> String { "urn:uuid:\(Identifier<Evaluation>.named("cids/\(name)"))" }

    var json: Reply {
        var text = JSONText()
        let codes = Set(evaluation.lines.flatMap { links($0) }).sorted()
        text.object { json in
            json.member("@context", Self.context)
            json.member("@graph") { json in
                json.array { list in
                    list.object { organization(codes, &$0) }
                    for code in codes { list.object { outcome(code, &$0) } }
                    for line in evaluation.lines {
                        list.object { indicator(line, &$0) }
                        if let baseline = line.baseline {
                            list.object { measure(baselineId(line), baseline, line, &$0) }
                        }
                        if let amount = target(line) {
                            list.object { target(line, &$0) }
                            list.object { measure(targetValueId(line), amount, line, &$0) }
                        }
                        for seen in line.seen(for: .data) {
                            list.object { report(seen, line, &$0) }
                            if let value = seen.value { list.object { measure(valueId(seen), value, line, &$0) } }
                        }
                    }
                }
            }
        }
        var reply = Reply(type: "application/ld+json", .plain(text.bytes))
        reply.savedAs = "evaluation.jsonld"
        return reply
    }

    private func links(_ line: Evaluation.Line) -> [String] {
        line.indicator.links(.actions) + line.indicator.links(.findings)
    }

    private func urn(_ line: Evaluation.Line) -> String { "urn:uuid:\(line.indicator.id)" }
    private func baselineId(_ line: Evaluation.Line) -> String { id("baseline/\(line.indicator.id)") }
    private func targetId(_ line: Evaluation.Line) -> String { id("target/\(line.indicator.id)") }
    private func targetValueId(_ line: Evaluation.Line) -> String { id("target-value/\(line.indicator.id)") }
    private func valueId(_ seen: Evaluation.Seen) -> String { id("value/\(seen.measurement.id)") }

    private func list(_ name: String, _ values: [String], _ json: inout JSONText) {
        guard !values.isEmpty else { return }
        json.member(name) { json in json.array { list in for value in values { list.text(value) } } }
    }

    private func organization(_ codes: [String], _ json: inout JSONText) {
        json.member("@id", id("network"))
        json.member("@type", "cids:Organization")
        json.member("hasLegalName", network)
        json.member("hasDescription", network)
        list("hasOutcome", codes.map { id($0) }, &json)
        list("hasIndicator", evaluation.lines.map(urn), &json)
    }

    /// What is meant to change: an action is done, a gap is closed.
    private func outcome(_ code: String, _ json: inout JSONText) {
        json.member("@id", id(code))
        json.member("@type", "cids:Outcome")
        json.member("hasName", code)
        json.member("hasDescription", texts[code] ?? code)
        json.member("forOrganization", id("network"))
        list("hasIndicator", evaluation.lines.filter { links($0).contains(code) }.map(urn), &json)
    }

    private func indicator(_ line: Evaluation.Line, _ json: inout JSONText) {
        let indicator = line.indicator
        json.member("@id", urn(line))
        json.member("@type", "cids:Indicator")
        json.member("hasIdentifier", indicator.id.description)
        json.member("hasName", indicator[.name])
        json.member(
            "hasDescription",
            [
                indicator[.about], "Kind: \(indicator[.kind]).", "Who decides what counts: \(indicator[.decides]).",
                indicator[.outOf].isEmpty ? "" : "Out of: \(indicator[.outOf]).",
                indicator.kind == .number || indicator[.target].isEmpty ? "" : "Target: \(indicator[.target]).",
            ].filter { !$0.isEmpty }.joined(separator: " "))
        json.member("unitDescription", indicator[.unit].isEmpty ? nil : indicator[.unit])
        json.member("forOrganization", id("network"))
        list("forOutcome", links(line).map { id($0) }, &json)
        if line.baseline != nil { json.member("hasBaseline", baselineId(line)) }
        if target(line) != nil {
            // A term of 3.2.1 that its context has no short name for.
            json.member("cids:hasTarget") { json in json.object { $0.member("@id", targetId(line)) } }
        }
        list("hasIndicatorReport", line.seen(for: .data).map { "urn:uuid:\($0.measurement.id)" }, &json)
    }

    /// What the network wants to reach is no count of anybody: it is there whole.
    private func target(_ line: Evaluation.Line) -> Evaluation.Figure? {
        let text = line.indicator[.target]
        return line.indicator.kind == .number && !text.isEmpty ? .shown(text) : nil
    }

    private func target(_ line: Evaluation.Line, _ json: inout JSONText) {
        func start(_ field: Indicator.Field) -> String? { Day(line.indicator[field])?.start.description }
        json.member("@id", targetId(line))
        json.member("@type", "cids:Target")
        json.member("hasName", "\(line.indicator[.name]), target")
        json.member("startedAtTime", start(.baselineOn))
        json.member("endedAtTime", start(.targetOn))
        json.member("value", targetValueId(line))
    }

    private func report(_ seen: Evaluation.Seen, _ line: Evaluation.Line, _ json: inout JSONText) {
        let measurement = seen.measurement
        json.member("@id", "urn:uuid:\(measurement.id)")
        json.member("@type", "cids:IndicatorReport")
        json.member("hasName", "\(line.indicator[.name]), \(measurement.day)")
        json.member("forIndicator", urn(line))
        json.member("forOrganization", id("network"))
        json.member("startedAtTime", measurement.day.start.description)
        json.member("endedAtTime", measurement.day.start.description)
        if seen.value != nil { json.member("value", valueId(seen)) }
        let said = [
            // The standard has no term for what a number of people is out of.
            seen.outOf.map { "Out of: \(Self.text($0))." },
            measurement.isReached.map { $0 ? "Reached." : "Not reached." },
            measurement.reach.map { "It mattered to: \($0.rawValue)." },
            measurement.body, measurement.source.isEmpty ? nil : "Source: \(measurement.source)",
        ].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
        json.member("hasComment", said.isEmpty ? nil : said)
    }

    private func measure(
        _ id: String, _ figure: Evaluation.Figure, _ line: Evaluation.Line, _ json: inout JSONText
    ) {
        json.member("@id", id)
        json.member("@type", "i72:Measure")
        json.member("hasNumericalValue", Self.text(figure))
        json.member("unitDescription", line.indicator[.unit])
    }

    /// In data, in English.
    static func text(_ figure: Evaluation.Figure?) -> String {
        switch figure {
        case .shown(let text): text
        case .few: "fewer than \(Evaluation.least)"
        case .withheld: "withheld"
        case nil: ""
        }
    }

    private static func texts(_ fields: [Indicator.Field], _ indicator: Indicator) -> [CSVText.Cell] {
        fields.map { .text(indicator[$0]) }
    }

    private static func cell(_ figure: Evaluation.Figure?) -> CSVText.Cell {
        if case .shown(let text) = figure { .number(Double(text)) } else { .text(text(figure)) }
    }

    var csv: Reply {
        var sheet = CSVText(guardsFormulas: true)
        sheet.row(
            [
                "indicator", "name", "kind", "decides", "unit", "baseline", "baseline-on", "target", "target-on",
                "actions", "findings", "on", "value", "out-of", "reached", "reach", "text", "source",
            ])
        for line in evaluation.lines {
            let indicator = line.indicator
            let isNumber = indicator.kind == .number
            let head: [CSVText.Cell] =
                [.text(indicator.id.description)] + Self.texts([.name, .kind, .decides, .unit], indicator)
                + [
                    isNumber ? Self.cell(line.baseline) : .text(indicator[.baseline]), .text(indicator[.baselineOn]),
                    isNumber ? Self.cell(target(line)) : .text(indicator[.target]),
                ] + Self.texts([.targetOn, .actions, .findings], indicator)
            let seen = line.seen(for: .data)
            if seen.isEmpty { sheet.row(head + Array(repeating: .text(nil), count: 7)) }
            for seen in seen {
                let measurement = seen.measurement
                sheet.row(
                    head + [
                        .text(measurement.day.description), Self.cell(seen.value), Self.cell(seen.outOf),
                        .text(measurement.isReached.map { $0 ? "yes" : "no" }), .text(measurement.reach?.rawValue),
                        .text(measurement.body), .text(measurement.source),
                    ])
            }
        }
        var reply = Reply(type: "text/csv; charset=utf-8; header=present", .plain(sheet.bytes))
        reply.savedAs = "evaluation.csv"
        return reply
    }
}
