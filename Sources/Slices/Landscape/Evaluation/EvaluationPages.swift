import Kernel
import Web

/// What the network looks at, where it began and where it is.
struct EvaluationPage {
    let evaluation: Evaluation
    let plan: Plan

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        // A part of what nobody sees yet stands by itself.
        let known = Set(evaluation.lines.map(\.indicator.id))
        let lines = Dictionary(grouping: evaluation.lines) {
            $0.indicator.parent.flatMap { known.contains($0) ? $0 : nil }
        }
        let wholes = lines[nil] ?? []
        return setting.page(
            words(.evaluationTitle), path: "evaluation",
            """
            <p class="lead">\(words(.evaluationLead))</p>
            \(if: wholes.isEmpty, "<p class=\"note\">\(words(.evaluationNone))</p>")
            \(if: !wholes.isEmpty, "<ul class=\"listing\">\(wholes, { item($0, lines[$0.indicator.id] ?? [], setting) })</ul>")
            \(survivors(setting))
            <section><h2>\(words(.evaluationRules))</h2><p>\(words(.evaluationSmall))</p><p>\(words(.evaluationTold))</p></section>
            <p>\(words(.evaluationDownload)) <a href="/landscape/evaluation.jsonld">\(words(.evaluationStandard))</a>, <a href="/landscape/evaluation.csv">CSV</a></p>
            """)
    }

    private func item(_ line: Evaluation.Line, _ parts: [Evaluation.Line], _ setting: ScanSetting) -> HTML {
        let words = setting.words
        func link(_ part: Evaluation.Line) -> HTML {
            "<li><a href=\"\(setting.path("indicators/\(part.indicator.id)"))\">\(part.indicator[.name])</a> <span class=\"quiet\">\(Self.latest(part, words))</span></li>"
        }
        return """
            <li><a href="\(setting.path("indicators/\(line.indicator.id)"))">\(line.indicator[.name])</a>
            <p class="quiet">\(words.kind(line.indicator.kind)) · \(Self.latest(line, words))</p>\(if: !parts.isEmpty, "<ul>\(parts, link)</ul>")</li>

            """
    }

    static func latest(_ line: Evaluation.Line, _ words: Words) -> HTML {
        guard let last = line.seen(for: .page).last else { return "\(words(.evaluationNever))" }
        return "\(last.measurement.day.description) · \(IndicatorPage.value(last, line.indicator, words))"
    }

    /// Who leads what the plan holds: counts of actions, never of people.
    private func survivors(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        let actions = plan.actions.filter { $0.state != .dropped }
        guard !actions.isEmpty else { return "" }
        let counts = [
            "all": words.number(actions.count), "said": words.told(actions.count { !$0.survivorsRole.isEmpty }),
            "paid": words.told(actions.count { $0.survivorsPaid == .yes }),
            "unpaid": words.told(actions.count { $0.survivorsPaid == .no }),
        ]
        func count(_ key: String) -> String { counts[key] ?? "" }
        return """
            <section><h2>\(words(.evaluationSurvivors))</h2>
            <p>\(words(.evaluationSurvivorsCount, ["said": count("said"), "all": count("all"), "paid": count("paid"), "unpaid": count("unpaid")]))</p>
            <p><a href="\(setting.path("plan"))">\(words(.planTitle))</a></p></section>
            """
    }
}

/// One indicator: what it is, where it began, what was seen since, and how it came to be so.
struct IndicatorPage {
    let line: Evaluation.Line
    let parts: [Evaluation.Line]
    let whole: Evaluation.Line?
    let changes: [IndicatorChange]
    let standings: [(scan: Scan, code: String, standing: FindingStanding)]
    /// What actions and findings say, and the ids of the findings, by their codes.
    let texts: [String: String]
    let findings: [String: String]
    let desks: [(id: String, name: String)]

