package import Foundation
package import PostgresStorage
package import Storage

/// Where the system of record is. Prints no address, which may hold a password.
package enum DatabasePlace: Sendable, CustomStringConvertible {
    case sqlite(URL)
    case postgres(PostgresAddress)

    /// - Parameters:
    ///   - text: `sqlite:PATH` or `postgres://…`.
    ///   - setting: the name of the setting that holds it, for the sentence that refuses it.
    package init(_ text: String, in setting: String) throws {
        if text.hasPrefix("sqlite:"), text != "sqlite:", !text.utf8.contains(0) {
            self = .sqlite(URL(filePath: String(text.dropFirst("sqlite:".count))))
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            guard let address = PostgresAddress(text) else {
                throw Settings.Fault(
                    description:
                        "\(setting) is no address that libpq reads; write special characters of the password as %xx.")
            }
            self = .postgres(address)
        } else {
            throw Settings.Fault(
                description: "\(setting) must be sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE.")
        }
    }

    package var description: String {
        switch self {
        case .sqlite(let file): file.path
        case .postgres: "PostgreSQL"
        }
    }

    /// Nil for a file, which is never away.
    func unconnected() -> (any Database)? {
        if case .postgres(let address) = self { PostgresDatabase(unconnected: address) } else { nil }
    }

    package func open() async throws -> any Database {
        switch self {
        case .sqlite(let file): try SQLiteDatabase(path: file.path)
        case .postgres(let address): try await PostgresDatabase(address)
        }
    }
}
