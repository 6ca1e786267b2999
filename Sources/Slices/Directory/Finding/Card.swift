package import Formats
package import Kernel
import Search

/// What a list shows of a service or organization, made from its projection and kept ready in the search file.
package struct Card: Sendable, Hashable {
    package enum Kind: String, Sendable { case service, organization }

    package let kind: Kind
    package let id: Identifier<Record>
    /// As they stand in the search file, and read only when asked for.
    let columns: [String]

    private enum Column: Int, CaseIterable {
        case kind, name, nameInFrench, organization, summary, summaryInFrench, phone, phoneIsConfirmed, places, areas,
            facets, checkedOn, asOf, hours
    }

    init(
        kind: Kind, id: Identifier<Record>, name: Translated, organization: String, summary: Translated, phone: String,
        phoneIsConfirmed: Bool, places: [String], areas: [String], facets: [String], checkedOn: Day?, asOf: String,
        hours: String
    ) {
        self.kind = kind
        self.id = id
        columns = [
            kind.rawValue, name["en"] ?? "", name["fr"] ?? "", organization, summary["en"] ?? "", summary["fr"] ?? "",
            phone, phoneIsConfirmed ? "1" : "", places.joined(separator: " "), areas.joined(separator: " "),
            facets.joined(separator: " "), checkedOn?.description ?? "", asOf, hours,
        ]
    }

    init?(id: Identifier<Record>, columns: [String]) {
        guard columns.count == Column.allCases.count, let kind = Kind(rawValue: columns[0]) else { return nil }
        self.kind = kind
        self.id = id
        self.columns = columns
    }

    package func name(in language: Language) -> String { text(.name, .nameInFrench, language) }
    package func summary(in language: Language) -> String { text(.summary, .summaryInFrench, language) }
    /// False when `summary(in:)` is the English one for want of another.
    func hasSummary(in language: Language) -> Bool { language != .french || !self[.summaryInFrench].isEmpty }
    package var organization: String { self[.organization] }
    package var phone: String { self[.phone] }
    package var phoneIsConfirmed: Bool { self[.phoneIsConfirmed] == "1" }
    /// Gazetteer ids of the towns it is in, and of the areas it serves.
    package var places: [String] { list(.places) }
    package var areas: [String] { list(.areas) }
    package var facets: [String] { list(.facets) }
    package var checkedOn: Day? { Day(self[.checkedOn]) }
    package var asOf: String { self[.asOf] }
    package var hours: String { self[.hours] }

    private subscript(_ column: Column) -> String { columns[column.rawValue] }

    private func text(_ english: Column, _ french: Column, _ language: Language) -> String {
        language == .french && !self[french].isEmpty ? self[french] : self[english]
    }

    private func list(_ column: Column) -> [String] {
        self[column].utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
    }
}
