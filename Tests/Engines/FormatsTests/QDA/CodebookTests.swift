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

    @Test(arguments: [
        "-1 is worst", "=SUM(1)", "+1 604", "@home", "'quoted'", "'=x", "''-", " ", "＝wide", "'", "plain",
    ])
    func `what a spreadsheet would run is disarmed in the file and read back as it was`(_ said: String) throws {
        let text = said.trimmingCharacters(in: .whitespaces)
        var code = CodingProject.Code(id: QDAFileTests.rich.codes[0].id, name: text.isEmpty ? "x" : text)
        code.description = CodeText(definition: text, whenToUse: text, whenNot: text, example: text).joined
        let written = CodebookSheet.written([code])
        #expect(try CodebookSheet.read(written, named: "a.csv") { code.id } == [code])
        for cell in String(decoding: written, as: UTF8.self).split(separator: "\r\n")[1].split(separator: ",") {
            #expect(!CSVText.looksLikeFormula(String(cell.drop { $0 == "\"" })), "\(cell)")
        }
    }

    @Test func `a line of another length and a column that stands twice refuse the table, with where`() {
        #expect(throws: QDAFault(.wrongColumns, "a.csv", at: "3")) { try read("name,parent\nA,\nB\n") }
        #expect(throws: QDAFault(.wrongColumns, "a.csv", at: "2")) { try read("name\nA,more\n") }
        #expect(throws: QDAFault(.repeatedColumn, "NAME")) { try read("name,NAME\nA,B\n") }
        #expect(throws: Never.self) { try read("name,parent\nA,,,\n") }
    }

    @Test func `a codebook is neither deeper than thirty-two nor longer than five thousand`() throws {
        func deep(_ count: Int) -> String {
            "name,parent\n" + (1...count).map { "c\($0),\($0 == 1 ? "" : "c\($0 - 1)")\n" }.joined()
        }
        #expect(try read(deep(32)).count == 32)
        #expect(throws: QDAFault(.tooDeep, "c33")) { try read(deep(33)) }
        var next: UInt16 = 0
        func long(_ count: Int) throws -> [CodingProject.Code] {
            let text = "name\n" + (1...count).map { "c\($0)\n" }.joined()
            return try CodebookSheet.read(Array(text.utf8), named: "a.csv") {
                next += 1
                return Identifier(
                    UUID(uuid: (0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, UInt8(next >> 8), UInt8(next & 255))))
            }
        }
        #expect(try long(5000).count == 5000)
        #expect(throws: QDAFault(.tooLarge, "a.csv")) { try long(5001) }
        let nested = (1...33).map { "<Code guid=\"00000000-0000-4000-8000-0000000000\($0 + 10)\" name=\"c\">" }.joined()
        let xml = "<CodeBook><Codes>\(nested)\(String(repeating: "</Code>", count: 33))</Codes></CodeBook>"
        #expect(throws: QDAFault(.tooDeep, "c", at: "1")) { try QDAFile.codebook(Array(xml.utf8), named: "a.qdc") }
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
