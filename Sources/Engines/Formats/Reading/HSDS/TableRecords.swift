/// Rows of HSDS 3 tables, whose columns are the fields of the kind.
struct TableRecords {
    let intake: Intake

    func read(_ row: TableRow, as kind: RecordKind) throws {
        var record = RawRecord(kind, id: row["id"], at: row.origin)
        for (place, name) in row.header.folded.enumerated() where !row.fields[place].isEmpty {
            if name == "id" || name.isEmpty || record.values[name] != nil { continue }
            // The compiled tables of HSDS list members as columns; a table has no room for them.
            if record.known.fields[name] == nil, record.known.members[name] != nil { continue }
            record.values[name] = .string(row.fields[place])
        }
        if record.id == nil { record.id = ContentId.of(record) }
        try intake.take(record)
    }
}

/// Ids for records that hang under others and have none of their own: the same content gives the same id.
enum ContentId {
    private static let main: Set<RecordKind> = [
        .organization, .program, .service, .location, .taxonomy, .taxonomyTerm, .unit,
    ]

    /// Nil for the kinds that stand by themselves, whose records need an id.
    static func of(_ record: RawRecord) -> String? {
        if main.contains(record.kind) { return nil }
        var names = record.values.keys.sorted()
        if record.kind == .serviceAtLocation { names = names.filter { $0 == "service_id" || $0 == "location_id" } }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for name in names {
            for byte in "\(name)\u{1f}\(record[name] ?? "")\u{1e}".utf8 {
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
            }
        }
        let owner = names.first { $0.hasSuffix("_id") && record.values[$0] != nil }.flatMap { record[$0] }
        return "\(owner ?? "")/\(record.kind.rawValue)/\(String(hash, radix: 36))"
    }
}
