package import Crypto
import Kernel
import Sealing

/// The server's own secret for finding files: 32 bytes in a file of the data folder, the same on all nodes of a database and
/// never in it. Without it a stolen database does not tell which receipt could belong to which file.
package struct IntakeSecret: Sendable {
    private let key: SymmetricKey

    package init(_ bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

    /// Under which a file is found.
    func locator(_ receipt: Receipt) -> String { code(receipt.locator, for: "locator") }

    /// Tells, in the database, which secret its files are found with; tells nothing about it.
    var mark: String { code([], for: "mark") }

    /// A key for what another part keeps on the nodes of this database.
    package func key(for use: String) -> SymmetricKey { key.derived(for: "waymark/node/\(use)") }

    func code(_ bytes: [UInt8], for use: String) -> String {
        hexadecimal(HMAC<SHA256>.authenticationCode(for: bytes, using: key.derived(for: "waymark/intake/\(use)")))
    }

    /// Takes as long for a wrong code as for a right one.
    func confirms(_ code: String, of bytes: [UInt8], for use: String) -> Bool {
        isSame(Array(self.code(bytes, for: use).utf8), Array(code.utf8))
    }
}
