import Kernel

/// XML as REFI-QDA 1.0 writes it: UTF-8, elements in the order of its schema.
struct QDAText {
    private(set) var bytes: [UInt8] = Array("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".utf8)
    private var open: [String] = []

    /// - Parameter attributes: those without a value are left out.
    mutating func begin(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:]) {
        start(name, attributes)
        bytes.append(contentsOf: ">".utf8)
        open.append(name)
    }

    mutating func end() {
        guard let name = open.popLast() else { return }
        bytes.append(contentsOf: "</\(name)>\n".utf8)
    }

    mutating func empty(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:]) {
        start(name, attributes)
        bytes.append(contentsOf: "/>".utf8)
    }

    mutating func text(_ name: String, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        bytes.append(contentsOf: "<\(name)>".utf8)
        escape(text)
        bytes.append(contentsOf: "</\(name)>".utf8)
    }

    private mutating func start(_ name: String, _ attributes: KeyValuePairs<String, String?>) {
        bytes.append(contentsOf: "<\(name)".utf8)
        for (key, value) in attributes {
            guard let value else { continue }
            bytes.append(contentsOf: " \(key)=\"".utf8)
            escape(value)
            bytes.append(0x22)
        }
    }

    /// What XML 1.0 cannot hold is left out; line ends are written so that a reader keeps them.
    private mutating func escape(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x26: bytes.append(contentsOf: "&amp;".utf8)
            case 0x3c: bytes.append(contentsOf: "&lt;".utf8)
            case 0x3e: bytes.append(contentsOf: "&gt;".utf8)
            case 0x22: bytes.append(contentsOf: "&quot;".utf8)
            case 0x09, 0x0a, 0x0d: bytes.append(contentsOf: "&#\(scalar.value);".utf8)
            case 0..<0x20, 0xfffe, 0xffff: continue
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }
}
