import Kernel
import Web

/// Which initiatives are asked for; nil for any.
struct InitiativeFilter: Sendable, Equatable {
    var region: String?
    var province: String?
    var focus: String?
    var page = 1

    init() {}

    /// Reads what a link says. A value that is none is a fault of its field.
    init(_ form: FormFields, areas: Set<String>) throws(Problems) {
        var problems = Problems()
        func known(_ field: String, _ choices: some Collection<String>) -> String? {
            guard let text = form.value(field) else { return nil }
            if !choices.contains(text) { problems.add(field, "unknown-choice") }
            return text
        }
        region = known("region", areas)
        province = known("province", Initiative.Field.province.choices)
        focus = known("focus", Initiative.Field.focus.choices)
        page = form.value("page").map { Int($0) ?? 0 } ?? 1
        if !(1...1_000_000).contains(page) { problems.add("page", "unknown-choice") }
        try problems.check()
    }

    func admits(_ initiative: Initiative, _ lookup: RegionLookup) -> Bool {
        if let province, initiative[.province] != province { return false }
        if let focus, initiative[.focus] != focus { return false }
        guard let region else { return true }
        return lookup.around(initiative[.place]).contains(region)
    }

    func query(_ changes: [(String, String)] = []) -> String {
        var values: [String: String] = [:]
        (values["region"], values["province"], values["focus"]) = (region, province, focus)
        for (field, value) in changes { values[field] = value }
        let pairs = ["region", "province", "focus", "page"].compactMap { field in
            values[field].map { "\(field)=\(encodedForQuery($0))" }
        }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }
}
