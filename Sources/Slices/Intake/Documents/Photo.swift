/// A photo without what it tells besides its picture: where and when it was taken, with which machine, a smaller picture from
/// before it was cut, what was hung behind its end. Which way up it is stays.
enum Photo {
    /// Throws `unreadable` for what is no whole picture of its kind.
    struct Unreadable: Error {}

    // MARK: JPEG (ITU-T T.81, segments)

    static func jpeg(_ bytes: [UInt8]) throws(Unreadable) -> [UInt8] {
        guard bytes.starts(with: [0xff, 0xd8]) else { throw Unreadable() }
        var (place, kept, orientation) = (2, [UInt8](), UInt8(1))
        while true {
            let (marker, start) = try marker(bytes, at: place)
            if marker == 0xd9 { break }
            guard let length = number(bytes, at: start, 2), length >= 2, start + length <= bytes.count else {
                throw Unreadable()
            }
            var end = start + length
            let content = bytes[(start + 2)..<end]
            if marker == 0xe1 { orientation = Self.orientation(Array(content)) ?? orientation }
            if marker == 0xda { end = endOfScan(bytes, from: end) }
            if isPicture(marker, content) { kept += [0xff, marker] + bytes[start..<end] }
            place = end
        }
        return [0xff, 0xd8] + (orientation == 1 ? [] : turned(orientation)) + kept + [0xff, 0xd9]
    }

    private static func marker(_ bytes: [UInt8], at place: Int) throws(Unreadable) -> (UInt8, next: Int) {
        var place = place
        guard place < bytes.count, bytes[place] == 0xff else { throw Unreadable() }
        while place < bytes.count, bytes[place] == 0xff { place += 1 }
        guard place < bytes.count else { throw Unreadable() }
        return (bytes[place], place + 1)
    }

    /// Tables, frames and scans; of the rest the frame of JFIF, colour profiles and Adobe's word on colours.
    private static func isPicture(_ marker: UInt8, _ content: ArraySlice<UInt8>) -> Bool {
        switch marker {
        case 0xc0...0xcf, 0xda, 0xdb, 0xdd, 0xee: true
        case 0xe0: content.starts(with: "JFIF\0".utf8)
        case 0xe2: content.starts(with: "ICC_PROFILE\0".utf8)
        default: false
        }
    }

    /// Where the next marker stands after the bytes of a scan, in which a marker is never followed by zero or a restart.
    private static func endOfScan(_ bytes: [UInt8], from start: Int) -> Int {
        var place = start
        while place + 1 < bytes.count {
            let next = bytes[place + 1]
            if bytes[place] == 0xff, next != 0, next != 0xff, !(0xd0...0xd7).contains(next) { return place }
            place += 1
        }
        return bytes.count
    }

    /// Exif 2.32, tag 0x0112 of the first directory.
    private static func orientation(_ content: [UInt8]) -> UInt8? {
        guard content.starts(with: "Exif\0\0".utf8) else { return nil }
        let tiff = Array(content.dropFirst(6))
        let isLittle = tiff.starts(with: "II".utf8)
        func read(_ place: Int, _ count: Int) -> Int? { number(tiff, at: place, count, isLittle: isLittle) }
        guard let directory = read(4, 4), let entries = read(directory, 2) else { return nil }
        for entry in 0..<min(entries, 200) {
            let place = directory + 2 + entry * 12
            guard let tag = read(place, 2) else { return nil }
            if tag == 0x0112 { return read(place + 8, 2).flatMap { (1...8).contains($0) ? UInt8($0) : nil } }
        }
        return nil
    }

    /// A segment that says which way up, and nothing else.
    private static func turned(_ orientation: UInt8) -> [UInt8] {
        let directory: [UInt8] = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
        let content = Array("Exif\0\0MM".utf8) + [0, 0x2a, 0, 0, 0, 8] + directory
        return [0xff, 0xe1, 0, UInt8(content.count + 2)] + content
    }

    // MARK: PNG (third edition, chunks)

    private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    private static let pngPicture: Set<String> = [
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT", "bKGD", "pHYs",
    ]

    static func png(_ bytes: [UInt8]) throws(Unreadable) -> [UInt8] {
        guard bytes.starts(with: pngSignature) else { throw Unreadable() }
        var (place, kept) = (pngSignature.count, pngSignature)
        while true {
            guard let length = number(bytes, at: place, 4), place + 12 + length <= bytes.count else {
                throw Unreadable()
            }
            let name = String(decoding: bytes[(place + 4)..<(place + 8)], as: UTF8.self)
            let end = place + 12 + length
            if pngPicture.contains(name) { kept += bytes[place..<end] }
            if name == "IEND" { return kept }
            place = end
        }
    }

    private static func number(_ bytes: [UInt8], at place: Int, _ count: Int, isLittle: Bool = false) -> Int? {
        guard place >= 0, place + count <= bytes.count else { return nil }
        let part = bytes[place..<(place + count)]
        return (isLittle ? Array(part.reversed()) : Array(part)).reduce(0) { $0 << 8 | Int($1) }
    }
}
