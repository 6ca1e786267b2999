import Foundation
import Kernel

// Compiled by scripts/fuzz.sh with the sources of the Formats engine and the readers of forms and photos, outside of the package: libFuzzer does not link
// through the package manager.

/// What can be fuzzed; the environment's FUZZ names one.
private enum Target: String {
    case text, csv, json, records, values, xml, hsds, tables, older, ohana, icarol, form, multipart, photo, qdpx, qdc,
        codes

    static let chosen = ProcessInfo.processInfo.environment["FUZZ"].flatMap(Target.init) ?? .hsds
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    // A refusal is an answer; only a crash, a hang or a broken promise is not.
    try? run(Target.chosen, bytes)
    return 0
}

private func run(_ target: Target, _ bytes: [UInt8]) throws {
    let intake = Intake(limits: limits) { reading in
        // No draft leaves without a kept promise: an id, and no coordinates off the globe.
        guard case .draft(let draft) = reading else { return }
        precondition(!draft.externalId.isEmpty)
        if let latitude = draft.values["latitude"]?.number { precondition(abs(latitude) <= 90) }
    }
    switch target {
    case .text:
        var text = UTF8Stream(chunks(bytes, "a.csv"), intake: intake)
        while let chunk = try text.next() { precondition(String(validating: chunk, as: UTF8.self) != nil) }
    case .csv:
        let stream = chunks(bytes, "a.csv")
        var rows = CSVReader(fieldLimit: 1 << 12, rowLimit: 1 << 14, columnLimit: 50, next: stream.next)
        while let row = try rows.row() { precondition(row.fields.count <= 50) }
    case .json: _ = try JSONValue.parse(bytes)
    case .records: try JSONFile.read(chunks(bytes, "a.json"), intake) { _, _ in }
    case .values:
        let text = String(decoding: bytes, as: UTF8.self)
        if let day = CalendarText.dayAlone(text) { precondition(Day(day.description) == day) }
        _ = (ClockText.time(text), WeekdayText.byday(text), FieldCheck.number(text), CalendarText.yearly(text))
    case .xml: try AIRSFile(intake: intake).read(chunks(bytes, "a.xml"))
    case .hsds:
        let json = JSONRecords(intake: intake, named: nil)
        try JSONFile.read(chunks(bytes, "a.json"), intake) { try json.read($0, at: $1) }
    case .tables:
        let tables = TableRecords(intake: intake)
        let kinds: [RecordKind] = [.service, .location, .schedule, .phone]
        for kind in kinds { try TableReader.read(chunks(bytes, "a.csv"), intake) { try tables.read($0, as: kind) } }
    case .older:
        let json = OlderRecords(words: OlderWords(intake: intake), named: nil)
        try JSONFile.read(chunks(bytes, "a.json"), intake) { try json.read($0, at: $1) }
    case .ohana:
        for table in ["services", "locations", "holiday_schedules", "regular_schedules", "phones"] {
            let words = OhanaWords(table: table, owners: [:], intake: intake)
            try TableReader.read(chunks(bytes, "a.csv"), intake) { try words?.take($0) }
        }
    case .icarol: try ICarolFile(intake: intake).read(chunks(bytes, "a.csv"))
    case .form:
        let form = try FormFields(encoded: bytes)
        precondition(form.fields.count <= FormFields.maximumFields)
    case .multipart:
        let form = try FormFields(multipart: bytes, boundary: "x")
        precondition(form.fields.count + form.files.count <= FormFields.maximumFields)
        precondition(form.files.reduce(0) { $0 + $1.bytes.count } <= bytes.count)
    case .qdpx:
        // The XML as it stands in a project; each highlight that is taken lies within its text.
        let texts = ["a.txt": Array("Où dormir 👩‍👧? Nowhere.\r\n".utf8)]
        let (project, _) = try QDAFile.project(xml: bytes, texts: texts, named: "a.qdpx")
        for source in project.sources {
            let length = source.text.unicodeScalars.count
            precondition(source.selections.allSatisfy { 0 <= $0.start && $0.start < $0.end && $0.end <= length })
        }
        precondition((try? Codebook.ordered(project.codes))?.count == project.codes.count)
        // As a packed file too: whatever the archive holds, it is an answer or a refusal.
        _ = try QDAFile.project(bytes, named: "a.qdpx")
    case .qdc:
        let (codes, _) = try QDAFile.codebook(bytes, named: "a.qdc")
        precondition((try? Codebook.ordered(codes)) == codes)
    case .codes:
        let codes = try CodebookSheet.read(bytes, named: "a.csv") { CodingProject.GUID(UUID()) }
        precondition((try? Codebook.ordered(codes)) == codes)
        for code in codes {
            precondition(
                CodeText(CodeText(code.description ?? "").joined ?? "").joined
                    == CodeText(code.description ?? "").joined)
        }
        let units = TextUnits(String(decoding: bytes, as: UTF8.self))
        precondition(units.units(.sentence).allSatisfy { !$0.isEmpty && $0.upperBound <= units.scalars.count })
    case .photo:
        // What was cleaned is a picture, and clean.
        if let clean = try? Photo.jpeg(bytes) { precondition((try? Photo.jpeg(clean)) == clean) }
        if let clean = try? Photo.png(bytes) { precondition((try? Photo.png(clean)) == clean) }
    }
}

private let limits = {
    var limits = ReadingLimits.usual
    (limits.field, limits.record, limits.columns) = (1 << 12, 1 << 14, 200)
    return limits
}()

/// The bytes in chunks of uneven size, so that everything is cut somewhere.
private func chunks(_ bytes: [UInt8], _ name: String) -> ByteStream {
    var at = 0
    return ByteStream(name: name) {
        guard at < bytes.count else { return nil }
        let end = min(bytes.count, at + 1 + Int(bytes[at] & 0x1f))
        defer { at = end }
        return Array(bytes[at..<end])
    }
}
