import Foundation
import Storage

/// A file without a name in the folder for temporary files (`TMPDIR`), which this user alone could read.
final class SpoolFile: Sendable {
    /// The disk gave back something else than was written.
    struct Broken: Error {}

    private let descriptor: Int32

    init() throws {
        let folder = FileManager.default.temporaryDirectory.path(percentEncoded: false)
        var path = Array("\(folder)/waymark-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw ImportRefusal.noSpool(folder: folder) }
        unlink(path)
    }

    deinit { close(descriptor) }

    func append(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw StorageFailure.full }
            done += written
        }
    }

    func bytes(at place: Int, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(place)))
            if filled == 0, errno == EIO { throw Broken() }
        }
    }
}

/// Writes numbers, texts and values one behind the other.
struct SpoolWriter {
    var bytes: [UInt8] = []

    mutating func number(_ number: Int) {
        var rest = UInt(bitPattern: number)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func fixed(_ number: Int64) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }

    mutating func text(_ text: String) {
        number(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func value(_ value: SQLValue) {
        switch value {
        case .null: bytes.append(0)
        case .integer(let number):
            bytes.append(1)
            fixed(number)
        case .real(let number):
            bytes.append(2)
            fixed(Int64(bitPattern: number.bitPattern))
        case .text(let string):
            bytes.append(3)
            text(string)
        case .blob(let blob):
            bytes.append(4)
            number(blob.count)
            bytes.append(contentsOf: blob)
        }
    }
}

/// Reads what a writer wrote, a piece at a time.
struct SpoolReader {
    private static let piece = 1 << 18

    private let file: SpoolFile
    private var held: [UInt8] = []
    private var at = 0
    private var next = 0

    init(_ file: SpoolFile) { self.file = file }

    mutating func hasMore() throws -> Bool {
        if at == held.count { try fill(1) }
        return at < held.count
    }

    mutating func number() throws -> Int {
        var number: UInt = 0
        var shift: UInt = 0
        while true {
            let byte = try byte()
            number |= UInt(byte & 0x7f) << shift
            if byte < 0x80 { return Int(bitPattern: number) }
            shift += 7
        }
    }

    mutating func fixed() throws -> Int64 {
        try need(8)
        defer { at += 8 }
        return held.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: Int64.self) }
    }

    mutating func text() throws -> String {
        let count = try number()
        try need(count)
        defer { at += count }
        return String(decoding: held[at..<at + count], as: UTF8.self)
    }

    mutating func value() throws -> SQLValue {
        switch try byte() {
        case 0: return .null
        case 1: return .integer(try fixed())
        case 2: return .real(Double(bitPattern: UInt64(bitPattern: try fixed())))
        case 3: return .text(try text())
        default:
            let count = try number()
            try need(count)
            defer { at += count }
            return .blob(Array(held[at..<at + count]))
        }
    }

    private mutating func byte() throws -> UInt8 {
        try need(1)
        defer { at += 1 }
        return held[at]
    }

    private mutating func need(_ count: Int) throws {
        if at + count > held.count {
            try fill(count)
            if at + count > held.count { throw SpoolFile.Broken() }
        }
    }

    private mutating func fill(_ count: Int) throws {
        held.removeSubrange(..<at)
        at = 0
        while held.count < count {
            let more = try file.bytes(at: next, count: max(Self.piece, count - held.count))
            if more.isEmpty { return }
            next += more.count
            held += more
        }
    }
}
