/// Flattens HSDS 3 JSON into records of every kind. A child gets its parent's id in the field that refers to it, and
/// without an id of its own one that is made of the parent's id, the member and its place.
struct JSONRecords {
    let intake: Intake
    /// The kind that the file's name says, if it says one.
    let named: RecordKind?

    func read(_ value: JSONValue, at origin: Origin) throws {
        guard let members = value.members else { return }
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
        guard let members = value.members else {
            return try intake.fault("wrong-type", "A record of \(kind.rawValue) is not an object.", at: origin)
        }
        let id = members["id"]?.text
        if members["deleted"] == .bool(true), let id { return try intake.removal(kind, id, at: origin) }
        try flatten(members, RawRecord(kind, id: id, at: origin))
    }

    /// A file of several tables: no id of its own, and lists of objects under names of tables.
    private func tables(in members: [String: JSONValue]) -> [(RecordKind, [JSONValue])]? {
        guard members["id"] == nil else { return nil }
        let tables = RecordKind.allCases.flatMap { kind in
            members.filter { TableNames.kind($0.key) == kind }.compactMap { member -> (RecordKind, [JSONValue])? in
                guard let records = member.value.elements, !records.isEmpty, records.allSatisfy({ $0.members != nil })
                else { return nil }
                return (kind, records)
            }
        }
        return tables.isEmpty ? nil : tables
    }

    /// The kind that knows most of the names, the file's own name winning when it knows all that it must.
    private func kind(of members: [String: JSONValue]) -> RecordKind? {
        let word = members["resource_type"]?.text ?? members["kind"]?.text
        if members["deleted"] == .bool(true), let word, let kind = RecordKind(rawValue: word) { return kind }
        guard members["id"] != nil || named != nil else { return nil }
        if let named { return named }
        return intake.shape(Set(members.keys)) { best(for: members) }
    }

    private func best(for members: [String: JSONValue]) -> RecordKind? {
        var best: (kind: RecordKind, score: Int)?
        for kind in RecordKind.allCases {
            let object = kind.object
            let known = members.keys.count { name in
                Intake.fields[kind]?[name] != nil || object.members.contains { $0.name == name }
            }
            let missing = object.fields.count { $0.isRequired && members[$0.name] == nil }
            let score = known * 4 - missing
            if known > 0, score > best?.score ?? .min { best = (kind, score) }
        }
        return best?.kind
    }

    private func flatten(_ members: [String: JSONValue], _ record: RawRecord) throws {
        var record = record
        let object = record.kind.object
        let fields = Intake.fields[record.kind] ?? [:]
        var children: [(HSDSMember, JSONValue)] = []
        for (name, value) in members where name != "id" && !value.isNull {
            let isNested = value.members != nil || value.elements?.contains { $0.members != nil } == true
            if fields[name] != nil {
                record.values[name] = value
                continue
            }
            if let member = object.members.first(where: { $0.name == name }) {
                children.append((member, value))
            } else if isNested, let kind = TableNames.kind(name) {
                children.append((HSDSMember(name: name, kind: kind, isList: value.elements != nil), value))
            } else if !isNested {
                record.values[name] = value
            } else {
                try intake.unknownField(name, of: record.kind.rawValue, at: record.origin)
            }
        }
        children.sort { $0.0.name < $1.0.name }
        for (member, value) in children where value.members != nil { refer(&record, member, value) }
        guard try intake.take(record) else { return }
        for (member, value) in children { try flatten(member, value, under: record) }
    }

    /// The field of `record` that names its one child, such as `organization_id`.
    private func refer(_ record: inout RawRecord, _ member: HSDSMember, _ value: JSONValue) {
        let field = member.kind.rawValue + "_id"
        guard record.kind.object.field(field) != nil, record.values[field] == nil else { return }
        record[field] = value.members?["id"]?.text ?? record.id.map { "\($0)/\(member.name)" }
    }

    private func flatten(_ member: HSDSMember, _ value: JSONValue, under parent: RawRecord) throws {
        let list = value.elements ?? [value]
        for (place, element) in list.enumerated() where !element.isNull {
            guard let members = element.members else {
                try intake.fault(
                    "wrong-type", "“\(member.name)” of \(parent.kind.rawValue) holds something that is not an object.",
                    field: member.name, at: parent.origin)
                continue
            }
            let isOne = value.elements == nil
            // Only an id: a reference to a record that is given elsewhere.
            if isOne, members.allSatisfy({ $0.key == "id" || $0.value.isNull }) { continue }
            let made = parent.id.map { isOne ? "\($0)/\(member.name)" : "\($0)/\(member.name)/\(place + 1)" }
            var child = RawRecord(member.kind, id: members["id"]?.text ?? made, at: parent.origin)
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
        for (field, value) in links where child.kind.object.field(field) != nil && members[field]?.text == nil {
            child[field] = value
        }
    }
}
