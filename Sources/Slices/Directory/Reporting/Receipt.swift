import Kernel
import Storage

/// What lets a visitor read the answer to a report later: 40 random digits, 132 bits, that look like any reference. Only the
/// digest is kept.
struct Receipt: Sendable, Hashable {
    let digits: String

    private static let length = 40

    /// Bytes of 250 and more are passed over, so that every digit is as likely as any other.
    init(_ randomBytes: (Int) -> [UInt8]) {
        var digits = ""
        while digits.utf8.count < Self.length {
            for byte in randomBytes(Self.length) where byte < 250 && digits.utf8.count < Self.length {
                digits += String(byte % 10)
            }
        }
        self.digits = digits
    }

    /// Reads what a person typed, with any spaces and dashes; nil for anything that is no receipt.
    init?(typed: String) {
        let digits = typed.unicodeScalars.filter { !" -\t\r\n\u{a0}\u{2013}".unicodeScalars.contains($0) }
        guard digits.count == Self.length, digits.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
        self.digits = String(String.UnicodeScalarView(digits))
    }

    /// In groups of four.
    var printed: String { Array(digits).chunks(of: 4).map { String($0) }.joined(separator: " ") }

    var digest: String { sha256(digits) }
}
