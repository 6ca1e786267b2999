import Foundation
import Formats
import Kernel
import Storage
import Platform
import Support
import Testing
import Web

@testable import Landscape

@Suite struct CarryingTests {
    private static func project(_ highlights: Int = 3) -> CodingProject {
        func id(_ number: Int) -> CodingProject.GUID {
            Identifier(
                UUID(
                    uuid: (
                        0, 0, 0, 0, 0, 0, 0x40, 0, 0x90, 0, 0, 0, 0, UInt8(number >> 16), UInt8(number >> 8 & 255),
                        UInt8(number & 255)
                    )))
        }
        var project = CodingProject(name: "From elsewhere")
        project.description = "Two groups"
        project.users = [.init(id: id(1), name: "Ana"), .init(id: id(2), name: "Bo")]
        var (top, below) = (CodingProject.Code(id: id(3), name: "Housing"), CodingProject.Code(id: id(4), name: "Beds"))
        (top.color, top.isCodable) = ("#2a6f4f", false)
        (below.parent, below.description, below.notes) = (top.id, "A bed\n\nWhen to use:\nSaid, not guessed", [id(5)])
        project.codes = [top, below]
        project.notes = [.init(id: id(5), name: "Memo", text: "Discussed on Monday")]
        project.ownNotes = [id(5)]
        var source = CodingProject.Source(
            id: id(6), name: "Group 1", text: String(repeating: "Où dormir 👩‍👧?\r\n", count: highlights))
        source.made = "2024-05-01T10:00:00Z"
        source.selections = (0..<highlights).map { number in
            var selection = CodingProject.Selection(id: id(1000 + number), start: number * 16, end: number * 16 + 9)
            (selection.user, selection.made) = (id(1 + number % 2), "2024-05-02T10:00:00Z")
            if number == 0 { (selection.name, selection.description) = ("Où dormir", "memo") }
            var coding = CodingProject.Coding(id: id(100_000 + number), code: below.id)
            (coding.user, coding.made) = (selection.user, selection.made)
            selection.codings = [coding]
            return selection
        }
        project.sources = [source]
        return project
    }

    private func take(_ desk: CodingDesk, _ bytes: [UInt8], _ name: String = "a.qdpx", go: String = "keep") async throws
        -> Browser.Reply
    {
        _ = try await desk.coordinator.get("/en/desk/landscape/coding")
        return try await desk.coordinator.upload(
            "/en/desk/landscape/coding/imports", [("go", go)], file: ("file", name, bytes))
    }

