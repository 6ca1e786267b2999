import ArgumentParser
import Directory
import Formats
import Foundation
import Kernel
import Platform
import Synchronization

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take listings over from a file, a folder, a zip or a live HSDS address.",
        discussion: """
            All of it is kept or none. What the file no longer has is removed, unless it is a delta; a row that cannot be \
            taken over is named and the rest comes in. Ends with 0 when all came in, 2 when something was rejected.
            """)
    @Argument(help: "A file, folder, zip or http address.") var path: String
    @Option(help: "Who keeps the file, such as bc211: ids and removals belong to that name.") var source: String
    @Option(help: "\(FileReader.Format.allCases.map(\.rawValue).joined(separator: ", ")); recognised when left out.")
    var format: String?
    @Option(help: "A YAML file that says what the columns of a spreadsheet mean.") var mapping: String?
    @Flag(help: "Try everything, report it, keep nothing.") var dryRun = false
    @Flag(help: "The file holds only what changed; what it does not name stays.") var delta = false
    @Flag(help: "Let a file remove more than a fifth of what its source brought before.") var allowRemovals = false
    @Option(name: .customLong("for"), help: "The widest circle that may see it: public, partner, vetted, nobody.")
    var audience = "public"
    @OptionGroup var desk: RoleOption
    @Flag(help: "Print JSON, one line per record and one for the sum.") var json = false

    func run() async throws {
        guard let audience = Audience(rawValue: audience) else {
            throw ValidationError("--for is one of public, partner, vetted, nobody.")
        }
        let format = try format.map { name in
            guard let format = FileReader.Format(rawValue: name) else {
                throw ValidationError("There is no format “\(name.prefix(20))”; see --help.")
            }
            return format
        }
        let mapping = try mapping.map { path in
            guard let text = try? String(contentsOf: URL(filePath: path), encoding: .utf8) else {
                throw ValidationError("The mapping \(path) cannot be read.")
            }
            return try ColumnMapping(yaml: text, name: path)
        }
        let copy = try await liveCopy()
        defer { if let copy { try? FileManager.default.removeItem(at: copy) } }
        let reader = try FileReader(
            path: copy ?? URL(filePath: path), format: copy == nil ? format : .hsds3, mapping: mapping)
        var order = ImportOrder(source: source, format: reader.format.rawValue)
        (order.isDryRun, order.isDelta, order.allowsRemovals) = (dryRun, delta, allowRemovals)
        order.audience = audience
        let platform = try await Start(settings()).platform()
        let isJSON = json
        let lines = PrintedLines()
        defer { lines.flush() }
        let report = try await platform.directory.take(
            order, by: desk.actor, tell: { lines.add(isJSON ? $0.json : $0.line) }, read: reader.read)
        lines.flush()
        printText(json ? report.json : report.sentence)
        if report[.rejected] > 0 { throw ExitCode(2) }
    }

    /// A folder with what a live address has; nil for a path.
    private func liveCopy() async throws -> URL? {
        guard path.hasPrefix("http://") || path.hasPrefix("https://") else { return nil }
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-\(World.live.newUUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        do {
            try await LiveFeed(path, fetch: WebFetch().answer).copy(to: folder)
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
        return folder
    }
}

/// Lines for standard output, written many at a time.
private final class PrintedLines: Sendable {
    private let waiting = Mutex<[UInt8]>([])

    func add(_ line: String) {
        let isFull = waiting.withLock { waiting in
            waiting.append(contentsOf: line.utf8)
            waiting.append(0x0a)
            return waiting.count > 1 << 16
        }
        if isFull { flush() }
    }

    func flush() {
        let bytes = waiting.withLock { waiting in
            defer { waiting.removeAll(keepingCapacity: true) }
            return waiting
        }
        printBytes(bytes)
    }
}
