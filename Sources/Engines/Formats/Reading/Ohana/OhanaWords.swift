import Kernel

/// Says in HSDS words what one table of Ohana says.
struct OhanaWords {
    private enum Table: String {
        case organizations, locations, addresses, contacts, phones, programs, services, taxonomy
        case mailAddresses = "mail_addresses"
        case regularSchedules = "regular_schedules"
        case holidaySchedules = "holiday_schedules"
        case openEligibility = "oe-2.0-flat"
    }

    private let table: Table
    private let owners: [String: String]
    private let intake: Intake
    private let older: OlderWords

    init?(table: String, owners: [String: String], intake: Intake) {
        guard let table = Table(rawValue: table) else { return nil }
        (self.table, self.owners, self.intake) = (table, owners, intake)
        older = OlderWords(intake: intake)
    }

    func take(_ row: TableRow) throws {
        switch table {
        case .organizations: try organization(row)
        case .locations: try location(row)
        case .addresses: try older.take(same(.physicalAddress, row))
        case .mailAddresses: try older.take(same(.postalAddress, row))
        case .contacts: try older.take(same(.contact, row))
        case .programs: try older.take(same(.program, row))
        case .phones: try phone(row)
        case .services: try service(row)
        case .regularSchedules: try older.take(same(.regularSchedule, row))
        case .holidaySchedules: try older.take(same(.holidaySchedule, row))
        case .taxonomy:
            let (id, name, parent) = (row["taxonomy_id"], row["name"], row["parent_id"])
            try intake.take(OhanaTaxonomy.term(id, name, under: parent, at: row.origin))
        case .openEligibility:
            try intake.take(OhanaTaxonomy.term(row["id"], row["title"], under: row["parent_id"], at: row.origin))
        }
    }

    /// Tables that are those of HSDS 1.1.
    private func same(_ table: OlderTable, _ row: TableRow) -> OlderRow {
        OlderRow(table: table, values: row.values, origin: row.origin)
    }

    private func organization(_ row: TableRow) throws {
        try leftOut(["accreditations", "licenses"], row, of: "organizations")
        let year = row["date_incorporated"].map { CalendarText.dayAlone($0).map { String($0.year) } ?? $0 }
        let id = row["id"]
        try intake.take(
            RawRecord(
                .organization, id: id,
                [
                    "name": row["name"], "alternate_name": row["alternate_name"], "description": row["description"],
                    "email": row["email"], "website": row["website"], "legal_status": row["legal_status"],
                    "tax_id": row["tax_id"], "tax_status": row["tax_status"], "year_incorporated": year,
                ], at: row.origin))
        try list(row, "funding_sources", .funding, "source", ["organization_id": id])
    }

    private func location(_ row: TableRow) throws {
        try leftOut(["admin_emails"], row, of: "locations")
        let id = row["id"]
        let isVirtual = ["true", "t", "1"].contains(row["virtual"]?.lowercased())
        try intake.take(
            RawRecord(
                .location, id: id,
                [
                    "organization_id": row["organization_id"], "location_type": isVirtual ? "virtual" : "physical",
                    "name": row["name"], "alternate_name": row["alternate_name"],
                    "description": row["description"] ?? row["short_desc"], "transportation": row["transportation"],
                    "url": row["website"], "latitude": row["latitude"], "longitude": row["longitude"],
                ], at: row.origin))
        try list(row, "accessibility", .accessibility, "description", ["location_id": id])
        try list(row, "languages", .language, "name", ["location_id": id])
        if let email = row["email"] {
            let contact = ["location_id": id, "email": email]
            try intake.take(RawRecord(.contact, id: id.map { "\($0)/email" }, contact, at: row.origin))
        }
    }

    private func phone(_ row: TableRow) throws {
        var values = row.values
        let prefix = row["country_prefix"].map { $0.hasPrefix("+") ? $0 : "+\($0)" }
        values["number"] = ListText.joined([prefix, row["number"]], " ")
        values["type"] = row["number_type"]
        values["description"] = ListText.joined([row["vanity_number"], row["description"]])
        for column in ["number_type", "country_prefix", "vanity_number"] { values[column] = nil }
        try older.take(OlderRow(table: .phone, values: values, origin: row.origin))
    }

    private func service(_ row: TableRow) throws {
        let (id, location) = (row["id"], row["location_id"])
        let eligibility = ListText.joined([row["eligibility"], row["audience"].map { "For: \($0)" }], "\n")
        let isTaken = try intake.take(
            RawRecord(
                .service, id: id,
                [
                    "organization_id": location.flatMap { owners[$0] }, "program_id": row["program_id"],
                    "name": row["name"], "alternate_name": row["alternate_name"], "description": row["description"],
                    "url": row["website"], "email": row["email"], "status": row["status"] ?? "active",
                    "interpretation_services": row["interpretation_services"], "wait_time": row["wait_time"],
                    "application_process": row["application_process"], "fees_description": row["fees"],
                    "eligibility_description": eligibility,
                ], at: row.origin))
        guard isTaken, let id else { return }
        if let location {
            let both: [String: String?] = ["service_id": id, "location_id": location]
            try intake.take(RawRecord(.serviceAtLocation, id: "\(id)/at/\(location)", both, at: row.origin))
        }
        let owner: [String: String?] = ["service_id": id]
        try list(row, "funding_sources", .funding, "source", owner)
        try list(row, "languages", .language, "name", owner)
        try list(row, "required_documents", .requiredDocument, "document", owner)
        try list(row, "service_areas", .serviceArea, "name", owner)
        var payment = owner
        payment["option"] = "Payment accepted"
        try list(row, "accepted_payments", .costOption, "amount_description", payment)
        let link: [String: String?] = ["link_id": id, "link_entity": "service"]
        try list(row, "taxonomy_ids", .attribute, "taxonomy_term_id", link)
        var keyword = link
        keyword["label"] = "keyword"
        try list(row, "keywords", .attribute, "value", keyword)
    }

    /// One record for each part of a column that lists several.
    private func list(
        _ row: TableRow, _ column: String, _ kind: RecordKind, _ field: String, _ shared: [String: String?]
    ) throws {
        for part in ListText.parts(row[column]) {
            var values = shared
            values[field] = part
            let id = row["id"].map { "\(table.rawValue)/\($0)/\(column)/\(part)" }
            try intake.take(RawRecord(kind, id: id, values, at: row.origin))
        }
    }

    private func leftOut(_ columns: [String], _ row: TableRow, of table: String) throws {
        for column in columns where row[column] != nil {
            try intake.unknownField(column, of: table, at: row.origin)
        }
    }
}
