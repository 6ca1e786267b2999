/// What a query comes down to: places where scores collect (slots) and the units of meaning made of them.
struct QueryPlan {
    /// Words and facets of which a document's best counts.
    struct Slot {
        var sources: [Source]
        /// How much of the unit's worth this slot brings; 0 where it only helps to decide a match.
        var share: Float
        var unit = 0
    }

    struct Source {
        var word: [UInt8]
        var isFacet = false
        var weight: Float
        var documents: Int
    }

    /// One thing asked for. A document matches when it has all slots of one of the ways.
    struct Unit {
        var label: String
        var position: Int
        var ways: [UInt64]
        /// The slots that bring a score of their own.
        var scoring: UInt64 = 0
        /// How telling it is: the inverse document frequency.
        var worth: Float
        /// What the person came for: worth no less than the rarest word beside it.
        var isMain = false
    }

    static let mostSlots = 60

    var slots: [Slot] = []
    var units: [Unit] = []
    var corrections: [(from: String, to: String)] = []
    /// False when the query had no words at all.
    var asksForWords = false

    var worth: Float { units.reduce(0) { $0 + $1.worth } }

    /// The units a document with these slots matches, what they are worth, and the score of those without their own.
    func resolve(_ slots: UInt64) -> (units: UInt64, worth: Float, extra: Float) {
        var result: (units: UInt64, worth: Float, extra: Float) = (0, 0, 0)
        for (index, unit) in units.enumerated() where unit.ways.contains(where: { $0 & slots == $0 }) {
            result.units |= 1 << UInt64(index)
            result.worth += unit.worth
            if unit.scoring & slots == 0 { result.extra += unit.worth * 2.4 }
        }
        return result
    }

    func labels(_ units: UInt64) -> [String] {
        self.units.indices.filter { units >> UInt64($0) & 1 == 1 }.map { self.units[$0].label }
    }
}

/// The answers of `QueryPlan.resolve` for the few sets of slots that documents have over and over.
struct ResolvedSlots {
    private let plan: QueryPlan
    private var known: [(slots: UInt64, found: (units: UInt64, worth: Float, extra: Float))]

    init(_ plan: QueryPlan) {
        self.plan = plan
        known = Array(repeating: (0, (0, 0, 0)), count: 64)
    }

    subscript(_ slots: UInt64) -> (units: UInt64, worth: Float, extra: Float) {
        @inline(__always) mutating get {
            let place = Int((slots &* 0x9E37_79B9_7F4A_7C15) >> 58)
            if known[place].slots != slots { known[place] = (slots, plan.resolve(slots)) }
            return known[place].found
        }
    }
}
