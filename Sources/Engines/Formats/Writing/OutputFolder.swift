package import Foundation
import Glibc

/// A data package that is there whole or not at all: made beside its place and renamed at the end.
package enum OutputFolder {
    package static func make(_ folder: URL, for destination: URL, isPrivate: Bool) throws(OutputFault) {
        guard mkdir(folder.path, isPrivate ? 0o700 : 0o755) == 0 else {
            throw OutputFault(destination.path, errno: errno)
        }
    }

    /// Takes the place of an older data package or an empty folder, and of nothing else.
    package static func move(_ folder: URL, to destination: URL, mark: String) throws(OutputFault) {
        if rename(folder.path, destination.path) == 0 { return }
        let number = errno
        guard number == ENOTEMPTY || number == EEXIST else { throw OutputFault(destination.path, errno: number) }
        guard access(destination.appending(path: PackageDescription.fileName).path, F_OK) == 0 else {
            throw OutputFault("\(destination.path) is there already and is no data package; name another folder.")
        }
        let old = folder.deletingLastPathComponent().appending(path: ".\(destination.lastPathComponent).\(mark).old")
        guard rename(destination.path, old.path) == 0 else { throw OutputFault(destination.path, errno: errno) }
        guard rename(folder.path, destination.path) == 0 else {
            let number = errno
            rename(old.path, destination.path)
            throw OutputFault(destination.path, errno: number)
        }
        try? FileManager.default.removeItem(at: old)
    }
}
