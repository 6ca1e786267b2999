/// A file, or one entry of an archive, as chunks of bytes; `next` gives nil at the end.
struct ByteStream {
    let name: String
    let next: () throws -> [UInt8]?

    init(name: String, next: @escaping () throws -> [UInt8]?) {
        self.name = name
        self.next = next
    }

    /// Bytes that are all there already.
    init(name: String, bytes: [UInt8]) {
        var rest: [UInt8]? = bytes
        self.init(name: name) {
            defer { rest = nil }
            return rest
        }
    }

    /// All bytes at once, for small files alone.
    func whole(upTo limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try next() {
            bytes += chunk
            guard bytes.count <= limit else {
                throw ReadingFault(
                    "too-large", "\(name) is larger than \(limit) bytes.", at: Origin(file: name, line: 1))
            }
        }
        return bytes
    }

    /// The first bytes, at most `count`, without reading further than one chunk needs.
    func beginning(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count, let chunk = try next() { bytes += chunk }
        return Array(bytes.prefix(count))
    }
}
