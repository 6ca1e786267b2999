import Kernel
import Web

/// All indicators for staff, also those that nobody else sees yet.
struct EvaluationDeskPage {
    let indicators: [Indicator]
    let isCoordinator: Bool

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return setting.page(
            words(.evaluationTitle), path: "desk/landscape/evaluation",
            """
            <p class="lead">\(words(.evaluationDeskLead))</p>
            \(if: isCoordinator, "<p class=\"tools\"><a class=\"button\" href=\"\(setting.path("desk/landscape/indicator-form"))\">\(words(.evaluationNew))</a></p>")
            \(if: indicators.isEmpty, "<p>\(words(.evaluationNone))</p>")
            <ul class="listing">\(indicators, { indicator in
            "<li><a href=\"\(setting.path("desk/landscape/indicators/\(indicator.id)"))\">\(indicator[.name])</a><p class=\"quiet\">\(words.kind(indicator.kind))\(if: indicator.awaitsReview, " · <strong class=\"mark\">\(words(.evaluationAwaits))</strong>")\(if: indicator[.state] == "closed", " · \(words(.indicatorStateClosed))")</p></li>\n" })</ul>
            <p><a href="\(setting.path("landscape/evaluation"))">\(words(.initiativeSee))</a></p>
            """)
    }
}

/// The form of an indicator.
struct IndicatorForm {
    let id: Identifier<Indicator>
    let version: Int
    let draft: IndicatorDraft
    let others: [Indicator]
    var faults = EvaluationFaults()

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let labels = Dictionary(
            uniqueKeysWithValues: Indicator.Field.allCases.map { ($0.rawValue, words.indicator($0)) })
        let texts = Dictionary(uniqueKeysWithValues: draft.texts.map { ($0.key.rawValue, $0.value) })
        let rows = FormRows(texts, labels: labels, faults.problems, words)
        let path = "desk/landscape/indicator-form"
        let wholes = others.filter { $0.kind == .number && $0.parent == nil && $0.id != id }.map {
            (value: $0.id.description, name: $0[.name])
        }
        return setting.page(
            words(version == 0 ? .evaluationNew : .evaluationChange), path: path,
            """
            \(rows.faults.summary())\(if: !faults.names.isEmpty, "<p class=\"alert\">\(words(.evaluationNamed)) <strong>\(faults.names.joined(separator: "; "))</strong></p>")
            \(setting.form(path, """
            \(HTML.hidden("id", id.description))\(HTML.hidden("version", String(version)))
            \(rows.input("name"))\(choice(.kind, rows, words))\(rows.area("about"))
            \(rows.input("decides", hint: words(.evaluationDecidesHint)))\(rows.input("source"))
            <div class="fields">\(rows.input("unit", hint: words(.evaluationUnitHint)))\(choice(.people, rows, words))\(rows.input("out-of", hint: words(.evaluationOutOfHint)))</div>
            \(rows.choice("part-of", wholes))
            <div class="fields">\(rows.input("baseline"))\(rows.input("baseline-on", type: "date"))\(rows.input("target"))\(rows.input("target-on", type: "date"))</div>
            \(rows.input("actions", hint: words(.evaluationActionsHint)))\(rows.input("findings", hint: words(.evaluationFindingsHint)))
            \(choice(.small, rows, words))\(rows.area("review", hint: words(.evaluationReviewHint)))
            \(choice(.state, rows, words))
            <p class="tools"><button>\(words(.actionKeep))</button></p>
            """))
            """)
    }

    private func choice(_ field: Indicator.Field, _ rows: FormRows, _ words: Words) -> HTML {
        rows.choice(field.rawValue, field.choices.map { ($0, words.indicator(field, $0)) })
    }
}

