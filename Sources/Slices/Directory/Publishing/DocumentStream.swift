import Formats
import Kernel
import Storage

/// Documents one after another in pieces of about 256 KB, read while they are sent: memory does not grow with their number.
struct DocumentStream: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let file: DocumentFile
    let numbers: [Int]
    let kind: RecordKind
    let form: DocumentForm
    var head: [UInt8] = []
    /// Between two documents.
    var separator = "\n"
    var tail: [UInt8] = [0x0a]

    private static let pieceSize = 256 * 1024

    func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

    struct Iterator: AsyncIteratorProtocol {
        let stream: DocumentStream
        private var next = 0
        private var hasBegun = false
        private var hasEnded = false

        init(stream: DocumentStream) { self.stream = stream }

        mutating func next() async throws -> [UInt8]? {
            if hasEnded { return nil }
            let (stream, start, hasBegun) = (stream, next, hasBegun)
            let (piece, end, began) = try await stream.file.database.read { transaction in
                try stream.piece(from: start, hasBegun: hasBegun, transaction)
            }
            (next, self.hasBegun) = (end, began)
            guard next >= stream.numbers.count else { return piece }
            hasEnded = true
            return piece
        }
    }

    /// An organization may have many services.
    private var stride: Int { form == .fullWithServices ? 4 : 128 }

    private func piece(
        from start: Int, hasBegun: Bool, _ transaction: any Transaction
    ) throws -> (bytes: [UInt8], end: Int, hasBegun: Bool) {
        var piece = start == 0 ? head : []
        var (end, hasBegun) = (start, hasBegun)
        piece.reserveCapacity(Self.pieceSize + 64 * 1024)
        while end < numbers.count, piece.count < Self.pieceSize {
            let group = numbers[end..<Swift.min(end + stride, numbers.count)]
            let documents = try DocumentForms(transaction).joined(group, kind, form, separator: separator)
            if !documents.isEmpty {
                if hasBegun { piece += separator.utf8 }
                piece += documents
                hasBegun = true
            }
            end = group.endIndex
        }
        if end == numbers.count, hasBegun || !head.isEmpty { piece += tail }
        return (piece, end, hasBegun)
    }
}
