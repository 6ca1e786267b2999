import Kernel
import Web

/// What was typed of a measurement.
struct MeasurementDraft: Sendable {
    var texts: [String: String] = [:]
    var uses: [Measurement.Use] = []
    /// The teller read the text and agreed to its uses.
    var isAgreed = false

    static let fields = ["on", "value", "out-of", "reached", "reach", "body", "source"]

    init(on day: Day) { texts["on"] = day.description }

    init(_ form: FormFields) {
        for field in Self.fields { texts[field] = (form.value(field) ?? "").replacing("\r\n", with: "\n") }
        uses = Measurement.Use.allCases.filter { form.value("use-\($0.rawValue)") != nil }
        isAgreed = form.value("agreed") != nil
    }

    static let longestText = 4000

    /// Throws `Problems`, all at once.
    func checked(
        as id: Identifier<Measurement>, of indicator: Indicator, today: Day, desk: String
    ) throws(Problems) -> Measurement {
        var problems = Problems()
        let day = Day(texts["on"] ?? "")
        if day == nil { problems.add("on", "not-a-day") }
        if let day, day > today { problems.add("on", "not-yet") }
        if let day, let start = Day(indicator[.baselineOn]), day < start { problems.add("on", "before-baseline") }
        var measurement = Measurement(id: id, indicator: indicator.id, day: day ?? today)
        measurement.desk = desk
        (measurement.body, measurement.source) = (texts["body"] ?? "", texts["source"] ?? "")
        for field in ["body", "source"] where (texts[field] ?? "").count > Self.longestText {
            problems.add(field, "too-long")
        }
        switch indicator.kind {
        case .number: number(&measurement, indicator, &problems)
        case .milestone:
            measurement.isReached = ["yes": true, "no": false][texts["reached"] ?? ""]
            if measurement.isReached == nil { problems.add("reached", "required") }
        case .change, .story:
            measurement.reach = Measurement.Reach(rawValue: texts["reach"] ?? "")
            // Who it mattered to decides whether the text is somebody's own.
            if indicator.kind == .change, measurement.reach == nil { problems.add("reach", "required") }
            if measurement.body.isEmpty { problems.add("body", "required") }
        }
        consent(&measurement, indicator, today, &problems)
        if measurement.source.isEmpty, indicator.kind != .story { problems.add("source", "required") }
        try problems.check()
        return measurement
    }

    private func number(_ measurement: inout Measurement, _ indicator: Indicator, _ problems: inout Problems) {
        func amount(_ field: String) -> String? {
            guard let text = texts[field], !text.isEmpty else { return nil }
            guard let amount = Amount.read(text) else {
                problems.add(field, "no-number")
                return nil
            }
            if indicator.countsPeople, Amount.count(amount) == nil { problems.add(field, "whole-people") }
            return amount
        }
        if (texts["value"] ?? "").isEmpty { problems.add("value", "required") }
        measurement.value = amount("value")
        measurement.outOf = indicator[.outOf].isEmpty ? nil : amount("out-of")
        if let value = measurement.value.flatMap(Double.init), let whole = measurement.outOf.flatMap(Double.init),
            value > whole
        {
            problems.add("out-of", "more-than-all")
        }
    }

    /// A story, and what mattered to one person, belongs to who told it.
    private func consent(
        _ measurement: inout Measurement, _ indicator: Indicator, _ today: Day, _ problems: inout Problems
    ) {
        guard indicator.kind == .story || (indicator.kind == .change && measurement.reach == .one) else { return }
        if !isAgreed { problems.add("agreed", "not-agreed") }
        if uses.isEmpty { problems.add("use-page", "no-use") }
        (measurement.uses, measurement.agreedOn) = (uses, today)
    }
}
