import Crypto
package import Kernel
import Sealing
import Storage

/// What a person and an organization say to each other about a referral. Sealed to both, and read in the browser alone.
package struct Message: Sendable, Equatable {
    package enum Side: String, Sendable { case person, recipient }

    package let id: Identifier<Message>
    package let side: Side
    package let text: String
    package let sentOn: Day
    package var readOn: Day?

    static let longest = 2000

    static func trimmed(_ text: String) -> String {
        let isBlank: (Character) -> Bool = { $0.isWhitespace }
        return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    static func check(_ text: String) throws(Problems) {
        var problems = Problems()
        if text.unicodeScalars.count > longest { problems.add("message", "too-long") }
        try problems.check()
    }
}

/// A message as it is stored.
struct SealedMessage: Sendable {
    let id: Identifier<Message>
    let referral: Identifier<Referral>
    let side: Message.Side
    let content: [UInt8]
    let sentOn: Day
    var readOn: Day?

    static func seal(
        _ message: Message, about referral: Identifier<Referral>
    ) throws -> (sealed: SealedMessage, key: SymmetricKey) {
        let key = SymmetricKey(size: .bits256)
        let content = try Envelope.seal(
            Array(message.text.utf8), under: key, for: binding(message.id, referral, message.side))
        return (
            SealedMessage(
                id: message.id, referral: referral, side: message.side, content: content, sentOn: message.sentOn), key
        )
    }

    func open(_ key: SymmetricKey) throws -> Message {
        let bytes = try Envelope.open(content, under: key, for: Self.binding(id, referral, side))
        return Message(id: id, side: side, text: String(decoding: bytes, as: UTF8.self), sentOn: sentOn, readOn: readOn)
    }

    private static func binding(
        _ id: Identifier<Message>, _ referral: Identifier<Referral>, _ side: Message.Side
    ) -> Envelope.Binding {
        Envelope.Binding("message", id.description, referral.description, side.rawValue)
    }

    func keyBinding(_ holder: KeyHolder) -> Envelope.Binding {
        Envelope.Binding("message-key", id.description, referral.description, side.rawValue, holder.text)
    }
}

extension Intake {
    /// Seals a message to both and stores it.
    static func send(
        _ message: Message, about sent: SentReferral, to keys: (person: SealingKey, recipient: SealingKey),
        _ transaction: any Transaction
    ) throws {
        let (sealed, key) = try SealedMessage.seal(message, about: sent.id)
        let store = MessageStore(transaction)
        try store.write(sealed)
        let recipient = KeyHolder.recipient(sent.recipient)
        try store.writeKey(
            try keys.person.seal(key, for: sealed.keyBinding(.person)), of: message.id, for: .person)
        try store.writeKey(
            try keys.recipient.seal(key, for: sealed.keyBinding(recipient)), of: message.id, for: recipient)
    }

    /// What `holder` can still open of what was said, in its order.
    static func messages(
        about sent: SentReferral, for holder: KeyHolder, _ opening: SealingKey.Opening, _ transaction: any Transaction
    ) throws -> [Message] {
        let store = MessageStore(transaction)
        return try store.messages(about: sent.id).compactMap { sealed in
            try store.key(of: sealed.id, for: holder).map {
                try sealed.open(opening.open($0, for: sealed.keyBinding(holder)))
            }
        }
    }

    /// The person writes. Sealed only to a key that they themselves gave something to.
    package func say(_ text: String, about id: Identifier<Referral>, by stay: Stay) async throws {
        let text = try Self.checked(text)
        let (today, messageId) = (today, Identifier<Message>(world.newUUID()))
        try await database.write { transaction in
            let sent = try Self.own(id, stay, on: today, transaction)
            guard let given = try IntakeStore(transaction).grant(sent.grant), given.grant.isLive(on: today) else {
                throw ReferralFault.over
            }
            guard given.isGiven(by: stay.opening) else { throw SealingFault.broken }
            let message = Message(id: messageId, side: .person, text: text, sentOn: today)
            try Self.send(message, about: sent, to: (stay.opening.sealing, given.sealingKey), transaction)
        }
    }

    /// A worker of the desk writes.
    package func say(_ text: String, about id: Identifier<Referral>, at desk: AtDesk) async throws {
        let text = try Self.checked(text)
        let (today, now, messageId) = (today, world.now(), Identifier<Message>(world.newUUID()))
        try await database.write { transaction in
            let sent = try Self.held(id, desk, on: today, transaction)
            guard try Self.isGranted(sent, on: today, transaction),
                let file = try IntakeStore(transaction).file(sent.file)
            else { throw ReferralFault.over }
            let message = Message(id: messageId, side: .recipient, text: text, sentOn: today)
            try Self.send(message, about: sent, to: (file.sealingKey, desk.opening.sealing), transaction)
            try Self.note("write", id, by: desk.reader.actor, at: now, transaction)
        }
    }

    private static func checked(_ text: String) throws(Problems) -> String {
        try Message.check(text)
        let text = Message.trimmed(text)
        var problems = Problems()
        if text.isEmpty { problems.add("message", "required") }
        try problems.check()
        return text
    }
}
