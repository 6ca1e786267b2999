/// Several texts in one cell of a table. A separator that belongs to a text stands behind a backslash, as a backslash itself does.
enum ListText {
    static func joined(_ texts: [String], by separator: Character) -> String {
        texts.map { text in
            text.reduce(into: "") { text, letter in
                if letter == separator || letter == "\\" { text.append("\\") }
                text.append(letter)
            }
        }.joined(separator: separator == ";" ? "; " : " \(separator) ")
    }

    /// The texts without white space around them. A backslash before anything else is one.
    static func texts(_ cell: String, by separator: Character, keepsEmpty: Bool = false) -> [String] {
        var (texts, isEscaped) = ([""], false)
        for letter in cell {
            if isEscaped {
                if letter != separator, letter != "\\" { texts[texts.count - 1].append("\\") }
                texts[texts.count - 1].append(letter)
                isEscaped = false
            } else if letter == "\\" {
                isEscaped = true
            } else if letter == separator {
                texts.append("")
            } else {
                texts[texts.count - 1].append(letter)
            }
        }
        if isEscaped { texts[texts.count - 1].append("\\") }
        let trimmed = texts.map(Self.trimmed)
        return keepsEmpty ? trimmed : trimmed.filter { !$0.isEmpty }
    }

    static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
