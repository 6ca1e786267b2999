import CZlib

/// Compresses with gzip and fills the header's extra field so that the length is a multiple of `sizeClass` bytes: on the
/// wire, pages of about the same length cannot be told apart by it. Nil when zlib fails.
package func gzipped(_ bytes: [UInt8], level: Int32 = 6, sizeClass: Int = 512) -> [UInt8]? {
    guard let bare = deflated(bytes, level: level) else { return nil }
    let missing = (sizeClass - (bare.count + 2) % sizeClass) % sizeClass
    return padded(bare, by: missing)
}

/// RFC 1952: flag FEXTRA, then two bytes of length and the extra field, directly after the ten bytes of the header.
private func padded(_ member: [UInt8], by count: Int) -> [UInt8] {
    var padded = Array(member[..<10])
    padded[3] |= 4
    padded.append(UInt8(count & 0xff))
    padded.append(UInt8(count >> 8))
    padded.append(contentsOf: repeatElement(0, count: count))
    padded.append(contentsOf: member[10...])
    return padded
}

private func deflated(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard deflateInit2_(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    var input = bytes
    return [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(bytes.count))) + 32) { output, count in
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            _ = deflate(&stream, Z_FINISH)
        }
        count = Int(stream.total_out)
    }
}
