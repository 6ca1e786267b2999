import Kernel

// Where a row of iCarol is, and who can be asked there.
extension ICarolRow {
    var hasPlace: Bool { row["PhysicalAddress1"] != nil || row["PhysicalCity"] != nil || row["MailingAddress1"] != nil }

    /// The location of the row under the row's own number. A whole one brings its phones and hours as well.
    func takePlace(organization: String?, isWhole: Bool = true) throws {
        let position = self.position
        var place = record(
            .location, id,
            [
                "organization_id": organization, "name": row["PublicName"], "location_type": "physical",
                "alternate_name": isWhole ? row["AlternateName"] : nil,
                "description": isWhole ? row["AgencyDescription"] : nil, "url": isWhole ? row["WebsiteAddress"] : nil,
                "latitude": position.latitude, "longitude": position.longitude,
                "transportation": ListText.joined([row["BusServiceAccess"], row["PhysicalLocationDescription"]], "\n"),
            ])
        if row.says("PhysicalAddressIsPrivate") {
            for field in ["latitude", "longitude", "transportation"] { place.audiences[field] = .vetted }
        }
        guard try take(place), let id else { return }
        try takeAddress("Physical", "physical", id)
        try takeAddress("Mailing", "postal", id)
        try takeAddress("Other", "physical", id)
        if let access = row["DisabilitiesAccess"] {
            try take(record(.accessibility, "\(id)/access", ["location_id": id, "description": access]))
        }
        if isWhole { try takeBelow("location_id", id) }
    }

    private var position: (latitude: String?, longitude: String?) {
        if let both = row["LatitudeLongitude"] {
            let parts = ListText.parts(both)
            if parts.count == 2 { return (parts[0], parts[1]) }
        }
        return (row["Latitude"], row["Longitude"])
    }

    private func takeAddress(_ prefix: String, _ type: String, _ id: String) throws {
        let lines = (1...4).compactMap { row["\(prefix)Address\($0)"] }
        guard !lines.isEmpty || row["\(prefix)City"] != nil else { return }
        var address = record(
            .address, "\(id)/\(prefix.lowercased())",
            [
                "location_id": id, "address_type": type, "attention": row["\(prefix)AttentionName"],
                "address_1": lines.first, "address_2": ListText.joined(lines.dropFirst().map { $0 }),
                "city": row["\(prefix)City"], "region": row["\(prefix)County"],
                "state_province": row["\(prefix)StateProvince"], "postal_code": row["\(prefix)PostalCode"],
                "country": row["\(prefix)Country"],
            ])
        // iCarol has no flag for the other address; it is as private as the one where the door is.
        if row.says("\(prefix == "Mailing" ? "Mailing" : "Physical")AddressIsPrivate") {
            for field in ["attention", "address_1", "address_2", "postal_code"] { address.audiences[field] = .vetted }
        }
        try take(address)
    }

    func takePhones(_ link: [String: String?], _ id: String) throws {
        for (column, type, name) in ICarolColumns.phones {
            guard let number = row["\(column)Number"] ?? row[column] else { continue }
            var values = link
            values["number"] = number
            let known: String? = type ?? row["\(column)Type"].flatMap(Self.phoneType)
            values["type"] = known
            let title = name.flatMap { $0.hasPrefix("Phone") ? row[$0] : $0 }
            values["description"] = ListText.joined([title, row["\(column)Description"]])
            let audience: Audience = row.says("\(column)IsPrivate") ? .vetted : .everyone
            try take(record(.phone, "\(id)/\(column.lowercased())", values), for: audience)
        }
    }

    private static func phoneType(_ word: String) -> String? {
        let word = word.lowercased()
        if word.contains("fax") { return "fax" }
        return word.contains("tty") ? "textphone" : word.contains("cell") ? "cell" : "voice"
    }

    func takeContacts(_ link: [String: String?], _ id: String) throws {
        for prefix in ["SeniorWorker", "MainContact"] {
            var values = link
            values["name"] = row["\(prefix)Name"]
            values["title"] = row["\(prefix)Title"]
            values["email"] = row["\(prefix)EmailAddress"]
            let said = values.compactMapValues(\.self)
            guard ["name", "title", "email"].contains(where: { said[$0] != nil }) else { continue }
            let audience: Audience = row.says("\(prefix)IsPrivate") ? .vetted : .everyone
            let contact = "\(id)/\(prefix.lowercased())"
            try take(record(.contact, contact, values), for: audience)
            guard let number = row["\(prefix)PhoneNumber"] else { continue }
            try take(record(.phone, "\(contact)/phone", ["contact_id": contact, "number": number]), for: audience)
        }
    }
}
