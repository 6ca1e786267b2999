package import Kernel

/// How long ago a listing was checked. The one rule behind the marks on pages, the order of results and the board of what is
/// stale.
package enum Freshness: Int, Sendable, CaseIterable {
    /// Checked within six months.
    case fresh
    /// Checked within a year: marked, and still in its place.
    case ageing
    /// Checked longer ago than a year: marked, and lower in results.
    case old
    /// Nobody ever checked it.
    case never

    /// The most days that a check of each band may lie back.
    private static let freshDays = 183
    private static let ageingDays = 365

    package init(checkedOn: Day?, today: Day) { self.init(days: checkedOn.map { today - $0 }) }

    init(days: Int?) {
        guard let days else {
            self = .never
            return
        }
        self = days <= Self.freshDays ? .fresh : days <= Self.ageingDays ? .ageing : .old
    }

    /// What a document's score is multiplied by.
    var factor: Double {
        switch self {
        case .fresh: 1
        case .ageing: 0.95
        case .old: 0.85
        case .never: 0.8
        }
    }
}
