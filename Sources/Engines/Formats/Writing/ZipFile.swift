import CArchive
package import Foundation
import Glibc
package import Kernel

/// Packs the files of a folder into a zip file, deflated, piece by piece.
package enum ZipFile {
    /// - Parameters:
    ///   - time: of every file, so that the same content gives the same bytes.
    ///   - destination: written beside its place and renamed at the end.
    package static func pack(
        _ folder: URL, to destination: URL, time: Instant, mark: String, isPrivate: Bool = false
    ) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }
        let output = try OutputFile(destination, mark: mark, isPrivate: isPrivate)
        let sink = Sink(output)
        guard let archive = archive_write_new() else { throw OutputFault("There is no memory for a zip file.") }
        defer { archive_write_free(archive) }
        archive_write_set_format_zip(archive)
        archive_write_zip_set_compression_deflate(archive)
        archive_write_set_bytes_per_block(archive, 0)
        let pointer = Unmanaged.passUnretained(sink).toOpaque()
        let opened = archive_write_open(
            archive, pointer, nil,
            { _, context, bytes, count in
                guard let context, let bytes else { return -1 }
                let sink = Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
                return sink.write(UnsafeRawBufferPointer(start: bytes, count: count))
            }, nil)
        try withExtendedLifetime(sink) {
            guard opened == ARCHIVE_OK else { throw sink.fault ?? Self.fault(archive, destination) }
            for name in names.sorted() { try add(folder.appending(path: name), to: archive, time: time, sink) }
            guard archive_write_close(archive) == ARCHIVE_OK else {
                throw sink.fault ?? Self.fault(archive, destination)
            }
        }
        try output.keep()
    }

    private static func add(_ file: URL, to archive: OpaquePointer, time: Instant, _ sink: Sink) throws {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        let size = try handle.seekToEnd()
        try handle.seek(toOffset: 0)
        guard let entry = archive_entry_new() else { throw OutputFault("There is no memory for a zip file.") }
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname(entry, file.lastPathComponent)
        archive_entry_set_size(entry, Int64(size))
        archive_entry_set_filetype(entry, 0o100000)
        archive_entry_set_perm(entry, 0o644)
        archive_entry_set_mtime(entry, time_t(time.seconds), 0)
        guard archive_write_header(archive, entry) == ARCHIVE_OK else { throw sink.fault ?? fault(archive, file) }
        while let piece = try handle.read(upToCount: 1 << 16), !piece.isEmpty {
            let written = piece.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
            guard written == piece.count else { throw sink.fault ?? fault(archive, file) }
        }
    }

    private static func fault(_ archive: OpaquePointer, _ file: URL) -> OutputFault {
        let number = archive_errno(archive)
        return number > 0
            ? OutputFault(file.path, errno: number) : OutputFault("\(file.path) could not be packed into a zip file.")
    }

    /// Where the library's bytes go; keeps the fault that its C interface cannot carry.
    private final class Sink {
        private let output: OutputFile
        private(set) var fault: OutputFault?

        init(_ output: OutputFile) { self.output = output }

        func write(_ bytes: UnsafeRawBufferPointer) -> Int {
            do {
                try output.write(Array(bytes))
                return bytes.count
            } catch {
                fault = error
                return -1
            }
        }
    }
}
