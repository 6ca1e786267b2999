import Foundation
import Glibc

/// A file opened for reading in chunks, closed when nobody holds it any more.
final class OpenFile {
    private let descriptor: Int32
    private let name: String
    private var left: Int

    init(_ url: URL, name: String, limits: ReadingLimits) throws(ReadingFault) {
        descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        self.name = name
        left = limits.unpacked
        guard descriptor >= 0 else {
            throw ReadingFault("unreadable", "\(name) cannot be opened.", at: Origin(file: name, line: 1))
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func next() throws -> [UInt8]? {
        let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
            count = max(-1, read(descriptor, buffer.baseAddress, buffer.count))
            if count < 0 { count = 0 }
        }
        left -= chunk.count
        guard left >= 0 else {
            let origin = Origin(file: name, line: 1)
            throw ReadingFault("never-ends", "\(name) is longer than any file we read.", at: origin)
        }
        return chunk.isEmpty ? nil : chunk
    }
}
