import CArchive
import Foundation

/// A zip, entry by entry, or a gzip file as its one entry, unpacked in chunks by libarchive. Refuses what unpacks to too
/// much, encrypted entries, names that lead outside and archives within archives.
final class Archive {
    enum Kind { case zip, gzip }

    private let handle: OpaquePointer
    private let name: String
    private let limits: ReadingLimits
    private let packed: Int
    private var unpacked = 0
    private var isAtStart = false
    /// What the library reads from, where it is no file.
    private let memory: UnsafeMutableRawBufferPointer?

    init(_ url: URL, kind: Kind, name: String, limits: ReadingLimits) throws(ReadingFault) {
        let size = (try? url.resourceValues(forKeys: [.fileSizeKey]))?.fileSize
        guard let handle = archive_read_new() else { throw Self.unreadable(name) }
        (self.handle, self.name, self.limits) = (handle, name, limits)
        packed = size ?? 0
        memory = nil
        switch kind {
        case .zip: archive_read_support_format_zip(handle)
        case .gzip:
            archive_read_support_filter_gzip(handle)
            archive_read_support_format_raw(handle)
        }
        guard archive_read_open_filename(handle, url.path, 1 << 16) == ARCHIVE_OK else { throw Self.unreadable(name) }
    }

    /// A zip that is in memory as a whole, such as one that came with a form.
    init(_ bytes: [UInt8], name: String, limits: ReadingLimits) throws(ReadingFault) {
        guard let handle = archive_read_new() else { throw Self.unreadable(name) }
        (self.handle, self.name, self.limits) = (handle, name, limits)
        packed = bytes.count
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyBytes(from: bytes)
        memory = copy
        archive_read_support_format_zip(handle)
        guard archive_read_open_memory(handle, copy.baseAddress, copy.count) == ARCHIVE_OK else {
            throw Self.unreadable(name)
        }
    }

    deinit {
        archive_read_free(handle)
        memory?.deallocate()
    }

    /// Moves to the next entry that is a file and gives its name.
    func nextEntry() throws -> String? {
        var entry: OpaquePointer?
        while true {
            let status = archive_read_next_header(handle, &entry)
            if status == ARCHIVE_EOF { return nil }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else { throw Self.unreadable(name) }
            let written = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
            let path = written.map { String(cString: $0) } ?? ""
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            if path.hasPrefix("/") || path.contains("\\") || parts.contains("..") {
                throw refused("unsafe-name", "\(name) has an entry whose name leads outside of it.")
            }
            if archive_entry_is_encrypted(entry) != 0 { throw refused("encrypted", "\(name) is encrypted.") }
            if archive_entry_filetype(entry) & S_IFMT == S_IFREG || path == "data" {
                isAtStart = true
                return path
            }
        }
    }

    /// The next chunk of the current entry.
    func next() throws -> [UInt8]? {
        var block: UnsafeRawPointer?
        var size = 0
        var offset: la_int64_t = 0
        let status = archive_read_data_block(handle, &block, &size, &offset)
        if status == ARCHIVE_EOF { return nil }
        guard status == ARCHIVE_OK || status == ARCHIVE_WARN else { throw Self.unreadable(name) }
        let chunk = [UInt8](UnsafeRawBufferPointer(start: block, count: size))
        unpacked += size
        if unpacked > limits.unpacked || unpacked > limits.freelyUnpacked && unpacked / limits.ratio > packed {
            throw refused("zip-bomb", "\(name) unpacks to far more than its size, which real data does not.")
        }
        if isAtStart, size > 0 {
            isAtStart = false
            if chunk.starts(with: Self.zipMark) || chunk.starts(with: Self.gzipMark) {
                throw refused("nested-archive", "\(name) holds another archive; unpack it first.")
            }
        }
        return chunk
    }

    static let zipMark: [UInt8] = [0x50, 0x4b, 0x03, 0x04]
    static let gzipMark: [UInt8] = [0x1f, 0x8b]

    private func refused(_ code: String, _ detail: String) -> ReadingFault {
        ReadingFault(code, detail, at: Origin(file: name, line: 1))
    }

    private static func unreadable(_ name: String) -> ReadingFault {
        ReadingFault("unreadable", "\(name) is broken and cannot be unpacked.", at: Origin(file: name, line: 1))
    }
}
