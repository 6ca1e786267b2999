import Foundation
import Glibc

/// The folder of a published site, held by one program at a time. Each file in it is there whole or not at all.
final class SiteFolder: Sendable {
    let path: String
    private let descriptor: Int32

    /// Makes the folder when it is missing. One with files that no publishing left there is refused.
    init(_ place: URL) throws {
        path = place.standardizedFileURL.path
        var built = ""
        for part in path.split(separator: "/") {
            built += "/" + part
            guard mkdir(built, 0o755) == 0 || errno == EEXIST else { throw PublishFault(path, errno: errno) }
        }
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PublishFault(path, errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw PublishFault("Another publish writes to \(path); wait for it to end.")
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        guard names.isEmpty || names.contains(SiteManifest.fileName) else {
            throw PublishFault("\(path) holds other files and no published site; name an empty folder.")
        }
        guard access(path, W_OK) == 0 else { throw PublishFault(path, errno: errno) }
    }

    deinit { close(descriptor) }

    func has(_ file: String) -> Bool { access(path + "/" + file, F_OK) == 0 }

    /// - Parameter part: the name under which the file is written first; of one writer alone.
    func write(_ bytes: [UInt8], to file: String, part: String) throws {
        let temporary = "\(path)/\(part)"
        var target = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard target >= 0 else { throw PublishFault(path, errno: errno) }
        defer { if target >= 0 { close(target) } }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(target, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw discarded(temporary, file) }
            written += count
        }
        let isClosed = close(target) == 0
        target = -1
        guard isClosed else { throw discarded(temporary, file) }
        try keep(part, as: file)
    }

    /// Gives what was written under `part` its name.
    func keep(_ part: String, as file: String) throws {
        let (temporary, place) = ("\(path)/\(part)", "\(path)/\(file)")
        if rename(temporary, place) == 0 { return }
        guard errno == ENOENT else { throw discarded(temporary, file) }
        var built = path
        for part in file.split(separator: "/").dropLast() {
            built += "/" + part
            guard mkdir(built, 0o755) == 0 || errno == EEXIST else { throw discarded(temporary, file) }
        }
        guard rename(temporary, place) == 0 else { throw discarded(temporary, file) }
    }

    private func discarded(_ temporary: String, _ file: String) -> PublishFault {
        let number = errno
        unlink(temporary)
        return PublishFault("\(path)/\(file)", errno: number)
    }

    /// Takes a file away, and the folders that are empty without it.
    func remove(_ file: String) throws {
        guard unlink("\(path)/\(file)") == 0 || errno == ENOENT else {
            throw PublishFault("\(path)/\(file)", errno: errno)
        }
        var parts = file.split(separator: "/").dropLast()
        while !parts.isEmpty, rmdir("\(path)/\(parts.joined(separator: "/"))") == 0 { parts = parts.dropLast() }
    }

    /// Everything so far is on the disk when this returns.
    func settle() { sync() }

    /// Every file under `name`, or that file; paths from the folder of the site.
    func files(under name: String) -> [String] {
        var isFolder: ObjCBool = false
        let place = "\(path)/\(name)"
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else { return [] }
        guard isFolder.boolValue else { return [name] }
        var files: [String] = []
        let walk = FileManager.default.enumerator(atPath: place)
        while let found = walk?.nextObject() as? String {
            if walk?.fileAttributes?[.type] as? FileAttributeType != .typeDirectory { files.append("\(name)/\(found)") }
        }
        return files
    }
}
