import Kernel

/// The forms that HSDS asks of texts.
enum TextForms {
    /// 36 characters, dashes in their places (RFC 9562); nil when it is none.
    static func uuid(_ text: String) -> UInt128? {
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.count == 36 else { return nil }
            var value: UInt128 = 0
            for index in 0..<36 {
                let digit = digits[Int(bytes[index])]
                if digit < 16 {
                    value = value << 4 | UInt128(digit)
                } else if bytes[index] != 0x2d {
                    return nil
                }
            }
            guard bytes[8] == 0x2d, bytes[13] == 0x2d, bytes[18] == 0x2d, bytes[23] == 0x2d,
                bytes.count(where: { $0 == 0x2d }) == 4
            else { return nil }
            return value
        }
    }

    private static let digits: [UInt8] = (0...255).map { byte in
        Character(Unicode.Scalar(UInt8(byte))).hexDigitValue.flatMap { byte < 128 ? UInt8($0) : nil } ?? 255
    }

    /// A name, one `@` and a host, without spaces and control characters.
    static func isEmail(_ text: String) -> Bool {
        guard let at = text.utf8.lastIndex(of: 0x40), at != text.utf8.startIndex else { return false }
        let host = text.utf8[text.utf8.index(after: at)...]
        return !host.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
    }

    /// An absolute URI of RFC 3986: a scheme, and after it only characters that may stand there.
    static func isURI(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard let colon = bytes.firstIndex(of: 0x3a), colon > 0, isLetter(bytes[0]) else { return false }
            for byte in bytes[..<colon] where !isSchemePart(byte) { return false }
            var fragments = 0
            var index = colon + 1
            while index < bytes.count {
                let byte = bytes[index]
                if byte == 0x25 {
                    guard index + 2 < bytes.count, isHexadecimal(bytes[index + 1]), isHexadecimal(bytes[index + 2])
                    else { return false }
                } else if byte == 0x23 {
                    fragments += 1
                    if fragments > 1 { return false }
                } else if !allowed[Int(byte)] {
                    return false
                }
                index += 1
            }
            return true
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7a ~= byte | 0x20 }
    private static func isSchemePart(_ byte: UInt8) -> Bool {
        isLetter(byte) || 0x30...0x39 ~= byte || byte == 0x2b || byte == 0x2d || byte == 0x2e
    }
    private static func isHexadecimal(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte || 0x61...0x66 ~= byte | 0x20 }

    private static let allowed: [Bool] = {
        var allowed = [Bool](repeating: false, count: 256)
        for byte in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?[]@!$&'()*+,;=".utf8 {
            allowed[Int(byte)] = true
        }
        return allowed
    }()

    /// RFC 3339: day, `T`, time with seconds, `Z` or an offset.
    static func isInstant(_ text: String) -> Bool {
        let parts = text.utf8.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 | 0x20 == 0x74 }
        guard parts.count == 2, let day = Day(String(Substring(parts[0]))), day.year > 0 else { return false }
        return isTime(parts[1], needsSeconds: true, needsOffset: true)
    }

    /// `HH:MM` or `HH:MM:SS`, with `Z` or an offset or without; `24:00` is the end of a day.
    static func isTime(_ text: String) -> Bool {
        text == "24:00" || text == "24:00:00" || isTime(text.utf8[...], needsSeconds: false, needsOffset: false)
    }

    private static func isTime(_ text: Substring.UTF8View, needsSeconds: Bool, needsOffset: Bool) -> Bool {
        var rest = text
        guard let hour = number(&rest), hour < 24, rest.popFirst() == 0x3a, let minute = number(&rest), minute < 60
        else { return false }
        if rest.first == 0x3a {
            rest.removeFirst()
            guard let second = number(&rest), second < 60 else { return false }
            if rest.first == 0x2e {
                rest.removeFirst()
                let digits = rest.prefix { 0x30...0x39 ~= $0 }.count
                if digits == 0 { return false }
                rest.removeFirst(digits)
            }
        } else if needsSeconds {
            return false
        }
        switch rest.popFirst() {
        case nil: return !needsOffset
        case 0x5a, 0x7a: return rest.isEmpty
        case 0x2b, 0x2d:
            guard let hours = number(&rest), hours < 24, rest.popFirst() == 0x3a, let minutes = number(&rest) else {
                return false
            }
            return minutes < 60 && rest.isEmpty
        default: return false
        }
    }

    /// Takes two digits.
    private static func number(_ rest: inout Substring.UTF8View) -> Int? {
        guard let tens = rest.popFirst(), let ones = rest.popFirst(), 0x30...0x39 ~= tens, 0x30...0x39 ~= ones else {
            return nil
        }
        return Int(tens - 0x30) * 10 + Int(ones - 0x30)
    }
}
