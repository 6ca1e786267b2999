package import Foundation
import Glibc

/// Why something could not be looked at, in one sentence.
package struct ValidationFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ sentence: String) { description = sentence }
}

extension Validation {
    private static let largestDocument = 512 << 20
    private static let longestLine = 64 << 20

    /// Checks a folder or zip file with a data package, a JSON file or JSON lines. Throws `ValidationFault` when there is
    /// nothing to look at; data that cannot be read is a flaw.
    /// - Parameter kind: what the records of a JSON file are; nil to tell by name and fields.
    package mutating func check(_ url: URL, kind: RecordKind? = nil) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw ValidationFault("There is no \(url.path).")
        }
        guard FileManager.default.isReadableFile(atPath: url.path) else {
            throw ValidationFault("This user may not read \(url.path).")
        }
        if isFolder.boolValue { return try check(package: url) }
        let handle = try FileHandle(forReadingFrom: url)
        let start = try handle.read(upToCount: 4).map(Array.init) ?? []
        try handle.close()
        if start.starts(with: Archive.zipMark) { return try check(package: url) }
        if url.lastPathComponent == PackageDescription.fileName {
            return try check(package: url.deletingLastPathComponent())
        }
        let kind = kind ?? Self.kind(named: url.lastPathComponent)
        if ["ndjson", "jsonl"].contains(url.pathExtension) { return try check(lines: url, kind) }
        try check(json: url, kind)
    }

    private mutating func check(json url: URL, _ kind: RecordKind?) throws {
        place = Place(file: url.lastPathComponent)
        let size = (try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int) ?? 0
        guard size <= Self.largestDocument else {
            throw ValidationFault("\(url.path) is one JSON text of more than 512 MB; make it JSON lines (.ndjson).")
        }
        do {
            let bytes = Array(try Data(contentsOf: url))
            check(document: try JSONValue.parse(bytes), file: url.lastPathComponent, kind: kind)
        } catch let fault as JSONFault {
            // Lines under another name are told by what follows the first one.
            if fault.reason == .goesOn, fault.line > 1 { return try check(lines: url, kind) }
            place.line = fault.line
            add(.unreadable, .error, nil, nil, fault.description)
        }
    }

    private mutating func check(lines url: URL, _ kind: RecordKind?) throws {
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        var rest: [UInt8] = []
        var number = 0
        var isEnd = false
        while !isEnd {
            let piece = try handle.read(upToCount: 1 << 20) ?? Data()
            isEnd = piece.isEmpty
            rest += piece
            if isEnd, rest.last != 0x0a { rest.append(0x0a) }
            guard rest.count <= Self.longestLine else {
                place = Place(file: url.lastPathComponent, line: number + 1)
                add(.unreadable, .error, nil, nil, "A line of more than 64 MB.")
                return
            }
            let taken = rest.withUnsafeBufferPointer { check(wholeLines: $0, url.lastPathComponent, kind, &number) }
            rest.removeFirst(taken)
        }
    }

    /// Checks the lines that end within `bytes`; how many bytes they take.
    private mutating func check(
        wholeLines bytes: UnsafeBufferPointer<UInt8>, _ file: String, _ kind: RecordKind?, _ number: inout Int
    ) -> Int {
        var start = 0
        while let end = Self.lineEnd(bytes, from: start) {
            number += 1
            let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
            start = end + 1
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            do {
                check(document: try JSONValue.parse(line), file: file, line: number, kind: kind)
            } catch {
                place = Place(file: file, line: number)
                let reason = (error as? JSONFault)?.reason.rawValue ?? "it cannot be read"
                add(.unreadable, .error, nil, nil, "This line is not JSON: \(reason).")
            }
        }
        return start
    }

    private static func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, 0x0a, bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}
