import Foundation
import Sealing
import Testing

@Suite struct SealedStreamTests {
    private let key: BackupKey

    init() throws { key = try BackupKey(seed: (0..<32).map { UInt8($0) }) }

    private static func content(_ length: Int) -> [UInt8] { (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) } }

    /// The whole stream as one list of bytes.
    private func sealed(_ content: [UInt8], secret: UInt8 = 7) throws -> [UInt8] {
        var sealer = try StreamSealer(for: key.seal, secret: [UInt8](repeating: secret, count: 32))
        var stream = sealer.header
        var start = 0
        repeat {
            let end = min(start + SealedStream.piece, content.count)
            stream += try sealer.seal(Array(content[start..<end]), isLast: end == content.count)
            start = end
        } while start < content.count
        return stream
    }

    private func opened(_ stream: [UInt8], with key: BackupKey? = nil) throws -> [UInt8] {
        let length = SealedStream.headerLength
        var opener = try StreamOpener(header: Array(stream.prefix(length)), with: key ?? self.key)
        var (content, start) = ([UInt8](), min(length, stream.count))
        repeat {
            let end = min(start + SealedStream.piece + SealedStream.tag, stream.count)
            content += try opener.open(Array(stream[start..<end]), isLast: end == stream.count)
            start = end
        } while start < stream.count
        return content
    }

    @Test func `what was sealed opens again, whatever its length`() throws {
        let piece = SealedStream.piece
        for length in [0, 1, piece - 1, piece, piece + 1, 2 * piece, 2 * piece + 77] {
            #expect(try opened(sealed(Self.content(length))) == Self.content(length), "\(length)")
        }
    }

    @Test func `every changed bit of the header and of a short stream is found`() throws {
        let stream = try sealed(Self.content(40))
        for place in stream.indices {
            var changed = stream
            changed[place] ^= 1 << UInt8(place % 8)
            #expect(throws: SealedStream.Fault.self, "byte \(place)") { try opened(changed) }
        }
    }

    @Test func `every length but the true one is found`() throws {
        let stream = try sealed(Self.content(40))
        for length in 0..<stream.count {
            #expect(throws: SealedStream.Fault.self, "\(length)") { try opened(Array(stream.prefix(length))) }
        }
        #expect(throws: SealedStream.Fault.self) { try opened(stream + [0]) }
    }

    @Test func `a stream cut between two pieces, put in another order or joined from two is found`() throws {
        let (length, whole) = (SealedStream.headerLength, SealedStream.piece + SealedStream.tag)
        let stream = try sealed(Self.content(3 * SealedStream.piece))
        let (header, pieces) = (
            stream.prefix(length), (0..<3).map { stream[length + $0 * whole..<length + ($0 + 1) * whole] }
        )
        let other = try sealed(Self.content(3 * SealedStream.piece), secret: 8)
        for parts in [
            [pieces[0]], [pieces[0], pieces[1]], [pieces[1], pieces[0], pieces[2]], [pieces[0], pieces[2]],
            [pieces[2]], [pieces[0], pieces[1], pieces[2], pieces[2]], [pieces[0], pieces[0], pieces[2]],
            [pieces[0], other[length + whole..<length + 2 * whole], pieces[2]],
        ] {
            #expect(throws: SealedStream.Fault.broken) { try opened(Array(header + parts.joined())) }
        }
        #expect(throws: SealedStream.Fault.broken) { try opened(Array(other.prefix(length) + pieces.joined())) }
    }

    @Test func `another key is told from a broken stream, and something else from both`() throws {
        let stream = try sealed(Self.content(40))
        let other = try BackupKey(seed: [UInt8](repeating: 9, count: 32))
        #expect(throws: SealedStream.Fault.otherKey(name: key.seal.name)) { try opened(stream, with: other) }
        #expect(throws: SealedStream.Fault.foreign) { try opened(Array("SQLite format 3".utf8) + stream) }
    }

    @Test func `keys are read back from a file with other lines, and a slip of the pen is found`() throws {
        let text = key.text
        #expect(try BackupKey("# keep\n  \(text.uppercased())\n").text == text)
        #expect(try BackupSeal("# on the server\n\(key.seal.text)\n").name == key.seal.name)
        for place in text.indices where text[place].isHexDigit && place > text.index(text.startIndex, offsetBy: 23) {
            let wrong = text.replacingCharacters(in: place...place, with: text[place] == "0" ? "1" : "0")
            #expect(throws: BackupKeyFault.unreadable) { try BackupKey(wrong) }
        }
        #expect(throws: BackupKeyFault.unreadable) { try BackupKey(key.seal.text) }
        #expect(throws: BackupKeyFault.unreadable) { try BackupSeal(text) }
    }

    @Test func `who sealed can read back, and digests agree`() throws {
        var sealer = try StreamSealer(for: key.seal, secret: [UInt8](repeating: 3, count: 32))
        let first = try sealer.seal(Self.content(SealedStream.piece), isLast: false)
        let last = try sealer.seal([1, 2, 3], isLast: true)
        var opener = sealer.opener
        _ = try opener.open(first, isLast: false)
        #expect(try opener.open(last, isLast: true) == [1, 2, 3])
        #expect(opener.digest == sealer.digest)
    }
}
