import CArchive
package import Foundation

/// Why a zip file is not unpacked, in one sentence.
package struct ZipFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String
}

extension ZipFile {
    private static let mostFiles = 500
    private static let mostBytes: Int64 = 4 << 30
    /// A zip bomb blows up by more; text of a directory by less than a tenth of it.
    private static let mostGrowth: Int64 = 200

    /// Unpacks the tables and the description of a data package, and nothing else, flat into `folder`. Stops at 4 GB or 200
    /// times the size of the file. The folder that they are in.
    package static func unpack(_ url: URL, into folder: URL) throws -> URL {
        let size = (try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int64) ?? 0
        var left = min(mostBytes, size * mostGrowth + 1 << 20)
        guard let archive = archive_read_new() else {
            throw ZipFault(description: "There is no memory for a zip file.")
        }
        defer { archive_read_free(archive) }
        archive_read_support_format_zip(archive)
        guard archive_read_open_filename(archive, url.path, 1 << 16) == ARCHIVE_OK else {
            throw ZipFault(description: "This is not a zip file.")
        }
        var entry: OpaquePointer?
        var files = 0
        while true {
            let result = archive_read_next_header(archive, &entry)
            if result == ARCHIVE_EOF { break }
            guard result == ARCHIVE_OK, let entry, let path = archive_entry_pathname(entry).map({ String(cString: $0) })
            else { throw ZipFault(description: "The zip file is damaged.") }
            files += 1
            if files > mostFiles { throw ZipFault(description: "The zip file has more than \(mostFiles) files.") }
            let name = path.split(separator: "/").last.map(String.init) ?? ""
            guard name.hasSuffix(".csv") || name == PackageDescription.fileName, !name.hasPrefix(".") else { continue }
            try copy(archive, to: folder.appending(path: name), &left)
        }
        try flatten(folder.appending(path: PackageDescription.fileName))
        return folder
    }

    private static func copy(_ archive: OpaquePointer, to file: URL, _ left: inout Int64) throws {
        let output: OutputFile
        output = try OutputFile(file, mark: "unpacked", isPrivate: true)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = archive_read_data(archive, &buffer, buffer.count)
            if count == 0 { break }
            guard count > 0 else { throw ZipFault(description: "The zip file is damaged.") }
            left -= Int64(count)
            if left < 0 { throw ZipFault(description: "The zip file grows too much when it is unpacked.") }
            try output.write(Array(buffer[..<count]))
        }
        try output.keep()
    }

    /// Paths of the description without their folders, as the files lie now.
    private static func flatten(_ description: URL) throws {
        guard let data = try? Data(contentsOf: description),
            var members = try? JSONValue.parse(Array(data)).object, let resources = members["resources"]?.array
        else { return }
        members["resources"] = .array(
            resources.map { resource in
                guard var fields = resource.object, let path = fields["path"]?.text else { return resource }
                fields["path"] = .text(path.split(separator: "/").last.map(String.init) ?? path)
                return .object(fields)
            })
        var json = JSONText()
        json.value(.object(members))
        try Data(json.bytes).write(to: description)
    }
}

extension JSONText {
    /// Any value; the members of an object in the order of their names.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: raw("null".utf8)
        case .boolean(let value): boolean(value)
        case .number(let number): self.number(number)
        case .text(let text): self.text(text)
        case .array(let values):
            array { json in
                for value in values { json.value(value) }
            }
        case .object(let members):
            object { json in
                for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                    json.key(name)
                    json.value(value)
                }
            }
        }
    }
}
