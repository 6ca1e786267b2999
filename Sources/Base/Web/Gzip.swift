import CDeflate

/// Compresses with gzip and fills the header's extra field so that the length is a multiple of `sizeClass` bytes: on the
/// wire, pages of about the same length cannot be told apart by it. Nil when there is no memory for it.
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
    guard let compressor = libdeflate_alloc_compressor(level) else { return nil }
    defer { libdeflate_free_compressor(compressor) }
    let most = libdeflate_gzip_compress_bound(compressor, bytes.count)
    let member = [UInt8](unsafeUninitializedCapacity: most) { output, count in
        count = libdeflate_gzip_compress(compressor, bytes, bytes.count, output.baseAddress, output.count)
    }
    return member.isEmpty ? nil : member
}
