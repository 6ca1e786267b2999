import Formats
import Testing

@Suite struct AgreementTests {
    /// Four observers, twelve units, values missing: the worked example of Krippendorff, Computing Krippendorff's
    /// Alpha-Reliability (2011), which gives 0.743 for nominal data.
    private static let observers: [[Int?]] = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, nil, nil, nil], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nil, 3],
        [nil, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nil], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nil],
    ]

    @Test func `alpha gives the answer of Krippendorff's own example`() throws {
        let units = (0..<12).map { unit in Self.observers.map { $0[unit] } }
        let alpha = try #require(Agreement.alpha(units).value)
        #expect(abs(alpha - 0.743) < 0.0005)
    }

    @Test func `kappa gives the answer of a table worked by hand`() throws {
        // 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed 0.7, by chance 0.5, so 0.4.
        let pairs =
            Array(repeating: (true, true), count: 20) + Array(repeating: (true, false), count: 5)
            + Array(repeating: (false, true), count: 10) + Array(repeating: (false, false), count: 15)
        let kappa = try #require(Agreement.kappa(pairs).value)
        #expect(abs(kappa - 0.4) < 1e-12)
        #expect(Agreement.kappa([(true, true), (false, false)]) == .value(1))
        #expect(Agreement.kappa([(true, false), (true, false)]) == .value(0))
    }

    @Test func `where nothing varies agreement is undefined, neither one nor no number`() {
        #expect(Agreement.kappa([(true, true), (true, true)]) == .noVariation)
        #expect(Agreement.kappa([] as [(Bool, Bool)]) == .noUnits)
        #expect(Agreement.alpha([[1, 1], [1, 1, nil]]) == .noVariation)
        #expect(Agreement.alpha([[1, nil], [nil, 2]]) == .noUnits)
        #expect(Agreement.alpha([] as [[Int?]]) == .noUnits)
    }

    @Test func `missing judgements do not count`() {
        let with = Agreement.alpha([[1, 1, nil], [2, 2, nil], [1, 2, nil], [nil, nil, 3]])
        #expect(with == Agreement.alpha([[1, 1], [2, 2], [1, 2]]))
    }

    @Test func `counted judgements give what listed ones give`() {
        var state: UInt64 = 7
        func chance(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        for coders in 2...5 {
            for _ in 1...20 {
                let units = (0..<60).map { _ in (0..<coders).map { _ in Bool?.some(chance(4) == 0) } }
                var tallies: [Agreement.Tally: Int] = [:]
                for unit in units {
                    tallies[.init(yes: unit.filter { $0 == true }.count, judged: coders), default: 0] += 1
                }
                let (counted, listed) = (Agreement.alpha(tallies).value, Agreement.alpha(units).value)
                #expect((counted == nil) == (listed == nil) && abs((counted ?? 0) - (listed ?? 0)) < 1e-12)
                let pairs = units.map { ($0[0] == true, $0[1] == true) }
                #expect(
                    Agreement.kappa(pairs)
                        == .kappa(
                            both: pairs.filter { $0.0 && $0.1 }.count, first: pairs.filter(\.0).count,
                            second: pairs.filter(\.1).count, of: pairs.count))
            }
        }
        #expect(Agreement.kappa(both: 3, first: 3, second: 3, of: 3) == .noVariation)
        #expect(Agreement.kappa(both: 0, first: 0, second: 0, of: 0) == .noUnits)
        #expect(Agreement.alpha([Agreement.Tally(yes: 0, judged: 2): 5]) == .noVariation)
        #expect(Agreement.alpha([Agreement.Tally(yes: 1, judged: 1): 5]) == .noUnits)
    }
}
