package import Foundation
import Kernel
import Sealing
import Storage

/// What a backup or a restoration did.
package struct BackupReport: Sendable {
    package struct Table: Sendable {
        package let name: String
        package let rows: Int
    }

    package let file: URL
    /// Of all records, before they are sealed.
    package let bytes: Int
    package let tables: [Table]
    /// The name of the key that opens the file.
    package let key: String
}

extension Settings {
    var backupSeal: URL { dataFolder.appending(path: "backup-key.pub") }
    /// The name of the key that backups of this data folder are sealed for; nil without one.
    package var backupKeyName: String? {
        (try? String(contentsOf: backupSeal, encoding: .utf8)).flatMap { try? BackupSeal($0) }?.name
    }
}

extension Start {
    /// Makes a backup key: what opens goes to `file`, what seals into the data folder. Its name.
    package func newBackupKey(_ file: URL) throws -> String {
        try makeFolder()
        guard !FileManager.default.fileExists(atPath: settings.backupSeal.path) else {
            throw BackupFault(
                "There is a backup key already; to change it, move \(settings.backupSeal.path) away, and keep the old key as long as its backups."
            )
        }
        let key = try BackupKey(seed: world.randomBytes(32))
        let opens = """
            # Opens backups of Waymark (key \(key.seal.name)). Keep it away from the server, in two places, also on paper:
            # without it no backup can be restored.
            \(key.text)

            """
        try Self.write(opens, to: file)
        do {
            try Self.write(
                "# Seals backups of Waymark (key \(key.seal.name)).\n\(key.seal.text)\n", to: settings.backupSeal)
        } catch {
            unlink(file.path)
            throw error
        }
        return key.seal.name
    }

    private static func write(_ text: String, to file: URL) throws {
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST
                ? BackupFault("\(file.path) is there already; name another file.")
                : BackupFault(file.path, errno: errno)
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: Data(text.utf8))
            try handle.synchronize()
        } catch {
            unlink(file.path)
            throw BackupFault(file.path, errno: ENOSPC)
        }
    }

    /// Writes all records as they are at one moment, sealed and read back, while others go on writing them.
    /// - Parameter place: a file that is not there, or a folder, in which the file is named by the moment.
    package func backUp(to place: URL) async throws -> BackupReport {
        guard let text = try? String(contentsOf: settings.backupSeal, encoding: .utf8), let seal = try? BackupSeal(text)
        else {
            throw BackupFault(
                "There is no backup key in \(settings.dataFolder.path); make one first with: waymark backup --new-key FILE"
            )
        }
        if case .sqlite(let file) = settings.database, !FileManager.default.fileExists(atPath: file.path) {
            throw BackupFault("There is no database \(file.path) to back up.")
        }
        let lock = try FolderLock(settings.dataFolder, against: .backup)
        defer { lock.release() }
        let copy = try TemporaryCopy(copyPlace)
        defer { copy.remove() }
        let (now, source) = (world.now(), try await settings.database.open())
        let target = try copy.open()
        let copied = try await DatabaseCopy.snapshot(of: source, into: target, Platform.migrations, at: now)
        try target.close()
        let sealer = try StreamSealer(for: seal, secret: world.randomBytes(32))
        let file = Self.file(in: place, at: now)
        let bytes = try SealedFile(url: file).write(copy.url, sealer: sealer)
        return BackupReport(file: file, bytes: bytes, tables: copied.map(Self.table), key: seal.name)
    }

    /// Takes away the copy of the records that a killed backup left in the data folder; nothing while one runs.
    func forgetKilledBackup() {
        guard FileManager.default.fileExists(atPath: copyPlace.path),
            let lock = try? FolderLock(settings.dataFolder, against: .backup)
        else { return }
        defer { lock.release() }
        TemporaryCopy.remove(copyPlace)
    }

    private var copyPlace: URL { settings.dataFolder.appending(path: "backup.part.sqlite") }

    private static func file(in place: URL, at now: Instant) -> URL {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder), isFolder.boolValue else {
            return place
        }
        let moment = "waymark-\(now.description.replacing(":", with: ""))"
        // One that was killed after its file had its name may be followed by another within the same second.
        var (file, count) = (place.appending(path: "\(moment).backup"), 1)
        while FileManager.default.fileExists(atPath: file.path) {
            count += 1
            file = place.appending(path: "\(moment)-\(count).backup")
        }
        return file
    }

    private static func table(_ copied: DatabaseCopy.Copied) -> BackupReport.Table {
        BackupReport.Table(name: copied.table, rows: copied.rows)
    }

    /// Brings the records of a backup to an empty database, in one transaction.
    /// - Parameters:
    ///   - keyFile: holds the key that opens it.
    ///   - target: nil for the database of the settings.
    package func restore(_ file: URL, keyFile: URL, to target: DatabasePlace?) async throws -> BackupReport {
        guard let text = try? String(contentsOf: keyFile, encoding: .utf8) else {
            throw BackupFault("The key \(keyFile.path) cannot be read.")
        }
        guard let key = try? BackupKey(text) else {
            throw BackupFault("\(keyFile.path) holds no key that opens backups, or one with a slip in it.")
        }
        let place = target ?? settings.database
        try makeFolder()
        var folder = settings.dataFolder
        if case .sqlite(let file) = place { folder = file.deletingLastPathComponent() }
        let lock = try FolderLock(folder)
        defer { lock.release() }
        let copy = try TemporaryCopy(folder.appending(path: "restore.part.sqlite"))
        defer { copy.remove() }
        try SealedFile(url: file).open(with: key, into: copy.url)
        let bytes = try FileManager.default.attributesOfItem(atPath: copy.url.path)[.size] as? Int ?? 0
        let source = try copy.open()
        let copied = try await DatabaseCopy(Platform.migrations).run(from: source, to: place.open(), at: world.now())
        try source.close()
        try forgetReadModels()
        return BackupReport(file: file, bytes: bytes, tables: copied.map(Self.table), key: key.seal.name)
    }

    /// Search and open data are of other records now, and are made anew by the next start.
    private func forgetReadModels() throws {
        for name in ["search.index", "documents.sqlite", "documents.sqlite-wal", "documents.sqlite-shm", "downloads"] {
            let file = settings.dataFolder.appending(path: name)
            if FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
        }
    }
}

/// A database in the data folder for as long as a backup takes, which a killed one leaves for the next, or a server, to take away.
private struct TemporaryCopy {
    let url: URL

    init(_ url: URL) throws {
        self.url = url
        remove()
        // Files that SQLite adds get the rights of this one.
        guard FileManager.default.createFile(atPath: url.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw BackupFault(url.path, errno: EACCES) }
    }

    func open() throws -> SQLiteDatabase { try SQLiteDatabase(path: url.path, isRebuildable: true) }

    func remove() { Self.remove(url) }

    static func remove(_ url: URL) { for suffix in ["", "-wal", "-shm"] { unlink(url.path + suffix) } }
}
