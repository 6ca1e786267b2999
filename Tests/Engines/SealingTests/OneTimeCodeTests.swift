import Kernel
import Testing

@testable import Sealing

@Suite struct OneTimeCodeTests {
    let code = OneTimeCode(secret: Array("12345678901234567890".utf8))

    /// RFC 6238, appendix B, the last six of its eight digits.
    @Test(arguments: [
        (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
        (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
    func `codes are those of the standard`(_ seconds: Int64, _ expected: String) {
        #expect(code.code(at: Instant(seconds: seconds)) == expected)
    }

    @Test func `a code is taken once, and within half a minute of its time`() {
        let now = Instant(seconds: 1_111_111_111)
        let step = code.step(of: "050 471", at: now, after: 0)
        #expect(step == 37_037_037)
        #expect(code.step(of: "050471", at: now, after: 37_037_037) == nil)
        #expect(code.step(of: "050471", at: Instant(seconds: now.seconds + 90), after: 0) == nil)
        #expect(code.step(of: "", at: now, after: 0) == nil)
    }

    @Test func `the secret is typed by hand as well as read by a camera`() {
        #expect(code.base32 == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        #expect(OneTimeCode(base32: "gezd gnbv gy3t qojq gezd gnbv gy3t qojq")?.secret == code.secret)
        #expect(OneTimeCode(base32: "GEZD") == nil && OneTimeCode(base32: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1") == nil)
    }
}
