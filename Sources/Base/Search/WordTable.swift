/// Numbers distinct byte strings in the order they are first seen.
struct WordTable {
    private(set) var bytes: [UInt8] = []
    private(set) var starts: [UInt32] = [0]
    /// Open addressing: a number plus one, or 0 for a free place.
    private var places = [UInt32](repeating: 0, count: 1024)

    var count: Int { starts.count - 1 }

    func word(_ number: Int) -> ArraySlice<UInt8> { bytes[Int(starts[number])..<Int(starts[number + 1])] }

    /// The number of `word`, which is `count - 1` and new when it was not there before.
    mutating func number(of word: [UInt8]) -> Int {
        if count * 2 > places.count { grow() }
        var place = Self.hash(word[...]) & (places.count - 1)
        while places[place] != 0 {
            let number = Int(places[place]) - 1
            if holds(word, at: number) { return number }
            place = (place + 1) & (places.count - 1)
        }
        bytes += word
        starts.append(UInt32(bytes.count))
        places[place] = UInt32(count)
        return count - 1
    }

    /// All numbers, in the byte order of their words.
    func sortedNumbers() -> [Int] {
        bytes.withUnsafeBytes { bytes in
            (0..<count).sorted { left, right in
                let a = UnsafeRawBufferPointer(rebasing: bytes[Int(starts[left])..<Int(starts[left + 1])])
                let b = UnsafeRawBufferPointer(rebasing: bytes[Int(starts[right])..<Int(starts[right + 1])])
                return compareBytes(a, b) < 0
            }
        }
    }

    private func holds(_ word: [UInt8], at number: Int) -> Bool {
        let start = Int(starts[number])
        guard Int(starts[number + 1]) - start == word.count else { return false }
        for index in 0..<word.count where bytes[start + index] != word[index] { return false }
        return true
    }

    private mutating func grow() {
        places = [UInt32](repeating: 0, count: places.count * 2)
        for number in 0..<count {
            var place = Self.hash(word(number)) & (places.count - 1)
            while places[place] != 0 { place = (place + 1) & (places.count - 1) }
            places[place] = UInt32(number + 1)
        }
    }

    private static func hash(_ word: ArraySlice<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 29) & Int.max
    }
}

/// Below, at or above 0 as `left` sorts before, with or after `right`, byte by byte.
@inline(__always)
func compareBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let common = min(left.count, right.count)
    for index in 0..<common where left[index] != right[index] {
        return Int(left[index]) - Int(right[index])
    }
    return left.count - right.count
}
