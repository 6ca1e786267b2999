import Kernel

/// An agency: an organization.
struct AIRSAgency {
    private let part: AIRSPart

    init(_ node: XMLNode, file: String, intake: Intake) { part = AIRSPart(node, file: file, intake: intake) }

    func take() throws {
        let node = part.node
        let urls = node.all("URL").compactMap { $0["Address"] }
        var agency = part.record(
            .organization, part.id,
            [
                "name": node["Name"], "alternate_name": part.alternateName, "description": node["AgencyDescription"],
                "email": node.first("Email")?["Address"], "website": urls.first, "tax_status": node["IRSStatus"],
                "tax_id": node.attributes["FEIN"], "year_incorporated": node.attributes["YearInc"],
                "legal_status": node.attributes["LegalStatus"], "parent_organization_id": part.key(of: ["Agency"]),
            ])
        agency.checkedOn = part.checkedOn
        guard try part.take(agency), let id = part.id else { return }
        let link: [String: String?] = ["organization_id": id]
        try part.phones(of: node, "agency/\(id)", link)
        try part.contacts("agency/\(id)", link)
        for (place, url) in urls.dropFirst().enumerated() {
            try part.take(part.record(.url, "agency/\(id)/url/\(place + 2)", ["organization_id": id, "url": url]))
        }
        if let source = node["SourceOfFunds"] {
            try part.take(part.record(.funding, "agency/\(id)/funds", ["organization_id": id, "source": source]))
        }
    }
}

/// A site, or the location of the agency itself: a location with its addresses.
struct AIRSSite {
    private let part: AIRSPart

    init(_ node: XMLNode, file: String, intake: Intake) { part = AIRSPart(node, file: file, intake: intake) }

    func take() throws {
        let node = part.node
        let physical = node.first("PhysicalAddress")
        let hidden = physical.map(AIRSPart.isConfidential) ?? false || node.first("NoPhysicalAddress") != nil
        let spatial = node.first("SpatialLocation")
        var site = part.record(
            .location, part.id,
            [
                "organization_id": part.key(of: ["Agency"]), "name": node["Name"], "alternate_name": part.alternateName,
                "description": node["SiteDescription"], "url": node.first("URL")?["Address"],
                "location_type": "physical", "latitude": spatial?["Latitude"], "longitude": spatial?["Longitude"],
                "transportation": ListText.joined(
                    [node["BusServiceAccess"], node["PhysicalLocationDescription"]]
                        + node.all("CrossStreet").map(\.text), "\n"),
            ])
        if hidden {
            for field in ["latitude", "longitude", "transportation"] { site.audiences[field] = .vetted }
        }
        site.checkedOn = part.checkedOn
        guard try part.take(site), let id = part.id else { return }
        try addresses(id)
        let link: [String: String?] = ["location_id": id]
        try part.phones(of: node, "site/\(id)", link)
        try part.contacts("site/\(id)", link)
        try part.languages("site/\(id)", link)
        try part.schedules("site/\(id)", link)
        if let access = node["DisabilitiesAccess"] {
            try part.take(part.record(.accessibility, "site/\(id)/access", ["location_id": id, "description": access]))
        }
        if let email = node.first("Email")?["Address"] {
            try part.take(part.record(.contact, "site/\(id)/email", ["location_id": id, "email": email]))
        }
    }

    private func addresses(_ id: String) throws {
        let types = ["PhysicalAddress": "physical", "MailingAddress": "postal", "OtherAddress": "physical"]
        for (place, node) in part.node.children.enumerated() {
            guard let type = types[node.name] else { continue }
            let lines = (1...9).compactMap { node["Line\($0)"] }
            guard !lines.isEmpty || node["City"] != nil else { continue }
            var address = part.record(
                .address, "site/\(id)/address/\(place + 1)",
                [
                    "location_id": id, "address_type": type, "attention": node["PreAddressLine"],
                    "address_1": lines.first, "address_2": ListText.joined(lines.dropFirst().map { $0 }),
                    "city": node["City"], "region": node["County"], "state_province": node["State"],
                    "postal_code": node["ZipCode"], "country": node["Country"],
                ])
            if AIRSPart.isConfidential(node) {
                for field in ["attention", "address_1", "address_2", "postal_code"] {
                    address.audiences[field] = .vetted
                }
            }
            try part.take(address)
        }
    }
}
