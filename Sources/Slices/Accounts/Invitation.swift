package import Kernel

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
