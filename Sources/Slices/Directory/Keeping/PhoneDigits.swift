/// A phone number as digits alone, without the country's 1, so that two ways of writing it are the same. Short numbers such as
/// 211 belong to nobody alone and are none.
struct PhoneDigits: Sendable, Hashable {
    let digits: String

    init?(_ number: String) {
        var digits = number.unicodeScalars.filter { ("0"..."9").contains($0) }.map(Character.init)
        if digits.count == 11, digits[0] == "1" { digits.removeFirst() }
        guard digits.count >= 7 else { return nil }
        self.digits = String(digits)
    }
}
