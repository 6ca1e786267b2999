import Crypto
import Foundation
package import Kernel

/// The second step of signing in: six digits that change every thirty seconds (RFC 6238 with SHA-1, as the programs on
/// people's phones expect).
package struct OneTimeCode: Sendable {
    /// 20 bytes, kept only sealed.
    package let secret: [UInt8]

    package static let secretBytes = 20
    private static let period: Int64 = 30

    package init(secret: [UInt8]) { self.secret = secret }

    /// Reads what `base32` wrote; nil for anything else.
    package init?(base32: String) {
        var (buffer, bits): (UInt32, Int) = (0, 0)
        var bytes: [UInt8] = []
        for digit in base32.uppercased() where digit != " " {
            guard let value = Self.alphabet.firstIndex(of: digit) else { return nil }
            buffer = buffer << 5 | UInt32(value)
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        guard bytes.count == Self.secretBytes else { return nil }
        secret = bytes
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    /// For typing into the phone by hand: 32 letters and digits (RFC 4648).
    package var base32: String {
        let bits = secret.flatMap { byte in (0..<8).reversed().map { Int(byte >> $0 & 1) } }
        return stride(from: 0, to: bits.count, by: 5).map { start in
            String(Self.alphabet[bits[start..<min(start + 5, bits.count)].reduce(0) { $0 << 1 | $1 }])
        }.joined()
    }

    /// Steps before and after now that are taken too.
    package static let drift = 1

    /// What the code on the page for the phone's camera says. `label` is neutral: it stands on the phone's screen.
    package func address(label: String) -> String { "otpauth://totp/\(label)?secret=\(base32)&issuer=\(label)" }

    /// The step of `typed` when it is the code of now, of the step before or the step after, and its step comes after
    /// `last`, so that no code is taken twice. A last step that lies ahead was taken by a wrong clock and counts no more.
    package func step(of typed: String, at now: Instant, after last: Int) -> Int? {
        let current = Int(now.seconds / Self.period)
        let digits = typed.filter { $0 != " " }
        let last = last > current + Self.drift ? 0 : last
        return ((current - Self.drift)...(current + Self.drift)).first { $0 > last && code(at: $0) == digits }
    }

    package func code(at now: Instant) -> String { code(at: Int(now.seconds / Self.period)) }

    private func code(at step: Int) -> String {
        let counter = (0..<8).reversed().map { UInt8(truncatingIfNeeded: step >> ($0 * 8)) }
        let digest = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let start = Int(digest[19] & 15)
        let number = digest[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) } & 0x7fff_ffff
        return String(String(1_000_000 + number % 1_000_000).dropFirst())
    }
}
