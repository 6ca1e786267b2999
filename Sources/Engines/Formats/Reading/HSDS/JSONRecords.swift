/// Flattens HSDS 3 JSON into records of every kind. A child gets its parent's id in the field that refers to it, and
/// without an id of its own one that is made of the parent's id, the member and its place.
struct JSONRecords {
    let intake: Intake
    /// The kind that the file's name says, if it says one.
    let named: RecordKind?

    func read(_ value: JSONValue, at origin: Origin) throws {
        guard let members = value.object else { return }
        if let tables = tables(in: members) {
            for (kind, records) in tables {
                for record in records { try read(record, as: kind, at: origin) }
            }
            return
        }
        guard let kind = kind(of: members) else {
            return try intake.fault(
                "unknown-record", "The record on line \(origin.line) is of no HSDS kind and is left out.", at: origin)
        }
        try read(value, as: kind, at: origin)
    }

    private func read(_ value: JSONValue, as kind: RecordKind, at origin: Origin) throws {
        guard let members = value.object else {
            return try intake.fault("wrong-type", "A record of \(kind.rawValue) is not an object.", at: origin)
        }
        let id = members["id"]?.plain
        if members["deleted"] == .boolean(true), let id { return try intake.removal(kind, id, at: origin) }
        try flatten(members, RawRecord(kind, id: id, at: origin))
    }

    /// A file of several tables: no id of its own, and lists of objects under names of tables.
    private func tables(in members: [String: JSONValue]) -> [(RecordKind, [JSONValue])]? {
        let isNamed = named == nil || members.keys.contains { TableNames.kind($0) == named }
        guard isNamed, members["id"] == nil else { return nil }
        let tables = RecordKind.allCases.flatMap { kind in
            members.filter { TableNames.kind($0.key) == kind }.compactMap { member -> (RecordKind, [JSONValue])? in
                guard let records = member.value.array, !records.isEmpty, records.allSatisfy({ $0.object != nil })
                else { return nil }
                return (kind, records)
            }
        }
        return tables.isEmpty ? nil : tables
    }

    /// The kind that knows most of the names, the file's own name winning when it knows all that it must.
    private func kind(of members: [String: JSONValue]) -> RecordKind? {
        let word = members["resource_type"]?.plain ?? members["kind"]?.plain
        if members["deleted"] == .boolean(true), let word, let kind = RecordKind(rawValue: word) { return kind }
        guard members["id"] != nil || named != nil else { return nil }
        if let named { return named }
        return intake.shape(Set(members.keys)) { best(for: members) }
    }

    private func best(for members: [String: JSONValue]) -> RecordKind? {
        var best: (kind: RecordKind, score: Int)?
        for kind in RecordKind.allCases {
            let (object, names) = (kind.object, KnownKind.of(kind))
            let known = members.keys.count { names.fields[$0] != nil || names.members[$0] != nil }
            let missing = object.fields.count { $0.isRequired && members[$0.name] == nil }
            let score = known * 4 - missing
            if known > 0, score > best?.score ?? .min { best = (kind, score) }
        }
        return best?.kind
    }

    private func flatten(_ members: [String: JSONValue], _ record: RawRecord) throws {
        var record = record
        record.isVerbatim = true
        let links = record.values
        record.values = members
        record.values["id"] = nil
        record.values.merge(links) { $1 }
        var children: [(HSDSMember, JSONValue)] = []
        for (name, value) in members where value.array != nil || value.object != nil {
            if record.known.fields[name] != nil { continue }
            if let member = record.known.members[name] ?? strangeMember(name, value) {
                children.append((member, value))
                record.values[name] = nil
            }
        }
        children.sort { $0.0.name < $1.0.name }
        for (member, value) in children where value.object != nil { refer(&record, member, value) }
        guard try intake.take(record) else { return }
        for (member, value) in children { try flatten(member, value, under: record) }
    }

    /// A member that HSDS does not have there but that is named like a kind, as some feeds have it.
    private func strangeMember(_ name: String, _ value: JSONValue) -> HSDSMember? {
        guard value.object != nil || value.array?.contains(where: { $0.object != nil }) == true else { return nil }
        return TableNames.kind(name).map { HSDSMember(name: name, kind: $0, isList: value.array != nil) }
    }

    /// The field of `record` that names its one child, such as `organization_id`.
    private func refer(_ record: inout RawRecord, _ member: HSDSMember, _ value: JSONValue) {
        let field = member.kind.rawValue + "_id"
        guard record.known.fields[field] != nil, record[field] == nil else { return }
        record[field] = value.object?["id"]?.plain ?? record.id.map { "\($0)/\(member.name)" }
    }

    private func flatten(_ member: HSDSMember, _ value: JSONValue, under parent: RawRecord) throws {
        let list = value.array ?? [value]
        for (place, element) in list.enumerated() where !element.isNull {
            guard let members = element.object else {
                try intake.fault(
                    "wrong-type", "“\(member.name)” of \(parent.kind.rawValue) holds something that is not an object.",
                    field: member.name, at: parent.origin)
                continue
            }
            let isOne = value.array == nil
            // Only an id: a reference to a record that is given elsewhere.
            if isOne, members.allSatisfy({ $0.key == "id" || $0.value.isNull }) { continue }
            let made = parent.id.map { isOne ? "\($0)/\(member.name)" : "\($0)/\(member.name)/\(place + 1)" }
            var child = RawRecord(member.kind, id: members["id"]?.plain ?? made, at: parent.origin)
            if !isOne { link(&child, to: parent, members) }
            try flatten(members, child)
        }
    }

    private func link(_ child: inout RawRecord, to parent: RawRecord, _ members: [String: JSONValue]) {
        let links: [(String, String?)] =
            switch child.kind {
            case .attribute: [("link_id", parent.id), ("link_entity", parent.kind.rawValue)]
            case .metadata: [("resource_id", parent.id), ("resource_type", parent.kind.rawValue)]
            default: [(parent.kind.rawValue + "_id", parent.id)]
            }
        child.owner = members["link_id"]?.plain == nil && members["resource_id"]?.plain == nil ? parent.kind : nil
        for (field, value) in links where child.known.fields[field] != nil && members[field]?.plain == nil {
            child[field] = value
        }
    }
}
