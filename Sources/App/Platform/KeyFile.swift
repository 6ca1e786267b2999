import Foundation
import Glibc
import Kernel

/// 32 bytes that nobody can guess, in base64 in a file of the data folder for its user alone.
enum KeyFile {
    /// What went wrong, with the system's number for it.
    enum Fault: Error {
        case notMade(Int32)
        case notWritten(Int32)
        /// Something is there, and it is no such file.
        case notRead
    }

    /// Reads the bytes, or makes them.
    static func bytes(at path: String, _ world: World) throws(Fault) -> [UInt8] {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            guard errno == EEXIST else { throw .notMade(errno) }
            guard let stored = stored(at: path) else { throw .notRead }
            return stored
        }
        defer { close(descriptor) }
        let bytes = world.randomBytes(32)
        let text = Array((Data(bytes).base64EncodedString() + "\n").utf8)
        guard write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
            let number = errno
            unlink(path)
            throw .notWritten(number)
        }
        return bytes
    }

    /// Nil when there is no such file.
    static func stored(at path: String) -> [UInt8]? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let bytes = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes.count == 32
        else { return nil }
        return Array(bytes)
    }
}