    @Test func `a project from elsewhere is tried, taken in, and leaves equal`() async throws {
        let desk = try await CodingDesk()
        let project = Self.project(200)
        let bytes = try QDAWriter.project(project, time: Town.noon)
        let tried = try await take(desk, bytes, go: "try")
        #expect(tried.status == 200 && tried.body.contains("Nothing was kept") && tried.body.contains("<dd>200</dd>"))
        #expect(try await desk.count("coding_study") == 1)
        let kept = try await take(desk, bytes)
        #expect(kept.status == 200 && kept.body.contains("Taken in"))
        let id = try #require(
            try await desk.town.platform.landscape.studies().first { $0.name == "From elsewhere" }?.id)
        let file = try await desk.coordinator.get("/en/desk/landscape/coding/\(id)/files/qdpx")
        #expect(file.header("Content-Disposition")?.contains("coding.qdpx") == true)
        let (again, left) = try QDAFile.project(file.bytes, named: "b.qdpx")
        var wanted = project
        wanted.origin = "Waymark"
        #expect(again == wanted && left.list.isEmpty)
        // A second study from the same file does not touch the first.
        _ = try await take(desk, bytes)
        #expect(try await desk.count("coding_highlight") == 400)
        let table = try await desk.coordinator.get("/en/desk/landscape/coding/\(id)/files/csv")
        #expect(table.body.contains("Said, not guessed"))
        #expect(try await desk.coordinator.get("/en/desk/landscape/coding/\(id)/files/exe").status == 404)
    }

    @Test func `what a coder may not see yet is not in the file they take along`() async throws {
        let desk = try await CodingDesk()
        let (text, codes) = try await desk.filled()
        _ = try await desk.coordinator.post(
            "\(desk.path)/texts/\(text)/highlights", [("unit", "0-14"), ("code", codes[0])])
        func highlights(_ browser: StaffBrowser) async throws -> Int {
            let file = try await browser.get("\(desk.path)/files/qdpx")
            return try QDAFile.project(file.bytes, named: "a.qdpx").0.sources[0].selections.count
        }
        #expect(try await highlights(desk.coordinator) == 1)
        #expect(try await highlights(desk.provider) == 0)
    }

    @Test func `each bad file gets one sentence, and nothing is kept of it`() async throws {
        let desk = try await CodingDesk()
        let good = Self.project()
        var beyond = good
        beyond.sources[0].selections[2].end = 999
        let packed = { (project: CodingProject) in try QDAWriter.project(project, time: Town.noon) }
        let cases: [(String, [UInt8], String)] = [
            ("a.qdpx", try packed(beyond), "lies beyond the end of the text “Group 1” (48)"),
            ("notes.docx", Array("PK\u{3}\u{4}broken".utf8), "notes.docx"),
            ("empty.qdpx", [], "f-file"), ("a.qdpx", Array("hello".utf8), "is no REFI-QDA project"),
        ]
        for (name, bytes, sentence) in cases {
            for go in ["try", "keep"] {
                let reply = try await take(desk, bytes, name, go: go)
                #expect(reply.status == 422 && reply.body.contains(sentence), "\(name) \(sentence)")
            }
        }
        #expect(try await desk.count("coding_study") == 1)
        let large = try await take(desk, [UInt8](repeating: 0x20, count: 25 << 20))
        #expect(large.status == 413 || large.status == 400, "\(large.status)")
    }

    @Test func `codes come from a codebook or a table once, and a bad one changes nothing`() async throws {
        let desk = try await CodingDesk()
        _ = try await desk.coordinator.get("\(desk.path)/codes")
        func take(_ name: String, _ bytes: [UInt8]) async throws -> Browser.Reply {
            try await desk.coordinator.upload("\(desk.path)/codebooks", [("go", "keep")], file: ("file", name, bytes))
        }
        let table = Array("name,parent,example\nBeds,Housing,None left\nHousing,,\n".utf8)
        for _ in 1...2 { #expect(try await take("codes.csv", table).status == 200) }
        #expect(try await desk.count("coding_code") == 2)
        #expect(try await take("codes.qdc", QDAWriter.codebook(Self.project().codes)).status == 200)
        #expect(try await desk.count("coding_code") == 2, "the names are there already")
        let bad: [(String, String, String)] = [
            ("a.csv", "name,parent\nBeds,House\n", "stands under “House” (2)"),
            ("a.csv", "name,parent\nA,B\nB,A\n", "The code “A” stands under itself"),
            ("a.csv", "title\nA\n", "no column “name”"),
            ("a.csv", "name,parent\nFood,,much,more\nHousing,\n", "Line 2 of a.csv has more or fewer fields"),
            ("a.csv", "name,example,Name\nFood,,x\n", "The column “Name” stands twice"),
            ("a.csv", "name\nFood\nFood\n", "“Food” stands twice in the same place"),
            ("a.csv", "name\n\(String(repeating: "x", count: 201))\n", "is too long (name)"),
            ("a.csv", "name,example\nFood,\(String(repeating: "x", count: 4001))\n", "is too long (example)"),
            ("a.qdc", "<CodeBook", "no well-formed XML"),
            ("a.qdc", "<Project/>", "is no codebook"),
        ]
        for (name, text, sentence) in bad {
            let reply = try await take(name, Array(text.utf8))
            #expect(reply.status == 422 && reply.body.contains(sentence), "\(text)")
        }
        #expect(try await desk.count("coding_code") == 2)
        let french = try await desk.coordinator.upload(
            "/fr/desk/landscape/coding/\(desk.study)/codebooks", [("go", "keep")],
            file: ("file", "a.csv", Array("name,parent\nBeds,House\n".utf8)))
        #expect(french.body.contains("absent du livre de codes"))
    }

    @Test func `a code of a file that was merged here stands for the one it was merged into`() async throws {
        let desk = try await CodingDesk()
        let (_, codes) = try await desk.filled()
        let landscape = desk.town.platform.landscape
        let (housing, transport) = (
            try #require(Identifier<StudyCode>(codes[0])), try #require(Identifier<StudyCode>(codes[1]))
        )
        try await landscape.merge(housing, into: transport, in: desk.id, by: CodingDesk.keeper)
        let table = Array("id,name,parent\n\(housing),Housing,\n,Beds,Housing\n".utf8)
        let counts = try await landscape.takeCodebook(
            table, named: "a.csv", into: desk.id, keeps: true, by: CodingDesk.keeper)
        #expect(counts.codes == 1 && counts.known == 1)
        let beds = try await landscape.study(desk.id, for: CodingDesk.keeper).codes.first { $0.name == "Beds" }
        #expect(beds?.parent == transport)
        // By name alone the merged one is not there: another may have its name.
        let again = try await landscape.takeCodebook(
            Array("name\nHousing\n".utf8), named: "a.csv", into: desk.id, keeps: true, by: CodingDesk.keeper)
        #expect(again.codes == 1)
    }

    @Test func `a project that cannot be kept whole is not kept at all`() async throws {
        let town = try await Town(loadsRegion: false)
        let failing = FailingDatabase(town.database)
        let broken = Landscape.failing(town.platform.landscape, failing)
        let bytes = try QDAWriter.project(Self.project(), time: Town.noon)
        var failures = 0
        for count in 0..<60 {
            failing.failAfter(count)
            if (try? await broken.takeProject(bytes, named: "a.qdpx", keeps: true, by: CodingDesk.keeper)) != nil {
                break
            }
            failures += 1
            for table in ["coding_study", "coding_code", "coding_highlight", "coding_note_link"] {
                #expect(try await CodingDesk.count(table, in: town.database) == 0, "\(count) \(table)")
            }
        }
        #expect(failures > 8)
    }
}

extension Landscape {
    static func failing(_ real: Landscape, _ database: FailingDatabase) -> Landscape {
        Landscape(
            database: database, world: real.world, library: real.library, region: real.region, ballots: real.ballots,
            colleagues: real.colleagues, programs: real.programs, zone: real.clock.zone)
    }
}
