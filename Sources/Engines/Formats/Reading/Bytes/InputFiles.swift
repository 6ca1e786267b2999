import Foundation

/// What is to be read: one file, the files of a folder, or the entries of a zip; each can be gone through more than once.
struct InputFiles {
    private enum Shape {
        case file(URL)
        case gzip(URL)
        case zip(URL)
        case folder([(name: String, url: URL)])
    }

    /// The name of the file or folder itself.
    let name: String
    /// Names of all files within, without folders.
    let names: [String]
    private let shape: Shape
    private let limits: ReadingLimits

    var isPackage: Bool {
        switch shape {
        case .zip, .folder: true
        case .file, .gzip: false
        }
    }

    init(_ url: URL, limits: ReadingLimits) throws(ReadingFault) {
        name = url.lastPathComponent
        self.limits = limits
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw ReadingFault("missing", "There is no file \(name).", at: Origin(file: name, line: 1))
        }
        guard
            isFolder.boolValue
                || (try? url.resolvingSymlinksInPath().resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile
                    == true
        else {
            throw ReadingFault(
                "not-a-file", "\(name) is no file but a pipe or a device; save it to a file first.",
                at: Origin(file: name, line: 1))
        }
        if isFolder.boolValue {
            let files = Self.files(of: url)
            shape = .folder(files)
            names = files.map(\.name)
            guard !files.isEmpty else { throw Self.empty("The folder \(name) holds no files.", name) }
            return
        }
        let plain = try OpenFile(url, name: name, limits: limits)
        let start = Self.caught { try ByteStream(name: "", next: plain.next).beginning(4) } ?? []
        guard !start.isEmpty else { throw Self.empty("\(name) is empty.", name) }
        if start.starts(with: Archive.zipMark) {
            shape = .zip(url)
            names = try Self.entries(of: url, name: name, limits: limits)
            guard !names.isEmpty else { throw Self.empty("\(name) holds no files.", name) }
        } else {
            let isGzip = start.starts(with: Archive.gzipMark)
            shape = isGzip ? .gzip(url) : .file(url)
            names = [isGzip && name.hasSuffix(".gz") ? String(name.dropLast(3)) : name]
        }
    }

    private static func empty(_ sentence: String, _ name: String) -> ReadingFault {
        ReadingFault("empty", sentence, at: Origin(file: name, line: 1))
    }

    /// Calls `body` with each file whose name, without folders, is wanted; in the order of the archive, else by name.
    func each(where wanted: (String) -> Bool, _ body: (ByteStream) throws -> Void) throws {
        switch shape {
        case .file(let url):
            guard wanted(names[0]) else { return }
            try body(ByteStream(name: names[0], next: OpenFile(url, name: name, limits: limits).next))
        case .gzip(let url):
            guard wanted(names[0]) else { return }
            let archive = try Archive(url, kind: .gzip, name: name, limits: limits)
            if try archive.nextEntry() != nil { try body(ByteStream(name: names[0], next: archive.next)) }
        case .folder(let files):
            for (name, url) in files where wanted(name) {
                try body(ByteStream(name: name, next: OpenFile(url, name: name, limits: limits).next))
            }
        case .zip(let url):
            let archive = try Archive(url, kind: .zip, name: name, limits: limits)
            while let path = try archive.nextEntry() {
                guard let entry = Self.visible(path), wanted(entry) else { continue }
                try body(ByteStream(name: entry, next: archive.next))
            }
        }
    }

    /// The first bytes of the file called `name`.
    func beginning(of name: String, _ count: Int = 1 << 14) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var isFound = false
        try each(where: { $0 == name && !isFound }) {
            isFound = true
            bytes = try $0.beginning(count)
        }
        return bytes
    }

    private static func entries(of url: URL, name: String, limits: ReadingLimits) throws(ReadingFault) -> [String] {
        let archive = try Archive(url, kind: .zip, name: name, limits: limits)
        var names: [String] = []
        do {
            while let path = try archive.nextEntry() {
                if let entry = visible(path) { names.append(entry) }
                if isArchive(path) {
                    throw ReadingFault(
                        "nested-archive", "\(name) holds another archive; unpack it first.",
                        at: Origin(file: name, line: 1))
                }
            }
        } catch let fault as ReadingFault {
            throw fault
        } catch {
            throw ReadingFault("unreadable", "\(name) cannot be unpacked.", at: Origin(file: name, line: 1))
        }
        return names
    }

    private static func isArchive(_ path: String) -> Bool {
        let lower = path.lowercased()
        return [".zip", ".gz", ".tar", ".7z", ".rar", ".bz2", ".xz"].contains { lower.hasSuffix($0) }
    }

    private static func files(of folder: URL) -> [(name: String, url: URL)] {
        let keys: [URLResourceKey] = [.isRegularFileKey]
        let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: keys)?.allObjects as? [URL]
        return (found ?? []).compactMap { url in
            guard (try? url.resourceValues(forKeys: Set(keys)))?.isRegularFile == true, let name = visible(url.path)
            else { return nil }
            return (name, url)
        }
        .sorted { $0.url.path < $1.url.path }
    }

    /// The name without folders; nil for what systems and editors leave behind.
    private static func visible(_ path: String) -> String? {
        let parts = path.split(separator: "/")
        guard let last = parts.last, !last.hasPrefix("."), !parts.contains("__MACOSX") else { return nil }
        return String(last)
    }

    private static func caught<Value>(_ body: () throws -> Value) -> Value? { try? body() }
}
