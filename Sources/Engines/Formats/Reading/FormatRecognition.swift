/// Finds out by names and first bytes which format files are in.
struct FormatRecognition {
    let files: InputFiles

    func format() throws -> FileReader.Format? {
        if files.isPackage { return try ofPackage() }
        guard let name = files.names.first else { return nil }
        return try ofFile(name)
    }

    private func ofFile(_ name: String) throws -> FileReader.Format? {
        let start = try text(of: name)
        switch start.first(where: { !$0.isWhitespace }) {
        case "<": return .airs
        case "{", "[": return ofJSON(start, name)
        default: break
        }
        let header = try columns(of: name)
        if header.contains("resourceagencynum") { return .icarol }
        if header.contains("taxonomy_id"), header.contains("parent_name") { return .ohana }
        if TableNames.stem(name) == "oe-2.0-flat" { return .ohana }
        if OlderTable.named(name)?.isGone == true { return .hsds1 }
        return TableNames.kind(name) != nil && header.contains("id") ? .hsds3 : nil
    }

    private func ofJSON(_ start: String, _ name: String) -> FileReader.Format {
        if start.contains("\"top_level\"") { return .ohana }
        if OlderTable.named(name)?.isGone == true { return .hsds2 }
        let gone = OlderTable.allCases.filter { $0.isGone && $0 != .eligibility }.flatMap {
            TableNames.spellings(of: $0.rawValue)
        }
        return gone.contains { start.contains("\"\($0)\"") } ? .hsds2 : .hsds3
    }

    private func ofPackage() throws -> FileReader.Format? {
        let stems = Set(files.names.filter(TableNames.isTable).map(TableNames.stem))
        if stems.isEmpty {
            let others = files.names.filter { $0 != PackageNames.file }
            guard let first = others.first(where: TableNames.isJSON) ?? others.first(where: { $0.hasSuffix(".xml") })
            else { return nil }
            return try ofFile(first)
        }
        if stems.contains("mail_addresses") { return .ohana }
        let tables = Set(stems.compactMap(OlderTable.named))
        if stems.contains("services"), try columns(like: "services").isSuperset(of: ["keywords", "location_id"]) {
            return .ohana
        }
        if !tables.isDisjoint(with: [.regularSchedule, .holidaySchedule, .serviceTaxonomy]) { return .hsds1 }
        if tables.contains(where: \.isGone) { return .hsds2 }
        if let only = files.names.first(where: TableNames.isTable), stems.count == 1, try ofFile(only) == .icarol {
            return .icarol
        }
        let organizations = try columns(like: "organizations").union(columns(like: "organization"))
        if organizations.contains("url"), !organizations.contains("website") { return .hsds2 }
        return stems.contains { TableNames.kind($0) != nil } ? .hsds3 : nil
    }

    private func columns(like stem: String) throws -> Set<String> {
        guard let name = files.names.first(where: { TableNames.isTable($0) && TableNames.stem($0) == stem }) else {
            return []
        }
        return try columns(of: name)
    }

    /// The header of a table, in lower case.
    private func columns(of name: String) throws -> Set<String> {
        let line = try text(of: name).prefix { !$0.isNewline }
        return Set(
            line.split { $0 == "," || $0 == ";" || $0 == "\t" }.map {
                FieldCheck.tidy(String($0).replacing("\"", with: "")).lowercased()
            })
    }

    private func text(of name: String) throws -> String {
        var stream = UTF8Stream(
            ByteStream(name: name, bytes: try files.beginning(of: name)), intake: Intake(limits: .usual) { _ in })
        var bytes: [UInt8] = []
        while let chunk = try stream.next() { bytes += chunk }
        return String(decoding: bytes, as: UTF8.self)
    }
}
