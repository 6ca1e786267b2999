import Crypto
import Foundation
import Glibc
import Kernel

/// The key that a node signs its published sites and the heads of its audit chain with (Ed25519). The public half goes out
/// with each of them, so that whoever carries it can pin it.
struct NodeKey: Sendable {
    static let fileName = "publish.key"
    private let key: Curve25519.Signing.PrivateKey

    /// Reads the key of a data folder, or makes it for this user alone.
    init(in folder: URL, _ world: World) throws {
        let path = folder.appending(path: Self.fileName).path
        let seed: [UInt8]
        do throws(KeyFile.Fault) {
            seed = try KeyFile.bytes(at: path, world)
        } catch {
            throw PublishFault("The signing key \(path) \(Self.sentence(error))")
        }
        key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    }

    private static func sentence(_ fault: KeyFile.Fault) -> String {
        switch fault {
        case .notMade(let number), .notWritten(let number): "could not be made: \(String(cString: strerror(number)))."
        case .notRead: "cannot be read; restore it, or move it away and tell who pinned it of a new one."
        }
    }

    /// The public key of a data folder that has one.
    static func publicKey(in folder: URL) -> String? {
        KeyFile.stored(at: folder.appending(path: fileName).path)
            .flatMap { try? Curve25519.Signing.PrivateKey(rawRepresentation: $0) }?
            .publicKey.rawRepresentation.base64EncodedString()
    }

    var publicKey: String { key.publicKey.rawRepresentation.base64EncodedString() }

    /// The same as other programs read it (RFC 8410).
    var pem: String {
        let prefix: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
        let der = Data(prefix) + key.publicKey.rawRepresentation
        return "-----BEGIN PUBLIC KEY-----\n\(der.base64EncodedString())\n-----END PUBLIC KEY-----\n"
    }

    func signature(of bytes: [UInt8]) throws -> [UInt8] { Array(try key.signature(for: bytes)) }

    /// - Parameter publicKey: in base64.
    static func isSigned(_ bytes: [UInt8], with signature: [UInt8], by publicKey: String) -> Bool {
        guard let raw = Data(base64Encoded: publicKey),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
        else { return false }
        return key.isValidSignature(signature, for: bytes)
    }
}

/// SHA-256 in hexadecimal, as `sha256sum` writes it.
struct FileDigest {
    private var hash = SHA256()

    mutating func add(_ bytes: some DataProtocol) { hash.update(data: bytes) }

    var text: String { hexadecimal(hash.finalize()) }

    static func of(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

    /// Nil when the file is not there or cannot be read.
    static func of(fileAt path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var digest = FileDigest()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { return digest.text }
            digest.add(buffer[..<count])
        }
    }
}
