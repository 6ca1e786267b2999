package import Kernel

/// Checks records of any source against HSDS 3.2.3: give it documents or rows, then `finish`. Tells what, where and by
/// which rule; keeps ids and counts alone.
package struct Validation: Sendable {
    /// Where in the data a check is; `line` is nil where the form has none.
    struct Place {
        var file = ""
        var line: Int?
        /// True for rows of a table, whose keys nesting does not give and which should be complete.
        var isTable = false
    }

    private enum Step {
        case name(String)
        case index(Int)
    }

    package internal(set) var report = ValidationReport()
    var place = Place()
    private var keys = KeyCheck()
    private var steps: [Step] = []
    /// The path of the record on top that is being looked at.
    private var top = ""
    private let today: Day

    package init(now: Instant) { today = now.day }

    /// Ends the validation: references that lead nowhere, rings of parents.
    package mutating func finish() -> ValidationReport {
        steps = []
        for reference in keys.unresolved {
            place = Place(file: reference.file, line: reference.line, isTable: place.isTable)
            top = reference.path
            let kind = ObjectRules.all[reference.from].kind
            add(
                .unresolved, place.isTable ? .error : .warning, kind, reference.field,
                "\(kind.rawValue).\(reference.field) leads to no \(ObjectRules.all[reference.target].kind.rawValue) of this data."
            )
        }
        top = ""
        for _ in 0..<keys.rings { add(.cyclicParent, .error, nil, nil, "Records are each other's parents in a ring.") }
        report.sort()
        return report
    }

    // MARK: Flaws

    /// The path of the step in which the check is.
    private var path: String {
        steps.reduce(into: top) { path, step in
            switch step {
            case .name(let name): path += "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
            case .index(let index): path += "/\(index)"
            }
        }
    }

    mutating func add(
        _ code: Flaw.Code, _ severity: Flaw.Severity, _ kind: RecordKind?, _ field: String?, _ message: String
    ) {
        guard report.count(code, severity, kind, field) else { return }
        let path = place.isTable ? "" : path + (field.map { "/" + $0 } ?? "")
        report.keep(
            Flaw(
                code: code, severity: severity, message: message, file: place.file, line: place.line, path: path,
                kind: kind, field: field))
    }

    // MARK: Records

    /// A record that is not inside another. `path` is a JSON pointer to it.
    mutating func check(top value: JSONValue, _ kind: RecordKind, at path: String) {
        top = path
        check(value, ObjectRules.place(kind), under: nil)
        top = ""
    }

    /// A record that was met before in a shorter form: its id is not given twice.
    mutating func checkAgain(_ value: JSONValue, _ kind: RecordKind) {
        check(value, ObjectRules.place(kind), under: (ObjectRules.place(.metaTableDescription), nil))
    }

    private mutating func check(_ value: JSONValue, _ index: Int, under parent: (rules: Int, id: UInt128?)?) {
        let rules = ObjectRules.all[index]
        guard case .object(let members) = value else {
            add(.wrongType, .error, rules.kind, nil, "This should be one \(rules.kind.rawValue), an object.")
            return
        }
        report.records += 1
        let id = identity(members["id"], index, onTop: parent == nil)
        for (name, value) in members {
            switch rules.parts[name] {
            case .id: break
            case .field(let field, let target): check(value, field, target, index, members, id, parent)
            case .member(let isList, let inner):
                steps.append(.name(name))
                if isList {
                    check(list: value, inner, rules.kind, id, index)
                } else {
                    check(value, inner, under: (index, id))
                }
                steps.removeLast()
            case nil:
                add(
                    .unknownField, .warning, rules.kind, name,
                    "\(rules.kind.rawValue) has no field of this name in HSDS.")
            }
        }
        for name in place.isTable ? rules.requiredInTables : rules.required where members[name] == nil {
            add(.required, .error, rules.kind, nil, "\(rules.kind.rawValue).\(name) is required and not there.")
        }
        look(at: members, rules.kind)
    }

    private mutating func check(list: JSONValue, _ inner: Int, _ kind: RecordKind, _ id: UInt128?, _ index: Int) {
        guard case .array(let values) = list else {
            add(.wrongType, .error, kind, nil, "This should be a list.")
            return
        }
        for (position, value) in values.enumerated() {
            steps.append(.index(position))
            check(value, inner, under: (index, id))
            steps.removeLast()
        }
    }

    private mutating func identity(_ value: JSONValue?, _ index: Int, onTop: Bool) -> UInt128? {
        let kind = ObjectRules.all[index].kind
        guard let value else { return nil }
        guard case .text(let text) = value else {
            add(.wrongType, .error, kind, "id", "\(kind.rawValue).id is not text.")
            return nil
        }
        guard let id = TextForms.uuid(text) else {
            add(.notUUID, .error, kind, "id", "\(kind.rawValue).id is not a UUID.")
            return nil
        }
        switch keys.note(id, index, onTop: onTop) {
        case .twice: add(.duplicateId, .error, kind, "id", "There is another \(kind.rawValue) with the same id.")
        case .twoKinds: add(.idOfTwoKinds, .warning, kind, "id", "A record of another kind has the same id.")
        case nil: break
        }
        return id
    }

    // MARK: Fields

    private mutating func check(
        _ value: JSONValue, _ field: HSDSField, _ target: Int?, _ index: Int, _ members: [String: JSONValue],
        _ id: UInt128?, _ parent: (rules: Int, id: UInt128?)?
    ) {
        let kind = ObjectRules.all[index].kind
        switch value {
        case .text(let text) where field.form != .number:
            if field.isReference {
                check(reference: text, field, target, index, members, id, parent)
            } else {
                check(text, field, kind)
            }
        case .number where field.form == .number: break
        case .null:
            add(
                .wrongType, .error, kind, field.name,
                "\(kind.rawValue).\(field.name) is null; what is not known is left out.")
        default:
            let wanted = field.form == .number ? "a number" : "text"
            add(.wrongType, .error, kind, field.name, "\(kind.rawValue).\(field.name) is not \(wanted).")
        }
    }

    private mutating func check(_ text: String, _ field: HSDSField, _ kind: RecordKind) {
        var name: String { "\(kind.rawValue).\(field.name)" }
        if !field.values.isEmpty, !field.values.contains(text) {
            add(.notInList, .error, kind, field.name, "\(name) is none of: \(field.values.joined(separator: ", ")).")
        }
        switch field.form {
        case .uri:
            if !TextForms.isURI(text) {
                add(.notURI, .error, kind, field.name, "\(name) is not a web address with its scheme.")
            }
        case .email:
            if !TextForms.isEmail(text) {
                add(.notEmail, .error, kind, field.name, "\(name) is not an e-mail address.")
            }
        case .text, .number: break
        }
        switch field.moment {
        case .day:
            if Day(text) == nil {
                add(.notDay, place.isTable ? .error : .warning, kind, field.name, "\(name) is not a day, YYYY-MM-DD.")
            }
        case .time:
            if !TextForms.isTime(text) { add(.notTime, .warning, kind, field.name, "\(name) is not a time, HH:MM.") }
        case .instant:
            if !TextForms.isInstant(text) {
                add(.notInstant, .error, kind, field.name, "\(name) is not a date-time with an offset (RFC 3339).")
            }
        case nil: break
        }
    }

    private mutating func check(
        reference text: String, _ field: HSDSField, _ target: Int?, _ index: Int,
        _ members: [String: JSONValue], _ id: UInt128?, _ parent: (rules: Int, id: UInt128?)?
    ) {
        let kind = ObjectRules.all[index].kind
        guard let key = TextForms.uuid(text) else {
            add(.notUUID, .error, kind, field.name, "\(kind.rawValue).\(field.name) is not a UUID.")
            return
        }
        if let parent, let own = parent.id, ObjectRules.all[parent.rules].key == field.name, own != key {
            add(
                .otherParent, .warning, kind, field.name,
                "\(kind.rawValue).\(field.name) names another record than the one it lies in.")
        }
        let target: Int? =
            switch field.name {
            case "link_id": members["link_entity"]?.text.flatMap(RecordKind.init).map(ObjectRules.place)
            case "resource_id": members["resource_type"]?.text.flatMap(RecordKind.init).map(ObjectRules.place)
            default: target
            }
        guard let target else { return }
        if target == index, let id { keys.note(parent: key, of: id) }
        keys.note(
            KeyCheck.Reference(
                from: index, field: field.name, target: target, id: key, file: place.file,
                line: place.line, path: top))
    }

    // MARK: More than the schema says

    private mutating func look(at members: [String: JSONValue], _ kind: RecordKind) {
        switch kind {
        case .location: if !place.isTable { lookForConfidentialPlace(members) }
        case .contact:
            if members["name"] != nil {
                add(.personNamed, .warning, kind, "name", "This names a person; make sure they agreed to it.")
            }
        case .service: lookAtFreshness(members)
        default: break
        }
    }

    private mutating func lookForConfidentialPlace(_ location: [String: JSONValue]) {
        guard ConfidentialWords.name(location) else { return }
        let streets = (location["addresses"]?.array ?? []).contains { !($0["address_1"]?.text ?? "").isEmpty }
        guard location["latitude"] != nil || location["longitude"] != nil || streets else { return }
        add(
            .confidentialPlace, .warning, .location, nil,
            "This place is said to be confidential and still has a position or a street.")
    }

    private mutating func lookAtFreshness(_ service: [String: JSONValue]) {
        let metadata = (service["metadata"]?.array ?? []).compactMap { $0["last_action_date"]?.text }
        let stated = [service["assured_date"]?.text, service["last_modified"]?.text].compactMap(\.self) + metadata
        guard let newest = stated.compactMap({ Day(String($0.prefix(10))) }).max() else {
            add(.neverChecked, .note, .service, nil, "Nothing says when this service was last checked.")
            return
        }
        if today - newest > 365 {
            add(.stale, .note, .service, nil, "This service was last checked more than twelve months ago.")
        }
    }
}
