extension Validation {
    /// Checks a JSON document: a record, a list of records, a page of an API's list, or an API's first answer.
    /// - Parameter kind: what its records are; nil to tell by their fields.
    package mutating func check(document: JSONValue, file: String, line: Int? = nil, kind: RecordKind? = nil) {
        place = Place(file: file, line: line)
        switch document {
        case .array(let values):
            for (index, value) in values.enumerated() { check(record: value, kind, at: "/\(index)") }
        case .object(let members):
            if let contents = members["contents"] {
                check(page: members)
                for (index, value) in (contents.array ?? []).enumerated() {
                    check(record: value, kind, at: "/contents/\(index)")
                }
            } else if members["openapi_url"] != nil || (members["profile"] != nil && members["version"] != nil) {
                check(root: members)
            } else {
                check(record: document, kind, at: "")
            }
        default: add(.unknownForm, .error, nil, nil, "This is neither a record nor a list of records.")
        }
    }

    private mutating func check(record value: JSONValue, _ kind: RecordKind?, at path: String) {
        guard let kind = kind ?? value.object.flatMap(Self.recognize) else {
            add(.unknownForm, .error, nil, nil, "No kind of HSDS record has these fields.")
            return
        }
        check(top: value, kind, at: path)
    }

    /// The kind whose fields these most likely are; nil when they are none's.
    static func recognize(_ members: [String: JSONValue]) -> RecordKind? {
        if members["location_type"] != nil { return .location }
        if members["status"] != nil, members["name"] != nil { return .service }
        var best: (kind: RecordKind, score: Int)?
        let usual: [RecordKind] = [.organization, .service, .serviceAtLocation, .taxonomyTerm, .taxonomy, .program]
        for kind in usual + RecordKind.allCases where kind != .location {
            let rules = ObjectRules.all[ObjectRules.place(kind)]
            let known = members.keys.count { rules.parts[$0] != nil }
            let missing = rules.required.count { members[$0] == nil }
            guard known >= 2, known * 2 > members.count else { continue }
            let score = known * 2 - missing
            if score > best?.score ?? 0 { best = (kind, score) }
        }
        return best?.kind
    }

    /// The kind that a file or path is named after: `service_full.json`, `organizations`; nil for other names.
    package static func kind(named name: String) -> RecordKind? {
        var stem = name.split(separator: "/").last.map(String.init) ?? ""
        stem = stem.split(separator: ".").first.map(String.init) ?? ""
        for suffix in ["_full", "_list"] where stem.hasSuffix(suffix) { stem.removeLast(suffix.count) }
        return RecordKind.allCases.first { $0.rawValue == stem || $0.tableName == stem }
    }

    // MARK: Pages

    private static let pageFields: [(name: String, isNumber: Bool)] = [
        ("total_items", true), ("total_pages", true), ("page_number", true), ("size", true), ("first_page", false),
        ("last_page", false), ("empty", false),
    ]

    private mutating func check(page: [String: JSONValue]) {
        for (name, isNumber) in Self.pageFields {
            switch page[name] {
            case nil:
                // The official description requires `empty` alone.
                add(.pageField, name == "empty" ? .error : .warning, nil, name, "The page has no \(name).")
            case .number(let number) where isNumber && number >= 0 && number == number.rounded(): break
            case .boolean where !isNumber: break
            default:
                add(
                    .pageField, .error, nil, name,
                    "\(name) of the page is not \(isNumber ? "a whole number" : "true or false").")
            }
        }
        guard let contents = page["contents"]?.array else {
            add(.pageField, .error, nil, "contents", "The contents of the page are not a list.")
            return
        }
        for (name, sentence) in Self.disagreements(page, contents.count) {
            add(.pageCount, .error, nil, name, sentence)
        }
    }

    private static func disagreements(_ page: [String: JSONValue], _ count: Int) -> [(String, String)] {
        func number(_ name: String) -> Int? { page[name]?.number.flatMap { Int(exactly: $0) } }
        let (items, pages) = (number("total_items"), number("total_pages"))
        let (at, size) = (number("page_number"), number("size"))
        var found: [(String, String)] = []
        if let size, size != count { found.append(("size", "size is not the number of entries in the contents.")) }
        if let empty = page["empty"]?.boolean, empty != (count == 0) {
            found.append(("empty", "empty does not agree with the contents."))
        }
        if let items, items < count { found.append(("total_items", "total_items is less than this page alone has.")) }
        if let at, let first = page["first_page"]?.boolean, first != (at <= 1) {
            found.append(("first_page", "first_page does not agree with page_number."))
        }
        if let at, let pages, let last = page["last_page"]?.boolean, last != (at >= pages) {
            found.append(("last_page", "last_page does not agree with page_number and total_pages."))
        }
        if let items, let pages {
            if (items == 0) != (pages == 0), !(items == 0 && pages == 1) {
                found.append(("total_pages", "total_pages does not agree with total_items."))
            } else if pages > items, items > 0 {
                found.append(("total_pages", "There are more pages than items."))
            } else if let at, let size, at < pages, size > 0, pages != (items + size - 1) / size {
                found.append(("total_pages", "total_pages is not total_items by the size of a page."))
            }
        }
        return found
    }

    // MARK: The first answer of an API

    private mutating func check(root: [String: JSONValue]) {
        for name in ["version", "profile", "openapi_url"] {
            guard let text = root[name]?.text else {
                add(.noProfile, .error, nil, name, "The API's first answer has no \(name).")
                continue
            }
            if name == "version" {
                if !text.contains("3.") { add(.noProfile, .warning, nil, name, "The version is not 3 of HSDS.") }
            } else if !TextForms.isURI(text) {
                add(.noProfile, .error, nil, name, "\(name) is not a web address with its scheme.")
            }
        }
    }
}
