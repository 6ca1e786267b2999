import Foundation
import Intake
import Kernel

/// The secret that this node finds files of people with, in a file of the data folder for its user alone. All nodes of one
/// database have the same; `waymark check` says when they have not.
enum IntakeKey {
    static let fileName = "intake.key"

    /// Reads the secret of a data folder, or makes it.
    static func secret(in folder: URL, _ world: World) throws -> IntakeSecret {
        let path = folder.appending(path: fileName).path
        do throws(KeyFile.Fault) {
            return IntakeSecret(try KeyFile.bytes(at: path, world))
        } catch {
            throw Settings.Fault(description: "\(path) \(sentence(error))")
        }
    }

    private static func sentence(_ fault: KeyFile.Fault) -> String {
        switch fault {
        case .notMade: "cannot be made; set WAYMARK_DATA to a folder you may write to."
        case .notWritten: "cannot be written; the disk is full or does not answer."
        case .notRead: "cannot be read; restore it: without it no file of a person is found again."
        }
    }
}
