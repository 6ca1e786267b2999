import Kernel

/// vCard 4.0 (RFC 6350): one card per organization or service, for address books. No card names a person.
package struct VCards: TreeWriter {
    package init() {}

    package func opening() -> [UInt8] { [] }
    package func closing() -> [UInt8] { [] }

    package func bytes(of tree: RecordTree) -> [UInt8] {
        var card = VCardText()
        let name = tree.text("name") ?? tree.record.id.description
        card.line("BEGIN", "VCARD")
        card.line("VERSION", "4.0")
        card.line("PRODID", VCardText.escaped("-//Waymark//Directory//EN"))
        card.line("UID", "urn:uuid:\(tree.record.id)")
        card.line("KIND", "org")
        card.line("FN", VCardText.escaped(name))
        card.line("ORG", VCardText.escaped(tree.organization?.text("name") ?? name))
        if let text = tree.text("description") { card.line("NOTE", VCardText.escaped(text)) }
        for phone in tree.phones { Self.write(phone: phone, to: &card) }
        if let email = tree.email { card.line("EMAIL", VCardText.escaped(email)) }
        // In a URI or code nothing is escaped; without control characters it cannot begin a new line.
        if let website = tree.website { card.line("URL", website.plain) }
        for spot in tree.spots { Self.write(place: spot.place, to: &card) }
        let needs = tree.terms(of: "need") + tree.terms(of: "population")
        if !needs.isEmpty { card.line("CATEGORIES", needs.map(VCardText.escaped).joined(separator: ",")) }
        for code in tree.trees("languages").compactMap({ $0.text("code") }) {
            card.line("LANG", code.plain)
        }
        card.line("END", "VCARD")
        return card.bytes
    }

    private static func write(phone: RecordTree, to card: inout VCardText) {
        guard let number = phone.dialled else { return }
        let known = ["text", "voice", "fax", "cell", "video", "pager", "textphone"]
        let type = phone.text("type").map { $0.lowercased() }.flatMap { known.contains($0) ? $0 : nil } ?? "voice"
        card.line("TEL;TYPE=work,\(type)", VCardText.escaped(number))
    }

    private static func write(place: RecordTree, to card: inout VCardText) {
        if let address = place.address {
            let street = ["attention", "address_1", "address_2"].compactMap { address.text($0) }
            let parts =
                [
                    "", "", street.map(VCardText.escaped).joined(separator: ","),
                ]
                + ["city", "state_province", "postal_code", "country"].map { VCardText.escaped(address.text($0) ?? "") }
            card.line("ADR;TYPE=work", parts.joined(separator: ";"))
        }
        if let position = place.coordinate { card.line("GEO", "geo:\(position.latitude),\(position.longitude)") }
    }
}

/// Content lines: escaped values, folded after 75 bytes and never inside a character, ended by CR LF.
private struct VCardText {
    private(set) var bytes: [UInt8] = []

    mutating func line(_ name: String, _ value: String) {
        var width = 0
        for scalar in (name + ":" + value).unicodeScalars {
            let encoded = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            if width + encoded.count > 75 {
                bytes.append(contentsOf: [0x0d, 0x0a, 0x20])
                width = 1
            }
            bytes.append(contentsOf: encoded)
            width += encoded.count
        }
        bytes.append(contentsOf: [0x0d, 0x0a])
    }

    /// A text value: backslash, comma, semicolon and line ends escaped; other control characters left out.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        var afterReturn = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ",", ";":
                escaped.unicodeScalars.append("\\")
                escaped.unicodeScalars.append(scalar)
            case "\r": escaped += "\\n"
            case "\n": if !afterReturn { escaped += "\\n" }
            case "\t": escaped.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0x7f: break
            default: escaped.unicodeScalars.append(scalar)
            }
            afterReturn = scalar == "\r"
        }
        return escaped
    }
}
