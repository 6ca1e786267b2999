import Kernel

/// Where readers hand in what they find. All checks on values are made here, so that every format gets the same ones;
/// what is said once per file, such as an unknown field, is remembered here.
final class Intake {
    let limits: ReadingLimits
    private let body: (Reading) throws -> Void
    private var said: Set<String> = []
    private var shapes: [Set<String>: RecordKind?] = [:]

    init(limits: ReadingLimits, _ body: @escaping (Reading) throws -> Void) {
        self.limits = limits
        self.body = body
    }

    func fault(
        _ code: String, _ detail: String, field: String? = nil, weight: ReadingFault.Weight? = nil, at origin: Origin
    ) throws {
        try body(.fault(ReadingFault(code, detail, field: field, weight: weight, at: origin)))
    }

    func fault(_ fault: ReadingFault) throws { try body(.fault(fault)) }

    /// Says it the first time only.
    func faultOnce(_ code: String, _ detail: String, field: String, of what: String, at origin: Origin) throws {
        guard said.count < 10_000, said.insert("\(code) \(what) \(field)").inserted else { return }
        try fault(code, detail, field: field, at: origin)
    }

    func unknownField(_ field: String, of what: String, at origin: Origin) throws {
        let shown = String(field.prefix(80))
        try faultOnce(
            "unknown-field", "The field “\(shown)” of \(what) is not taken over.", field: shown, of: what, at: origin)
    }

    /// The kind of records that have these names, found once.
    func shape(_ names: Set<String>, _ find: () -> RecordKind?) -> RecordKind? {
        if let known = shapes[names] { return known }
        let kind = find()
        if shapes.count < 1000 { shapes[names] = .some(kind) }
        return kind
    }

    func removal(_ kind: RecordKind, _ id: String, at origin: Origin) throws {
        try body(.removal(kind, externalId: id, origin))
    }

    /// Checks a raw record and hands it in. False when it was rejected, with the fault said.
    @discardableResult
    func take(_ raw: RawRecord) throws -> Bool {
        let kind = raw.kind
        guard let id = raw.id, !id.isEmpty else {
            try fault(
                "missing-id", "A record of \(kind.rawValue) has no id and is left out.", field: "id", at: raw.origin)
            return false
        }
        var draft = Draft(kind, externalId: id, origin: raw.origin)
        draft.values.reserveCapacity(raw.values.count)
        for (name, value) in raw.values {
            guard let reading = raw.known.fields[name] else {
                if !value.isNull { try unknownField(name, of: kind.rawValue, at: raw.origin) }
                continue
            }
            switch FieldCheck.value(value, as: reading, keepsSpace: raw.isVerbatim) {
            case .absent: break
            case .value(let value): draft.values[name] = value
            case .wrong(let code, let detail):
                let words = "“\(name)” of \(kind.rawValue) \(detail)"
                try fault(code, "\(words); it is left out.", field: name, weight: .noticed, at: raw.origin)
            }
        }
        draft.owner = raw.owner
        if kind == .location { try checkPosition(&draft) }
        guard !raw.known.needsName || draft.values["name"] != nil else {
            try fault(
                "missing-name", "A record of \(kind.rawValue) has no name and is left out.", field: "name",
                at: raw.origin)
            return false
        }
        if !raw.audiences.isEmpty {
            draft.audiences = raw.audiences.filter { $0.key.isEmpty || draft.values[$0.key] != nil }
        }
        // HSDS: the day on which the information about the service was last checked.
        let assured = kind == .service ? draft["assured_date"].flatMap(CalendarText.dayAlone) : nil
        if let day = raw.checkedOn ?? assured { draft.checkedOn[""] = day }
        try body(.draft(draft))
        return true
    }

    /// Coordinates in the wrong order, off the globe or at null island are left out, both of them.
    private func checkPosition(_ draft: inout Draft) throws {
        let (latitude, longitude) = (draft.values["latitude"]?.number, draft.values["longitude"]?.number)
        guard let latitude, let longitude else {
            guard latitude != nil || longitude != nil else { return }
            return try leaveOut(&draft, "half-coordinates", "only one of its two coordinates")
        }
        guard Coordinate(latitude: latitude, longitude: longitude) == nil else { return }
        if latitude == 0, longitude == 0 {
            try leaveOut(&draft, "null-island", "the coordinates 0, 0, which mean unknown")
        } else if -90...90 ~= longitude, -180...180 ~= latitude {
            try leaveOut(&draft, "swapped-coordinates", "latitude and longitude in the wrong order")
        } else {
            try leaveOut(&draft, "out-of-range", "coordinates that are not on the globe")
        }
    }

    private func leaveOut(_ draft: inout Draft, _ code: String, _ what: String) throws {
        draft.values["latitude"] = nil
        draft.values["longitude"] = nil
        try fault(code, "A location has \(what); they are left out.", field: "latitude", at: draft.origin)
    }
}

/// A record in HSDS words with its values as the file has them.
struct RawRecord {
    let kind: RecordKind
    let known: KnownKind
    var id: String?
    var values: [String: JSONValue] = [:]
    var audiences: [String: Audience] = [:]
    var checkedOn: Day?
    /// The kind of the record it is written in.
    var owner: RecordKind?
    /// True when white space around a text is the writer's own, as in JSON; in a table it is noise.
    var isVerbatim = false
    var origin: Origin

    init(_ kind: RecordKind, id: String?, _ texts: [String: String?] = [:], at origin: Origin) {
        self.kind = kind
        known = .of(kind)
        self.id = id
        self.origin = origin
        for case (let name, let text?) in texts where !text.isEmpty { values[name] = .text(text) }
    }

    subscript(_ field: String) -> String? {
        get { values[field]?.plain }
        set { values[field] = newValue.map(JSONValue.text) }
    }
}
