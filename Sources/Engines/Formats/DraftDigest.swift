import Crypto
import Foundation
import Kernel

extension Draft {
    /// The first eight bytes of the SHA-256 of all that the file says about the record.
    package var digest: Int64 {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        func add(_ text: String) {
            bytes.append(contentsOf: text.utf8)
            bytes.append(0)
        }
        for field in kind.object.fields {
            guard let value = values[field.name] else { continue }
            add(field.name)
            switch value {
            case .text(let text): add(text)
            case .number(let number): withUnsafeBytes(of: number.bitPattern) { bytes.append(contentsOf: $0) }
            }
        }
        for (field, audience) in audiences.sorted(by: { $0.key < $1.key }) { add("a\(field)=\(audience)") }
        for (field, day) in checkedOn.sorted(by: { $0.key < $1.key }) { add("c\(field)=\(day)") }
        return SHA256.hash(data: bytes).withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }
    }
}
