import Kernel
import Sealing
import Storage
import Support
import Testing

@testable import Intake

@Suite struct RetentionTests {
    @Test func `a quiet file is announced after 180 days and destroyed thirty days later`() async throws {
        let shelf = try await Shelf()
        let receipt = try await shelf.begin().receipt
        let until = try await shelf.intake.read(shelf.intake.open(receipt).stay).keptUntil
        shelf.clock.advance(days: 180)
        #expect(try await shelf.intake.sweep() == Swept())
        shelf.clock.advance(days: 1)
        #expect(try await shelf.intake.sweep() == Swept(announced: 1))
        #expect(try await shelf.intake.sweep() == Swept())
        shelf.clock.advance(days: 29)
        #expect(try await shelf.intake.sweep() == Swept())
        #expect(shelf.intake.today == until)
        shelf.clock.advance(days: 1)
        #expect(try await shelf.intake.sweep() == Swept(destroyed: 1))
        for table in ["file", "part", "part_key", "intake_grant", "grant_part", "reading", "person_session"] {
            #expect(try await shelf.rows(table) == 0, "\(table)")
        }
        await #expect(throws: IntakeRefusal.noFile) { try await shelf.intake.open(receipt) }
    }

    @Test func `whoever comes back in time keeps the file and is told`() async throws {
        let shelf = try await Shelf()
        let receipt = try await shelf.begin().receipt
        shelf.clock.advance(days: 200)
        #expect(try await shelf.intake.sweep().announced == 1)
        let announced = shelf.intake.today
        shelf.clock.advance(days: 29)
        #expect(try await shelf.intake.open(receipt).announcedOn == announced)
        shelf.clock.advance(days: 100)
        #expect(try await shelf.intake.sweep() == Swept())
        #expect(try await shelf.intake.open(receipt).announcedOn == nil)
    }

    @Test func `a file that an organization may read stays, and 180 days longer`() async throws {
        let shelf = try await Shelf()
        let begun = try await shelf.begin()
        _ = try await shelf.intake.grant(shelf.offer(0, [.needs], of: begun.stay, days: 180), by: begun.stay)
        shelf.clock.advance(days: 181)
        #expect(try await shelf.intake.sweep() == Swept(expired: 1))
        shelf.clock.advance(days: 179)
        #expect(try await shelf.intake.sweep() == Swept())
        shelf.clock.advance(days: 1)
        #expect(try await shelf.intake.sweep() == Swept(announced: 1))
    }

    @Test func `a clock that runs ahead and is put right destroys nothing`() async throws {
        let shelf = try await Shelf()
        let receipt = try await shelf.begin().receipt
        shelf.clock.advance(days: 1000)
        #expect(try await shelf.intake.sweep().announced == 1)
        shelf.clock.advance(days: -1000)
        #expect(try await shelf.intake.sweep() == Swept())
        shelf.clock.advance(days: 40)
        #expect(try await shelf.intake.sweep() == Swept())
        #expect(try await shelf.intake.open(receipt).announcedOn == nil)
    }

    @Test func `a deletion that was cut off leaves no key and is ended by the next sweep`() async throws {
        let real = try await TestDatabase.make()
        let failing = FailingDatabase(real)
        let shelf = try await Shelf(failing)
        let begun = try await shelf.begin()
        var cut = 0
        for statements in 0..<30 {
            failing.failAfter(statements)
            let ended = (try? await shelf.intake.delete(by: begun.stay)) != nil
            failing.failAfter(nil)
            let keys = try await shelf.rows("part_key")
            if ended { break }
            cut += 1
            // All of the keys or none: and none once the first half is kept.
            #expect(keys == 3 || keys == 0)
            if keys == 0 {
                await #expect(throws: IntakeRefusal.noFile) { try await shelf.intake.open(begun.receipt) }
                break
            }
        }
        #expect(cut > 3)
        _ = try await shelf.intake.sweep()
        for table in ["file", "part", "part_key", "person_session"] {
            #expect(try await shelf.rows(table) == 0, "\(table)")
        }
    }
}
