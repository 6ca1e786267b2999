import Crypto
import Foundation
package import Kernel
import Sealing
import Storage

/// Where somebody at a desk is told by mail that there is something new, and of which items they were told.
package struct NoticeAddress: Sendable {
    package let worker: Identifier<Worker>
    package let desk: Identifier<Desk>
    /// What they are called at their desk.
    package let name: String
    package let address: String
    package let language: Language
    /// Short digests of the items that were there when they were last told.
    package var known: Set<String>
    package let sentAt: Instant?

    /// Seconds between two mails to one address: nobody who watches a mailbox can tell when somebody wrote.
    package static let pauseSeconds: Int64 = 3600

    /// One address of the plain kind: nothing in it can be taken for an option, a second one or a header.
    package static func isPlain(_ address: String) -> Bool {
        address.utf8.count <= 200
            && address.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._%+\-]*@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+/) != nil
    }
}

extension Accounts {
    /// True where this server can send mail.
    package var sendsNotices: Bool { noticeKey != nil }

    /// Sets or, with empty text, takes away where the one who signed in is told of what is new. Kept sealed under a key that does
    /// not stand in the database. Throws `notAllowed` for who opens no files.
    package func setNoticeAddress(_ text: String, _ language: Language, of worker: Worker) async throws {
        guard let noticeKey, worker.actor.may(.openFiles) else { throw AccountsRefusal.notAllowed }
        let text = text.trimmingCharacters(in: .whitespaces)
        var problems = Problems()
        if !text.isEmpty, !NoticeAddress.isPlain(text) { problems.add("address", "not-an-email") }
        try problems.check()
        let sealed =
            try text.isEmpty
            ? nil : Envelope.seal(Array(text.utf8), under: noticeKey, for: Self.notice(worker.id))
        let now = world.now()
        try await database.write { transaction in
            try transaction.run("DELETE FROM notice_address WHERE worker_id = \(worker.id)")
            try AuditChain(transaction).append(
                .init(
                    actor: worker.actor, verb: sealed == nil ? "remove" : "set", kind: "notice-address",
                    record: worker.id.description), at: now)
            guard let sealed else { return }
            try transaction.run(
                """
                INSERT INTO notice_address (worker_id, sealed, language, known)
                VALUES (\(worker.id), \(sealed), \(language.code), '')
                """)
        }
    }

    /// Where the one who signed in is told; empty for nowhere.
    package func noticeAddress(of worker: Worker) async throws -> String {
        let row = try await database.read {
            try $0.row("SELECT * FROM notice_address WHERE worker_id = \(worker.id)")
        }
        return try row.flatMap { try noticeAddress($0, of: worker) }?.address ?? ""
    }

    /// All who want to be told and may open files now.
    package func noticeAddresses() async throws -> [NoticeAddress] {
        try await database.read { transaction in
            try transaction.rows("SELECT * FROM notice_address ORDER BY worker_id").compactMap { row in
                let worker = try AccountsStore(transaction).worker(row.identifier("worker_id"))
                guard let worker, worker.state == .active, worker.actor.may(.openFiles) else { return nil }
                return try noticeAddress(row, of: worker)
            }
        }
    }

    /// Nil for one that was sealed under the key of another node, or changed: as if there were none.
    private func noticeAddress(_ row: Row, of worker: Worker) throws -> NoticeAddress? {
        guard let noticeKey,
            let address = try? Envelope.open(row.bytes("sealed"), under: noticeKey, for: Self.notice(worker.id))
        else { return nil }
        return NoticeAddress(
            worker: worker.id, desk: worker.desk, name: worker.name, address: String(decoding: address, as: UTF8.self),
            language: Language(try row.text("language")),
            known: Set(try row.text("known").split(separator: " ").map(String.init)),
            sentAt: (try? row.integer("sent_at")).map { Instant(seconds: Int64($0)) })
    }

    /// Notes what they are told of. False when another node was first.
    package func tell(_ notice: NoticeAddress, of items: Set<String>, at now: Instant?) async throws -> Bool {
        let (old, new) = (Self.text(notice.known), Self.text(items))
        return try await database.write { transaction in
            try !transaction.rows(
                """
                UPDATE notice_address SET known = \(new), sent_at = COALESCE(\(now?.seconds), sent_at)
                WHERE worker_id = \(notice.worker) AND known = \(old) RETURNING worker_id
                """
            ).isEmpty
        }
    }

    private static func text(_ items: Set<String>) -> String { items.sorted().joined(separator: " ") }

    private static func notice(_ worker: Identifier<Worker>) -> Envelope.Binding {
        Envelope.Binding("notice-address", worker.description)
    }
}
