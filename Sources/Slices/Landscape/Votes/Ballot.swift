import Crypto
import Foundation
import Kernel
import Sealing

/// What one voter gives to each option, by its number. An option that is missing was not answered, which is not zero.
struct Ballot: Sendable, Equatable {
    var points: [Int: Int] = [:]

    /// Four bytes an option in the order of the vote, so that all ballots of a vote are of one length; all bits set where
    /// it was not answered.
    func bytes(_ options: [Vote.Option]) -> [UInt8] {
        options.flatMap { option in
            let value = points[option.number].map(UInt32.init) ?? .max
            return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
        }
    }

    init(points: [Int: Int] = [:]) { self.points = points }

    /// Nil when the bytes are not those of a ballot on `options`.
    init?(_ bytes: [UInt8], _ options: [Vote.Option]) {
        guard bytes.count == options.count * 4 else { return nil }
        for (index, option) in options.enumerated() {
            let value = bytes[index * 4..<index * 4 + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            if value != .max { points[option.number] = Int(value) }
        }
    }
}

/// Seals ballots until they are counted, with a key of the node that is not in the database.
package struct BallotBox: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: the same on every node of the database, and kept outside of it.
    package init(secret: [UInt8]) { key = SymmetricKey(data: secret).derived(for: "waymark/landscape/ballots") }

    /// Tells in the database which key its ballots are sealed with; tells nothing about it.
    var mark: String { code("box") }

    /// Under which the ballot of a voter lies: nobody who has the database alone knows whose it is.
    func mark(of worker: String, in vote: Identifier<Vote>) -> String { code("\(vote) \(worker)") }

    private func code(_ text: String) -> String {
        let key = key.derived(for: "mark")
        return hexadecimal(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
    }

    func seal(_ ballot: Ballot, of worker: String, in vote: Vote) throws -> [UInt8] {
        try Envelope.seal(
            ballot.bytes(vote.options), under: key(vote), for: .init("ballot", vote.id.description, worker))
    }

    /// Nil for a ballot that was altered, or that is of another voter or vote.
    func open(_ sealed: [UInt8], of worker: String, in vote: Vote) -> Ballot? {
        let binding = Envelope.Binding("ballot", vote.id.description, worker)
        return (try? Envelope.open(sealed, under: key(vote), for: binding)).flatMap { Ballot($0, vote.options) }
    }

    private func key(_ vote: Vote) -> SymmetricKey { key.derived(for: "vote \(vote.id)") }
}
