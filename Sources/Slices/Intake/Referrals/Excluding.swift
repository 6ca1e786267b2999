import Crypto
import Foundation
package import Kernel
import Sealing
import Storage

/// Whom a person keeps out: a whole organization, or somebody who works there. The database knows neither.
package struct Exclusion: Sendable, Equatable {
    package let id: Identifier<Exclusion>
    package let recipient: Identifier<Recipient>
    /// Empty for the whole organization.
    package let name: String
}

extension Intake {
    static let longestName = 200

    /// Keeps an organization out, or all of it who are called something of `name`. Whether there is anybody is not told. What
    /// a whole organization was given ends as if it had been taken back, so that it learns nothing else.
    package func exclude(_ recipient: Identifier<Recipient>, _ name: String, by stay: Stay) async throws {
        let name = Message.trimmed(name)
        guard name.unicodeScalars.count <= Self.longestName,
            try await self.recipient(recipient, .english, by: stay) != nil
        else { throw IntakeRefusal.notFound }
        let marks = name.isEmpty ? [exclusionMark(recipient)] : Self.called(name).map { exclusionMark(recipient, $0) }
        guard !marks.isEmpty else { throw IntakeRefusal.notFound }
        let exclusion = Exclusion(id: Identifier(world.newUUID()), recipient: recipient, name: name)
        let label = try Envelope.seal(
            Array("\(recipient) \(name)".utf8), under: Self.labelKey(stay), for: Self.binding(exclusion.id))
        let (today, now) = (today, world.now())
        try await database.write { transaction in
            let store = IntakeStore(transaction)
            guard try store.isThere(stay.file) else { throw IntakeRefusal.stayOver }
            try ExclusionStore(transaction).write(exclusion.id, of: stay.file, label: label, marks)
            guard name.isEmpty else { return }
            for grant in try store.grants(of: stay.file).map(\.grant)
            where grant.recipient == recipient && grant.endedOn == nil {
                try Self.endGrant(grant, on: today, at: now, transaction)
            }
        }
        await clearTraces()
    }

    package func exclusions(of stay: Stay) async throws -> [Exclusion] {
        let stored = try await database.read { try ExclusionStore($0).exclusions(of: stay.file) }
        return try stored.compactMap { id, label in
            let text = String(
                decoding: try Envelope.open(label, under: Self.labelKey(stay), for: Self.binding(id)), as: UTF8.self)
            return Identifier<Recipient>(String(text.prefix(36))).map {
                Exclusion(id: id, recipient: $0, name: String(text.dropFirst(37)))
            }
        }
    }

    package func include(_ id: Identifier<Exclusion>, by stay: Stay) async throws {
        try await database.write { try ExclusionStore($0).remove(id, of: stay.file) }
        await clearTraces()
    }

    /// The organizations that can be given something and that the person did not keep out, in the order of their names.
    package func askableRecipients(
        _ language: Language, by stay: Stay
    ) async throws -> [(id: Identifier<Recipient>, name: String)] {
        let marks = try await database.read { try ExclusionStore($0).marks(of: stay.file) }
        return try await recipients.all(language).filter { !marks.contains(exclusionMark($0.id)) }
    }

    /// One of them; nil for one that is not there for this person.
    func recipient(
        _ id: Identifier<Recipient>, _ language: Language, by stay: Stay
    ) async throws -> RecipientLookup.Found? {
        let mark = exclusionMark(id)
        guard let found = try await recipients.find(id, language),
            try await !database.read({ try ExclusionStore($0).excludes(mark, in: stay.file) })
        else { return nil }
        return found
    }

    // MARK: Marks

    func exclusionMark(_ recipient: Identifier<Recipient>, _ called: String = "") -> String {
        secret.code(Array("\(recipient) \(called)".utf8), for: "exclusion")
    }

    /// Under which a worker could have been kept out: with their organization, or by any word of their name.
    func exclusionMarks(_ desk: Identifier<Recipient>, called name: String) -> [String] {
        [exclusionMark(desk)] + Self.called(name).map { exclusionMark(desk, $0) }
    }

    /// The words of a name without case and accents. One that fits is enough: rather somebody too many than one too few.
    static func called(_ name: String) -> [String] {
        let folded = name.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: Locale(identifier: "en"))
        return Set(folded.split { !$0.isLetter && !$0.isNumber }.map(String.init)).sorted()
    }

    private static func labelKey(_ stay: Stay) -> SymmetricKey {
        stay.opening.secret.derived(for: "waymark/intake/exclusion")
    }

    private static func binding(_ id: Identifier<Exclusion>) -> Envelope.Binding {
        Envelope.Binding("exclusion", id.description)
    }
}

/// Rows of exclusions. SQL only.
struct ExclusionStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func excludes(_ mark: String, in file: Identifier<PersonFile>) throws -> Bool { try excludes([mark], in: file) }

    func excludes(_ marks: [String], in file: Identifier<PersonFile>) throws -> Bool {
        try transaction.row(
            """
            SELECT exclusion.id FROM exclusion JOIN exclusion_mark ON exclusion_mark.exclusion_id = exclusion.id
            WHERE exclusion.file_id = \(file) AND exclusion_mark.mark IN (\(list: marks))
            """) != nil
    }

    func marks(of file: Identifier<PersonFile>) throws -> Set<String> {
        let rows = try transaction.rows(
            """
            SELECT exclusion_mark.mark FROM exclusion JOIN exclusion_mark ON exclusion_mark.exclusion_id = exclusion.id
            WHERE exclusion.file_id = \(file)
            """)
        return Set(try rows.map { try $0.text("mark") })
    }

    func exclusions(of file: Identifier<PersonFile>) throws -> [(id: Identifier<Exclusion>, label: [UInt8])] {
        try transaction.rows("SELECT id, label FROM exclusion WHERE file_id = \(file) ORDER BY id").map {
            (try $0.identifier("id"), try $0.bytes("label"))
        }
    }

    func write(
        _ id: Identifier<Exclusion>, of file: Identifier<PersonFile>, label: [UInt8], _ marks: [String]
    ) throws {
        try transaction.run("INSERT INTO exclusion (id, file_id, label) VALUES (\(id), \(file), \(label))")
        for mark in marks {
            try transaction.run("INSERT INTO exclusion_mark (exclusion_id, mark) VALUES (\(id), \(mark))")
        }
    }

    func remove(_ id: Identifier<Exclusion>, of file: Identifier<PersonFile>) throws {
        try transaction.run(
            """
            DELETE FROM exclusion_mark WHERE exclusion_id IN (
                SELECT id FROM exclusion WHERE id = \(id) AND file_id = \(file))
            """)
        try transaction.run("DELETE FROM exclusion WHERE id = \(id) AND file_id = \(file)")
    }
}
