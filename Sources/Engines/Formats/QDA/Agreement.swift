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
        guard !pairs.isEmpty else { return .noUnits }
        let count = Double(pairs.count)
        var (first, second): ([Category: Int], [Category: Int]) = ([:], [:])
        var equal = 0
        for (one, other) in pairs {
            first[one, default: 0] += 1
            second[other, default: 0] += 1
            if one == other { equal += 1 }
        }
        let chance = first.reduce(0.0) { $0 + Double($1.value) * Double(second[$1.key] ?? 0) } / (count * count)
        guard first.count > 1 || second.count > 1 || first.keys != second.keys else { return .noVariation }
        return .value((Double(equal) / count - chance) / (1 - chance))
    }

    /// Krippendorff's alpha of any number of coders (Krippendorff 2011), nominal: for each unit what each coder judged, nil where
    /// one did not. A unit that fewer than two judged says nothing.
    package static func alpha<Category: Hashable>(_ units: [[Category?]]) -> Agreement {
        var totals: [Category: Int] = [:]
        var (count, disagreement) = (0, 0.0)
        for unit in units {
            let judged = unit.compactMap(\.self)
            guard judged.count > 1 else { continue }
            count += judged.count
            let own = Dictionary(judged.map { ($0, 1) }, uniquingKeysWith: +)
            for (category, times) in own { totals[category, default: 0] += times }
            let unequal = own.values.reduce(0) { $0 + $1 * (judged.count - $1) }
            disagreement += Double(unequal) / Double(judged.count - 1)
        }
        guard count > 0 else { return .noUnits }
        guard totals.count > 1 else { return .noVariation }
        let expected = totals.values.reduce(0.0) { $0 + Double($1) * Double(count - $1) } / Double(count - 1)
        return .value(1 - disagreement / expected)
    }
}
