import Kernel

/// Writes record trees as HSDS 3.2.3 JSON, in the standard's order of members; absent is unknown, never null or empty.
///
/// What nesting says is not said again: a record under another writes no reference to what it hangs under, and none to a
/// record that is written inside it. Our own fields (`kind`, `zone`, `exception`) are additional members, which HSDS allows.
package enum HSDSJSON {
    /// Everything under the record, as the standard's compiled schemas have it.
    package static func full(_ tree: RecordTree) -> [UInt8] { marked(tree, isList: false).bytes }

    /// One-to-one members alone, as the standard's list schemas have it.
    package static func list(_ tree: RecordTree) -> [UInt8] { marked(tree, isList: true).bytes }

    /// The full or list form, and where in it each member of the record itself, and its `last_modified`, stands with the
    /// comma before it: whoever cuts that range out has the form without it.
    /// - Parameter adding: members of the record itself that no field of it holds, after its id.
    package static func marked(
        _ tree: RecordTree, isList: Bool, adding: [(name: String, text: String)] = []
    ) -> (bytes: [UInt8], marks: [String: Range<Int>]) {
        var writer = Writer(isList: isList, adding: adding)
        writer.write(tree, under: nil)
        return (writer.json.bytes, writer.marks)
    }

    /// Members that the compiled schemas add to an object's own, last: the services of an organization, the service of a
    /// service at a location.
    package static func added(to kind: RecordKind) -> HSDSMember? {
        switch kind {
        case .organization: HSDSMember(name: "services", kind: .service, isList: true)
        case .serviceAtLocation: HSDSMember(name: "service", kind: .service, isList: false)
        default: nil
        }
    }

    private struct Writer {
        let isList: Bool
        let adding: [(name: String, text: String)]
        var json = JSONText()
        var marks: [String: Range<Int>] = [:]

        mutating func write(_ tree: RecordTree, under parent: Record?) {
            let record = tree.record
            json.open(0x7b)
            json.member("id", record.id.description)
            if parent == nil { for member in adding { json.member(member.name, member.text) } }
            for part in record.kind.object.parts {
                switch part {
                case .field(let field):
                    guard let value = record.values[field.name] else { continue }
                    if HSDSJSON.isSaid(field.name, of: tree, under: parent) { continue }
                    let start = json.bytes.count
                    json.key(field.name)
                    switch value {
                    case .text(let text): json.text(text)
                    case .number(let number): json.number(number)
                    }
                    if parent == nil, field.name == "last_modified" { marks[field.name] = start..<json.bytes.count }
                case .member(let member): write(member, of: tree, isTop: parent == nil)
                }
            }
            if let member = HSDSJSON.added(to: record.kind) { write(member, of: tree, isTop: parent == nil) }
            json.close(0x7d)
        }

        private mutating func write(_ member: HSDSMember, of tree: RecordTree, isTop: Bool) {
            guard let trees = tree.members[member.name], let first = trees.first, !(isList && member.isList)
            else { return }
            let start = json.bytes.count
            json.key(member.name)
            if member.isList {
                json.open(0x5b)
                for child in trees { write(child, under: tree.record) }
                json.close(0x5d)
            } else {
                write(first, under: tree.record)
            }
            if isTop { marks[member.name] = start..<json.bytes.count }
        }
    }

    /// True for a reference that nesting shows already.
    private static func isSaid(_ field: String, of tree: RecordTree, under parent: Record?) -> Bool {
        guard field.hasSuffix("_id") else { return false }
        let kind = tree.record.kind
        let isLink = field == "link_id" || field == "resource_id"
        guard isLink || HSDSObject.target(of: field, in: kind) != nil else { return false }
        let inside = kind.object.members.first { !$0.isList && $0.reference == field }
        if let inside, tree.members[inside.name]?.isEmpty == false { return true }
        if field == "service_id", tree.members["service"]?.isEmpty == false { return true }
        guard let parent else { return false }
        if field == "parent_id" || field == "parent_organization_id" { return false }
        return inside == nil || tree.record[field] == parent.id.description
    }
}
