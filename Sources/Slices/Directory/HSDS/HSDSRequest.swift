import Formats
import Kernel
import Search
import Web

/// A request for a list, read by the rules of its endpoint's parameters.
struct HSDSRequest: Sendable {
    var query: DocumentQuery
    var form = DocumentForm.list
    var window = Publications.Window.page(1, size: perPage)
    var isStream = false

    static let perPage = 50

    /// Everything that is given, by name. Unknown names and values outside the rules are refused by name.
    static func values(
        _ form: FormFields, _ parameters: [HSDSParameter]
    ) throws(BadRequest) -> [String: String] {
        if let unknown = form.fields.first(where: { field in !parameters.contains { $0.name == field.name } }) {
            throw .unknownField(unknown.name)
        }
        var values: [String: String] = [:]
        for parameter in parameters { values[parameter.name] = try parameter.value(in: form) }
        return values
    }

    /// - Parameter values: what `values` read.
    init(
        _ values: [String: String], about kind: RecordKind, _ gazetteer: Gazetteer, now: Instant
    ) throws(BadRequest) {
        query = DocumentQuery(kind)
        let flag = { (name: String) in values[name] == "true" }
        isStream = values["format"] == "ndjson"
        if flag("full") { self.form = .full }
        if flag("full_service") { self.form = .fullWithServices }
        if flag("minimal") { self.form = .minimal }
        let size = values["per_page"].flatMap { Int($0) }
        if let cursor = values["cursor"] {
            window = .after(Identifier(cursor), size: isStream ? .max / 2 : size ?? Self.perPage)
        } else if isStream || (self.form == .minimal && size == nil) {
            window = .all
        } else {
            window = .page(values["page"].flatMap { Int($0) } ?? 1, size: size ?? Self.perPage)
        }
        narrow(by: values, now: now)
        try narrow(byPlace: values, gazetteer)
    }

    private mutating func narrow(by values: [String: String], now: Instant) {
        if let text = values["search"], !text.isEmpty { query.words = SearchText.words(of: text) }
        query.modifiedAfter = values["modified_after"].flatMap { Instant(rfc3339: $0) }
        query.organization = values["organization_id"].flatMap { Identifier($0) }
        query.parent = values["parent_id"].flatMap { Identifier($0) }
        query.isTopOnly = values["top_only"] == "true"
        if values["open"] != nil { query.openAt = Instant(seconds: now.seconds / 60 * 60) }
        for (name, facet) in [
            ("taxonomy_term_id", PublishedDocument.Facet.Name.term), ("taxonomy_id", .taxonomy),
            ("language", .language),
        ] {
            if let value = values[name] { query.facets.append([.init(name: facet, value: value.lowercased())]) }
        }
        for name in ["population", "need"] {
            if let code = values[name] { query.facets.append([.init(name: .vocabulary, value: "\(name):\(code)")]) }
        }
    }

    /// A place is named in one way; without `proximity` it stands for what serves it or lies in it.
    private mutating func narrow(
        byPlace values: [String: String], _ gazetteer: Gazetteer
    ) throws(BadRequest) {
        let metres = values["proximity"].flatMap { Int($0) }
        var point: UnitVector?
        for (given, missing) in [("latitude", "longitude"), ("longitude", "latitude")] where values[given] != nil {
            if values[missing] == nil { throw .brokenRule(field: missing, rule: "given together with \(given)") }
        }
        if let latitude = values["latitude"].flatMap(HSDSParameter.number),
            let longitude = values["longitude"].flatMap(HSDSParameter.number)
        {
            if metres == nil {
                throw .brokenRule(field: "proximity", rule: "given together with latitude and longitude")
            }
            point = UnitVector(latitude: latitude, longitude: longitude)
        }
        for (name, find) in [("near", gazetteer.place(named:)), ("postcode", gazetteer.place(postcode:))] {
            guard let text = values[name], !text.isEmpty else { continue }
            if point != nil { throw .brokenRule(field: name, rule: "left out when the place is given in another way") }
            guard let place = find(text) else { throw .brokenRule(field: name, rule: "known in this region") }
            guard metres != nil else {
                query.facets.append(gazetteer.areas(around: place.id).map { .init(name: .area, value: $0) })
                continue
            }
            guard let middle = place.coordinate else {
                throw .brokenRule(field: name, rule: "a place whose position is known, to be asked with proximity")
            }
            point = UnitVector(middle)
        }
        guard let metres else { return }
        guard let point else {
            throw .brokenRule(field: "proximity", rule: "given together with postcode, near, or latitude and longitude")
        }
        query.near = DocumentQuery.Nearness(point: point, metres: metres)
    }
}

extension Gazetteer {
    /// A postcode that the region's places name, whole or by its first half; no position is ever guessed.
    func place(postcode: String) -> Place? {
        let whole = postcode.filter { !$0.isWhitespace }
        guard whole.contains(where: \.isNumber) else { return nil }
        return place(named: postcode) ?? place(named: whole) ?? place(named: String(whole.prefix(3)))
    }
}
