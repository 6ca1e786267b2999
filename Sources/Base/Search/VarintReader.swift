/// Reads numbers and texts one after another; past the end, 0 and nil.
struct VarintReader {
    private var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    mutating func number() -> Int {
        var number = 0
        var shift = 0
        while let byte = rest.first, shift < 56 {
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
            number |= Int(byte & 0x7F) << shift
            if byte < 0x80 { return number }
            shift += 7
        }
        return 0
    }

    mutating func text() -> String? {
        guard !rest.isEmpty else { return nil }
        let length = number()
        guard length <= rest.count else { return nil }
        let text = String(decoding: rest.prefix(length), as: UTF8.self)
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(length))
        return text
    }
}
