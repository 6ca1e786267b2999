package import Kernel

/// One row of an answer. Reading a column that is not there or of another type is a `StorageFailure`.
package struct Row: Sendable {
    package let columns: [String]
    let values: [SQLValue]

    package init(columns: [String], values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    package subscript(_ column: String) -> SQLValue? {
        columns.firstIndex(of: column).map { values[$0] }
    }

    package subscript(_ index: Int) -> SQLValue { values[index] }

    package func text(_ column: String) throws -> String {
        guard case .text(let text) = self[column] else { throw StorageFailure.unexpectedColumn(column) }
        return text
    }

    package func optionalText(_ column: String) -> String? {
        if case .text(let text) = self[column] { text } else { nil }
    }

    package func integer(_ column: String) throws -> Int {
        guard case .integer(let number) = self[column] else { throw StorageFailure.unexpectedColumn(column) }
        return Int(number)
    }

    package func bytes(_ column: String) throws -> [UInt8] {
        guard case .blob(let bytes) = self[column] else { throw StorageFailure.unexpectedColumn(column) }
        return bytes
    }

    package func identifier<Owner>(_ column: String, of owner: Owner.Type = Owner.self) throws -> Identifier<Owner> {
        guard let identifier = Identifier<Owner>(try text(column)) else {
            throw StorageFailure.unexpectedColumn(column)
        }
        return identifier
    }

    package func day(_ column: String) -> Day? { optionalText(column).flatMap(Day.init) }
}
