import Formats
import Kernel
import Storage

/// How one kind of record lies in its table: the table's name and its columns, from the HSDS model.
struct Table: Sendable {
    let kind: RecordKind
    let name: SQLName
    let columns: [SQLName]
    let fields: [HSDSField]
    /// The column of each field, counted from 0; the id has the first.
    let places: [String: Int]

    static let all: [RecordKind: Table] = {
        var tables: [RecordKind: Table] = [:]
        for kind in RecordKind.allCases { tables[kind] = Table(kind) }
        return tables
    }()

    /// - Throws: for a kind that no table keeps.
    static func of(_ kind: RecordKind) throws -> Table {
        guard let table = all[kind] else { throw StorageFailure.unexpectedColumn(kind.rawValue) }
        return table
    }

    private init?(_ kind: RecordKind) {
        let fields = kind.object.fields
        let columns = (["id"] + fields.map(\.name)).compactMap(SQLName.init)
        guard let name = SQLName(kind.rawValue), columns.count == fields.count + 1 else { return nil }
        (self.kind, self.name, self.columns, self.fields) = (kind, name, columns, fields)
        places = Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1.name, $0 + 1) })
    }

    func record(_ row: Row) throws -> Record {
        guard case .text(let text) = row[0], let id = Identifier<Record>(text) else {
            throw StorageFailure.unexpectedColumn("\(kind.rawValue).id")
        }
        return record(id) { row[$0] }
    }

    func record(_ id: Identifier<Record>, _ column: (Int) -> SQLValue) -> Record {
        var values: [String: FieldValue] = [:]
        for (index, field) in fields.enumerated() { values[field.name] = FieldValue(column(index + 1)) }
        return Record(kind, id: id, values)
    }

    func values(of record: Record) -> [SQLValue] {
        [.text(record.id.description)] + fields.map { SQLValue(record.values[$0.name]) }
    }
}

extension FieldValue {
    init?(_ stored: SQLValue) {
        switch stored {
        case .text(let text): self = .text(text)
        case .real(let number): self = .number(number)
        case .integer(let number): self = .number(Double(number))
        case .null, .blob: return nil
        }
    }
}

extension SQLValue {
    init(_ value: FieldValue?) {
        self =
            switch value {
            case .text(let text): .text(text)
            case .number(let number): .real(number)
            case nil: .null
            }
    }
}
