import Formats
import Foundation
import Kernel
import Storage

/// What was voted on in 2024, and how it comes in from the region's data.
extension Landscape {
    func priorities() async throws -> Priorities { try await database.read { try PriorityStore($0).priorities() } }

    func loadPriorities(from folder: URL) async throws {
        let priorities = try Self.list("priorities.json", in: folder).compactMap(Priority.init)
        let merged = try Self.document("priorities_merged.json", in: folder)?["themes"]?.array ?? []
        if priorities.isEmpty { return }
        let now = world.now()
        try await database.write { transaction in
            let store = PriorityStore(transaction)
            guard try priorities.map(store.add).contains(true) else { return }
            for theme in merged {
                for row in theme["rows"]?.array ?? [] {
                    if let name = theme["theme"]?.text, let id = row.text { try store.add(id, to: name) }
                }
            }
            let server = Actor(name: "server", clearance: .everyone)
            try AuditChain(transaction).append(
                .init(actor: server, verb: "load", kind: "priority", record: ""), at: now)
        }
    }

    /// The objects of a list in a file of the region's data; none where there is no such file.
    static func list(_ name: String, in folder: URL) throws -> [JSONValue] {
        try document(name, in: folder)?.array ?? []
    }

    static func document(_ name: String, in folder: URL) throws -> JSONValue? {
        guard let data = FileManager.default.contents(atPath: folder.appending(path: name).path) else { return nil }
        return try JSONValue.parse(Array(data))
    }
}

extension Priority {
    init?(_ value: JSONValue) {
        guard let id = value["id"]?.text, let focus = value["focus"]?.text, let theme = value["theme"]?.text,
            let body = value["text"]?.text
        else { return nil }
        self.init(
            id: id, focus: focus, theme: theme, body: body, votes: value["votes"]?.number.flatMap { Int(exactly: $0) },
            note: value["votes_note"]?.text, part: value["part"]?.text ?? "",
            document: value["source"]?["document"]?.text ?? "", section: value["source"]?["section"]?.text ?? "")
    }
}
