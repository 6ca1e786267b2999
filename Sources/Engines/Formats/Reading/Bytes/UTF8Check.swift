/// What is valid UTF-8, by the table of the Unicode Standard (table 3-7).
enum UTF8Check {
    /// The end of the valid bytes that begin at `start`. A sequence cut off by the end of `bytes` is not valid.
    static func end(ofValid bytes: [UInt8], from start: Int, hasWideLetters: inout Bool) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var at = start
            while at < bytes.count {
                if bytes[at] < 0x80 {
                    at += 1
                    continue
                }
                let length = length(bytes, at)
                if length <= 0 { return at }
                hasWideLetters = true
                at += length
            }
            return at
        }
    }

    /// True when the bytes from `at` to the end could be the start of a sequence that goes on in the next chunk.
    static func mayContinue(_ bytes: [UInt8], from at: Int) -> Bool {
        bytes.count - at < 4 && bytes.withUnsafeBufferPointer { length($0, at) == 0 }
    }

    /// The bytes of the sequence at `at`; 0 when it is cut off, -1 when it is broken.
    private static func length(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
        let first = bytes[at]
        let (count, second): (Int, ClosedRange<UInt8>)
        switch first {
        case 0..<0x80: return 1
        case 0xc2...0xdf: (count, second) = (2, 0x80...0xbf)
        case 0xe0: (count, second) = (3, 0xa0...0xbf)
        case 0xed: (count, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: (count, second) = (3, 0x80...0xbf)
        case 0xf0: (count, second) = (4, 0x90...0xbf)
        case 0xf1...0xf3: (count, second) = (4, 0x80...0xbf)
        case 0xf4: (count, second) = (4, 0x80...0x8f)
        default: return -1
        }
        for offset in 1..<count {
            guard at + offset < bytes.count else { return 0 }
            guard (offset == 1 ? second : 0x80...0xbf).contains(bytes[at + offset]) else { return -1 }
        }
        return count
    }
}

/// Windows-1252, as the WHATWG Encoding Standard maps it; its five empty places become U+FFFD.
enum Windows1252 {
    static func utf8(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            if byte < 0x80 { text.append(byte) } else { text += String(scalar(byte)).utf8 }
        }
        return text
    }

    static func scalar(_ byte: UInt8) -> Unicode.Scalar {
        let code = 0x80...0x9f ~= byte ? upper[Int(byte) - 0x80] : UInt16(byte)
        return Unicode.Scalar(code) ?? "\u{fffd}"
    }

    private static let upper: [UInt16] = [
        0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd,
        0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
        0x0153, 0xfffd, 0x017e, 0x0178,
    ]
}
