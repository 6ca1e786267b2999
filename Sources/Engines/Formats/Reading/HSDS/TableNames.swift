/// Which kind a file, a table or a JSON member means by its name.
enum TableNames {
    /// `services.csv`, `service`, `service_list.json`, `services_at_location` and the like.
    static func kind(_ name: String) -> RecordKind? { kinds[stem(name)] }

    /// The name in lower case without folders, ending and what the examples of HSDS append.
    static func stem(_ name: String) -> String {
        var stem = name.split(separator: "/").last.map { $0.lowercased() } ?? ""
        for ending in [".gz", ".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl"] where stem.hasSuffix(ending) {
            stem.removeLast(ending.count)
        }
        for ending in ["_list", "_full", "_simple", "_package"] where stem.hasSuffix(ending) {
            stem.removeLast(ending.count)
        }
        return stem
    }

    static func isTable(_ name: String) -> Bool {
        let lower = name.lowercased()
        return [".csv", ".tsv", ".txt"].contains { lower.hasSuffix($0) }
    }

    static func isJSON(_ name: String) -> Bool {
        let lower = name.lowercased()
        return [".json", ".ndjson", ".jsonl"].contains { lower.hasSuffix($0) } && lower != "datapackage.json"
    }

    /// A name and the ways people make it plural.
    static func spellings(of name: String) -> [String] {
        var all = [name, name + "s"]
        if name.hasSuffix("y") { all.append(name.dropLast() + "ies") }
        if name.hasSuffix("s") { all.append(name + "es") }
        return all
    }

    private static let kinds: [String: RecordKind] = {
        var kinds: [String: RecordKind] = [
            "services_at_location": .serviceAtLocation, "services_at_locations": .serviceAtLocation,
            "additional_urls": .url, "additional_websites": .url, "capacities": .serviceCapacity,
        ]
        for kind in RecordKind.allCases {
            for name in spellings(of: kind.rawValue) { kinds[name] = kind }
        }
        return kinds
    }()
}
