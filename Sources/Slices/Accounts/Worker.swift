import Crypto
import Foundation
package import Kernel
import Sealing

/// The desk of one organization of the network; its id is that of the organization's Directory record.
package enum Desk {}

/// Somebody who works at a desk, known by a name to sign in with that need not be their own.
package struct Worker: Sendable, Equatable {
    package enum State: String, Sendable { case active, suspended, dormant }

    package let id: Identifier<Worker>
    package let desk: Identifier<Desk>
    package let name: String
    package let role: Role
    package let leads: Bool
    package let state: State
    package let seenOn: Day

    /// Days without signing in after which an account rests until somebody who leads the desk wakes it.
    package static let dormantDays = 90

    var actor: Actor { role.actor(leads: leads) }

    /// Whether the desk's key is sealed to them: who works with files, and who leads and so hands it on.
    static func holdsDeskKey(_ role: Role, leads: Bool) -> Bool { leads || role.opensFiles }
}

/// What a worker's passphrase guards, as it is stored. Without the passphrase it is noise.
struct Credentials: Sendable {
    let salt: [UInt8]
    /// Shows that a passphrase is right, and opens nothing.
    let proof: [UInt8]
    let openingKey: [UInt8]
    let sealingKey: [UInt8]
    let codeSecret: [UInt8]

    /// What Argon2id makes of a passphrase, split by use.
    struct Stretched: Sendable {
        private let key: SymmetricKey

        init(_ key: SymmetricKey) { self.key = key }

        var proof: [UInt8] { key.derived(for: "waymark/worker/proof").bytes }
        var wrapping: SymmetricKey { key.derived(for: "waymark/worker/key") }
        func digest(ofRecovery code: String) -> String {
            let code = HMAC<SHA256>.authenticationCode(
                for: Data(code.utf8), using: key.derived(for: "waymark/worker/recovery"))
            return hexadecimal(code)
        }
    }

    init(
        _ stretched: Stretched, salt: [UInt8], opening: SealingKey.Opening, code: OneTimeCode,
        of worker: Identifier<Worker>
    ) throws {
        self.salt = salt
        proof = stretched.proof
        openingKey = try opening.sealed(under: stretched.wrapping, for: Self.binding("key", worker))
        sealingKey = opening.sealing.bytes
        codeSecret = try Envelope.seal(code.secret, under: stretched.wrapping, for: Self.binding("code", worker))
    }

    init(salt: [UInt8], proof: [UInt8], openingKey: [UInt8], sealingKey: [UInt8], codeSecret: [UInt8]) {
        self.salt = salt
        self.proof = proof
        self.openingKey = openingKey
        self.sealingKey = sealingKey
        self.codeSecret = codeSecret
    }

    func isProved(by stretched: Stretched) -> Bool {
        isSame(proof, stretched.proof)
    }

    func opening(_ stretched: Stretched, of worker: Identifier<Worker>) throws -> SealingKey.Opening {
        try SealingKey.Opening(sealed: openingKey, under: stretched.wrapping, for: Self.binding("key", worker))
    }

    func code(_ stretched: Stretched, of worker: Identifier<Worker>) throws -> OneTimeCode {
        OneTimeCode(
            secret: try Envelope.open(codeSecret, under: stretched.wrapping, for: Self.binding("code", worker)))
    }

    private static func binding(_ use: String, _ worker: Identifier<Worker>) -> Envelope.Binding {
        Envelope.Binding("worker", use, worker.description)
    }
}
