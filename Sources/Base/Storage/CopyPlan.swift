/// The tables that a program's schema steps make, in the order of their making, which is that of their dependencies.
struct CopyPlan {
    struct Table: Sendable {
        let name: SQLName
        let key: [SQLName]
        /// Columns that point to another row of the same table.
        let selfReferences: [SQLName]
        /// True when a schema step put rows there itself.
        var isFilled = false
    }

    private(set) var tables: [Table] = []

    /// - Throws: `unexpectedColumn` for a table without a primary key, whose rows have no order.
    init(_ migrations: [Migration]) throws {
        for statement in (StorageSchema.migrations + migrations).flatMap(\.statements) {
            let words = statement.split { " \n(".contains($0) }.prefix(3).map(String.init)
            guard words.count == 3, let name = SQLName(words[2]) else { continue }
            switch words[0] + " " + words[1] {
            case "CREATE TABLE": tables.append(try Self.table(name, statement))
            case "DROP TABLE": tables.removeAll { $0.name == name }
            case "INSERT INTO":
                for index in tables.indices where tables[index].name == name { tables[index].isFilled = true }
            default: break
            }
        }
    }

    private static func table(_ name: SQLName, _ statement: String) throws -> Table {
        var table = (key: [SQLName](), selfReferences: [SQLName]())
        for line in statement.split(separator: "\n").dropFirst() {
            let words = line.split { " ,()".contains($0) }.map(String.init)
            guard let column = words.first.flatMap(SQLName.init) else {
                if words.starts(with: ["PRIMARY", "KEY"]) { table.key = words.dropFirst(2).compactMap(SQLName.init) }
                continue
            }
            if line.contains("PRIMARY KEY") { table.key = [column] }
            if let at = words.firstIndex(of: "REFERENCES"), words[at + 1] == name.text {
                table.selfReferences.append(column)
            }
        }
        guard !table.key.isEmpty else { throw StorageFailure.unexpectedColumn("the primary key of \(name.text)") }
        return Table(name: name, key: table.key, selfReferences: table.selfReferences)
    }
}

extension CopyPlan.Table {
    private static let batch = 1000

    /// Hands all rows to `take`, a batch at a time, in the order of the key.
    func read(in transaction: any Transaction, _ take: ([Row]) throws -> Void) throws {
        var last: [SQLValue] = []
        while true {
            let after: SQL = last.isEmpty ? "" : "WHERE (\(names: key)) > (\(values: last))"
            let rows = try transaction.rows(
                "SELECT * FROM \(name: name) \(after) ORDER BY \(names: key) LIMIT \(Self.batch)")
            guard let end = rows.last else { return }
            last = try key.map { column in
                guard let value = end[column.text] else { throw StorageFailure.unexpectedColumn(column.text) }
                return value
            }
            try take(rows)
        }
    }

    func digest(in transaction: any Transaction) throws -> TableDigest {
        var digest = TableDigest()
        try read(in: transaction) { digest.take($0) }
        return digest
    }

    /// Puts `rows` in without what points to rows of the same table, which may come later.
    func insert(_ rows: [Row], in transaction: any Transaction) throws {
        guard let columns = rows.first?.columns else { return }
        let names = columns.compactMap(SQLName.init)
        let nothing = [SQLValue](repeating: .null, count: names.count)
        let later = columns.map { column in selfReferences.contains { $0.text == column } }
        try transaction.run(
            "INSERT INTO \(name: name) (\(names: names)) VALUES (\(values: nothing))",
            each: rows.map { row in zip(row.values, later).map { $1 ? .null : $0 } })
    }

    /// What the rows that point to rows of the same table point to, and their keys.
    func references(in rows: [Row]) -> [[SQLValue]] {
        guard !selfReferences.isEmpty else { return [] }
        return rows.compactMap { row in
            let values = (selfReferences + key).map { row[$0.text] ?? .null }
            return values.prefix(selfReferences.count).allSatisfy { $0 == .null } ? nil : values
        }
    }

    func refer(_ references: [[SQLValue]], in transaction: any Transaction) throws {
        if references.isEmpty { return }
        func equals(_ names: [SQLName], _ separator: SQL) -> SQL {
            names.enumerated().reduce("") { text, next in
                "\(text)\(next.offset == 0 ? "" : separator)\(name: next.element) = \(SQLValue.null)"
            }
        }
        try transaction.run(
            "UPDATE \(name: name) SET \(equals(selfReferences, ", ")) WHERE \(equals(key, " AND "))", each: references)
    }
}
