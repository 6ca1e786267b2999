/// Reads HSDS of any version: JSON, ndjson, tables, or a package of them.
struct HSDSFiles {
    let files: InputFiles
    let intake: Intake

    /// HSDS 3.
    func read() throws {
        let package = try PackageNames(files, limits: intake.limits)
        let records = TableRecords(intake: intake)
        try eachFile { bytes in
            let kind = TableNames.kind(package.table(in: bytes.name))
            if !TableNames.isTable(bytes.name) {
                let json = JSONRecords(intake: intake, named: kind)
                try JSONFile.read(bytes, intake) { try json.read($0, at: $1) }
            } else if let kind {
                try TableReader.read(bytes, intake) { try records.read($0, as: kind) }
            } else {
                try strange(bytes.name)
            }
        }
    }

    /// HSDS 1.1 and 2.0, whose tables have other names.
    func readOlder() throws {
        let package = try PackageNames(files, limits: intake.limits)
        var words = OlderWords(intake: intake)
        words.eligibility = try Remembered.texts(files, intake, key: "service_id", value: "eligibility") {
            OlderTable.named(package.table(in: $0)) == .eligibility
        }
        try eachFile { bytes in
            let table = OlderTable.named(package.table(in: bytes.name))
            if !TableNames.isTable(bytes.name) {
                let json = OlderRecords(words: words, named: table)
                try JSONFile.read(bytes, intake) { try json.read($0, at: $1) }
            } else if let table {
                try TableReader.read(bytes, intake) {
                    let values = Dictionary($0.values.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
                    try words.take(OlderRow(table: table, values: values, origin: $0.origin))
                }
            } else {
                try strange(bytes.name)
            }
        }
    }

    private func eachFile(_ body: (ByteStream) throws -> Void) throws {
        let isAlone = !files.isPackage
        try files.each(where: { isAlone || TableNames.isTable($0) || TableNames.isJSON($0) }, body)
    }

    private func strange(_ name: String) throws {
        try intake.fault(
            "unknown-table", "\(name) is no table of HSDS and is left out.", at: Origin(file: name, line: 1))
    }
}

/// What is remembered of a table before the others are read, to complete their records.
enum Remembered {
    /// One text by key; several texts of one key are joined. Stops remembering, with a fault, at the limit.
    static func texts(
        _ files: InputFiles, _ intake: Intake, key: String, value: String, in wanted: (String) -> Bool
    ) throws -> [String: String] {
        var texts: [String: String] = [:]
        var size = 0
        // What is wrong with these rows is said when they are read again.
        let quiet = Intake(limits: intake.limits) { _ in }
        try files.each(where: { TableNames.isTable($0) && wanted($0) }) { bytes in
            try TableReader.read(bytes, quiet) { row in
                guard let owner = row[key], let text = row[value] else { return }
                size += owner.utf8.count + text.utf8.count + 64
                if size <= intake.limits.remembered {
                    texts[owner] = ListText.joined([texts[owner], text], "; ")
                } else {
                    try intake.faultOnce(
                        "too-much-to-remember", "\(bytes.name) is too large to be joined; what follows is left out.",
                        field: value, of: bytes.name, at: row.origin)
                }
            }
        }
        return texts
    }
}
