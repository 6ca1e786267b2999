import Foundation
import Kernel
import Testing

@testable import Formats

@Suite struct CodebookTests {
    private func read(_ text: String) throws -> [CodingProject.Code] {
        var next = 0
        return try CodebookSheet.read(Array(text.utf8), named: "a.csv") {
            next += 1
            return Identifier(UUID(uuid: (0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, UInt8(next))))
        }
    }

    @Test func `a table gives codes, each after the one it stands under`() throws {
        let codes = try read(
            "name,parent,description,when_to_use,example,color,codable\nBeds,Housing,A place to sleep,\"Said, not guessed\",No bed,#ABC,\nHousing,,,,,,no\n"
        )
        #expect(codes.map(\.name) == ["Housing", "Beds"])
        #expect(codes[1].parent == codes[0].id && !codes[0].isCodable && codes[1].isCodable)
        #expect(codes[1].color == "#abc")
        let text = CodeText(codes[1].description ?? "")
        #expect(text == CodeText(definition: "A place to sleep", whenToUse: "Said, not guessed", example: "No bed"))
    }

    @Test func `a table that was written is read back equal, formulas of a spreadsheet disarmed`() throws {
        var codes = QDAFileTests.rich.codes
        for at in codes.indices { codes[at].notes = [] }
        #expect(try CodebookSheet.read(CodebookSheet.written(codes), named: "a.csv") { codes[0].id } == codes)
        codes[0].name = "=HYPERLINK(1)"
        #expect(String(decoding: CodebookSheet.written(codes), as: UTF8.self).contains("\"'=HYPERLINK(1)\""))
    }

    @Test func `a missing parent, a cycle, a missing column and an empty name are refused by name`() {
        #expect(throws: QDAFault(.missingParent, "Beds", at: "“House” (2)")) { try read("name,parent\nBeds,House\n") }
        #expect(throws: QDAFault(.cycle, "A")) { try read("name,parent\nA,B\nB,A\n") }
        #expect(throws: QDAFault(.cycle, "A")) { try read("name,parent\nA,A\n") }
        #expect(throws: QDAFault(.missingColumn, "name")) { try read("title\nBeds\n") }
        #expect(throws: QDAFault(.noName, "a.csv", at: "2")) { try read("name,parent\n,B\n") }
        #expect(throws: QDAFault(.notACodebook, "a.csv")) { try read("name\n") }
        #expect(throws: QDAFault(.notText, "a.csv")) { try read("name\nA\0\n") }
    }

    @Test func `what a code says goes into one text and comes out again`() {
        let text = CodeText(definition: "One\ntwo", whenToUse: "w", whenNot: "n", example: "e\n\nf")
        #expect(CodeText(text.joined ?? "") == text)
        #expect(CodeText("Free text").definition == "Free text")
        #expect(CodeText().joined == nil)
    }

    @Test func `paragraphs and sentences are cut in code points`() {
        let text = TextUnits("First. “Second?” Third\r\n\r\n  Ünïcode 👩‍👧! Wait… what\n")
        #expect(text.units(.paragraph).map { text[$0] } == ["First. “Second?” Third", "Ünïcode 👩‍👧! Wait… what"])
        #expect(
            text.units(.sentence).map { text[$0] } == ["First.", "“Second?”", "Third", "Ünïcode 👩‍👧!", "Wait…", "what"])
        #expect(TextUnits("").units(.sentence).isEmpty)
        #expect(TextUnits(" \n ").units(.paragraph).isEmpty)
    }
}
