package import Kernel

/// What a column holds or a statement binds. Booleans are 0 and 1, moments UTC seconds, days and ids text.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// Text with U+0000 is refused by every driver: PostgreSQL cannot keep it, and SQLite would keep what is before it.
    package func refuseZero() throws {
        if case .text(let text) = self, text.utf8.contains(0) { throw StorageFailure.zeroCharacter }
    }
}

/// A value that a statement can bind.
package protocol SQLBindable {
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLBindable { package var sqlValue: SQLValue { self } }
extension Int: SQLBindable { package var sqlValue: SQLValue { .integer(Int64(self)) } }
extension Int64: SQLBindable { package var sqlValue: SQLValue { .integer(self) } }
extension Double: SQLBindable { package var sqlValue: SQLValue { .real(self) } }
extension Bool: SQLBindable { package var sqlValue: SQLValue { .integer(self ? 1 : 0) } }
extension String: SQLBindable { package var sqlValue: SQLValue { .text(self) } }
extension [UInt8]: SQLBindable { package var sqlValue: SQLValue { .blob(self) } }
extension Day: SQLBindable { package var sqlValue: SQLValue { .text(description) } }
extension Instant: SQLBindable { package var sqlValue: SQLValue { .integer(seconds) } }
extension Audience: SQLBindable { package var sqlValue: SQLValue { .text(rawValue) } }
extension Identifier: SQLBindable { package var sqlValue: SQLValue { .text(description) } }

/// The name of a table or column: small letters, digits and underscores, or it does not exist.
package struct SQLName: Sendable, Hashable {
    let text: String

    package init?(_ text: String) {
        guard let first = text.utf8.first, (97...122).contains(first),
            text.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 95 })
        else { return nil }
        self.text = text
    }
}

/// One statement in the common dialect. Interpolation binds values, so text of a person can never become SQL;
/// each driver writes its own placeholder (`?1`, `$1`).
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    enum Part: Sendable {
        case literal(String)
        case binding(SQLValue)
    }

    var parts: [Part]

    package init(stringLiteral value: String) { parts = [.literal(value)] }
    package init(stringInterpolation interpolation: StringInterpolation) { parts = interpolation.parts }

    /// A statement frozen in a migration.
    init(frozen text: String) { parts = [.literal(text)] }

    package struct StringInterpolation: StringInterpolationProtocol {
        var parts: [Part] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            parts.reserveCapacity(interpolationCount * 2 + 1)
        }

        package mutating func appendLiteral(_ literal: String) { parts.append(.literal(literal)) }

        package mutating func appendInterpolation(_ value: some SQLBindable) {
            parts.append(.binding(value.sqlValue))
        }

        package mutating func appendInterpolation<Value: SQLBindable>(_ value: Value?) {
            parts.append(.binding(value?.sqlValue ?? .null))
        }

        /// `a, b, c` as bindings, for IN; an empty list matches nothing. The last value is repeated up to a power of two, so
        /// that the drivers keep few prepared statements.
        package mutating func appendInterpolation(list values: [some SQLBindable]) {
            guard let last = values.last else { return parts.append(.literal("NULL")) }
            var size = 1
            while size < values.count { size *= 2 }
            appendInterpolation(values: values + Array(repeating: last, count: size - values.count))
        }

        /// `a, b, c` as bindings, exactly as many, for VALUES.
        package mutating func appendInterpolation(values: [some SQLBindable]) {
            for (index, value) in values.enumerated() {
                if index > 0 { parts.append(.literal(", ")) }
                parts.append(.binding(value.sqlValue))
            }
        }

        package mutating func appendInterpolation(name: SQLName) { parts.append(.literal(name.text)) }

        package mutating func appendInterpolation(names: [SQLName]) {
            parts.append(.literal(names.map(\.text).joined(separator: ", ")))
        }

        package mutating func appendInterpolation(_ statement: SQL) { parts.append(contentsOf: statement.parts) }
    }

    /// The text with `placeholder(n)` for the n-th binding, counted from 1, and the values in that order.
    package func rendered(placeholder: (Int) -> String) -> (text: String, bindings: [SQLValue]) {
        var text = ""
        var bindings: [SQLValue] = []
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .binding(let value):
                bindings.append(value)
                text += placeholder(bindings.count)
            }
        }
        return (text, bindings)
    }
}