    private var indicator: Indicator { line.indicator }

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        let seen = line.seen(for: .page)
        return setting.page(
            indicator[.name], path: "indicators/\(indicator.id)",
            """
            \(if: !indicator[.about].isEmpty, "<p class=\"lead\">\(indicator[.about])</p>")
            <dl class="facts">\(facts(words), { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>\n" })</dl>
            <section><h2>\(words(.evaluationSeen))</h2>\(if: seen.isEmpty, "<p>\(words(.evaluationNever))</p>")
            <ol class="listing">\(seen, { item($0, words) })</ol></section>
            \(related(setting))
            \(compared(setting))
            \(IndicatorHistory(changes: changes.filter(\.isPublic), desks: desks).html(words))
            <p><a href="\(setting.path("evaluation"))">\(words(.evaluationTitle))</a></p>
            """)
    }

    private func facts(_ words: Words) -> [(name: String, value: HTML)] {
        var facts: [(name: String, value: HTML)] = [
            (words.indicator(.kind), "\(words.kind(indicator.kind))"),
            (words.indicator(.decides), "\(indicator[.decides])"),
            (words.indicator(.source), "\(indicator[.source])"),
        ]
        func add(_ field: Indicator.Field, _ text: String, _ day: Indicator.Field? = nil) {
            guard !text.isEmpty else { return }
            let on = day.map { indicator[$0] } ?? ""
            facts.append((words.indicator(field), "\(text)\(if: !on.isEmpty, " (\(on))")"))
        }
        add(.unit, indicator[.unit])
        add(.outOf, indicator[.outOf])
        add(.baseline, indicator.kind == .number ? words.figure(line.baseline) : indicator[.baseline], .baselineOn)
        add(.target, indicator.kind == .number ? words.amount(indicator[.target]) : indicator[.target], .targetOn)
        add(.review, indicator[.small] == "yes" ? indicator[.review] : "")
        if indicator[.state] == "closed" { facts.append((words.indicator(.state), "\(words(.indicatorStateClosed))")) }
        return facts
    }

    static func value(_ seen: Evaluation.Seen, _ indicator: Indicator, _ words: Words) -> HTML {
        switch indicator.kind {
        case .number:
            guard seen.value != .withheld else { return "\(words.figure(seen.value))" }
            guard seen.outOf != .withheld else {
                return "\(words.figure(seen.value)) \(indicator[.unit]) (\(words(.evaluationAllWithheld)))"
            }
            let all = seen.outOf.map { words(.evaluationOutOf, ["all": words.figure($0)]) }
            return "\(words.figure(seen.value)) \(all.map { "\($0) " })\(indicator[.unit])"
        case .milestone:
            return "\(words(seen.measurement.isReached == true ? .evaluationReached : .evaluationNotReached))"
        case .change, .story:
            let reach = seen.measurement.reach.map { words.text(key: "evaluation.reach.\($0.rawValue)") ?? $0.rawValue }
            return "\(reach ?? words(.evaluationReachOpen))"
        }
    }

    private func item(_ seen: Evaluation.Seen, _ words: Words) -> HTML {
        let measurement = seen.measurement
        return """
            <li><strong>\(measurement.day.description)</strong> · \(Self.value(seen, indicator, words))\(if: !measurement.body.isEmpty, "<p>\(measurement.body)</p>")
            <p class="quiet">\(if: !measurement.source.isEmpty, "\(words(.evaluationSaid, ["name": words.indicator(.source), "text": measurement.source])) · ")\(desks.first { $0.id == measurement.desk }?.name ?? words(.planNobody))</p></li>

            """
    }

    private func related(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        func link(_ other: Evaluation.Line) -> HTML {
            "<li><a href=\"\(setting.path("indicators/\(other.indicator.id)"))\">\(other.indicator[.name])</a> <span class=\"quiet\">\(EvaluationPage.latest(other, words))</span></li>"
        }
        func finding(_ code: String) -> HTML {
            guard let id = findings[code] else { return "<li>\(code)</li>" }
            return "<li><a href=\"\(setting.path("findings/\(id)"))\">\(setting.said(texts[code] ?? code))</a></li>"
        }
        let actions = indicator.links(.actions)
        let about = indicator.links(.findings)
        return """
            \(whole.map { "<section><h2>\(words.indicator(.partOf))</h2><ul>\(link($0))</ul></section>" as HTML })
            \(if: !parts.isEmpty, "<section><h2>\(words(.evaluationParts))</h2><ul>\(parts, link)</ul></section>")
            \(if: !actions.isEmpty, "<section><h2>\(words.indicator(.actions))</h2><ul>\(actions, { "<li><a href=\"\(setting.path("actions/\($0)"))\">\(setting.said(texts[$0] ?? $0))</a></li>" })</ul></section>")
            \(if: !about.isEmpty, "<section><h2>\(words.indicator(.findings))</h2><ul>\(about, finding)</ul></section>")
            """
    }

    private func compared(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        guard !standings.isEmpty else { return "" }
        return """
            <section><h2>\(words(.evaluationCompared))</h2><ul>\(standings, { line in
            "<li><a href=\"\(setting.path("comparison/\(line.scan.code)"))\">\(line.scan.code)</a>: \(words.text(key: "evaluation.standing.\(line.standing.rawValue)") ?? line.standing.rawValue) (\(line.code))</li>" })</ul></section>
            """
    }
}
