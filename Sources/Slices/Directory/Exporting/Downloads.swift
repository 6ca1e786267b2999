import Formats
import Foundation
import Kernel
import Web

/// The public downloads: files in the data folder, each made when it is first asked for after a change, so that what was
/// withheld is in none. The files of the change before stay for those who are still reading them.
actor Downloads {
    /// A file that anybody may download; its raw value is its name.
    enum Name: String, CaseIterable {
        case json = "services.json", ndjson = "services.ndjson", geojson = "services.geojson", csv = "services.csv"
        case vcard = "services.vcf", whoWhatWhere = "3w.csv", package = "hsds.zip"

        var format: ExportFormat {
            switch self {
            case .json: .json
            case .ndjson: .ndjson
            case .geojson: .geojson
            case .csv: .csv
            case .vcard: .vcard
            case .whoWhatWhere: .whoWhatWhere
            case .package: .hsds
            }
        }

        var type: String {
            switch self {
            case .json: "application/json"
            case .ndjson: "application/x-ndjson"
            case .geojson: "application/geo+json"
            case .csv, .whoWhatWhere: "text/csv; charset=utf-8; header=present"
            case .vcard: "text/vcard; charset=utf-8"
            case .package: "application/zip"
            }
        }
    }

    private let directory: Directory
    private let folder: URL
    private var made: [Name: (change: Int, file: Task<URL, any Error>)] = [:]
    private var isSwept = false

    /// - Parameter folder: belongs to the downloads alone; what an earlier run left there goes.
    init(_ directory: Directory, in folder: URL) {
        self.directory = directory
        self.folder = folder
    }

    func reply(_ name: String) async throws -> Reply {
        guard let name = Name(rawValue: name) else { throw NotFound() }
        var reply = Reply(type: name.type, .file(try await file(name)))
        reply.link = "<\(Directory.licence.url)>; rel=\"license\""
        return reply
    }

    /// Two who ask at once wait for the same making.
    private func file(_ name: Name) async throws -> URL {
        let change = directory.change
        if let (known, file) = made[name], known == change { return try await file.value }
        try sweep(but: [change, made.values.map(\.change).max() ?? change])
        let place = folder.appending(path: "\(change)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let file = Task { [directory] in
            let kinds: [RecordKind]? = name.format == .hsds ? nil : [.service]
            let url = place.appending(path: name.rawValue)
            _ = try await directory.export(ListingExport(name.format, for: .everyone, kinds: kinds), to: url)
            return url
        }
        made[name] = (change, file)
        do {
            return try await file.value
        } catch {
            if made[name]?.change == change { made[name] = nil }
            throw error
        }
    }

    private func sweep(but kept: Set<Int>) throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names where !isSwept || !kept.contains(Int(name) ?? -1) {
            try FileManager.default.removeItem(at: folder.appending(path: name))
        }
        isSwept = true
    }
}
