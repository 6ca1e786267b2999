import Crypto
import Foundation
package import Kernel

extension Identifier {
    /// The UUIDv5 (RFC 9562) of `name` in Waymark's namespace: the same source and external id always give the same id.
    package static func named(_ name: String) -> Identifier {
        var hash = Insecure.SHA1()
        hash.update(data: namespace)
        hash.update(data: Data(name.utf8))
        var bytes = Array(hash.finalize().prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x50
        bytes[8] = bytes[8] & 0x3f | 0x80
        return Identifier(
            UUID(
                uuid: (
                    bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7],
                    bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]
                )))
    }
}

/// UUIDv5 of `waymark.directory` in the DNS namespace of RFC 9562.
private let namespace = Data([
    0x2f, 0xd8, 0x8e, 0xf3, 0x20, 0x08, 0x52, 0xc8, 0x86, 0xe1, 0xa4, 0xfe, 0x30, 0x48, 0x10, 0xc1,
])
