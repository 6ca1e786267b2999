package import Foundation

/// What a region's scan holds beside its findings: edited by people in the region's data set, read once at start. Empty for a
/// region without a scan.
package struct ScanLibrary: Sendable {
    struct Source: Decodable, Sendable {
        let document: String
        let section: String?
        let table: Int?
        let printedUnder: String?
    }

    struct KeyMessage: Decodable, Sendable {
        let id: String
        let focus: String
        let title: String
        let points: [String]
        let source: Source
    }

    struct Research: Decodable, Sendable {
        let id: String
        let title: String
        let year: Int?
        let author: String?
        let url: String?
        let listedAs: String
        let status: String?
        let supersededBy: String?
        let note: String?
        /// Who led it, such as survivors; whose expertise checked it; what it leaves open. Absent where the source does not say.
        let lead: String?
        let validatedBy: String?
        let gaps: String?
        let source: Source
    }

    struct Statistic: Decodable, Sendable {
        let id: String
        let value: Double
        let unit: String
        let period: String
        let source: Source
    }

    struct Partner: Decodable, Sendable {
        let id: String
        let name: String
        let role: String
        let sector: String
        let signedOn: String
        let source: Source
    }

    /// A line of the systems map, from a partner to the network or to a finding by its code.
    struct Link: Decodable, Sendable {
        let from: String
        let to: String
        let kind: String
        let text: String
        let source: Source
    }

    struct Standard: Decodable, Sendable {
        let title: String
        let author: String
        let adopted: String
        let url: String
    }

    struct Meta: Decodable, Sendable {
        struct Workshop: Decodable, Sendable {
            let date: String
            let venue: String
            let city: String
            let statedLength: String
            let agenda: String
            let focusAreas: [String]?
            let activities: [String]?
        }

        /// Of the scan; its year where there is none.
        let code: String?
        let title: String
        let published: String
        let consultant: String?
        let workshop: Workshop?
        let limitations: [String]
        let inconsistencies: [String]?
    }

    let meta: Meta?
    let keyMessages: [KeyMessage]
    let research: [Research]
    let statistics: [Statistic]
    let partners: [Partner]
    let links: [Link]
    let standards: [Standard]

    package init(folder: URL) throws {
        meta = try Self.read("scan_meta.json", in: folder)
        keyMessages = try Self.read("key_messages.json", in: folder) ?? []
        research = try Self.read("research.json", in: folder) ?? []
        statistics = try Self.read("statistics.json", in: folder) ?? []
        partners = try Self.read("partners.json", in: folder) ?? []
        links = try Self.read("links.json", in: folder) ?? []
        standards = try Self.read("standards.json", in: folder) ?? []
    }

    /// Nil where the file is not there.
    /// - Throws: a `ScanFault` that names the file.
    static func read<Value: Decodable>(_ name: String, in folder: URL) throws -> Value? {
        let file = folder.appending(path: name)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(Value.self, from: Data(contentsOf: file))
        } catch {
            throw ScanFault(file: file.path, what: String(String(describing: error).prefix(300)))
        }
    }
}

/// A file of a scan that cannot be read: which one and why.
package struct ScanFault: Error, CustomStringConvertible {
    let file: String
    let what: String

    package var description: String { "The file \(file) cannot be read: \(what)" }
}
