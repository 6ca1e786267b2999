import Formats
import Kernel
import Storage

/// How one kind of record lies in its table: the table's name and its columns, from the HSDS model.
struct Table: Sendable {
    let kind: RecordKind
    let name: SQLName
    let columns: [SQLName]
    let fields: [HSDSField]

    static let all: [RecordKind: Table] = {
        var tables: [RecordKind: Table] = [:]
        for kind in RecordKind.allCases { tables[kind] = Table(kind) }
        return tables
    }()

    private init?(_ kind: RecordKind) {
        let fields = kind.object.fields
        let columns = (["id"] + fields.map(\.name)).compactMap(SQLName.init)
        guard let name = SQLName(kind.rawValue), columns.count == fields.count + 1 else { return nil }
        (self.kind, self.name, self.columns, self.fields) = (kind, name, columns, fields)
    }

    func record(_ row: Row) throws -> Record {
        guard case .text(let text) = row[0], let id = Identifier<Record>(text) else {
            throw StorageFailure.unexpectedColumn("\(kind.rawValue).id")
        }
        var values: [String: FieldValue] = [:]
        for (index, field) in fields.enumerated() {
            switch row[index + 1] {
            case .text(let text): values[field.name] = .text(text)
            case .real(let number): values[field.name] = .number(number)
            case .integer(let number): values[field.name] = .number(Double(number))
            case .null, .blob: break
            }
        }
        return Record(kind, id: id, values)
    }

    func values(of record: Record) -> [SQLValue] {
        [.text(record.id.description)]
            + fields.map { field in
                switch record.values[field.name] {
                case .text(let text): .text(text)
                case .number(let number): .real(number)
                case nil: .null
                }
            }
    }
}
