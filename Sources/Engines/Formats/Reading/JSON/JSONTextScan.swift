/// Whether a byte of a JSON text stands within a string.
struct JSONTextScan {
    private(set) var isOpen = false
    private var isEscaped = false

    /// True within a string, where the next byte is not escaped.
    var isPlain: Bool { isOpen && !isEscaped }

    /// Moves over `byte`. True when it belongs to a string, its closing quote included but not its opening one.
    mutating func passes(_ byte: UInt8) -> Bool {
        guard isOpen else {
            isOpen = byte == UInt8(ascii: "\"")
            return false
        }
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isOpen = false
        }
        return true
    }

    mutating func close() { (isOpen, isEscaped) = (false, false) }
}
