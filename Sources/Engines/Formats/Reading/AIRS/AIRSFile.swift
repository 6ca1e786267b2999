import Kernel

/// Reads AIRS XML 3.0: agencies, their sites and the services at these. Source: the schema of the Alliance of Information
/// and Referral Systems, "AIRS XML Data Transfer Record Format Version 3.0", as HUD's HMIS 3.0 republished it.
///
/// What the file keeps back stays kept back:
/// * `Confidential` on an address: street, postcode and whatever else says where the site is are for vetted partners;
///   the city is not. On a phone: the whole record is.
/// * `ExcludeFromWebsite` and `ExcludeFromDirectory` on an agency or site: they and what hangs under them are for partners.
///   The AIRS style guide excludes from what the public sees; those who refer people may know.
struct AIRSFile {
    let intake: Intake

    static let records: Set<String> = ["Agency", "Site", "AgencyLocation", "SiteService"]

    func read(_ bytes: ByteStream) throws {
        let reader = try XMLRecords(Self.records, file: bytes.name, limits: intake.limits) { node in
            switch node.name {
            case "Agency": try AIRSAgency(node, file: bytes.name, intake: intake).take()
            case "SiteService": try AIRSService(node, file: bytes.name, intake: intake).take()
            default: try AIRSSite(node, file: bytes.name, intake: intake).take()
            }
        }
        try reader.read(bytes)
    }
}

/// What agencies, sites and services of AIRS have in common.
struct AIRSPart {
    let node: XMLNode
    let origin: Origin
    let intake: Intake
    /// Who may see the records of this part.
    let audience: Audience

    init(_ node: XMLNode, file: String, intake: Intake) {
        self.node = node
        self.intake = intake
        origin = Origin(file: file, line: node.line)
        audience = Self.audience(of: node)
    }

    private static func audience(of node: XMLNode) -> Audience {
        var part: XMLNode? = node
        while let here = part {
            if here.says("ExcludeFromWebsite") || here.says("ExcludeFromDirectory") { return .partner }
            part = here.parent
        }
        return .everyone
    }

    var id: String? { node["Key"] }

    /// The key of the agency or site around this part.
    func key(of names: Set<String>) -> String? {
        var part = node.parent
        while let here = part, !names.contains(here.name) { part = here.parent }
        return part?["Key"]
    }

    /// Hands the record in, kept to the audience of this part or to a narrower one.
    @discardableResult
    func take(_ record: RawRecord, for narrower: Audience = .everyone) throws -> Bool {
        var record = record
        let audience = max(audience, narrower)
        if audience > .everyone { record.audiences[""] = audience }
        return try intake.take(record)
    }

    func record(_ kind: RecordKind, _ id: String?, _ values: [String: String?]) -> RawRecord {
        RawRecord(kind, id: id, values, at: origin)
    }

    /// When the resource information was last verified.
    var checkedOn: Day? { node.first("ResourceInfo")?.attributes["DateLastVerified"].flatMap(CalendarText.dayAlone) }

    var alternateName: String? {
        ListText.joined(node.all("AKA").filter { !Self.isConfidential($0) }.map { $0["Name"] })
    }

    static func isConfidential(_ node: XMLNode) -> Bool {
        node.says("Confidential") || ["true", "1", "yes"].contains(node["Confidential"]?.lowercased())
    }

    func phones(of owner: XMLNode, _ prefix: String, _ link: [String: String?]) throws {
        for (place, phone) in owner.all("Phone").enumerated() {
            guard let number = phone["PhoneNumber"] else { continue }
            var values = link
            values["number"] = number
            values["extension"] = phone["Extension"]
            values["type"] = Self.phoneType(phone["Type"])
            let kind = phone["Type"].flatMap { Self.phoneType($0) == nil ? $0 : nil }
            values["description"] = ListText.joined([phone["Description"], phone["Function"], kind])
            try take(
                record(.phone, "\(prefix)/phone/\(place + 1)", values),
                for: Self.isConfidential(phone) ? .vetted : .everyone)
        }
    }

    private static func phoneType(_ word: String?) -> String? {
        guard let word = word?.lowercased() else { return nil }
        if word.contains("fax") { return "fax" }
        if word.contains("tty") || word.contains("tdd") { return "textphone" }
        return word.contains("cell") || word.contains("mobile") ? "cell" : word == "voice" ? "voice" : nil
    }

    func contacts(_ prefix: String, _ link: [String: String?]) throws {
        for (place, contact) in node.all("Contact").enumerated() {
            let id = "\(prefix)/contact/\(place + 1)"
            var values = link
            values["name"] = contact["Name"]
            values["title"] = contact["Title"]
            values["department"] = contact.attributes["Type"]
            values["email"] = contact.first("Email")?["Address"]
            let said = values.compactMapValues(\.self)
            guard ["name", "title", "email"].contains(where: { said[$0] != nil }) else { continue }
            let hidden: Audience = Self.isConfidential(contact) ? .vetted : .everyone
            try take(record(.contact, id, values), for: hidden)
            try AIRSPart(contact, within: self, for: hidden).phones(of: contact, id, ["contact_id": id])
        }
    }

    private init(_ node: XMLNode, within part: AIRSPart, for narrower: Audience) {
        (self.node, origin, intake) = (node, part.origin, part.intake)
        audience = max(part.audience, narrower)
    }

    func languages(_ prefix: String, _ link: [String: String?]) throws {
        let named = node.all("Languages").flatMap { $0.all("Name").isEmpty ? [$0] : $0.all("Name") }
        for (place, language) in named.enumerated() {
            for (part, name) in ListText.parts(language.text).enumerated() {
                var values = link
                values["name"] = name
                try take(record(.language, "\(prefix)/language/\(place + 1).\(part + 1)", values))
            }
        }
    }

    /// `TimeOpen` has an element for each weekday with `From` and `To`, and notes.
    func schedules(_ prefix: String, _ link: [String: String?]) throws {
        for (turn, open) in node.all("TimeOpen").enumerated() {
            let notes = open["Notes"]
            var isTimed = false
            for (place, day) in open.children.enumerated() {
                guard let code = WeekdayText.byday(day.name), let from = day["From"], let to = day["To"] else {
                    continue
                }
                isTimed = true
                var values = link
                for (field, value) in [
                    "freq": "WEEKLY", "byday": code, "opens_at": from, "closes_at": to, "notes": notes,
                ] { values[field] = value }
                try take(record(.schedule, "\(prefix)/open/\(turn + 1).\(place + 1)", values))
            }
            guard !isTimed, let notes else { continue }
            var values = link
            values["description"] = notes
            try take(record(.schedule, "\(prefix)/open/\(turn + 1)", values))
        }
    }
}
