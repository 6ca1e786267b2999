import Kernel
import Sealing
import Storage
import Support
import Testing

@testable import Intake

@Suite struct FileTests {
    @Test func `what was written at the beginning is there when the receipt opens it`() async throws {
        let shelf = try await Shelf()
        let begun = try await shelf.begin()
        try await shelf.intake.leave(begun.stay.token.text)
        let words = try #require(WordList.of(.english)).words
        #expect(words.count == 2048)
        for typed in [
            begun.receipt.digits, begun.receipt.printedDigits,
            begun.receipt.words(try #require(WordList.of(.english))).joined(separator: " "),
            begun.receipt.words(try #require(WordList.of(.french))).joined(separator: "\n").uppercased(),
        ] {
            let receipt = try Receipt(typed: typed, WordList.all)
            let (stay, announcedOn) = try await shelf.intake.open(receipt)
            let view = try await shelf.intake.read(stay)
            #expect(Dictionary(uniqueKeysWithValues: view.parts.map { ($0.kind, $0.answers) }) == Shelf.answers)
            #expect(announcedOn == nil && view.grants.isEmpty && view.readings.isEmpty)
        }
    }

    @Test func `a file can be begun empty`() async throws {
        let shelf = try await Shelf()
        let begun = try await shelf.begin([.needs: Answers()])
        #expect(try await shelf.intake.read(begun.stay).parts.isEmpty)
    }

    @Test func `a wrong half, an unknown receipt and a deleted file are one refusal`() async throws {
        let shelf = try await Shelf()
        let begun = try await shelf.begin()
        let list = try #require(WordList.of(.english))
        let words = begun.receipt.words(list)
        let other = try #require(list.words.first { !words.contains($0) })
        for typed in [Array(words.dropLast()) + [other], [other] + Array(words.dropFirst())] {
            let receipt = try Receipt(typed: typed.joined(separator: " "), WordList.all)
            await #expect(throws: IntakeRefusal.noFile) { try await shelf.intake.open(receipt) }
        }
        try await shelf.intake.delete(by: begun.stay)
        await #expect(throws: IntakeRefusal.noFile) { try await shelf.intake.open(begun.receipt) }
    }

    @Test func `one form sent twice, even at once, makes one file and one receipt`() async throws {
        let shelf = try await Shelf()
        let form = shelf.intake.newForm()
        async let one = shelf.intake.begin(Shelf.answers, form: form)
        async let two = shelf.intake.begin(Shelf.answers, form: form)
        let (first, second) = try await (one, two)
        let third = try await shelf.intake.begin(
            [.wishes: Answers(["next": ["a call"]]), .needs: Answers(["needs": ["need:food"]])], form: form)
        #expect(first.receipt == second.receipt && second.receipt == third.receipt)
        #expect(first.stay.file == second.stay.file)
        #expect(try await shelf.rows("file") == 1)
        let view = try await shelf.intake.read(third.stay)
        #expect(view[.wishes]?.answers == Answers(["next": ["a call"]]))
        #expect(view[.needs]?.answers == Answers(["needs": ["need:food"]]))
        #expect(view[.story]?.answers == Shelf.answers[.story])
    }

    @Test func `a form shows the receipt no more once its file was left, and is too old after half a day`() async throws
    {
        let shelf = try await Shelf()
        let form = shelf.intake.newForm()
        let begun = try await shelf.intake.begin(Shelf.answers, form: form)
        try await shelf.intake.leave(begun.stay.token.text)
        await #expect(throws: IntakeRefusal.staleForm) { try await shelf.intake.begin(Shelf.answers, form: form) }
        let old = shelf.intake.newForm()
        shelf.clock.advance(hours: 13)
        for form in [old, nil, "", "1.2.3", String(old.dropLast()) + (old.hasSuffix("0") ? "1" : "0")] {
            await #expect(throws: IntakeRefusal.staleForm) { try await shelf.intake.begin([:], form: form) }
        }
        #expect(try await shelf.rows("file") == 1)
    }

    @Test func `a form whose time, chance or mark was altered is none`() async throws {
        let shelf = try await Shelf()
        let form = shelf.intake.newForm()
        for part in 0..<3 {
            var parts = form.split(separator: ".").map(String.init)
            parts[part] = String(parts[part].dropLast()) + (parts[part].hasSuffix("1") ? "2" : "1")
            await #expect(throws: IntakeRefusal.staleForm) {
                try await shelf.intake.begin([:], form: parts.joined(separator: "."))
            }
        }
        #expect(try await shelf.rows("file") == 0)
        _ = try await shelf.intake.begin([:], form: form)
    }

    @Test func `a form brings back nothing that was deleted, nor anything after a minute`() async throws {
        let shelf = try await Shelf()
        let (one, two) = (shelf.intake.newForm(), shelf.intake.newForm())
        let deleted = try await shelf.intake.begin(Shelf.answers, form: one)
        try await shelf.intake.delete(by: deleted.stay)
        let begun = try await shelf.intake.begin(Shelf.answers, form: two)
        try await shelf.intake.remove(.story, by: begun.stay)
        shelf.clock.advance(seconds: Int(FormToken.repeatSeconds) + 1)
        for form in [one, two] {
            await #expect(throws: IntakeRefusal.staleForm) { try await shelf.intake.begin(Shelf.answers, form: form) }
            await #expect(throws: IntakeRefusal.staleForm) {
                try await shelf.intake.open(begun.receipt, form: form)
            }
        }
        #expect(try await shelf.rows("file") == 1)
        #expect(try await shelf.intake.read(begun.stay)[.story] == nil)
        shelf.clock.advance(hours: 13)
        _ = try await shelf.intake.sweep()
        #expect(try await shelf.rows("used_form") == 0)
    }

