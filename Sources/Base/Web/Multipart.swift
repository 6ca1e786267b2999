import Foundation

/// A file that came with a form.
package struct UploadedFile: Sendable {
    /// The name of the form's field.
    package let field: String
    /// What it is called on the sender's machine, at most 200 characters and without folders. Anything may stand there.
    package let name: String
    package let bytes: [UInt8]
}

extension FormFields {
    /// Reads `multipart/form-data` (RFC 7578) as browsers write it, all or nothing. Throws `BadRequest` for what is cut short or
    /// written otherwise. A file field that was left empty is no file.
    package init(multipart body: [UInt8], boundary: String) throws(BadRequest) {
        self.init()
        let (bytes, mark) = (Data(body), Data("--\(boundary)".utf8))
        guard bytes.starts(with: mark) else { throw .unreadable }
        var place = mark.count
        while bytes.dropFirst(place).prefix(2) != Data("--".utf8) {
            guard fields.count + files.count < Self.maximumFields else { throw .tooManyFields }
            guard bytes.dropFirst(place).starts(with: Self.lineEnd),
                let end = bytes.range(of: Self.lineEnd + mark, in: place..<bytes.count),
                let head = bytes.range(of: Self.lineEnd + Self.lineEnd, in: place..<end.lowerBound)
            else { throw .unreadable }
            try add(head: bytes[place..<head.lowerBound], content: bytes[head.upperBound..<end.lowerBound])
            place = end.upperBound
        }
    }

    private static let lineEnd = Data("\r\n".utf8)

    private mutating func add(head: Data, content: Data) throws(BadRequest) {
        guard let head = String(validating: head, as: UTF8.self),
            let line = head.split(separator: "\r\n").first(where: { $0.lowercased().hasPrefix("content-disposition:") }
            ),
            let name = Self.quoted("name", in: line)
        else { throw .unreadable }
        guard let file = Self.quoted("filename", in: line) else {
            guard !content.contains(0), let text = String(validating: content, as: UTF8.self) else { throw .unreadable }
            return add(name, Self.withShortLineEnds(text))
        }
        guard !content.isEmpty || !file.isEmpty else { return }
        let last = file.split { $0 == "/" || $0 == "\\" }.last ?? ""
        add(UploadedFile(field: name, name: String(last.prefix(200)), bytes: Array(content)))
    }

    /// The value of a parameter; browsers write a quotation mark in it as `%22`.
    private static func quoted(_ name: String, in line: Substring) -> String? {
        guard let start = line.range(of: "; \(name)=\"")?.upperBound,
            let end = line[start...].firstIndex(of: "\"")
        else { return nil }
        return String(line[start..<end]).replacing("%22", with: "\"")
    }
}
