import Kernel
import Testing

@testable import Sealing

@Suite struct ReceiptTests {
    let lists = WordList.all

    @Test func `a receipt is read back from its words in each language and from its digits`() throws {
        #expect(lists.map(\.language) == [.english, .french])
        for _ in 0..<500 {
            let receipt = Receipt(chance: bytes)
            for list in lists {
                let words = receipt.words(list)
                #expect(words.count == 12)
                #expect(try Receipt(typed: words.joined(separator: " "), lists) == receipt)
                #expect(try Receipt(typed: " 1. \(words.joined(separator: ",\n").uppercased()) ", lists) == receipt)
                #expect(try Receipt(typed: words.map { String($0.prefix(4)) }.joined(separator: " "), lists) == receipt)
            }
            #expect(receipt.digits.count == 40)
            #expect(try Receipt(typed: receipt.printedDigits, lists) == receipt)
        }
    }

    @Test func `every part of a receipt can take every value and both halves count`() throws {
        let least = Receipt { [UInt8](repeating: 0, count: $0) }
        let most = Receipt { [UInt8](repeating: 255, count: $0) }
        #expect(least.digits == String(repeating: "0", count: 40))
        #expect(most.digits == "5444517870735015415413993718908291383295")
        #expect(least.locator != most.locator && least.opener != most.opener)
        #expect(try Receipt(typed: most.digits, lists) == most)
    }

    @Test func `what cannot be a receipt is told by its form`() throws {
        func fault(_ typed: String) -> ReceiptFault? {
            do {
                _ = try Receipt(typed: typed, lists)
                return nil
            } catch {
                return error
            }
        }
        let words = Receipt(chance: bytes).words(lists[0])
        #expect(fault("") == .digitCount(0))
        #expect(fault("1234") == .digitCount(4))
        #expect(fault(String(repeating: "9", count: 40)) == .noReceipt)
        #expect(fault(words.dropLast().joined(separator: " ")) == .wordCount(11))
        var wrong = words
        (wrong[2], wrong[7]) = ("qqqqq", "zzzz")
        #expect(fault(wrong.joined(separator: " ")) == .unknownWords([3, 8]))
    }

    @Test func `no word stands in two lists and no two begin alike`() {
        for list in lists { #expect(Set(list.words.map { $0.prefix(4) }).count == 2048) }
        #expect(Set(lists.flatMap(\.words)).count == lists.count * 2048)
    }

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0...255) } }
}
