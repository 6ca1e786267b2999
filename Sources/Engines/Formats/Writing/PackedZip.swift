import CArchive
import Glibc
import Kernel

extension ZipFile {
    /// A zip file in memory with these entries, deflated.
    static func packed(_ entries: [(name: String, bytes: [UInt8])], time: Instant) throws -> [UInt8] {
        let sink = MemorySink()
        guard let archive = archive_write_new() else { throw OutputFault("There is no memory for a zip file.") }
        defer { archive_write_free(archive) }
        archive_write_set_format_zip(archive)
        archive_write_zip_set_compression_deflate(archive)
        archive_write_set_bytes_per_block(archive, 0)
        let opened = archive_write_open(
            archive, Unmanaged.passUnretained(sink).toOpaque(), nil,
            { _, context, bytes, count in
                guard let context, let bytes else { return -1 }
                Unmanaged<MemorySink>.fromOpaque(context).takeUnretainedValue().bytes +=
                    UnsafeRawBufferPointer(start: bytes, count: count)
                return count
            }, nil)
        try withExtendedLifetime(sink) {
            guard opened == ARCHIVE_OK else { throw OutputFault("A zip file could not be packed.") }
            for entry in entries { try add(entry.name, entry.bytes, to: archive, time: time) }
            guard archive_write_close(archive) == ARCHIVE_OK else {
                throw OutputFault("A zip file could not be packed.")
            }
        }
        return sink.bytes
    }

    private static func add(_ name: String, _ bytes: [UInt8], to archive: OpaquePointer, time: Instant) throws {
        guard let entry = archive_entry_new() else { throw OutputFault("There is no memory for a zip file.") }
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname(entry, name)
        archive_entry_set_size(entry, Int64(bytes.count))
        archive_entry_set_filetype(entry, 0o100000)
        archive_entry_set_perm(entry, 0o644)
        archive_entry_set_mtime(entry, time_t(time.seconds), 0)
        guard archive_write_header(archive, entry) == ARCHIVE_OK,
            bytes.withUnsafeBytes({ archive_write_data(archive, $0.baseAddress, $0.count) }) == bytes.count
        else { throw OutputFault("A zip file could not be packed.") }
    }

    private final class MemorySink {
        var bytes: [UInt8] = []
    }
}
