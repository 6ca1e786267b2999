import Kernel
import Storage

/// Rows of messages and of the keys to them, inside one transaction. SQL only.
struct MessageStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func messages(about referral: Identifier<Referral>) throws -> [SealedMessage] {
        try transaction.rows("SELECT * FROM message WHERE referral_id = \(referral) ORDER BY number").map { row in
            guard let side = Message.Side(rawValue: try row.text("side")), let sentOn = row.day("sent_on") else {
                throw StorageFailure.unexpectedColumn("message")
            }
            return SealedMessage(
                id: try row.identifier("id"), referral: try row.identifier("referral_id"), side: side,
                content: try row.bytes("content"), sentOn: sentOn, readOn: row.day("read_on"))
        }
    }

    func unread(from side: Message.Side, about referral: Identifier<Referral>) throws -> Int {
        try transaction.row(
            """
            SELECT COUNT(*) AS number FROM message
            WHERE referral_id = \(referral) AND side = \(side.rawValue) AND read_on IS NULL
            """)?.integer("number") ?? 0
    }

    func read(from side: Message.Side, about referral: Identifier<Referral>, on day: Day) throws {
        try transaction.run(
            """
            UPDATE message SET read_on = \(day)
            WHERE referral_id = \(referral) AND side = \(side.rawValue) AND read_on IS NULL
            """)
    }

    func write(_ message: SealedMessage) throws {
        let number =
            try transaction.row(
                "SELECT COALESCE(MAX(number), 0) AS number FROM message WHERE referral_id = \(message.referral)")?
            .integer("number") ?? 0
        try transaction.run(
            """
            INSERT INTO message (id, referral_id, number, side, content, sent_on)
            VALUES (\(message.id), \(message.referral), \(number + 1), \(message.side.rawValue), \(message.content),
                \(message.sentOn))
            """)
    }

    // MARK: Keys

    func key(of message: Identifier<Message>, for holder: KeyHolder) throws -> [UInt8]? {
        try transaction.row(
            "SELECT sealed FROM message_key WHERE message_id = \(message) AND holder = \(holder.text)")?.bytes("sealed")
    }

    func writeKey(_ sealed: [UInt8], of message: Identifier<Message>, for holder: KeyHolder) throws {
        try transaction.run(
            "INSERT INTO message_key (message_id, holder, sealed) VALUES (\(message), \(holder.text), \(sealed))")
    }

    /// What was said to an organization, or by it, it opens no longer.
    func removeKeys(about referral: Identifier<Referral>, of recipient: Identifier<Recipient>) throws {
        try transaction.run(
            """
            DELETE FROM message_key WHERE holder = \(recipient)
                AND message_id IN (SELECT id FROM message WHERE referral_id = \(referral))
            """)
    }

    func destroyKeys(of file: Identifier<PersonFile>) throws {
        try transaction.run(
            """
            DELETE FROM message_key WHERE message_id IN (
                SELECT message.id FROM message JOIN referral ON referral.id = message.referral_id
                WHERE referral.file_id = \(file))
            """)
    }
}
