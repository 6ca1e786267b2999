import Crypto
package import Kernel
import Sealing
import Storage

/// A one-time link to a desk: for a first worker, a further one, or one who lost the passphrase.
package struct Invitation: Sendable {
    let digest: String
    package let desk: Identifier<Desk>
    /// Whose account is begun anew; nil for a new one.
    let worker: Identifier<Worker>?
    package let role: Role
    package let leads: Bool
    /// The desk's opening secret under the link's own key; nil where the inviter did not hold it.
    let deskKey: [UInt8]?
    /// Nil for one of the command line.
    let invitedBy: Identifier<Worker>?
    /// True where a desk gets another key because nobody holds its own any more.
    let beginsAnew: Bool
    let expires: Instant

    /// Days that a link can be used.
    package static let days: Int64 = 7

    /// Whether the pieces that the desk printed are asked for: it has a key already, and the link brings none.
    func needsPieces(deskExists: Bool) -> Bool {
        deskExists && !beginsAnew && deskKey == nil && Worker.holdsDeskKey(role, leads: leads)
    }
}

/// What somebody who was invited fills in.
package struct Joining: Sendable {
    package var name: String
    package var passphrase: String
    /// In letters, as the page showed it.
    package var codeSecret: String
    package var code: String
    /// Pieces of the desk's key, each a number and twenty-four words; empty without.
    package var pieces: [String]

    /// Every fault at once, by field.
    func problems(at now: Instant) -> Problems {
        var problems = Problems()
        if let fault = SignInName(name).fault { problems.add("name", fault) }
        if let fault = Passphrase.fault(passphrase, name: name) { problems.add("passphrase", fault) }
        if code.isEmpty {
            problems.add("code", "required")
        } else if OneTimeCode(base32: codeSecret)?.step(of: code, at: now, after: 0) == nil {
            problems.add("code", "wrong-code")
        }
        return problems
    }
}

/// What is shown once, when somebody has joined.
package struct Welcome: Sendable {
    package let worker: Worker
    let session: Token
    let device: Token
    package let recoveryCodes: [String]
    /// Three pieces of a new desk's key, any two of which give it back; empty for a desk that had one.
    package let pieces: [String]
}

/// A piece of a desk's key on paper: its number and twenty-four words.
enum PaperPiece {
    static func printed(_ share: SecretShare, number: Int, _ list: WordList) -> String {
        let bits = share.y.bigEndian.flatMap { byte in (0..<8).reversed().map { Int(byte >> $0 & 1) } }
        let words = stride(from: 0, to: bits.count, by: 11).map { start in
            list.words[bits[start..<(start + 11)].reduce(0) { $0 << 1 | $1 }]
        }
        return "\(number) " + words.joined(separator: " ")
    }

    /// Nil for what was not printed so, in any list.
    static func read(_ text: String, _ lists: [WordList]) -> SecretShare? {
        let parts = text.lowercased().split(whereSeparator: { $0.isWhitespace || $0 == "." || $0 == "," })
            .map(String.init)
        guard parts.count == 25, let number = UInt64(parts[0]), (1...3).contains(number) else { return nil }
        for list in lists {
            let numbers = parts.dropFirst().compactMap(list.number)
            guard numbers.count == 24 else { continue }
            let bits = numbers.flatMap { number in (0..<11).reversed().map { UInt8(number >> $0 & 1) } }
            let bytes = stride(from: 0, to: bits.count, by: 8).map { start in
                bits[start..<(start + 8)].reduce(UInt8(0)) { $0 << 1 | $1 }
            }
            guard let y = ShareNumber(bigEndian: bytes) else { return nil }
            return SecretShare(x: ShareNumber(small: number), y: y)
        }
        return nil
    }
}
