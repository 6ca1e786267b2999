/// Turns the value of a file into the value of an HSDS field.
enum FieldCheck {
    enum Outcome: Equatable {
        case absent
        case value(FieldValue)
        /// A code, and what is wrong as the end of a sentence.
        case wrong(String, String)
    }

    static func value(_ value: JSONValue, as reading: KnownKind.Reading, keepsSpace: Bool = false) -> Outcome {
        guard let said = value.plain else {
            return value.isNull ? .absent : .wrong("wrong-type", "is a list or an object and not one value")
        }
        let text = tidy(said)
        guard !text.isEmpty else { return .absent }
        switch reading {
        case .text: return .value(.text(keepsSpace ? withoutControls(said) : text))
        case .number:
            if case .boolean = value { return .wrong("not-a-number", "is not a number") }
            guard let number = number(text) else { return .wrong("not-a-number", "is not a number") }
            return .value(.number(number))
        case .oneOf(let values):
            let folded = text.lowercased()
            guard let listed = values.first(where: { $0.lowercased() == folded }) else {
                return .wrong("not-in-list", "is none of the values HSDS allows")
            }
            return .value(.text(listed))
        case .day:
            guard let day = CalendarText.day(text) else { return .wrong("not-a-date", "is not a date") }
            return .value(.text(day))
        case .time:
            guard let time = ClockText.time(text) else { return .wrong("not-a-time", "is not a time of the day") }
            return .value(.text(time))
        }
    }

    /// Without control characters other than tab and line ends.
    private static func withoutControls(_ text: String) -> String {
        let isControl = { (byte: UInt8) in byte < 0x20 && byte != 0x09 && byte != 0x0a && byte != 0x0d || byte == 0x7f }
        var text = text
        if text.utf8.contains(where: isControl) {
            text.unicodeScalars.removeAll { $0.isASCII && isControl(UInt8($0.value)) }
        }
        return text
    }

    /// Without white space around and without control characters other than tab and line ends.
    static func tidy(_ text: String) -> String {
        let text = withoutControls(text)
        guard let first = text.utf8.first, let last = text.utf8.last else { return text }
        if first > 0x20, last > 0x20, first < 0x80, last < 0x80 { return text }
        let spaces = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        guard let start = text.unicodeScalars.firstIndex(where: { !spaces($0) }),
            let end = text.unicodeScalars.lastIndex(where: { !spaces($0) })
        else { return "" }
        return String(text.unicodeScalars[start...end])
    }

    /// A finite decimal number; not hexadecimal, infinity or not-a-number, which `Double` reads as well.
    static func number(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ 48...57 ~= $0 || [43, 45, 46, 69, 101].contains($0) }), let number = Double(text),
            number.isFinite
        else { return nil }
        return number
    }
}
