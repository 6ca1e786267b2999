package import Formats
package import Kernel
import Search

/// What a list shows of a service or organization, made from its projection and kept ready in the search file.
package struct Card: Sendable, Hashable {
    package enum Kind: String, Sendable { case service, organization }

    package let kind: Kind
    package let id: Identifier<Record>
    package var name: [String: String]
    package var organization: String
    package var summary: [String: String]
    package var phone: String
    package var phoneIsConfirmed: Bool
    /// Gazetteer ids of the towns it is in, and of the areas it serves.
    package var places: [String]
    package var areas: [String]
    package var facets: [String]
    package var checkedOn: Day?
    package var asOf: String
    package var hours: String

    init(kind: Kind, id: Identifier<Record>) {
        (self.kind, self.id) = (kind, id)
        (name, organization, summary, phone, phoneIsConfirmed) = ([:], "", [:], "", false)
        (places, areas, facets, asOf, hours) = ([], [], [], "", "")
    }

    /// The columns of the search file, in the order that `init(columns:)` reads.
    var columns: [String] {
        [
            kind.rawValue, id.description, name["en"] ?? "", name["fr"] ?? "", organization, summary["en"] ?? "",
            summary["fr"] ?? "", phone, phoneIsConfirmed ? "1" : "", places.joined(separator: " "),
            areas.joined(separator: " "), facets.joined(separator: " "), checkedOn?.description ?? "", asOf, hours,
        ]
    }

    init?(columns: [String]) {
        guard columns.count == 15, let kind = Kind(rawValue: columns[0]), let id = Identifier<Record>(columns[1])
        else { return nil }
        self.init(kind: kind, id: id)
        name = ["en": columns[2], "fr": columns[3]]
        organization = columns[4]
        summary = ["en": columns[5], "fr": columns[6]]
        phone = columns[7]
        phoneIsConfirmed = columns[8] == "1"
        places = columns[9].split(separator: " ").map(String.init)
        areas = columns[10].split(separator: " ").map(String.init)
        facets = columns[11].split(separator: " ").map(String.init)
        checkedOn = Day(columns[12])
        asOf = columns[13]
        hours = columns[14]
    }

    package func name(in language: Language) -> String { Self.text(name, language) }
    package func summary(in language: Language) -> String { Self.text(summary, language) }

    private static func text(_ texts: [String: String], _ language: Language) -> String {
        let own = texts[language.code] ?? ""
        return own.isEmpty ? texts["en"] ?? "" : own
    }
}
