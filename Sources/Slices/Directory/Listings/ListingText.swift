package import Formats
package import Kernel
import Storage

extension Projected<Listing> {
    /// The listing as HSDS JSON with everything under it; absent is unknown. Where its facts come from stands in `facts`.
    package var json: String {
        var json = JSONText()
        Self.write(value, isTop: true, &json)
        return json.string
    }

    /// A name, a number or whatever tells the record apart.
    package var headline: String {
        let record = value.record
        return ["name", "number", "address_1", "url", "value", "extent"].compactMap { record[$0] }.first ?? ""
    }

    /// For a reader at a terminal: every field with its audience, source and checks.
    package var described: String {
        var lines: [String] = []
        Self.describe(value, indent: "", &lines)
        return lines.joined(separator: "\n")
    }

    private static func write(_ listing: Listing, isTop: Bool, _ json: inout JSONText) {
        let object = listing.record.kind.object
        json.object { json in
            json.member("id", listing.record.id.description)
            for field in object.fields where isTop || !field.name.hasSuffix("_id") {
                switch listing.record.values[field.name] {
                case .text(let text): json.member(field.name, text)
                case .number(let number):
                    json.key(field.name)
                    json.number(number)
                case nil: break
                }
            }
            for member in object.members {
                guard let listings = listing.members[member.name], !listings.isEmpty else { continue }
                json.key(member.name)
                if member.isList {
                    json.array { json in
                        for listing in listings { write(listing, isTop: false, &json) }
                    }
                } else {
                    write(listings[0], isTop: false, &json)
                }
            }
            facts(listing, &json)
        }
    }

    private static func facts(_ listing: Listing, _ json: inout JSONText) {
        guard !listing.facts.isEmpty else { return }
        json.key("facts")
        json.array { json in
            for (field, fact) in listing.facts.sorted(by: { $0.key < $1.key }) {
                json.object { json in
                    json.member("field", field.isEmpty ? nil : field)
                    json.member("standing", fact.standing.rawValue)
                    json.member("source", fact.source)
                    json.member("as_of", fact.asOf)
                    json.member("checked_on", fact.checkedOn?.description)
                    json.member("checked_by", fact.checkedBy)
                    json.member("second_checked_on", fact.secondCheckedOn?.description)
                    json.member("second_checked_by", fact.secondCheckedBy)
                    json.member("note", fact.note)
                }
            }
        }
    }

    private static func describe(_ listing: Listing, indent: String, _ lines: inout [String]) {
        lines.append("\(indent)\(listing.record.kind.rawValue) \(listing.record.id)\(remarks("", listing))")
        for field in listing.record.kind.object.fields {
            guard let value = listing.record.values[field.name] else { continue }
            let text = value.text ?? value.number.map { "\($0)" } ?? ""
            lines.append("\(indent)  \(field.name): \(text)\(remarks(field.name, listing))")
        }
        for member in listing.record.kind.object.members {
            for child in listing.members[member.name] ?? [] { describe(child, indent: indent + "    ", &lines) }
        }
    }

    private static func remarks(_ field: String, _ listing: Listing) -> String {
        var remarks: [String] = []
        if let audience = listing.audiences[field] { remarks.append("for \(audience.rawValue)") }
        if field.isEmpty, let steward = listing.steward { remarks.append("steward \(steward.name)") }
        if let fact = listing.facts[field] {
            remarks.append(fact.standing.rawValue)
            if let source = fact.source { remarks.append("source \(source)") }
            if let by = fact.checkedBy { remarks.append("checked by \(by)\(fact.checkedOn.map { " on \($0)" } ?? "")") }
            if let by = fact.secondCheckedBy {
                remarks.append("second check by \(by)\(fact.secondCheckedOn.map { " on \($0)" } ?? "")")
            }
            if let note = fact.note { remarks.append("note: \(note)") }
        }
        return remarks.isEmpty ? "" : "  [\(remarks.joined(separator: "; "))]"
    }
}

extension Directory {
    /// One page of an export: a line of JSON for each record that `viewer` may see; nil after the last record.
    package func exportPage(
        _ kind: RecordKind, after last: Identifier<Record>?, limit: Int, for viewer: Actor
    ) async throws -> (lines: [String], last: Identifier<Record>)? {
        let (listings, end) = try await database.read { transaction in
            let ids = try DirectoryStore(transaction).page(kind, after: last, limit: limit).map(\.id)
            return (try ListingLoader(transaction).listings(kind, ids), ids.last)
        }
        guard let end else { return nil }
        return (listings.compactMap { $0.projected(for: viewer)?.json }, end)
    }

    /// Sentences about records that break a rule; empty when all is well.
    package func faults() async throws -> [String] {
        var faults: [String] = []
        for kind in RecordKind.allCases {
            var last: Identifier<Record>?
            while true {
                let after = last
                let page = try await database.read { try DirectoryStore($0).page(kind, after: after, limit: 1000) }
                for record in page where !record.problems.isEmpty {
                    let what = record.problems.faults.map { "\($0.field) is \($0.code)" }.joined(separator: ", ")
                    faults.append("\(kind.rawValue) \(record.id): \(what)")
                }
                guard let end = page.last else { break }
                last = end.id
            }
        }
        return faults
    }
}
