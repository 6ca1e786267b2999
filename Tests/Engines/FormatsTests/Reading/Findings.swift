import Formats
import Foundation
import Support
import Testing

/// What a reader found, for tests to look at.
struct Findings {
    var drafts: [Draft] = []
    var faults: [ReadingFault] = []
    var removals: [String] = []
    var format: FileReader.Format

    init(_ reader: FileReader) throws {
        format = reader.format
        var (drafts, faults, removals): ([Draft], [ReadingFault], [String]) = ([], [], [])
        try reader.read { reading in
            switch reading {
            case .draft(let draft): drafts.append(draft)
            case .fault(let fault): faults.append(fault)
            case .removal(let kind, let id, _): removals.append("\(kind.rawValue)/\(id)")
            }
        }
        (self.drafts, self.faults, self.removals) = (drafts, faults, removals)
    }

    var codes: [String] { faults.map(\.code) }
    var counts: [RecordKind: Int] { Dictionary(grouping: drafts, by: \.kind).mapValues(\.count) }

    func all(_ kind: RecordKind) -> [Draft] { drafts.filter { $0.kind == kind } }
    func first(_ kind: RecordKind, _ id: String? = nil) -> Draft? {
        drafts.first { $0.kind == kind && (id == nil || $0.externalId == id) }
    }

    /// What a file or folder of the samples beside the project holds.
    static func sample(_ path: String, format: FileReader.Format? = nil, mapping: String? = nil) throws -> Findings {
        let mapping = try mapping.map {
            try ColumnMapping(yaml: String(contentsOf: samples.appending(path: $0), encoding: .utf8))
        }
        return try Findings(FileReader(path: samples.appending(path: path), format: format, mapping: mapping))
    }

    static let samples = Town.root.appending(path: "../shared")
    static var hasSamples: Bool { FileManager.default.fileExists(atPath: samples.path) }

    /// What files with these names and texts hold: one is read as a file, several as a folder.
    static func of(
        _ files: [String: String], format: FileReader.Format? = nil, mapping: String? = nil,
        limits: ReadingLimits = .usual
    ) throws -> Findings {
        try of(files.mapValues { Data($0.utf8) }, format: format, mapping: mapping, limits: limits)
    }

    static func of(
        _ files: [String: Data], format: FileReader.Format? = nil, mapping: String? = nil,
        limits: ReadingLimits = .usual
    ) throws -> Findings {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, data) in files { try data.write(to: folder.appending(path: name)) }
        let path = files.count == 1 ? folder.appending(path: files.keys.first ?? "") : folder
        let mapping = try mapping.map { try ColumnMapping(yaml: $0) }
        return try Findings(FileReader(path: path, format: format, mapping: mapping, limits: limits))
    }

    /// The fault that reading these files ends with.
    static func refusal(_ body: () throws -> Findings) -> ReadingFault? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? ReadingFault
        }
    }
}
