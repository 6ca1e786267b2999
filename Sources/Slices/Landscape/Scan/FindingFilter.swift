import Kernel
import Storage
import Web

/// Which published findings of a scan are asked for; nil for any.
struct FindingFilter: Sendable, Equatable {
    var focus: Finding.Focus?
    var theme: String?
    /// A theme that somebody would rather not see; the findings of it are left out.
    var hidden: String?
    var kind: Finding.Kind?
    /// A place of the gazetteer: findings of all that lies in it.
    var place: String?
    var need: String?
    /// The scan's name, where it is not the first one.
    var scan: String?
    /// What the matrix is drawn by; says nothing of which findings.
    var columns = Columns.kind

    enum Columns: String, Sendable, CaseIterable { case kind, place }

    /// In the place of a place or a theme: findings that name none.
    static let none = "none"
    /// Before a place: findings that name it, and not those of what lies in it.
    static let itself = "at:"
    static let fields = ["scan", "focus", "theme", "kind", "place", "need", "hidden", "columns"]

    init() {}

    /// Reads what a link or form says. A value that is none is a fault of its field.
    init(_ form: FormFields, _ region: RegionLookup, themes: Set<String>) throws(Problems) {
        var problems = Problems()
        func known<Value>(_ field: String, _ find: (String) -> Value?) -> Value? {
            guard let text = form.value(field) else { return nil }
            let value = find(text)
            if value == nil { problems.add(field, "unknown-choice") }
            return value
        }
        focus = known("focus", Finding.Focus.init)
        kind = known("kind", Finding.Kind.init)
        theme = known("theme") { themes.contains($0) ? $0 : $0 == Self.none ? "" : nil }
        hidden = known("hidden") { themes.contains($0) ? $0 : nil }
        place = known("place") { text in
            if text == Self.none { return text }
            guard text.hasPrefix(Self.itself) else { return region.placeCalled(text) }
            return region.placeCalled(String(text.dropFirst(Self.itself.count))).map { Self.itself + $0 }
        }
        columns = known("columns", Columns.init) ?? .kind
        // A finding of two places would stand in a column that was not asked for.
        if columns == .place { place = nil }
        need = known("need") { need in region.needs(.english).first { $0.id == need }?.id }
        try problems.check()
    }

    /// As a link has it, with the fields of `other` over its own.
    func query(_ changes: [(String, String?)] = []) -> String {
        var values: [String: String] = [:]
        values["focus"] = focus?.rawValue
        values["theme"] = theme.map { $0.isEmpty ? Self.none : $0 }
        values["hidden"] = hidden
        values["kind"] = kind?.rawValue
        values["place"] = place
        values["need"] = need
        values["scan"] = scan
        values["columns"] = columns == .kind ? nil : columns.rawValue
        for (field, value) in changes { values[field] = value }
        let pairs = (Self.fields + ["page"]).compactMap { field in
            values[field].map { "\(field)=\(encodedForQuery($0))" }
        }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }

    /// What it asks of the table `finding`, as the rest of a WHERE.
    func conditions(of scan: Identifier<Scan>, _ region: RegionLookup) -> SQL {
        var sql: SQL = "finding.scan_id = \(scan) AND finding.state = 'published'"
        if let focus { sql = "\(sql) AND finding.focus = \(focus.rawValue)" }
        if let theme { sql = "\(sql) AND finding.theme = \(theme)" }
        if let hidden { sql = "\(sql) AND finding.theme <> \(hidden)" }
        if let kind { sql = "\(sql) AND finding.kind = \(kind.rawValue)" }
        if place == Self.none {
            sql = "\(sql) AND finding.id NOT IN (SELECT finding_id FROM finding_place)"
        } else if let place {
            let inside =
                place.hasPrefix(Self.itself) ? [String(place.dropFirst(Self.itself.count))] : region.inside(place)
            sql = "\(sql) AND finding.id IN (SELECT finding_id FROM finding_place WHERE place IN (\(list: inside)))"
        }
        if let need { sql = "\(sql) AND finding.id IN (SELECT finding_id FROM finding_need WHERE need = \(need))" }
        return sql
    }
}
