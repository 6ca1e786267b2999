package import Foundation
import Yams

/// The files of a region's own data, such as `Data/bc`: read once at start, edited by people in between.
package struct DataSet: Sendable {
    let organizations: [OrganizationEntry]
    let lines: [LineEntry]
    let sources: [SourceEntry]
    package let vocabulary: Vocabulary
    package let gazetteer: Gazetteer
    package let thesaurus: Thesaurus
    package let baseMap: BaseMap
    /// Changes with every byte of the files that search documents are made with.
    package let digest: UInt64
    /// Where the files lie.
    package let folder: URL

    /// What is wrong with a file: its name and the decoder's sentence.
    package struct Fault: Error, CustomStringConvertible {
        package let file: String
        package let what: String

        package var description: String { "The data file \(file) cannot be read: \(what)" }
    }

    package init(folder: URL) throws {
        self.folder = folder
        organizations = try Self.json("organizations.json", in: folder)
        lines = try Self.json("lines.json", in: folder)
        sources = try Self.json("sources.json", in: folder)
        vocabulary = Vocabulary(
            taxonomies: try Self.yaml("vocabulary.yaml", in: folder),
            crosswalk: Crosswalk(try Self.yaml("crosswalk.yaml", in: folder)))
        gazetteer = Gazetteer(places: try Self.json("gazetteer.json", in: folder))
        thesaurus = Thesaurus(file: try Self.yaml("thesaurus.yaml", in: folder))
        baseMap = try Self.json("base-map.json", in: folder)
        let files = ["vocabulary.yaml", "crosswalk.yaml", "gazetteer.json"]
        digest = try files.reduce(0xcbf2_9ce4_8422_2325) { digest, file in
            try Data(contentsOf: folder.appending(path: file)).reduce(digest) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        }
    }

    /// Facets that the crosswalk names and the vocabulary does not have: slips of the pen.
    package var unknownCrosswalkFacets: [String] { vocabulary.unknownCrosswalkFacets }

    private static func json<Value: Decodable>(_ file: String, in folder: URL) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoded(file) {
            try decoder.decode(Value.self, from: Data(contentsOf: folder.appending(path: file)))
        }
    }

    private static func yaml<Value: Decodable>(_ file: String, in folder: URL) throws -> Value {
        try decoded(file) {
            try YAMLDecoder().decode(Value.self, from: Data(contentsOf: folder.appending(path: file)))
        }
    }

    private static func decoded<Value>(_ file: String, _ read: () throws -> Value) throws -> Value {
        do {
            return try read()
        } catch {
            throw Fault(file: file, what: String(String(describing: error).prefix(300)))
        }
    }
}

/// A text in the languages somebody wrote it in, by code.
typealias Translated = [String: String]

struct OrganizationEntry: Decodable, Sendable {
    let key: String
    let name: String
    let alternateNames: [String]
    let kind: String
    let description: String?
    let descriptionFr: String?
    let website: String?
    let websiteAudience: String?
    let areas: [String]
    let places: [String]
    let terms: [String]
    let standing: String
    let sources: [CitationEntry]
    let staffNote: String?
    let programs: [ProgramEntry]
    let services: [ServiceEntry]
}

struct ProgramEntry: Decodable, Sendable {
    let key: String
    let name: String
    let description: String
    let descriptionFr: String?
    let terms: [String]
    let sources: [CitationEntry]
}

struct ServiceEntry: Decodable, Sendable {
    let key: String
    let name: String
    let nameFr: String?
    let program: String?
    let description: String
    let descriptionFr: String?
    let terms: [String]
    let areas: [String]
    let places: [String]
    let access: [String]
    let confidentialLocation: Bool?
}

struct LineEntry: Decodable, Sendable {
    let key: String
    let organization: String?
    let number: String
    let areas: [String]
    let purpose: Translated
    let hours: String?
    let terms: [String]
    let audience: String
    let standing: String
    let checks: [CheckEntry]
    let conflict: String?
}

struct CheckEntry: Decodable, Sendable {
    let by: String
    let source: String
}

struct SourceEntry: Decodable, Sendable {
    let key: String
    let title: String
    let author: String?
    let published: String?
    let licence: String?
    let url: String?
}

struct CitationEntry: Decodable, Sendable {
    let document: String
    let section: String?
    let table: Int?
    let row: String?

    /// `S1, 3.1.1, table 1: Drop-in spaces for safety`.
    var text: String {
        [document, section, table.map { "table \($0)" }].compactMap(\.self).joined(separator: ", ")
            + (row.map { ": \($0)" } ?? "")
    }
}

/// The drawn shape of the region: polygons of rings, and lines, of longitude and latitude.
package struct BaseMap: Decodable, Sendable {
    let land: [[[[Double]]]]
    let lakes: [[[[Double]]]]
    let borders: [[[Double]]]
}
