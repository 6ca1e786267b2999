/// A service at a site: a service, and its place at the location.
struct AIRSService {
    private let part: AIRSPart

    init(_ node: XMLNode, file: String, intake: Intake) { part = AIRSPart(node, file: file, intake: intake) }

    func take() throws {
        let node = part.node
        let ages = node.first("AgeRequirements")?.attributes ?? [:]
        let process = node.all("ApplicationProcess").flatMap { $0.children.isEmpty ? [$0] : $0.children }
        var service = part.record(
            .service, part.id,
            [
                "organization_id": part.key(of: ["Agency"]), "name": node["Name"] ?? node.parent?["Name"],
                "description": node["Description"], "status": "active", "fees_description": node["FeeStructure"],
                "url": node.first("URL")?["Address"], "email": node.first("Email")?["Address"],
                "application_process": ListText.joined(process.map(\.text), "\n"),
                "eligibility_description": eligibility, "minimum_age": ages["MinimumAge"],
                "maximum_age": ages["MaximumAge"],
            ])
        service.checkedOn = part.checkedOn
        guard try part.take(service), let id = part.id else { return }
        let link: [String: String?] = ["service_id": id]
        if let site = part.key(of: ["Site", "AgencyLocation"]) {
            let both: [String: String?] = ["service_id": id, "location_id": site]
            try part.take(part.record(.serviceAtLocation, "\(id)/at/\(site)", both))
        }
        try part.phones(of: node, "service/\(id)", link)
        try part.contacts("service/\(id)", link)
        try part.languages("service/\(id)", link)
        try part.schedules("service/\(id)", link)
        try terms(id)
        try documents(id)
        try areas(id)
    }

    /// All that AIRS asks of who may use a service, one kind of requirement to a line.
    private var eligibility: String? {
        let names = [
            "GenderRequirements", "AgeRequirements", "FamilyRequirements", "ResidencyRequirements",
            "IncomeRequirements", "AidRequirements", "OtherRequirements",
        ]
        return ListText.joined(names.flatMap { part.node.all($0).map(\.text) }, "\n")
    }

    /// Codes of the taxonomy are carried through; what they are called is not in the file.
    private func terms(_ id: String) throws {
        for taxonomy in part.node.all("Taxonomy") {
            for code in taxonomy.all("Code").compactMap(\.text) {
                let term = TaxonomyCode(code, taxonomy: "AIRS")
                try term.take(of: id, part.intake, audience: part.audience, at: part.origin)
            }
        }
    }

    private func documents(_ id: String) throws {
        for (place, document) in part.node.all("DocumentsRequired").enumerated() {
            guard let text = document["Description"] ?? document.text else { continue }
            let values: [String: String?] = ["service_id": id, "document": text]
            try part.take(part.record(.requiredDocument, "service/\(id)/document/\(place + 1)", values))
        }
    }

    private func areas(_ id: String) throws {
        for (place, area) in part.node.all("GeographicAreaServed").enumerated() {
            let names = ["ZipCode", "CensusTrack", "City", "County", "State", "Country"].map { area[$0] }
            guard let name = ListText.joined(names) ?? area["Description"] else { continue }
            try part.take(
                part.record(
                    .serviceArea, "service/\(id)/area/\(place + 1)",
                    ["service_id": id, "name": name, "description": area["Description"]]))
        }
    }
}
