import Formats
import Foundation
import Kernel
import Storage

/// What was voted on in 2024, and how forms of votes are read.
extension Landscape {
    func priorities() async throws -> Priorities { try await database.read { try PriorityStore($0).priorities() } }

    /// What a typed vote means. Throws `Problems`.
    func draft(_ typed: TypedVote) async throws -> VoteDraft {
        let texts = try await texts(of: typed.linked)
        let desks = Dictionary(try await colleagues.people().map { ($0.worker, $0.desk) }) { first, _ in first }
        return try typed.draft(texts: texts, desks: desks, at: world.now(), clock)
    }

    /// The texts of those of the codes that are actions, priorities, votes or published findings.
    func texts(of codes: [String]) async throws -> [String: String] {
        try await database.read { try Self.texts(of: codes, in: $0) }
    }

    static func texts(of codes: [String], in transaction: any Transaction) throws -> [String: String] {
        let rows =
            try transaction.rows("SELECT id, body FROM plan_action WHERE id IN (\(list: codes))")
            + transaction.rows("SELECT id, body FROM priority WHERE id IN (\(list: codes))")
            + transaction.rows("SELECT id, question AS body FROM vote WHERE id IN (\(list: codes))")
            + transaction.rows(
                "SELECT code AS id, wording AS body FROM finding WHERE state = 'published' AND code IN (\(list: codes))"
            )
        return try rows.reduce(into: [:]) { texts, row in texts[try row.text("id")] = try row.text("body") }
    }

    /// The ids of published findings by their codes, for links to their pages.
    static func findings(coded codes: [String], in transaction: any Transaction) throws -> [String: String] {
        try transaction.rows(
            "SELECT id, code FROM finding WHERE state = 'published' AND code IN (\(list: codes)) ORDER BY id DESC"
        ).reduce(into: [:]) { ids, row in ids[try row.text("code")] = try row.text("id") }
    }

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
