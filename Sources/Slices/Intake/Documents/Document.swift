import Crypto
package import Kernel
import Sealing
package import Web

/// A document that a person added: a part of its own, whose bytes lie apart and open with the same key.
package struct Document: Sendable, Equatable {
    package let name: String
    package let type: DocumentType
    package let bytes: [UInt8]

    package static let mostBytes = 5 << 20
    /// In one file.
    static let most = 10

    /// What is stored of `file`: named, of a kind that is taken, and without what photos tell besides.
    /// - Throws: `Problems` at `document`: `no-document` for none, `document-kind` for what is not taken, `document-broken` for a
    ///   picture that is not whole.
    package init(_ file: UploadedFile?) throws(Problems) {
        guard let file, !file.bytes.isEmpty else { throw Problems("document", "no-document") }
        guard let type = DocumentType(file.bytes) else { throw Problems("document", "document-kind") }
        guard let bytes = try? type.cleaned(file.bytes) else { throw Problems("document", "document-broken") }
        self.init(name: type.named(file.name), type: type, bytes: bytes)
    }

    init(name: String, type: DocumentType, bytes: [UInt8]) {
        self.name = name
        self.type = type
        self.bytes = bytes
    }

    /// What its part says.
    var answers: Answers { Answers(["name": [name], "type": [type.rawValue], "bytes": ["\(bytes.count)"]]) }

    /// Under which its bytes lie, made from the key of its part: who may open the part may open them.
    static func key(_ part: SymmetricKey) -> SymmetricKey { part.derived(for: "waymark/intake/document") }

    static func binding(_ part: Identifier<Part>) -> Envelope.Binding {
        Envelope.Binding("document", part.description)
    }
}

/// What the part of a document says of it.
extension Answers {
    var documentName: String? { values["name"]?.first }
    var documentType: DocumentType? { values["type"]?.first.flatMap(DocumentType.init(rawValue:)) }
    var documentBytes: Int? { values["bytes"]?.first.flatMap(Int.init) }
}

/// What is taken, told by how it begins and never by its name. No program is among them, and no page.
package enum DocumentType: String, Sendable, CaseIterable {
    case pdf = "application/pdf"
    case jpeg = "image/jpeg"
    case png = "image/png"
    case text = "text/plain; charset=utf-8"

    init?(_ bytes: [UInt8]) {
        if bytes.starts(with: "%PDF-".utf8) {
            self = .pdf
        } else if bytes.starts(with: [0xff, 0xd8, 0xff]) {
            self = .jpeg
        } else if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) {
            self = .png
        } else if Self.isPlain(bytes) {
            self = .text
        } else {
            return nil
        }
    }

    /// Words alone: UTF-8 without control characters, and no script that a shell would run.
    private static func isPlain(_ bytes: [UInt8]) -> Bool {
        !bytes.starts(with: "#!".utf8) && bytes.allSatisfy { $0 >= 32 && $0 != 127 || [9, 10, 13].contains($0) }
            && String(validating: bytes, as: UTF8.self) != nil
    }

    var ending: String {
        switch self {
        case .pdf: "pdf"
        case .jpeg: "jpg"
        case .png: "png"
        case .text: "txt"
        }
    }

    func cleaned(_ bytes: [UInt8]) throws(Photo.Unreadable) -> [UInt8] {
        switch self {
        case .jpeg: try Photo.jpeg(bytes)
        case .png: try Photo.png(bytes)
        case .pdf, .text: bytes
        }
    }

    /// A name that is safe to save under: letters, digits, spaces and dashes of what it was called, and the ending of its kind.
    func named(_ name: String) -> String {
        let stem = name.split(separator: ".").dropLast(name.contains(".") ? 1 : 0).joined(separator: " ")
        let plain = stem.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : " " }
        let words = String(plain).split(separator: " ").joined(separator: " ")
        return "\(words.isEmpty ? "document" : String(words.prefix(60))).\(ending)"
    }
}
