import Foundation
import Glibc
import Sealing

/// A sealed copy of a file, written beside its place, read back from the disk and only then given its name.
struct SealedFile {
    let url: URL
    /// One for each folder, so that what a killed backup left is written over by the next.
    private static let part = ".waymark-backup.part"

    /// Seals `source`; the number of bytes it has sealed.
    func write(_ source: URL, sealer: StreamSealer) throws -> Int {
        let folder = url.deletingLastPathComponent()
        let part = folder.appending(path: Self.part)
        let file = try Self.locked(part)
        do {
            guard !FileManager.default.fileExists(atPath: url.path) else {
                throw BackupFault("\(url.path) is there already; name another file, or a folder.")
            }
            let digest = try Self.seal(source, into: file, part.path, sealer)
            guard fsync(file.fileDescriptor) == 0 else { throw BackupFault(part.path, errno: errno) }
            posix_fadvise(file.fileDescriptor, 0, 0, POSIX_FADV_DONTNEED)
            let size = try Self.check(file, url.path, sealer, digest)
            guard rename(part.path, url.path) == 0 else { throw BackupFault(url.path, errno: errno) }
            Self.sync(folder)
            return size
        } catch {
            unlink(part.path)
            throw error
        }
    }

    /// The part, empty, with nobody else writing it.
    private static func locked(_ part: URL) throws -> FileHandle {
        let descriptor = Glibc.open(part.path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let folder = part.deletingLastPathComponent().path
            throw errno == ENOENT
                ? BackupFault("The folder \(folder) does not exist.") : BackupFault(folder, errno: errno)
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let isTaken = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
        // Whoever held it before may have given it its name since it was opened.
        let opened = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
        guard !isTaken, opened == part.resolvingSymlinksInPath().path else {
            throw BackupFault("Another backup is being written to \(part.deletingLastPathComponent().path).")
        }
        fchmod(descriptor, 0o600)
        guard ftruncate(descriptor, 0) == 0 else { throw BackupFault(part.path, errno: errno) }
        return file
    }

    /// The digest of the content.
    private static func seal(
        _ source: URL, into file: FileHandle, _ path: String, _ sealer: StreamSealer
    ) throws -> [UInt8] {
        var sealer = sealer
        try write(sealer.header, to: file, path)
        var pieces = try PieceReader(source, length: SealedStream.piece)
        while let piece = try pieces.next() {
            try write(sealer.seal(piece.bytes, isLast: piece.isLast), to: file, path)
        }
        return sealer.digest
    }

    private static func write(_ bytes: [UInt8], to file: FileHandle, _ path: String) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(file.fileDescriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw BackupFault(path, errno: errno) }
            written += count
        }
    }

    /// Opens what lies on the disk now; the number of bytes of content.
    private static func check(
        _ file: FileHandle, _ path: String, _ sealer: StreamSealer, _ digest: [UInt8]
    ) throws -> Int {
        let wrong = BackupFault("What the disk gives back of \(path) is not what was written; nothing was kept of it.")
        lseek(file.fileDescriptor, 0, SEEK_SET)
        guard let header = try? file.read(upToCount: SealedStream.headerLength), Array(header) == sealer.header else {
            throw wrong
        }
        var (opener, size) = (sealer.opener, 0)
        var pieces = try PieceReader(file, path, length: SealedStream.piece + SealedStream.tag)
        do {
            while let piece = try pieces.next() { size += try opener.open(piece.bytes, isLast: piece.isLast).count }
        } catch is SealedStream.Fault {
            throw wrong
        }
        guard opener.digest == digest else { throw wrong }
        return size
    }

    private static func sync(_ folder: URL) {
        let descriptor = Glibc.open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor >= 0 { fsync(descriptor) }
        close(descriptor)
    }

    /// Opens the file with `key` into `target`, which is there and empty. What was opened before a fault is taken away.
    func open(with key: BackupKey, into target: URL) throws {
        let source = Glibc.open(url.path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw BackupFault(url.path, errno: errno) }
        let file = FileHandle(fileDescriptor: source, closeOnDealloc: true)
        let descriptor = Glibc.open(target.path, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw BackupFault(target.path, errno: errno) }
        let opened = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            let header = Array(try file.read(upToCount: SealedStream.headerLength) ?? Data())
            var opener = try StreamOpener(header: header, with: key)
            var pieces = try PieceReader(file, url.path, length: SealedStream.piece + SealedStream.tag)
            while let piece = try pieces.next() {
                try Self.write(opener.open(piece.bytes, isLast: piece.isLast), to: opened, target.path)
            }
        } catch let fault as SealedStream.Fault {
            unlink(target.path)
            throw BackupFault(url.path, fault)
        } catch let fault as BackupFault {
            unlink(target.path)
            throw fault
        } catch {
            unlink(target.path)
            throw BackupFault("\(url.path) cannot be read.")
        }
    }
}

/// Reads a file in pieces of one length, the last of which it tells from the others.
private struct PieceReader {
    private let file: FileHandle
    private let path: String
    private let length: Int
    private var ahead: [UInt8]?

    init(_ url: URL, length: Int) throws {
        guard let file = try? FileHandle(forReadingFrom: url) else { throw BackupFault(url.path, errno: EACCES) }
        try self.init(file, url.path, length: length)
    }

    init(_ file: FileHandle, _ path: String, length: Int) throws {
        (self.file, self.path, self.length) = (file, path, length)
        ahead = try read()
    }

    /// Nil after the last, which is empty when there is nothing at all.
    mutating func next() throws -> (bytes: [UInt8], isLast: Bool)? {
        guard let bytes = ahead else { return nil }
        let following = bytes.count == length ? try read() : []
        ahead = following.isEmpty ? nil : following
        return (bytes, following.isEmpty)
    }

    private func read() throws -> [UInt8] {
        do { return Array(try file.read(upToCount: length) ?? Data()) } catch {
            throw BackupFault("\(path) cannot be read.")
        }
    }
}
