import Kernel

/// One row of an iCarol export as HSDS records.
struct ICarolRow {
    private enum Level { case agency, program, site, programAtSite }

    let row: TableRow
    let intake: Intake
    let checkedOn: Day?
    /// Who may see the records of this row.
    let audience: Audience

    init(_ row: TableRow, intake: Intake) {
        self.row = row
        self.intake = intake
        checkedOn = row["LastVerifiedOn"].flatMap(CalendarText.dayAlone)
        let isKept = row.says("ExcludeFromWebsite") || row.says("ExcludeFromDirectory")
        audience = isKept || row.denies("AvailableForDirectory") ? .partner : .everyone
    }

    var id: String? { row["ResourceAgencyNum"] }
    private var agency: String? { row["ParentAgencyNum"].flatMap { $0 == "0" ? nil : $0 } }

    private var level: Level? {
        switch row["TaxonomyLevelName"]?.lowercased().filter(\.isLetter) {
        case "agency": .agency
        case "program", "service": .program
        case "site": .site
        case "programatsite", "serviceatsite": .programAtSite
        case nil: agency == nil ? .agency : .program
        default: nil
        }
    }

    func take() throws {
        guard let level else {
            return try intake.fault(
                "not-in-list", "“TaxonomyLevelName” is no level of iCarol; the row is left out.",
                field: "TaxonomyLevelName", at: row.origin)
        }
        switch level {
        case .agency: try takeAgency()
        case .site: try takePlace(organization: agency)
        case .program: try takeService(site: nil)
        case .programAtSite:
            let (program, site) = (row["ConnectsToProgramNum"], row["ConnectsToSiteNum"])
            guard let id, let program, let site else { return try takeService(site: site) }
            let both: [String: String?] = ["service_id": program, "location_id": site]
            guard try take(record(.serviceAtLocation, id, both)) else { return }
            try takeBelow("service_at_location_id", id)
        }
    }

    private func takeAgency() throws {
        let isTaken = try take(
            record(
                .organization, id,
                [
                    "name": row["PublicName"], "alternate_name": row["AlternateName"],
                    "description": row["AgencyDescription"], "email": row["EmailAddressMain"],
                    "website": row["WebsiteAddress"], "tax_status": row["IRSStatus"], "tax_id": row["FEIN"],
                    "year_incorporated": row["YearIncorporated"], "legal_status": row["LegalStatus"],
                    "parent_organization_id": agency,
                ]))
        guard isTaken, let id else { return }
        if let source = row["SourceOfFunds"] {
            try take(record(.funding, "\(id)/funds", ["organization_id": id, "source": source]))
        }
        if hasPlace { try takePlace(organization: id, isWhole: false) }
        try takePhones(["organization_id": id], id)
        try takeContacts(["organization_id": id], id)
    }

    private func takeService(site: String?) throws {
        let isInactive = row["AgencyStatus"]?.lowercased().contains("inactive") ?? false
        let isTaken = try take(
            record(
                .service, id,
                [
                    "organization_id": agency, "name": row["PublicName"], "alternate_name": row["AlternateName"],
                    "description": row["AgencyDescription"], "url": row["WebsiteAddress"],
                    "email": row["EmailAddressMain"], "status": isInactive ? "inactive" : "active",
                    "application_process": row["ApplicationProcess"], "wait_time": row["NormalWaitTime"],
                    "fees_description": row["FeeStructureSource"], "eligibility_description": row["Eligibility"],
                    "licenses": row["LicenseAccreditation"], "alert": row["TemporaryMessage"],
                ]))
        guard isTaken, let id else { return }
        if site == nil, hasPlace { try takePlace(organization: agency, isWhole: false) }
        if let place = site ?? (hasPlace ? id : nil) {
            let both: [String: String?] = ["service_id": id, "location_id": place]
            try take(record(.serviceAtLocation, "\(id)/at/\(place)", both))
        }
        try takeBelow("service_id", id)
        try takeDetails(id)
    }

    private func takeDetails(_ id: String) throws {
        let owner: [String: String?] = ["service_id": id]
        let lists: [(String?, RecordKind, String)] = [
            (row["LanguagesOfferedList"] ?? row["LanguagesOffered"], .language, "name"),
            (row["PaymentMethods"], .costOption, "amount_description"),
        ]
        for (text, kind, field) in lists {
            for part in ListText.parts(text) {
                var values = owner
                values[field] = part
                if kind == .costOption { values["option"] = "Payment accepted" }
                try take(record(kind, "\(id)/\(kind.rawValue)/\(part)", values))
            }
        }
        if let document = row["DocumentsRequired"] {
            try take(record(.requiredDocument, "\(id)/documents", ["service_id": id, "document": document]))
        }
        if let area = row["CoverageAreaText"] ?? row["CoverageArea"] ?? row["Coverage"] {
            try take(record(.serviceArea, "\(id)/coverage", ["service_id": id, "name": area]))
        }
        try takeTerms(id)
    }

    /// `TaxonomyCodes` are parted by semicolons; codes that qualify each other are joined by an asterisk.
    private func takeTerms(_ id: String) throws {
        let codes = ListText.parts(row["TaxonomyCodes"], separators: [";", "*", ","])
        let names = ListText.parts(row["TaxonomyTerms"], separators: [";", "*"])
        for (place, code) in codes.enumerated() {
            let name = names.count == codes.count ? names[place] : nil
            let term = TaxonomyCode(code, name: name, taxonomy: "AIRS")
            try term.take(of: id, intake, audience: audience, at: row.origin)
        }
    }

    func takeBelow(_ field: String, _ id: String) throws {
        try takePhones([field: id], id)
        try takeContacts([field: id], id)
        if let hours = row["HoursOfOperation"] ?? row["Hours"] {
            try take(record(.schedule, "\(id)/hours", [field: id, "description": hours]))
        }
    }

    func record(_ kind: RecordKind, _ id: String?, _ values: [String: String?]) -> RawRecord {
        RawRecord(kind, id: id, values, at: row.origin)
    }

    @discardableResult
    func take(_ record: RawRecord, for narrower: Audience = .everyone) throws -> Bool {
        var record = record
        record.checkedOn = checkedOn
        let audience = max(audience, narrower)
        if audience > .everyone { record.audiences[""] = audience }
        return try intake.take(record)
    }
}

extension TableRow {
    /// True for the ways in which exports say yes.
    func says(_ name: String) -> Bool { ["yes", "true", "1", "y"].contains(self[name]?.lowercased()) }
    /// True for the ways in which they say no, not for an empty field.
    func denies(_ name: String) -> Bool { ["no", "false", "0", "n"].contains(self[name]?.lowercased()) }
}
