/// The text of a byte stream as chunks of valid UTF-8, whatever its encoding: UTF-8 or UTF-16 by their marks, otherwise
/// UTF-8, and Windows-1252 from the first byte that is not. One fault says so; bytes broken in between are named by line.
struct UTF8Stream {
    private enum Encoding { case unknown, utf8, utf16(isLittle: Bool), windows1252 }

    let name: String
    private let bytes: ByteStream
    private let intake: Intake
    private var encoding = Encoding.unknown
    private var carried: [UInt8] = []
    private var line = 1
    private var hasWideLetters = false
    private var brokenLines = 0
    private var isAtEnd = false

    init(_ bytes: ByteStream, intake: Intake) {
        name = bytes.name
        self.bytes = bytes
        self.intake = intake
    }

    mutating func next() throws -> [UInt8]? {
        while !isAtEnd {
            var chunk = try bytes.next() ?? []
            isAtEnd = chunk.isEmpty
            if !carried.isEmpty {
                chunk = carried + chunk
                carried = []
            }
            if case .unknown = encoding, !recognise(&chunk) { continue }
            let text = try decode(chunk)
            line += text.withUnsafeBufferPointer { buffer in buffer.reduce(0) { $0 + ($1 == 0x0a ? 1 : 0) } }
            if !text.isEmpty { return text }
        }
        return nil
    }

    /// False when more bytes are needed to see a mark.
    private mutating func recognise(_ chunk: inout [UInt8]) -> Bool {
        if chunk.count < 3, !isAtEnd {
            carried = chunk
            return false
        }
        if chunk.starts(with: [0xef, 0xbb, 0xbf]) {
            encoding = .utf8
            chunk.removeFirst(3)
        } else if chunk.starts(with: [0xff, 0xfe]) || chunk.starts(with: [0xfe, 0xff]) {
            encoding = .utf16(isLittle: chunk[0] == 0xff)
            chunk.removeFirst(2)
        } else {
            encoding = .utf8
        }
        return true
    }

    private mutating func decode(_ chunk: [UInt8]) throws -> [UInt8] {
        switch encoding {
        case .windows1252: return Windows1252.utf8(chunk[...])
        case .utf16(let isLittle): return try utf16(chunk, isLittle: isLittle)
        case .utf8, .unknown: return try utf8(chunk)
        }
    }

    private mutating func utf8(_ chunk: [UInt8]) throws -> [UInt8] {
        var at = UTF8Check.end(ofValid: chunk, from: 0, hasWideLetters: &hasWideLetters)
        if at == chunk.count { return chunk }
        var text: [UInt8] = []
        var copied = 0
        var (counted, here) = (0, line)
        while at < chunk.count {
            if !isAtEnd, UTF8Check.mayContinue(chunk, from: at) {
                carried = Array(chunk[at...])
                break
            }
            here += chunk[counted..<at].count { $0 == 0x0a }
            counted = at
            if !hasWideLetters {
                encoding = .windows1252
                try intake.fault(
                    "not-utf-8", "\(name) is not UTF-8 from line \(here) on; it is read as Windows-1252.",
                    at: Origin(file: name, line: here))
                return text + chunk[copied..<at] + Windows1252.utf8(chunk[at...])
            }
            brokenLines += 1
            if brokenLines <= 20 {
                try intake.fault(
                    "broken-bytes",
                    "Line \(here) of \(name) has bytes that are not UTF-8; they are read as Windows-1252.",
                    at: Origin(file: name, line: here))
            }
            text += chunk[copied..<at]
            text += Windows1252.utf8(chunk[at...at])
            copied = at + 1
            at = UTF8Check.end(ofValid: chunk, from: copied, hasWideLetters: &hasWideLetters)
        }
        return text + chunk[copied..<at]
    }

    private mutating func utf16(_ chunk: [UInt8], isLittle: Bool) throws -> [UInt8] {
        var units: [UInt16] = []
        units.reserveCapacity(chunk.count / 2)
        var even = chunk.count & ~1
        for at in stride(from: 0, to: even, by: 2) {
            let (first, second) = (UInt16(chunk[at]), UInt16(chunk[at + 1]))
            units.append(isLittle ? second << 8 | first : first << 8 | second)
        }
        if !isAtEnd, let last = units.last, last & 0xfc00 == 0xd800 {
            units.removeLast()
            even -= 2
        }
        if !isAtEnd { carried = Array(chunk[even...]) }
        var text: [UInt8] = []
        let isBroken = transcode(units.makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: false) {
            text.append($0)
        }
        if isBroken || isAtEnd && chunk.count % 2 == 1 {
            try intake.fault(
                "broken-bytes", "\(name) has bytes that are not UTF-16, near line \(line).",
                at: Origin(file: name, line: line))
        }
        return text
    }
}
