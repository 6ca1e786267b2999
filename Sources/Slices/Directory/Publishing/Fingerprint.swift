/// FNV-1a in 64 bits: the same for the same content in every run. Tells changes, keeps no secret.
struct Fingerprint: Sendable {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    init() {}

    init(_ text: String) { add(text.utf8) }

    mutating func add(_ bytes: some Collection<UInt8>) {
        var hash = hash
        let isAdded: Void? = bytes.withContiguousStorageIfAvailable { storage in
            for byte in storage { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        if isAdded == nil {
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        self.hash = (hash ^ 0xff) &* 0x100_0000_01b3
    }

    var number: Int64 { Int64(bitPattern: hash) }
    var text: String { String(hash, radix: 36) }
}