/// One indicator for staff: what was measured, a form for one more, and the way to take one back.
struct MeasurePage {
    let indicator: Indicator
    let measurements: [Measurement]
    let changes: [IndicatorChange]
    let desks: [(id: String, name: String)]
    let draft: MeasurementDraft
    /// Of what sending the form makes: sent twice it is one.
    let next: Identifier<Measurement>
    let desk: String
    let isCoordinator: Bool
    var problems = Problems()
    var refusal: EvaluationRefusal?

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        var labels = Dictionary(
            uniqueKeysWithValues: MeasurementDraft.fields.map {
                ($0, words.text(key: "measure.\($0.replacing("-", with: "."))") ?? $0)
            })
        labels["reason"] = words(.measureReason)
        (labels["agreed"], labels["use-page"]) = (words(.measureAgreed), words(.measureUses))
        let rows = FormRows(draft.texts, labels: labels, problems, words)
        return setting.page(
            words(.evaluationMeasure), heading: indicator[.name], path: "desk/landscape/indicators/\(indicator.id)",
            """
            \(rows.faults.summary())\(HTML.alert(refusal.map { words.text(key: "fault.\($0.code)") ?? $0.description }))
            <p>\(words.kind(indicator.kind)) · \(words(.evaluationSaid, ["name": words.indicator(.decides), "text": indicator[.decides]]))</p>
            \(if: isCoordinator, "<p><a href=\"\(setting.path("desk/landscape/indicator-form"))?indicator=\(indicator.id.description)\">\(words(.evaluationChange))</a></p>")
            \(if: indicator.awaitsReview, "<p class=\"note\">\(words(.evaluationAwaitsLead))</p>")
            \(if: indicator[.state] == "open", form(rows, setting))
            <section><h2>\(words(.evaluationSeen))</h2>\(if: measurements.isEmpty, "<p>\(words(.evaluationNever))</p>")
            <ol class="listing">\(measurements, { item($0, setting) })</ol></section>
            \(IndicatorHistory(changes: changes, desks: desks).html(words))
            <p><a href="\(setting.path("desk/landscape/evaluation"))">\(words(.evaluationTitle))</a></p>
            """)
    }

    private func form(_ rows: FormRows, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let reaches = Measurement.Reach.allCases.map {
            (value: $0.rawValue, name: words.text(key: "evaluation.reach.\($0.rawValue)") ?? $0.rawValue)
        }
        let what: HTML =
            switch indicator.kind {
            case .number:
                "<div class=\"fields\">\(rows.input("value", hint: indicator[.unit]))\(if: !indicator[.outOf].isEmpty, rows.input("out-of", hint: indicator[.outOf]))</div>"
            case .milestone:
                rows.choice("reached", [("yes", words(.evaluationReached)), ("no", words(.evaluationNotReached))])
            case .change, .story: rows.choice("reach", reaches)
            }
        return """
            \(setting.form("desk/landscape/indicators/\(indicator.id)", """
            \(HTML.hidden("id", next.description))
            \(rows.input("on", type: "date"))\(what)\(rows.area("body", hint: words(indicator.kind == .number ? .measureNoteHint : .measureBodyHint)))\(rows.input("source"))
            \(if: indicator.kind == .story || indicator.kind == .change, consent(rows, words))
            <p class="tools"><button>\(words(.evaluationMeasure))</button></p>
            """))
            """
    }

    private func consent(_ rows: FormRows, _ words: Words) -> HTML {
        func box(_ name: String, _ label: String, _ isOn: Bool) -> HTML {
            "<p><label><input type=\"checkbox\" id=\"f-\(name)\" name=\"\(name)\" value=\"yes\"\(if: isOn, " checked")\(rows.faults.ties(name))> \(label)</label></p>"
        }
        return """
            <fieldset><legend>\(words(.measureUses))</legend><p>\(words(indicator.kind == .story ? .measureConsent : .measureConsentOne))</p>\(rows.faults.error("use-page"))
            \(box("use-page", words(.measureUsePage), draft.uses.contains(.page)))\(box("use-data", words(.measureUseData), draft.uses.contains(.data)))
            \(rows.faults.error("agreed"))\(box("agreed", words(.measureAgreed), draft.isAgreed))</fieldset>
            """
    }

    private func item(_ measurement: Measurement, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let mayWithdraw = !measurement.isWithdrawn && (isCoordinator || measurement.desk == desk)
        let figure = [measurement.value, measurement.outOf].compactMap(\.self).map(words.amount).joined(
            separator: " / ")
        let reached = measurement.isReached.map { words($0 ? .evaluationReached : .evaluationNotReached) }
        let reason: HTML =
            measurement.isTold
            ? ""
            : "<div><label for=\"f-\(measurement.id.description)\">\(words(.measureReason))</label><input id=\"f-\(measurement.id.description)\" name=\"reason\" maxlength=\"500\" autocomplete=\"off\"></div>"
        return """
            <li><strong>\(measurement.day.description)</strong> · \(figure)\(reached ?? "")\(measurement.reach.flatMap { words.text(key: "evaluation.reach.\($0.rawValue)") } ?? "")
            \(if: !measurement.body.isEmpty, "<p>\(measurement.body)</p>")\(if: measurement.isWithdrawn, "<p class=\"quiet\">\(words(.measureWithdrawn)) \(measurement.reason ?? "")</p>")
            \(if: mayWithdraw, setting.form("desk/landscape/measurements/\(measurement.id)/withdrawal", "\(HTML.hidden("indicator", indicator.id.description))\(reason)<p class=\"tools\"><button class=\"second\">\(words(measurement.isTold ? .measureWithdrawTold : .measureWithdraw))</button></p>"))</li>

            """
    }
}
