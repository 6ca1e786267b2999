package import Foundation

/// Reads a file, folder or zip in one of the known formats, calling `body` with each finding in the order of the file and
/// in constant memory. The same record may come more than once, under several parents: its fields add up.
package struct FileReader {
    package enum Format: String, Sendable, CaseIterable {
        case hsds3 = "hsds-3"
        case hsds2 = "hsds-2"
        case hsds1 = "hsds-1.1"
        case ohana, airs, icarol, spreadsheet
    }

    package let format: Format
    private let files: InputFiles
    private let mapping: ColumnMapping?
    private let limits: ReadingLimits

    /// - Parameters:
    ///   - format: nil to have it recognised by names and content.
    ///   - mapping: what the columns of a spreadsheet mean; given, the format is a spreadsheet.
    /// - Throws: when there is nothing to read or its format cannot be told.
    package init(
        path: URL, format: Format? = nil, mapping: ColumnMapping? = nil, limits: ReadingLimits = .usual
    ) throws(ReadingFault) {
        let files = try InputFiles(path, limits: limits)
        self.files = files
        self.mapping = mapping
        self.limits = limits
        let origin = Origin(file: files.name, line: 1)
        let known = format ?? (mapping != nil ? Format.spreadsheet : nil)
        let recognised = known == nil ? try Self.recognised(files, origin) : known
        guard let format = recognised else {
            throw ReadingFault("unknown-format", "\(files.name) is in no format that Waymark reads.", at: origin)
        }
        guard format != .spreadsheet || mapping != nil else {
            throw ReadingFault(
                "no-mapping", "A spreadsheet needs a mapping that says what its columns mean.", at: origin)
        }
        self.format = format
    }

    private static func recognised(_ files: InputFiles, _ origin: Origin) throws(ReadingFault) -> Format? {
        do { return try FormatRecognition(files: files).format() } catch let fault as ReadingFault {
            throw fault
        } catch {
            throw ReadingFault("unreadable", "\(files.name) cannot be read.", at: origin)
        }
    }

    /// A broken row or record is a fault, and reading goes on.
    /// - Throws: a `ReadingFault` when the rest of a file cannot be read, and whatever `body` throws.
    package func read(_ body: (Reading) throws -> Void) throws {
        try withoutActuallyEscaping(body) { body in
            let intake = Intake(limits: limits, body)
            switch format {
            case .hsds3: try HSDSFiles(files: files, intake: intake).read()
            case .hsds2, .hsds1: try HSDSFiles(files: files, intake: intake).readOlder()
            case .ohana: try OhanaFiles(files: files, intake: intake).read()
            case .airs:
                let isAlone = !files.isPackage
                let airs = AIRSFile(intake: intake)
                try files.each(where: { isAlone || $0.lowercased().hasSuffix(".xml") }, airs.read)
            case .icarol:
                let isAlone = !files.isPackage
                let icarol = ICarolFile(intake: intake)
                try files.each(where: { isAlone || TableNames.isTable($0) }, icarol.read)
            case .spreadsheet:
                guard let mapping else { return }
                try SpreadsheetFiles(files: files, mapping: mapping, intake: intake).read()
            }
        }
    }
}