    @Test func `nodes whose clocks differ by minutes serve one person, and a clock that jumped back ends the stay`()
        async throws
    {
        let shelf = try await Shelf()
        let (form, next) = (shelf.intake.newForm(), shelf.intake.newForm())
        let begun = try await shelf.intake.begin(Shelf.answers, form: form)
        shelf.clock.advance(seconds: -120)
        _ = try await shelf.intake.sweep()
        let again = try await shelf.intake.begin(Shelf.answers, form: form)
        #expect(try await shelf.intake.stay(begun.stay.token.text).file == again.stay.file)
        #expect(try await shelf.intake.open(begun.receipt, form: next).stay.file == again.stay.file)
        shelf.clock.advance(seconds: -400)
        await #expect(throws: IntakeRefusal.stayOver) { try await shelf.intake.stay(begun.stay.token.text) }
        await #expect(throws: IntakeRefusal.staleForm) { try await shelf.intake.begin([:], form: form) }
    }

    @Test func `one form is tried a few times and no more`() async throws {
        let shelf = try await Shelf()
        let form = shelf.intake.newForm()
        for _ in 0..<FormUses.most {
            await #expect(throws: IntakeRefusal.noFile) {
                try await shelf.intake.open(Receipt { [UInt8](repeating: 3, count: $0) }, form: form)
            }
        }
        let receipt = try await shelf.begin().receipt
        await #expect(throws: IntakeRefusal.staleForm) { try await shelf.intake.open(receipt, form: form) }
        #expect(try await shelf.intake.open(receipt).announcedOn == nil)
    }

    @Test func `parts are changed, added and removed, each with a key of its own in every version`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let before = try await keys(shelf)
        let next = Answers(["next": ["to sleep"]])
        #expect(try await shelf.intake.write(next, .wishes, over: 0, by: stay) == .kept)
        let changed = Answers(["needs": ["need:food"]])
        #expect(try await shelf.intake.write(changed, .needs, over: 1, by: stay) == .kept)
        try await shelf.intake.remove(.story, by: stay)
        let view = try await shelf.intake.read(stay)
        #expect(view.parts.map(\.kind) == [.needs, .safeContact, .wishes])
        #expect(view[.needs]?.version == 2 && view[.needs]?.answers == changed)
        #expect(try await keys(shelf).intersection(before).count == 1)
        #expect(try await shelf.intake.write(Answers(), .needs, over: 2, by: stay) == .kept)
        #expect(try await shelf.intake.read(stay)[.needs] == nil)
    }

    private func keys(_ shelf: Shelf) async throws -> Set<[UInt8]> {
        try await shelf.database.read { try Set($0.rows("SELECT sealed FROM part_key").map { try $0.bytes("sealed") }) }
    }

    @Test func `of two who change one part the second sees both and loses nothing`() async throws {
        let shelf = try await Shelf()
        let begun = try await shelf.begin()
        let other = try await shelf.intake.open(begun.receipt).stay
        let (mine, theirs) = (Answers(["needs-more": ["mine"]]), Answers(["needs-more": ["theirs"]]))
        #expect(try await shelf.intake.write(theirs, .needs, over: 1, by: other) == .kept)
        guard case .changedMeanwhile(let there?) = try await shelf.intake.write(mine, .needs, over: 1, by: begun.stay)
        else { return #expect(Bool(false), "the second change was kept over the first") }
        #expect(there.answers == theirs && there.version == 2)
        #expect(try await shelf.intake.write(theirs, .needs, over: 1, by: begun.stay) == .kept)
        #expect(try await shelf.intake.write(mine, .needs, over: 2, by: begun.stay) == .kept)
        try await shelf.intake.remove(.needs, by: other)
        #expect(
            try await shelf.intake.write(theirs, .needs, over: 3, by: begun.stay) == .changedMeanwhile(nil))
    }

    @Test func `a stay ends after twenty minutes, after four hours, when it is left, and when the clock runs back`()
        async throws
    {
        let shelf = try await Shelf()
        let receipt = try await shelf.begin().receipt
        func stay() async throws -> Stay { try await shelf.intake.open(receipt).stay }
        func isOver(_ stay: Stay) async -> Bool { (try? await shelf.intake.stay(stay.token.text)) == nil }
        let used = try await stay()
        for _ in 0..<12 {
            shelf.clock.advance(seconds: 19 * 60)
            #expect(await isOver(used) == false)
        }
        shelf.clock.advance(seconds: 19 * 60)
        #expect(await isOver(used))
        let idle = try await stay()
        shelf.clock.advance(seconds: 20 * 60 + 1)
        #expect(await isOver(idle))
        let left = try await stay()
        try await shelf.intake.leave(left.token.text)
        #expect(await isOver(left))
        let early = try await stay()
        shelf.clock.advance(seconds: -Int(Instant.skew) - 1)
        #expect(await isOver(early))
        for token in [nil, "", "x", String(repeating: "0", count: 64)] {
            await #expect(throws: IntakeRefusal.stayOver) { try await shelf.intake.stay(token) }
        }
        shelf.clock.advance(hours: 5)
        _ = try await shelf.intake.sweep()
        #expect(try await shelf.rows("person_session") == 0)
    }

    @Test func `a node with another key finds no file and begins none`() async throws {
        let shelf = try await Shelf()
        let begun = try await shelf.begin()
        let stranger = Shelf.intake(shelf.database, shelf.clock, shelf.desks, key: 8)
        #expect(try await shelf.intake.fault() == nil)
        #expect(try await stranger.fault()?.contains("intake.key") == true)
        await #expect(throws: IntakeRefusal.closed) { try await stranger.open(begun.receipt) }
        await #expect(throws: IntakeRefusal.closed) { try await stranger.begin([:], form: stranger.newForm()) }
        let twin = Shelf.intake(shelf.database, shelf.clock, shelf.desks, key: 7)
        #expect(try await twin.open(begun.receipt).stay.file == begun.stay.file)
    }

    @Test func `a text that is too long is said and kept from the file`() async throws {
        let shelf = try await Shelf()
        let long = Answers(["own-words": [String(repeating: "a", count: 6001)]])
        await #expect(throws: Problems.self) { try await shelf.begin([.story: long]) }
        #expect(try await shelf.rows("file") == 0)
    }
}
