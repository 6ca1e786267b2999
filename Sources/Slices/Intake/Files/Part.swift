import Crypto
package import Kernel
import Sealing

/// A part of a file, open.
package struct Part: Sendable, Equatable {
    package let id: Identifier<Part>
    package let kind: PartKind
    /// Counts its changes, from 1.
    package let version: Int
    package let answers: Answers
    package let changedOn: Day
}

/// A part as it is stored. Its key is another one in every version, so a key that was taken away opens nothing written later.
struct SealedPart: Sendable {
    let id: Identifier<Part>
    let file: Identifier<PersonFile>
    let kind: PartKind
    let version: Int
    let content: [UInt8]
    let changedOn: Day

    /// Seals `answers` under a new key, which is given besides.
    static func seal(
        _ answers: Answers, _ kind: PartKind, version: Int, id: Identifier<Part>, of file: Identifier<PersonFile>,
        on day: Day
    ) throws -> (part: SealedPart, key: SymmetricKey) {
        let key = SymmetricKey(size: .bits256)
        let content = try Envelope.seal(answers.bytes, under: key, for: binding(id, kind, version))
        let part = SealedPart(id: id, file: file, kind: kind, version: version, content: content, changedOn: day)
        return (part, key)
    }

    func open(_ key: SymmetricKey) throws -> Part {
        let bytes = try Envelope.open(content, under: key, for: Self.binding(id, kind, version))
        return Part(id: id, kind: kind, version: version, answers: try Answers(bytes: bytes), changedOn: changedOn)
    }

    private static func binding(_ id: Identifier<Part>, _ kind: PartKind, _ version: Int) -> Envelope.Binding {
        Envelope.Binding("part", id.description, kind.rawValue, "\(version)")
    }

    /// What the key sealed to `holder` is bound to.
    func keyBinding(_ holder: KeyHolder) -> Envelope.Binding {
        Envelope.Binding("part-key", id.description, kind.rawValue, "\(version)", holder.text)
    }
}

/// To whom the key of a part is sealed.
enum KeyHolder: Sendable, Hashable {
    case person
    case recipient(Identifier<Recipient>)

    var text: String {
        switch self {
        case .person: "person"
        case .recipient(let id): id.description
        }
    }
}
