/// How far coders agree beyond chance. Categories are nominal: equal or not.
package enum Agreement: Sendable, Hashable {
    case value(Double)
    /// There is nothing that two coders both judged.
    case noUnits
    /// All judged everything alike in one and the same way, so that chance alone would give the same.
    case noVariation

    package var value: Double? { if case .value(let value) = self { value } else { nil } }

    /// Cohen's kappa of two coders (Cohen 1960): judgements of the same units, pair by pair.
    package static func kappa<Category: Hashable>(_ pairs: [(Category, Category)]) -> Agreement {
        var (first, second): ([Category: Int], [Category: Int]) = ([:], [:])
        var equal = 0
        for (one, other) in pairs {
            first[one, default: 0] += 1
            second[other, default: 0] += 1
            if one == other { equal += 1 }
        }
        return kappa(first, second, equal: equal, of: pairs.count)
    }

    /// The same for yes and no, counted: of `count` units how many both, the first and the second said yes to.
    package static func kappa(both: Int, first: Int, second: Int, of count: Int) -> Agreement {
        func sides(_ yes: Int) -> [Bool: Int] { [true: yes, false: count - yes].filter { $0.value > 0 } }
        return kappa(sides(first), sides(second), equal: count - first - second + 2 * both, of: count)
    }

    /// - Parameters: how often each coder said what, and how often both said the same.
    private static func kappa<Category: Hashable>(
        _ first: [Category: Int], _ second: [Category: Int], equal: Int, of units: Int
    ) -> Agreement {
        guard units > 0 else { return .noUnits }
        let count = Double(units)
        let chance = first.reduce(0.0) { $0 + Double($1.value) * Double(second[$1.key] ?? 0) } / (count * count)
        guard first.count > 1 || second.count > 1 || first.keys != second.keys else { return .noVariation }
        return .value((Double(equal) / count - chance) / (1 - chance))
    }

    /// Krippendorff's alpha of any number of coders (Krippendorff 2011), nominal: for each unit what each coder judged, nil where
    /// one did not. A unit that fewer than two judged says nothing.
    package static func alpha<Category: Hashable>(_ units: [[Category?]]) -> Agreement {
        alpha(units.map { (Dictionary($0.compactMap(\.self).map { ($0, 1) }, uniquingKeysWith: +), 1) })
    }

    /// Of the coders who judged a unit, how many said yes.
    package struct Tally: Hashable, Sendable {
        package let yes: Int
        package let judged: Int

        package init(yes: Int, judged: Int) { (self.yes, self.judged) = (yes, judged) }
    }

    /// The same for yes and no, counted: how many units there are of each tally.
    package static func alpha(_ units: [Tally: Int]) -> Agreement {
        alpha(
            units.sorted { ($0.key.judged, $0.key.yes) < ($1.key.judged, $1.key.yes) }.map { tally, times in
                ([true: tally.yes, false: tally.judged - tally.yes].filter { $0.value > 0 }, times)
            })
    }

    /// - Parameter units: how often each category was said of a unit, and how many such units there are.
    private static func alpha<Category: Hashable>(_ units: [(said: [Category: Int], times: Int)]) -> Agreement {
        var totals: [Category: Int] = [:]
        var (count, disagreement) = (0, 0.0)
        for (said, times) in units {
            let judged = said.values.reduce(0, +)
            guard judged > 1 else { continue }
            count += judged * times
            for (category, often) in said { totals[category, default: 0] += often * times }
            let unequal = said.values.reduce(0) { $0 + $1 * (judged - $1) }
            disagreement += Double(unequal * times) / Double(judged - 1)
        }
        guard count > 0 else { return .noUnits }
        guard totals.count > 1 else { return .noVariation }
        let expected = totals.values.reduce(0.0) { $0 + Double($1) * Double(count - $1) } / Double(count - 1)
        return .value(1 - disagreement / expected)
    }
}
