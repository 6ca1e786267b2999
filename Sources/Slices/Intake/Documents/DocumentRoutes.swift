import Kernel
import Web

/// The person's documents.
extension IntakeRoutes {
    /// A document and the rest of its form.
    static let longestUpload = Document.mostBytes + 64 * 1024

    func addDocument(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        do {
            try await intake.add(try Document(visit.form.files.first { $0.field == "document" }), by: stay)
            return try await file(visit, stay, note: visit.words(.documentAdded))
        } catch let problems as Problems {
            let section = DocumentsSection(parts: try await intake.read(stay).parts, problems: problems)
            return .page(DocumentsPage(section: section).html(setting(visit, stay)), status: 422)
        }
    }

    /// Under a name that tells nothing to who looks through the phone's downloads.
    func readDocument(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        let document = try await intake.document(try part(visit), by: stay)
        return .document(document)
    }

    func removeDocument(_ visit: Visit, _ stay: Stay) async throws -> Reply {
        try await intake.removeDocument(try part(visit), by: stay)
        return try await file(visit, stay, note: visit.words(.fileRemoved))
    }

    private func part(_ visit: Visit) throws -> Identifier<Part> {
        guard let id = visit.form.value("part").flatMap(Identifier<Part>.init) else { throw NotFound() }
        return id
    }
}

extension Reply {
    static func document(_ document: Document) -> Reply {
        var reply = Reply(type: document.type.rawValue, .plain(document.bytes))
        reply.savedAs = "document.\(document.type.ending)"
        return reply
    }
}
