/// Flattens JSON of HSDS 1.1 and 2.0 into rows of its tables, children with their parent's id.
struct OlderRecords {
    let words: OlderWords
    let named: OlderTable?

    func read(_ value: JSONValue, at origin: Origin) throws {
        guard let members = value.members else { return }
        if let table = named ?? table(of: members) { return try flatten(members, table, [:], at: origin) }
        var isEmpty = true
        for (name, list) in members.sorted(by: { $0.key < $1.key }) {
            guard let table = OlderTable.named(name), let records = list.elements else { continue }
            isEmpty = false
            for record in records { try flatten(record.members ?? [:], table, [:], at: origin) }
        }
        if isEmpty {
            try words.intake.fault(
                "unknown-record", "The record on line \(origin.line) is of no HSDS kind and is left out.", at: origin)
        }
    }

    private func table(of members: [String: JSONValue]) -> OlderTable? {
        guard members["id"] != nil else { return nil }
        if members["service_id"] != nil, members["location_id"] != nil { return .serviceAtLocation }
        let services = ["service_at_locations", "application_process", "wait_time", "fees", "status", "program_id"]
        if services.contains(where: { members[$0] != nil }) { return .service }
        if members["latitude"] != nil || members["physical_addresses"] != nil { return .location }
        if members["term"] != nil { return .taxonomyTerm }
        if members["vocabulary"] != nil { return .taxonomy }
        return members["name"] != nil && members["description"] != nil ? .organization : nil
    }

    private func flatten(
        _ members: [String: JSONValue], _ table: OlderTable, _ parent: [String: String], at origin: Origin
    ) throws {
        var row = OlderRow(table: table, values: parent, origin: origin)
        var children: [(OlderTable, JSONValue)] = []
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            if let text = value.text {
                row.values[name] = text
            } else if let child = OlderTable.named(name), !value.isNull {
                children.append((child, value))
            } else if !value.isNull {
                try words.intake.unknownField(name, of: table.rawValue, at: origin)
            }
        }
        for (child, value) in children {
            if let id = value.members?["id"]?.text, row.values["\(child.rawValue)_id"] == nil {
                row.values["\(child.rawValue)_id"] = id
            }
            guard child == .eligibility else { continue }
            let texts = (value.elements ?? [value]).map { $0.members?["eligibility"]?.text }
            row.values["eligibility"] = ListText.joined(texts, "; ")
        }
        try words.take(row)
        for (child, value) in children {
            let link = value.elements == nil ? [:] : row["id"].map { ["\(table.rawValue)_id": $0] } ?? [:]
            for element in value.elements ?? [value] {
                try flatten(element.members ?? [:], child, link, at: origin)
            }
        }
    }
}
