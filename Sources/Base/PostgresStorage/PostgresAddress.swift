import CPostgres

/// Where a PostgreSQL database is, as a libpq URL (`postgres://…`, with `sslmode`, several hosts and so on). It may hold a
/// password, so it never prints itself.
package struct PostgresAddress: Sendable, CustomStringConvertible, CustomReflectable {
    let url: String

    package var description: String { "PostgreSQL" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Nil for what libpq cannot read. A host with a strange character is a password that was not written as `%xx`.
    package init?(_ text: String) {
        guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://"), !text.utf8.contains(0),
            let options = PQconninfoParse(text, nil)
        else { return nil }
        defer { PQconninfoFree(options) }
        var next = options
        while let keyword = next.pointee.keyword {
            if let value = next.pointee.val, !Self.isPlausible(String(cString: value), String(cString: keyword)) {
                return nil
            }
            next += 1
        }
        url = text
    }

    private static func isPlausible(_ value: String, _ keyword: String) -> Bool {
        switch keyword {
        case "host", "hostaddr": value.utf8.allSatisfy { $0 > 32 && ![34, 35, 39, 63, 64].contains($0) }
        case "port": value.utf8.allSatisfy { (48...57).contains($0) || $0 == 44 }
        default: true
        }
    }
}

/// How long things may take, in seconds, and how many connections there may be.
package struct PostgresLimits: Sendable {
    package var readers = 5
    package var writers = 3
    /// For a connection to one host, and for a free one of the pool.
    package var connect = 5
    /// For one statement; a database that is silent for five more is away.
    package var statement = 30
    /// For whoever writes before.
    package var lock = 10

    package init() {}
}
