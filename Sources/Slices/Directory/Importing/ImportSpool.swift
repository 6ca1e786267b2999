import Formats
import Foundation
import Kernel
import Storage

/// What a file brings, decoded and checked, on the disk until the transaction that keeps it: so a slow file holds up no
/// other writer, and memory does not grow with it. The spool has no name; it is gone when the program ends, however it ends.
struct ImportSpool: ~Copyable {
    enum Entry {
        case draft(ImportedDraft)
        case removal(RecordKey, Origin)
        case fault(ReadingFault)
    }

    private let source: String
    private let file: SpoolFile
    private var writer = SpoolWriter()
    private var files: [String: Int] = [:]

    init(source: String) throws {
        self.source = source
        file = try SpoolFile()
    }

    mutating func add(_ reading: Reading) throws {
        switch reading {
        case .draft(let draft): add(try ImportedDraft(draft, source: source))
        case .removal(let kind, let externalId, let origin):
            writer.number(1)
            writer.number(kind.rank)
            writer.text(ImportedDraft.id(kind, externalId, source: source).description)
            add(origin)
        case .fault(let fault):
            writer.number(2)
            writer.text(fault.code)
            writer.text(fault.detail)
            writer.number(fault.weight == .noticed ? 1 : 0)
            add(fault.origin)
        }
        if writer.bytes.count >= 1 << 18 { try flush() }
    }

    /// Everything that was added, to be read as often as needed while the file is open.
    mutating func finish() throws -> SpooledImport {
        try flush()
        let names = files.sorted { $0.value < $1.value }.map(\.key)
        return SpooledImport(file: file, names: names)
    }

    private mutating func flush() throws {
        try file.append(writer.bytes)
        writer.bytes.removeAll(keepingCapacity: true)
    }

    private mutating func add(_ draft: ImportedDraft) {
        writer.number(0)
        writer.number(draft.kind.rank)
        for column in draft.columns { writer.value(column) }
        writer.number(draft.references.count)
        for reference in draft.references {
            writer.text(reference.field)
            writer.number(reference.kind.rank)
            writer.text(reference.id.description)
        }
        writer.fixed(draft.digest)
        writer.number((draft.isWhole ? 1 : 0) + (draft.isSound ? 2 : 0))
        writer.number(draft.audiences.count)
        for (field, audience) in draft.audiences {
            writer.text(field)
            writer.text(audience.rawValue)
        }
        writer.number(draft.checkedOn.count)
        for (field, day) in draft.checkedOn {
            writer.text(field)
            writer.fixed(Int64(day.number))
        }
        writer.number(draft.strays.count)
        for stray in draft.strays { writer.text(stray) }
        add(draft.origin)
    }

    private mutating func add(_ origin: Origin) {
        let known = files[origin.file]
        if known == nil { files[origin.file] = files.count }
        writer.number(known ?? files.count - 1)
        writer.number(max(0, origin.line))
    }
}

/// A spool that is complete.
struct SpooledImport: Sendable {
    let file: SpoolFile
    let names: [String]

    func each(_ body: (ImportSpool.Entry) throws -> Void) throws {
        var reader = SpoolReader(file)
        while try reader.hasMore() {
            switch try reader.number() {
            case 0: try body(.draft(draft(&reader)))
            case 1:
                let kind = try kind(&reader)
                try body(.removal(RecordKey(kind: kind, id: id(&reader)), origin(&reader)))
            default:
                let (code, detail) = (try reader.text(), try reader.text())
                let weight: ReadingFault.Weight = try reader.number() == 1 ? .noticed : .rejected
                try body(.fault(ReadingFault(code, detail, weight: weight, at: origin(&reader))))
            }
        }
    }

    private func draft(_ reader: inout SpoolReader) throws -> ImportedDraft {
        let kind = try kind(&reader)
        let columns = try (0..<Table.of(kind).columns.count).map { _ in try reader.value() }
        let references = try (0..<reader.number()).map { _ in
            ImportedDraft.Reference(field: try reader.text(), kind: try self.kind(&reader), id: try id(&reader))
        }
        let digest = try reader.fixed()
        let flags = try reader.number()
        var audiences: [String: Audience] = [:]
        for _ in 0..<(try reader.number()) {
            audiences[try reader.text()] = Audience(rawValue: try reader.text()) ?? .nobody
        }
        var checkedOn: [String: Day] = [:]
        for _ in 0..<(try reader.number()) {
            checkedOn[try reader.text()] = Day(number: Int(try reader.fixed()))
        }
        let strays = try (0..<reader.number()).map { _ in try reader.text() }
        return try ImportedDraft(
            kind, columns, references: references, digest: digest, isWhole: flags & 1 == 1, isSound: flags & 2 == 2,
            audiences: audiences, checkedOn: checkedOn, strays: strays, origin: origin(&reader))
    }

    private func kind(_ reader: inout SpoolReader) throws -> RecordKind {
        let rank = try reader.number()
        guard RecordKind.allCases.indices.contains(rank) else { throw SpoolFile.Broken() }
        return RecordKind.allCases[rank]
    }

    private func id(_ reader: inout SpoolReader) throws -> Identifier<Record> {
        guard let id = Identifier<Record>(try reader.text()) else { throw SpoolFile.Broken() }
        return id
    }

    private func origin(_ reader: inout SpoolReader) throws -> Origin {
        let name = try reader.number()
        guard names.indices.contains(name) else { throw SpoolFile.Broken() }
        return Origin(file: names[name], line: try reader.number())
    }
}
