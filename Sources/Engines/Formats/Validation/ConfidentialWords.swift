/// Words by which data says that a place is confidential.
enum ConfidentialWords {
    /// True when the names, the address or the attributes of a location say so, or its description does of the place itself
    /// (“confidential counselling” says nothing about a place).
    static func name(_ location: [String: JSONValue]) -> Bool {
        let addresses = location["addresses"]?.array ?? []
        let names =
            ["name", "alternate_name"].compactMap { location[$0]?.text }
            + addresses.flatMap { address in ["attention", "address_1", "address_2"].compactMap { address[$0]?.text } }
        if names.contains(where: isConfidential) { return true }
        let attributes = (location["attributes"]?.array ?? []).flatMap { attribute in
            [
                attribute["value"]?.text, attribute["label"]?.text, attribute["taxonomy_term"]?["name"]?.text,
                attribute["taxonomy_term"]?["code"]?.text,
            ].compactMap(\.self)
        }
        if attributes.contains(where: isConfidential) { return true }
        guard let description = location["description"]?.text, isConfidential(description) else { return false }
        let words = description.lowercased()
        return [
            "confidential location", "confidential address", "location is confidential", "address is confidential",
            "undisclosed", "lieu confidentiel", "adresse confidentielle",
        ].contains { words.contains($0) }
    }

    private static func isConfidential(_ text: String) -> Bool {
        holds(text, "confidenti") || holds(text, "undisclosed")
    }

    /// Without regard to case; `word` is lower-case ASCII.
    private static func holds(_ text: String, _ word: StaticString) -> Bool {
        var text = text
        let count = word.utf8CodeUnitCount
        return text.withUTF8 { bytes in
            guard bytes.count >= count else { return false }
            return (0...bytes.count - count).contains { start in
                (0..<count).allSatisfy { bytes[start + $0] | 0x20 == word.utf8Start[$0] }
            }
        }
    }
}
