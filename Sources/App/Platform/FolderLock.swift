import Foundation
import Glibc

/// One server, or one backup, per data folder. The system lets go of the lock when the process ends, however it ends.
struct FolderLock {
    /// What nobody else may do in the folder meanwhile.
    enum Other: String {
        case serve, backup

        fileprivate var verb: String { self == .serve ? "serves" : "backs up" }
    }

    private let descriptor: Int32

    init(_ folder: URL, against other: Other = .serve) throws {
        let path = folder.appending(path: "\(other.rawValue).lock").path
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Settings.Fault(
                description: "The data folder \(folder.path) cannot be written (\(String(cString: strerror(errno)))).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw Settings.Fault(description: "Another Waymark already \(other.verb) the data folder \(folder.path).")
        }
    }

    func release() { close(descriptor) }
}
