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
}
