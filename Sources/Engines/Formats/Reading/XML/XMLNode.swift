/// An element of an XML text: its name and attributes without namespace prefixes, its text, its children in order.
final class XMLNode {
    let name: String
    let attributes: [String: String]
    let line: Int
    private(set) var children: [XMLNode] = []
    private(set) weak var parent: XMLNode?
    var bytes: [UInt8] = []

    init(_ name: String, _ attributes: [String: String], line: Int, under parent: XMLNode?) {
        self.name = name
        self.attributes = attributes
        self.line = line
        self.parent = parent
    }

    func add(_ child: XMLNode) { children.append(child) }

    /// The text without white space around; nil when there is none.
    var text: String? {
        let text = FieldCheck.tidy(String(decoding: bytes, as: UTF8.self))
        return text.isEmpty ? nil : text
    }

    func all(_ name: String) -> [XMLNode] { children.filter { $0.name == name } }
    func first(_ name: String) -> XMLNode? { children.first { $0.name == name } }

    /// The text of the child `name`.
    subscript(_ name: String) -> String? { first(name)?.text }

    func says(_ attribute: String) -> Bool { ["true", "1", "yes"].contains(attributes[attribute]?.lowercased()) }
}
