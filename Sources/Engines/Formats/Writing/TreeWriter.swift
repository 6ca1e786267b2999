/// Writes trees one after another: bytes before the first, of each, after the last. Holds no tree, so that memory stays flat.
package protocol TreeWriter: Sendable {
    mutating func opening() -> [UInt8]
    mutating func bytes(of tree: RecordTree) -> [UInt8]
    mutating func closing() -> [UInt8]
}

/// The forms in which listings leave the directory.
package enum ExportFormat: String, Sendable, CaseIterable {
    /// HSDS 3 tabular data package, a folder or a zip file; the only one without a `writer`.
    case hsds
    case json, ndjson, geojson, csv
    case whoWhatWhere = "3w"
    case vcard

    /// Nil for the data package, which is many files: see `TabularPackage`.
    package var writer: (any TreeWriter)? {
        switch self {
        case .hsds: nil
        case .json: HSDSArray()
        case .ndjson: HSDSLines()
        case .geojson: GeoJSONFeatures()
        case .csv: ServiceSheet()
        case .whoWhatWhere: WhoWhatWhereSheet()
        case .vcard: VCards()
        }
    }

    /// True for HSDS itself, where no record may lack what the standard requires.
    package var isStandard: Bool { [.hsds, .json, .ndjson].contains(self) }

    /// The kinds of record that one file is about, in the order in which they are written.
    package var kinds: [RecordKind] {
        switch self {
        case .hsds: [.taxonomy, .taxonomyTerm, .metaTableDescription, .organization, .service]
        case .json, .ndjson, .vcard: [.organization, .service]
        case .geojson, .csv, .whoWhatWhere: [.service]
        }
    }
}
