package import Formats
package import Foundation
package import Kernel
import Storage

/// What goes out: a form, for one circle of readers, to one place.
package struct ListingExport: Sendable {
    package static let batch = 500

    package let format: ExportFormat
    package let audience: Audience
    package let kinds: [RecordKind]

    /// - Parameters:
    ///   - audience: never `nobody`, for whom there is no export.
    ///   - kinds: only these; nil for all that the form has.
    package init(_ format: ExportFormat, for audience: Audience, kinds: [RecordKind]? = nil) throws(DirectoryRefusal) {
        if audience == .nobody { throw .notAllowed }
        self.format = format
        self.audience = audience
        self.kinds = format.kinds.filter { kinds?.contains($0) ?? true }
    }

    /// Sees what its audience sees and holds no permission, so that neither a withheld fact nor a steward who is to be asked
    /// is passed by.
    var viewer: Actor { Actor(name: "export", clearance: audience) }
}

/// What an export wrote.
package struct ExportOutcome: Sendable, Hashable {
    package var listings: Int
    /// Records that a data package has no place for, by kind.
    package var leftOut: [RecordKind: Int] = [:]
}

extension Directory {
    /// The licence of what anybody may download.
    package static let licence = PackageDescription.Licence(
        name: "CC-BY-4.0", url: "https://creativecommons.org/licenses/by/4.0/")

    /// Writes an export piece by piece; memory does not grow with it. The number of listings written.
    package func export(
        _ export: ListingExport, into write: (_ bytes: [UInt8]) throws -> Void
    ) async throws -> Int {
        guard var writer = export.format.writer else { throw DirectoryRefusal.notAllowed }
        try write(writer.opening())
        var count = 0
        for kind in export.kinds {
            var last: Identifier<Record>?
            while let page = try await trees(kind, after: last, limit: ListingExport.batch, in: export) {
                for tree in page.trees { try write(writer.bytes(of: tree)) }
                count += page.trees.count
                last = page.last
            }
        }
        try write(writer.closing())
        return count
    }

    /// Writes an export to a file, or a data package to a folder or, when the name ends so, a zip file. It is there whole or
    /// not at all; what was there before stays until then.
    package func export(_ export: ListingExport, to destination: URL) async throws -> ExportOutcome {
        let isPrivate = export.audience != .everyone
        let mark = world.newUUID().uuidString
        guard export.format == .hsds else {
            let file = try OutputFile(destination, mark: mark, isPrivate: isPrivate)
            let count = try await self.export(export) { try file.write($0) }
            try file.keep()
            return ExportOutcome(listings: count)
        }
        let folder = destination.deletingLastPathComponent()
            .appending(path: ".\(destination.lastPathComponent).\(mark).part")
        try OutputFolder.make(folder, for: destination, isPrivate: isPrivate)
        defer { try? FileManager.default.removeItem(at: folder) }
        let outcome = try await package(export, in: folder)
        if destination.pathExtension == "zip" {
            try ZipFile.pack(
                folder, to: destination, time: now.day.start, mark: mark + "-zip",
                isPrivate: isPrivate)
        } else {
            try OutputFolder.move(folder, to: destination, mark: mark)
        }
        return outcome
    }

    private func package(_ export: ListingExport, in folder: URL) async throws -> ExportOutcome {
        var package = TabularPackage(in: folder)
        for kind in export.kinds {
            var last: Identifier<Record>?
            while let page = try await trees(kind, after: last, limit: ListingExport.batch, in: export) {
                for tree in page.trees { try package.add(tree) }
                last = page.last
            }
        }
        try package.finish(
            PackageDescription(
                title: "Services and organizations", licence: export.audience == .everyone ? Self.licence : nil,
                created: now.day.start))
        return ExportOutcome(
            listings: package.count(.service) + package.count(.organization), leftOut: package.leftOut)
    }

    /// One page as trees, each as the audience sees it; nil after the last record.
    private func trees(
        _ kind: RecordKind, after last: Identifier<Record>?, limit: Int, in export: ListingExport
    ) async throws -> (trees: [RecordTree], last: Identifier<Record>)? {
        let (listings, end) = try await database.read { transaction in
            let ids = try DirectoryStore(transaction).page(kind, after: last, limit: limit).map(\.id)
            return (try ListingLoader(transaction).listings(kind, ids), ids.last)
        }
        guard let end else { return nil }
        let trees = listings.compactMap { $0.projected(for: export.viewer)?.tree }
        return (export.format.isStandard ? trees.compactMap(\.conforming) : trees, end)
    }
}
