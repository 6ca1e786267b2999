/// Reads the CSV files of the Ohana API, and the taxonomy it comes with. Source: codeforamerica/ohana-api,
/// `data/sample-csv` and its wiki page on populating the database.
struct OhanaFiles {
    let files: InputFiles
    let intake: Intake

    func read() throws {
        // A service of Ohana names its location alone; the location knows the organization.
        let owners = try Remembered.texts(files, intake, key: "id", value: "organization_id") {
            TableNames.stem($0) == "locations"
        }
        try files.each(where: { TableNames.isTable($0) || TableNames.isJSON($0) }) { bytes in
            if !TableNames.isTable(bytes.name) { return try OhanaTaxonomy(intake: intake).read(bytes) }
            guard let words = OhanaWords(table: TableNames.stem(bytes.name), owners: owners, intake: intake) else {
                return try intake.fault(
                    "unknown-table", "\(bytes.name) is no table of Ohana and is left out.",
                    at: Origin(file: bytes.name, line: 1))
            }
            try TableReader.read(bytes, intake) { try words.take($0) }
        }
    }
}

/// Open Eligibility as Ohana and Open Eligibility themselves give it: a tree in JSON, or a table.
struct OhanaTaxonomy {
    let intake: Intake

    func read(_ bytes: ByteStream) throws {
        let origin = Origin(file: bytes.name, line: 1)
        let limits = intake.limits
        guard let tree = try? JSONParser.value(of: bytes.whole(upTo: limits.record), depth: limits.depth),
            let top = tree.members?["taxonomy"]?.members?["top_level"]?.elements
        else { throw ReadingFault("not-json", "\(bytes.name) is no taxonomy in JSON.", at: origin) }
        try take(top, under: nil, at: origin)
    }

    private func take(_ terms: [JSONValue], under parent: String?, at origin: Origin) throws {
        for term in terms {
            guard let members = term.members, let id = members["@id"]?.text else { continue }
            try intake.take(Self.term(id, members["@title"]?.text, under: parent, at: origin))
            for (name, children) in members.sorted(by: { $0.key < $1.key }) where name.hasSuffix("_level") {
                try take(children.elements ?? [], under: id, at: origin)
            }
        }
    }

    static func term(_ id: String?, _ name: String?, under parent: String?, at origin: Origin) -> RawRecord {
        RawRecord(
            .taxonomyTerm, id: id,
            ["code": id, "name": name, "parent_id": parent, "taxonomy": "Open Eligibility"], at: origin)
    }
}
