import Foundation
import Glibc
import Intake
import Kernel

/// The secret that this node finds files of people with, in a file of the data folder for its user alone. All nodes of one
/// database have the same; `waymark check` says when they have not.
enum IntakeKey {
    static let fileName = "intake.key"

    /// Reads the secret of a data folder, or makes it.
    static func secret(in folder: URL, _ world: World) throws -> IntakeSecret {
        let path = folder.appending(path: fileName).path
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            defer { close(descriptor) }
            let bytes = world.randomBytes(32)
            let text = Array((Data(bytes).base64EncodedString() + "\n").utf8)
            guard write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
                unlink(path)
                throw Settings.Fault(description: "\(path) cannot be written; the disk is full or does not answer.")
            }
            return IntakeSecret(bytes)
        }
        guard errno == EEXIST else {
            throw Settings.Fault(description: "\(path) cannot be made; set WAYMARK_DATA to a folder you may write to.")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let bytes = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes.count == 32
        else {
            throw Settings.Fault(
                description: "\(path) cannot be read; restore it: without it no file of a person is found again.")
        }
        return IntakeSecret(Array(bytes))
    }
}
