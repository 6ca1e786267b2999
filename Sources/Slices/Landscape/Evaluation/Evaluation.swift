import Kernel

/// What anybody may see of indicators and measurements: the one place that decides it, for pages and data alike.
struct Evaluation: Sendable {
    /// A number as anybody may see it.
    enum Figure: Sendable, Equatable {
        case shown(String)
        /// Fewer people than are ever told as a number.
        case few
        /// A small number would follow from it.
        case withheld
    }

    struct Seen: Sendable {
        let measurement: Measurement
        let value: Figure?
        let outOf: Figure?
    }

    struct Line: Sendable {
        let indicator: Indicator
        /// Of a number; another kind has words.
        let baseline: Figure?
        let seen: [Seen]

        /// A told text is there for what its teller gave it for, and for nothing else.
        func seen(for use: Measurement.Use) -> [Seen] {
            seen.filter { !$0.measurement.isTold || $0.measurement.uses.contains(use) }
        }
    }

    /// The least count of people that is told as a number.
    static let least = 5

    /// In the order of the indicators; without those that wait for somebody to look whether they could harm.
    let lines: [Line]

    init(_ indicators: [Indicator], _ measurements: [Measurement]) {
        let standing = Dictionary(grouping: measurements.filter { !$0.isWithdrawn }) { $0.indicator }
        let counts = Dictionary(
            indicators.map { ($0.id, Self.isSmall($0, standing[$0.id] ?? [])) }, uniquingKeysWith: { first, _ in first }
        )
        let allParts = Dictionary(grouping: indicators) { $0.parent }
        lines = indicators.filter { !$0.awaitsReview }.map { indicator in
            // The whole less the other parts is the part that is not told.
            let parts = allParts[indicator.id] ?? []
            let isWhole =
                indicator.countsPeople
                && (parts.contains { $0.awaitsReview || counts[$0.id] == true }
                    || Self.leavesFew(Self.counts(indicator, standing), parts.map { Self.counts($0, standing) }))
            let rest = (standing[indicator.id] ?? []).contains { Self.leavesFew($0) }
            return Line(
                indicator: indicator,
                baseline: indicator.kind == .number && !indicator[.baseline].isEmpty
                    ? Self.figure(indicator[.baseline], indicator, isWhole) : nil,
                seen: (standing[indicator.id] ?? []).map { measurement in
                    Seen(
                        measurement: measurement, value: measurement.value.map { Self.figure($0, indicator, isWhole) },
                        outOf: measurement.outOf.map {
                            rest && indicator.countsPeople ? .withheld : Self.figure($0, indicator, isWhole)
                        })
                })
        }
    }

    private static func figure(_ text: String, _ indicator: Indicator, _ isWhole: Bool) -> Figure {
        if indicator.countsPeople, (Amount.count(text) ?? 0) < least { return .few }
        return isWhole ? .withheld : .shown(text)
    }

    private static func isSmall(_ indicator: Indicator, _ measurements: [Measurement]) -> Bool {
        guard indicator.countsPeople else { return false }
        let texts = measurements.compactMap(\.value) + [indicator[.baseline]].filter { !$0.isEmpty }
        return texts.contains { (Amount.count($0) ?? 0) < least }
    }

    /// What is left over of all is small, so all of them would tell it.
    private static func leavesFew(_ measurement: Measurement) -> Bool {
        guard let value = measurement.value.flatMap(Amount.count), let all = measurement.outOf.flatMap(Amount.count)
        else {
            return false
        }
        return value >= least && all - value < least
    }

    private typealias Count = (day: String, people: Int)

    /// What was counted, the baseline too, which may have no day.
    private static func counts(
        _ indicator: Indicator, _ standing: [Identifier<Indicator>: [Measurement]]
    ) -> [Count] {
        let baseline = Amount.count(indicator[.baseline]).map { (indicator[.baselineOn], $0) }
        let measured = (standing[indicator.id] ?? []).compactMap { measurement in
            measurement.value.flatMap(Amount.count).map { (measurement.day.description, $0) }
        }
        return [baseline].compactMap(\.self) + measured
    }

    /// More ways to add up parts are not tried: the whole is no number then.
    private static let mostSums = 10_000

    /// The whole less any of its parts, as they were counted next before or after it, is a small number of people.
    private static func leavesFew(_ whole: [Count], _ parts: [[Count]]) -> Bool {
        whole.contains { total in
            var sums: Set<Int> = [0]
            for part in parts {
                let without = sums
                for people in near(total, part) {
                    sums.formUnion(without.map { $0 + people }.filter { $0 < total.people })
                    if sums.count > mostSums { return true }
                }
            }
            return sums.contains { $0 > 0 && total.people - $0 < least }
        }
    }

    /// What a part was counted as on the days nearest to that of the whole, on either side. A count without a day may be of any.
    private static func near(_ total: Count, _ part: [Count]) -> Set<Int> {
        let days = part.map(\.day).filter { !$0.isEmpty }
        let nearest = [days.filter { $0 <= total.day }.max(), days.filter { $0 >= total.day }.min()]
        let isAny = total.day.isEmpty
        return Set(part.filter { isAny || $0.day.isEmpty || nearest.contains($0.day) }.map(\.people))
    }

    func line(_ id: Identifier<Indicator>?) -> Line? { lines.first { $0.indicator.id == id } }
    func parts(of id: Identifier<Indicator>) -> [Line] { lines.filter { $0.indicator.parent == id } }
}
