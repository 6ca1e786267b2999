import Crypto
package import Kernel
import Sealing
import Storage

/// Documents of a file: added, read and taken away whole.
extension Intake {
    /// Adds a document as a part of its own. Throws `Problems` at `document` (`too-many`) when there are as many as there may be.
    package func add(_ document: Document, by stay: Stay) async throws {
        let id = Identifier<Part>(world.newUUID())
        let (part, key) = try SealedPart.seal(
            document.answers, .document, version: 1, id: id, of: stay.file, on: today)
        let own = try stay.opening.sealing.seal(key, for: part.keyBinding(.person))
        let content = try Envelope.seal(document.bytes, under: Document.key(key), for: Document.binding(id))
        try await database.write { transaction in
            let store = IntakeStore(transaction)
            guard try store.isThere(stay.file) else { throw IntakeRefusal.stayOver }
            guard try store.listedParts(of: stay.file).count(where: { $0.kind == .document }) < Document.most else {
                throw Problems("document", "too-many-documents")
            }
            try store.write(part)
            try store.writeKey(own, of: id, for: .person)
            try store.write(content, of: id)
        }
        leftovers.add()
    }

    package func document(_ id: Identifier<Part>, by stay: Stay) async throws -> Document {
        try await database.read { transaction in
            let store = IntakeStore(transaction)
            guard let part = try store.part(id, of: stay.file), let key = try store.key(of: id, for: .person) else {
                throw IntakeRefusal.notFound
            }
            return try Self.document(part, stay.opening.open(key, for: part.keyBinding(.person)), in: store)
        }
    }

    /// Takes a document away, with its keys.
    package func removeDocument(_ id: Identifier<Part>, by stay: Stay) async throws {
        try await database.write { transaction in
            let store = IntakeStore(transaction)
            guard let part = try store.part(id, of: stay.file), part.kind == .document else { return }
            try store.remove(id)
        }
        await clearTraces()
    }

    static func document(_ part: SealedPart, _ key: SymmetricKey, in store: IntakeStore) throws -> Document {
        guard part.kind == .document, let content = try store.document(part.id) else { throw IntakeRefusal.notFound }
        let answers = try part.open(key).answers
        guard let name = answers.documentName, let type = answers.documentType else { throw SealingFault.broken }
        let bytes = try Envelope.open(content, under: Document.key(key), for: Document.binding(part.id))
        return Document(name: name, type: type, bytes: bytes)
    }
}
