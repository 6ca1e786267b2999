import Foundation
import Kernel

/// What a link or a form sent: names and values in order, decoded. Query and body are read by the same rules.
package struct FormFields: Sendable {
    package private(set) var fields: [(name: String, value: String)] = []
    /// What came as files, in a form that takes them.
    package private(set) var files: [UploadedFile] = []

    /// How a value was written: a JSON body tells text from numbers, a query and a form do not.
    package enum Spelling: Sendable { case encoded, jsonText, jsonLiteral }
    private var spellings: [String: Spelling] = [:]
    private var bodyStart: Int?

    /// Every value of `name` in the query and in the body, as it was sent.
    package func sent(_ name: String) -> (query: [String], body: [(value: String, spelling: Spelling)]) {
        let (query, body) = (fields[..<(bodyStart ?? fields.count)], fields[(bodyStart ?? fields.count)...])
        return (
            query.filter { $0.name == name }.map(\.value),
            body.filter { $0.name == name }.map { ($0.value, spellings[name] ?? .encoded) }
        )
    }

    package static let maximumFields = 200
    package static let maximumBytes = 64 * 1024
    /// For forms with room for long texts, each sign of which may take twelve bytes on the way.
    package static let maximumTextBytes = 512 * 1024

    package init(_ fields: [(name: String, value: String)] = []) { self.fields = fields }

    /// Reads `a=b&c=d`; a line ends with one sign in what comes out. Throws `BadRequest` for broken escapes, text that is not
    /// UTF-8, null bytes and too many fields.
    package init(
        encoded text: some Collection<UInt8>, atMost maximumBytes: Int = Self.maximumBytes
    ) throws(BadRequest) {
        if text.count > maximumBytes { throw .tooLong(maximumBytes) }
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

    /// Adds what stands in the body to what stands in the query.
    package mutating func append(contentsOf other: FormFields) throws(BadRequest) {
        bodyStart = fields.count
        fields += other.fields
        files += other.files
        spellings = other.spellings
        if fields.count > Self.maximumFields { throw .tooManyFields }
    }

    /// Reads a JSON object of texts, numbers and booleans. Anything else is `unreadable`.
    package init(json bytes: [UInt8]) throws(BadRequest) {
        if bytes.count > Self.maximumBytes { throw .tooLong(Self.maximumBytes) }
        guard let object = try? JSONDecoder().decode([String: JSONField].self, from: Data(bytes)) else {
            throw .unreadable
        }
        for (name, field) in object.sorted(by: { $0.key < $1.key }) {
            fields.append((name, field.value))
            spellings[name] = field.spelling
        }
        if fields.count > Self.maximumFields { throw .tooManyFields }
        if fields.contains(where: { $0.name.utf8.contains(0) || $0.value.utf8.contains(0) }) { throw .unreadable }
    }

    private struct JSONField: Decodable {
        let value: String
        let spelling: Spelling

        init(from decoder: any Decoder) throws {
            let single = try decoder.singleValueContainer()
            if let flag = try? single.decode(Bool.self) {
                (value, spelling) = (flag ? "true" : "false", .jsonLiteral)
            } else if let number = try? single.decode(Double.self) {
                (value, spelling) = (Int(exactly: number).map(String.init) ?? "\(number)", .jsonLiteral)
            } else {
                (value, spelling) = (try single.decode(String.self), .jsonText)
            }
        }
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
        return withShortLineEnds(text)
    }

    static func withShortLineEnds(_ text: String) -> String {
        text.utf8.contains(0x0d) ? text.replacing("\r\n", with: "\n") : text
    }

    mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }
    mutating func add(_ file: UploadedFile) { files.append(file) }

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
