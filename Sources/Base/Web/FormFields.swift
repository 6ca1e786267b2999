import Kernel

/// What a link or a form sent: names and values in order, decoded. Query and body are read by the same rules.
package struct FormFields: Sendable {
    package private(set) var fields: [(name: String, value: String)] = []

    package static let maximumFields = 200
    package static let maximumBytes = 64 * 1024

    package init(_ fields: [(name: String, value: String)] = []) { self.fields = fields }

    /// Reads `a=b&c=d`. Throws `BadRequest` for broken escapes, text that is not UTF-8, null bytes and too many fields.
    package init(encoded text: some Collection<UInt8>) throws(BadRequest) {
        if text.count > Self.maximumBytes { throw .tooLong }
        for pair in text.split(separator: 0x26) {
            if fields.count >= Self.maximumFields { throw .tooManyFields }
            let halves = pair.split(separator: 0x3d, maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count == 2 ? try Self.decoded(halves[1]) : ""
            fields.append((try Self.decoded(halves[0]), value))
        }
    }

    /// The first value of `name`, without surrounding white space; nil when absent or empty.
    package func value(_ name: String) -> String? {
        guard let value = fields.first(where: { $0.name == name })?.value else { return nil }
        let trimmed = value.drop(while: \.isWhitespace)
        let end = trimmed.lastIndex { !$0.isWhitespace }
        return end.map { String(trimmed[...$0]) }
    }

    package func values(_ name: String) -> [String] {
        fields.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    package mutating func append(contentsOf other: FormFields) throws(BadRequest) {
        fields += other.fields
        if fields.count > Self.maximumFields { throw .tooManyFields }
    }

    private static func decoded(_ bytes: some Collection<UInt8>) throws(BadRequest) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case 0x2b: decoded.append(0x20)
            case 0x25:
                guard let high = iterator.next().flatMap(hexadecimal), let low = iterator.next().flatMap(hexadecimal)
                else { throw .unreadable }
                decoded.append(high << 4 | low)
            default: decoded.append(byte)
            }
        }
        guard !decoded.contains(0), let text = String(validating: decoded, as: UTF8.self) else { throw .unreadable }
        return text
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}

/// Percent-encodes everything but letters, digits and `-._~`.
package func encodedForQuery(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
            encoded.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            encoded += byte < 16 ? "%0" : "%"
            encoded += String(byte, radix: 16, uppercase: true)
        }
    }
    return encoded
}

/// A request that cannot be read, whatever it was for.
package enum BadRequest: Refusal {
    case unreadable
    case tooManyFields
    case tooLong
    case badValue(field: String)

    package var code: String {
        switch self {
        case .unreadable: "unreadable"
        case .tooManyFields: "too-many-fields"
        case .tooLong: "too-long"
        case .badValue: "bad-value"
        }
    }

    package var status: Int {
        if case .tooLong = self { 413 } else { 400 }
    }

    package var description: String {
        switch self {
        case .unreadable: "The request has characters that cannot be read."
        case .tooManyFields: "The request has more than \(FormFields.maximumFields) fields."
        case .tooLong: "The request is longer than \(FormFields.maximumBytes / 1024) KB."
        case .badValue(let field): "The value of \(field) cannot be used."
        }
    }
}
