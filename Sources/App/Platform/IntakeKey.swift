import Foundation
import Intake
import Kernel

/// The secret that this node finds files of people with, in a file of the data folder for its user alone. All nodes of one
/// database have the same; `waymark check` says when they have not.
enum IntakeKey {
    static let fileName = "intake.key"

    /// Reads the secret of a data folder, or makes it: for who serves.
    static func secret(in folder: URL, _ world: World) throws -> IntakeSecret {
        let path = folder.appending(path: fileName).path
        do throws(KeyFile.Fault) {
            return IntakeSecret(try KeyFile.bytes(at: path, world))
        } catch {
            throw Settings.Fault(description: "\(path) \(sentence(error))")
        }
    }

    /// The secret for who does not serve, and makes none. Where none is, it is one that no file was ever begun with, so that
    /// Intake refuses as `closed`.
    static func known(in folder: URL, _ world: World) throws -> IntakeSecret {
        let isThere = FileManager.default.fileExists(atPath: folder.appending(path: fileName).path)
        return isThere ? try secret(in: folder, world) : IntakeSecret(world.randomBytes(32))
    }

    private static func sentence(_ fault: KeyFile.Fault) -> String {
        switch fault {
        case .notMade: "cannot be made; set WAYMARK_DATA to a folder you may write to."
        case .notWritten: "cannot be written; the disk is full or does not answer."
        case .notRead: "cannot be read; restore it: without it no file of a person is found again."
        }
    }
}
