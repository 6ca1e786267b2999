package import Foundation
import Glibc

/// Why a file could not be written, in one sentence.
package struct OutputFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    init(_ path: String, errno number: Int32) {
        description =
            switch number {
            case ENOSPC, EDQUOT: "The disk is full; \(path) was not written."
            case EACCES, EPERM: "\(path) may not be written by this user."
            case EROFS: "\(path) lies on a disk that is read-only."
            case ENOENT, ENOTDIR: "The folder of \(path) does not exist."
            case EISDIR: "\(path) is a folder; name a file."
            default: "\(path) could not be written: \(String(cString: strerror(number)))."
            }
    }

    package init(_ sentence: String) { description = sentence }
}

/// A file that is there whole or not at all: written beside its place and renamed at the end.
package final class OutputFile {
    private let destination: URL
    /// The file that is written; the destination itself when that is no file but a device or a pipe.
    private let part: URL
    private var descriptor: Int32
    private var buffer: [UInt8] = []

    /// - Parameters:
    ///   - mark: makes the name of the part unique.
    ///   - isPrivate: true when nobody but this user may read it.
    package init(_ destination: URL, mark: String, isPrivate: Bool = false) throws(OutputFault) {
        self.destination = destination
        var status = stat()
        let isDevice = stat(destination.path, &status) == 0 && status.st_mode & 0o170000 != 0o100000
        part =
            isDevice
            ? destination
            : destination.deletingLastPathComponent().appending(path: ".\(destination.lastPathComponent).\(mark).part")
        let flags = isDevice ? O_WRONLY | O_CLOEXEC : O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        descriptor = open(part.path, flags, isPrivate ? 0o600 : 0o644)
        if descriptor < 0 { throw OutputFault(destination.path, errno: errno) }
    }

    deinit { discard() }

    package func write(_ bytes: [UInt8]) throws(OutputFault) {
        buffer += bytes
        if buffer.count >= 1 << 16 { try flush() }
    }

    /// Keeps what was written, under its name, safely on the disk.
    package func keep() throws(OutputFault) {
        try flush()
        // A device or pipe cannot be synced, and needs not be.
        guard fsync(descriptor) == 0 || part == destination, close(descriptor) == 0 else { throw fault() }
        descriptor = -1
        if part == destination { return }
        guard rename(part.path, destination.path) == 0 else {
            let number = errno
            unlink(part.path)
            throw OutputFault(destination.path, errno: number)
        }
    }

    /// Leaves nothing behind; without effect after `keep`.
    package func discard() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        if part != destination { unlink(part.path) }
    }

    private func flush() throws(OutputFault) {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw fault() }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func fault() -> OutputFault {
        let number = errno
        discard()
        return OutputFault(destination.path, errno: number)
    }
}
