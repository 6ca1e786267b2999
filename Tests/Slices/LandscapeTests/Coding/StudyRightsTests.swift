import Foundation
import Formats
import Kernel
import Platform
import Storage
import Support
import Testing

@testable import Landscape

/// Who may read and write what in a study, and what can be taken out of it for good.
@Suite struct StudyRightsTests {
    @Test func `texts and the whole file are for coders and for who keeps the landscape`() async throws {
        let desk = try await CodingDesk()
        _ = try await desk.coordinator.get(desk.path)
        _ = try await desk.coordinator.post("\(desk.path)/texts", [("name", "Table 4"), ("text", CodingDesk.text)])
        _ = try await desk.coordinator.post("\(desk.path)/codes", [("name", "Housing")])
        let open = try await desk.town.platform.landscape.study(desk.id, for: CodingDesk.keeper)
        let (text, code) = (open.sources[0].id.description, open.codes[0].id.description)
        _ = try await desk.provider.get(desk.path)
        let typed = [("code", code), ("version", "1"), ("name", "Other")]
        for path in ["texts/\(text)", "files/qdpx", "agreement"] {
            let reply = try await desk.provider.get("\(desk.path)/\(path)")
            #expect(reply.status == 409 && !reply.body.contains("Beds are full"), "\(path)")
            #expect(try await desk.coordinator.get("\(desk.path)/\(path)").status == 200, "\(path)")
        }
        #expect(try await desk.provider.post("\(desk.path)/codes", typed).status == 409)
        #expect(try await desk.provider.post("\(desk.path)/codes", [("name", "New")]).status == 409)
        #expect(
            try await desk.provider.post("\(desk.path)/comments", [("subject", text), ("comment", "x")]).status == 409)
        let page = try await desk.provider.get(desk.path).body
        #expect(page.contains("Table 4") && !page.contains("texts/\(text)\""))
        #expect(try await desk.provider.get("\(desk.path)/files/csv").body.contains("Housing"))
        _ = try await desk.provider.post("\(desk.path)/coders", [("coder", "Coder B")])
        #expect(try await desk.provider.get("\(desk.path)/texts/\(text)").body.contains("Beds are full"))
        #expect(try await desk.provider.post("\(desk.path)/codes", typed).status == 303)
    }

    @Test func `nobody looks first and codes after, nor counts what they may not see`() async throws {
        let desk = try await CodingDesk()
        _ = try await desk.coordinator.get(desk.path)
        _ = try await desk.coordinator.post("\(desk.path)/texts", [("name", "Table 4"), ("text", CodingDesk.text)])
        _ = try await desk.provider.get(desk.path)
        _ = try await desk.provider.post("\(desk.path)/coders", [("coder", "Coder B")])
        _ = try await desk.provider.post("\(desk.path)/codes", [("name", "Housing")])
        let landscape = desk.town.platform.landscape
        let open = try await landscape.study(desk.id, for: CodingDesk.keeper)
        let (text, code) = (open.sources[0].id, open.codes[0].id)
        let page = "\(desk.path)/texts/\(text)"
        _ = try await desk.provider.post("\(page)/highlights", [("unit", "0-14"), ("code", "\(code)")])
        #expect(try await landscape.study(desk.id, for: CodingDesk.keeper).uses[code] == nil)
        #expect(try await desk.provider.get("\(desk.path)/codes").body.contains("given 1 times"))
        _ = try await desk.provider.post("\(page)/finish", [])
        #expect(try await landscape.study(desk.id, for: CodingDesk.keeper).uses[code] == 1)
        let late = try await desk.coordinator.post("\(desk.path)/coders", [("coder", "Coder A")])
        #expect(late.status == 409 && late.body.contains("you could see their work"))
        let stranger = StudyActor(actor: Actor(name: "navigator", clearance: .partner), worker: "somebody else")
        #expect(try await landscape.study(desk.id, for: stranger).uses.isEmpty)
        try await landscape.join(desk.id, as: "Coder C", by: stranger)
        #expect(try await landscape.study(desk.id, for: stranger).uses.isEmpty, "they have not finished it")
    }

    @Test func `a finishing said by mistake is taken back until somebody else is done, and nobody codes after looking`()
        async throws
    {
        let desk = try await CodingDesk()
        _ = try await desk.coordinator.get(desk.path)
        _ = try await desk.coordinator.post("\(desk.path)/texts", [("name", "Table 4"), ("text", CodingDesk.text)])
        let third = try await desk.staff.lead(desk.coordinator, 2).browser
        for (browser, name) in [(desk.provider, "Coder B"), (third, "Coder C")] {
            _ = try await browser.get(desk.path)
            _ = try await browser.post("\(desk.path)/coders", [("coder", name)])
        }
        _ = try await desk.provider.post("\(desk.path)/codes", [("name", "Housing")])
        let landscape = desk.town.platform.landscape
        let open = try await landscape.study(desk.id, for: CodingDesk.keeper)
        let (text, code) = (open.sources[0].id, open.codes[0].id)
        let page = "\(desk.path)/texts/\(text)"
        func mark(_ unit: String) async throws -> Int {
            Int(try await desk.provider.post("\(page)/highlights", [("unit", unit), ("code", "\(code)")]).status)
        }
        _ = try await desk.provider.post("\(page)/finish", [])
        #expect(try await mark("0-14") == 409)
        #expect(try await desk.provider.get(page).body.contains("/finish/removal"))
        for _ in 1...2 { #expect(try await desk.provider.post("\(page)/finish/removal", []).status == 303) }
        #expect(try await mark("0-14") == 303)
        #expect(try await !third.get(page).body.contains("characters 0 to 14"))
        // Whoever keeps the landscape could look while it was finished.
        #expect(try await desk.coordinator.post("\(desk.path)/coders", [("coder", "Coder A")]).status == 409)
        for browser in [desk.provider, third] { _ = try await browser.post("\(page)/finish", []) }
        #expect(try await third.get(page).body.contains("characters 0 to 14"))
        for browser in [desk.provider, third] {
            #expect(try await !browser.get(page).body.contains("/finish/removal"))
            let late = try await browser.post("\(page)/finish/removal", [])
            #expect(late.status == 409 && late.body.contains("you could see their work"))
        }
        let verbs = try await desk.town.database.read {
            try $0.rows("SELECT verb FROM audit WHERE verb IN ('finish', 'reopen') ORDER BY number").map {
                try $0.text("verb")
            }
        }
        #expect(verbs == ["finish", "reopen", "finish", "finish"])
        try await landscape.deleteText(text, in: desk.id, by: CodingDesk.keeper)
        #expect(try await desk.count("coding_reopened") == 0)
    }

    @Test func `a code that somebody took away does not come back by a form that was open`() async throws {
        let desk = try await CodingDesk()
        let (_, codes) = try await desk.filled()
        _ = try await desk.provider.get("\(desk.path)/codes/\(codes[0])")
        #expect(try await desk.coordinator.post("\(desk.path)/codes/\(codes[0])/retirement", []).status == 303)
        let late = try await desk.provider.post(
            "\(desk.path)/codes",
            [("code", codes[0]), ("version", "1"), ("name", "Housing"), ("definition", "My words")])
        #expect(late.status == 409 && late.body.contains("My words") && late.body.contains("took this code away"))
        #expect(try await desk.count("coding_code") == 1)
        #expect(late.hidden("code") == nil)
    }

    @Test func `no code is put deeper than thirty-two, with what stands under it`() async throws {
        let desk = try await CodingDesk()
        let landscape = desk.town.platform.landscape
        let table = "name,parent\n" + (1...31).map { "c\($0),\($0 == 1 ? "" : "c\($0 - 1)")\n" }.joined()
        _ = try await landscape.takeCodebook(
            Array("\(table)a,\nb,a\n".utf8), named: "a.csv", into: desk.id, keeps: true, by: CodingDesk.keeper)
        let codes = try await landscape.study(desk.id, for: CodingDesk.keeper).codes
        func code(_ name: String) throws -> StudyCode { try #require(codes.first { $0.name == name }) }
        var moved = try code("a")
        moved.parent = try code("c31").id
        let deep = moved
        await #expect(throws: CodingRefusal.tooMany) {
            try await landscape.keep(deep, in: desk.id, by: CodingDesk.keeper)
        }
        moved.parent = try code("c30").id
        try await landscape.keep(moved, in: desk.id, by: CodingDesk.keeper)
        let below = "name,parent\nc,\(try code("b").id)\n"
        await #expect(throws: QDAFault.self) {
            try await landscape.takeCodebook(
                Array(below.utf8), named: "a.csv", into: desk.id, keeps: true, by: CodingDesk.keeper)
        }
    }

    @Test func `a form sent twice opens one study, adds one text and takes in one project`() async throws {
        let desk = try await CodingDesk()
        let list = "/en/desk/landscape/coding"
        _ = try await desk.coordinator.get(list)
        let form = try #require(try await desk.coordinator.get(list).hidden("form"))
        var places: Set<String?> = []
        for _ in 1...2 {
            let reply = try await desk.coordinator.post("\(list)/studies", [("form", form), ("name", "Twice")])
            places.insert(reply.place)
        }
        #expect(places.count == 1)
        let bytes = try QDAWriter.project(CodingProject(name: "Elsewhere"), time: Town.noon)
        for _ in 1...2 {
            _ = try await desk.coordinator.upload(
                "\(list)/imports", [("form", form), ("go", "keep")], file: ("file", "a.qdpx", bytes))
        }
        #expect(try await desk.count("coding_study") == 3)
        let own = try #require(try await desk.coordinator.get(desk.path).hidden("form"))
        for text in ["one", "one", "two"] {
            _ = try await desk.coordinator.post("\(desk.path)/texts", [("form", own), ("name", "x"), ("text", text)])
        }
        #expect(try await desk.count("coding_source") == 2, "other words are another text")
        let scan = try #require(
            try await desk.coordinator.get(desk.path).body.firstMatch(of: /value="(scan [0-9a-f-]+)"/)?.1)
        for _ in 1...2 {
            _ = try await desk.coordinator.post("\(desk.path)/texts", [("form", own), ("from", String(scan))])
        }
        #expect(try await desk.count("coding_source") == 3)
    }

    @Test func `notes of a workshop come into a study once it is closed, and of a scan what is published`() async throws
    {
        let desk = try await CodingDesk()
        let landscape = desk.town.platform.landscape
        var plan = WorkshopForm.empty(on: desk.town.clock.now.day)
        (plan.title, plan.venue, plan.groups) = ("Spring workshop", "Hall", "Cedar")
        let id = try await landscape.open(plan, form: "1", by: CodingDesk.keeper.actor)
        let note = NoteForm(kind: "gap", focus: "prevention", text: "No beds.")
        try await landscape.addFromPaper(
            note, group: 1, form: "1", in: .english, to: id, by: CodingDesk.keeper.actor)
        _ = try await desk.coordinator.get(desk.path)
        let early = try await desk.coordinator.post("\(desk.path)/texts", [("from", "workshop \(id)")])
        #expect(early.status == 409)
        #expect(try await !desk.coordinator.get(desk.path).body.contains("workshop \(id)"))
        try await landscape.close(id, by: CodingDesk.keeper.actor)
        #expect(try await desk.coordinator.get(desk.path).body.contains("workshop \(id)"))
        #expect(try await desk.coordinator.post("\(desk.path)/texts", [("from", "workshop \(id)")]).status == 303)
        try await landscape.makeFindings(of: id, by: CodingDesk.keeper.actor)
        let scan = try #require(try await landscape.scans().first { !$0.isBaseline })
        await #expect(throws: Problems.self) {
            try await landscape.addText(from: .scan(scan.id), form: "x", to: desk.id, by: CodingDesk.keeper)
        }
    }

    @Test func `a text and a study go for good, and nothing of them is left in the database`() async throws {
        let desk = try await CodingDesk()
        let (text, codes) = try await desk.filled()
        let page = "\(desk.path)/texts/\(text)"
        _ = try await desk.coordinator.get(page)
        _ = try await desk.coordinator.post(
            "\(page)/highlights", [("unit", "0-14"), ("code", codes[0]), ("memo", "Quillfeather")])
        _ = try await desk.coordinator.post("\(desk.path)/comments", [("subject", text), ("comment", "Who?")])
        _ = try await desk.coordinator.post("\(page)/finish", [])
        _ = try await desk.provider.get(page)
        #expect(try await desk.provider.post("\(page)/removal", []).status == 404)
        #expect(try await desk.coordinator.post("\(page)/removal", []).status == 303)
        for table in ["coding_source", "coding_highlight", "coding_mark", "coding_done", "remark"] {
            #expect(try await desk.count(table) == 0, "\(table)")
        }
        #expect(try await desk.count("coding_code") == 2)
        #expect(try await desk.coordinator.post("\(page)/removal", []).status == 404)
        #expect(try await desk.provider.post("\(desk.path)/removal", []).status == 404)
        #expect(try await desk.coordinator.post("\(desk.path)/removal", []).status == 303)
        for table in ["coding_study", "coding_code", "coding_coder"] {
            #expect(try await desk.count(table) == 0, "\(table)")
        }
        let verbs = try await desk.town.database.read {
            try $0.rows("SELECT kind FROM audit WHERE verb = 'delete' ORDER BY number").map { try $0.text("kind") }
        }
        #expect(verbs == ["coding-source", "study"])
    }

    @Test func `notes that came with a file go alone, with their text, or with all the others`() async throws {
        let desk = try await CodingDesk()
        let landscape = desk.town.platform.landscape
        func id(_ number: UInt8) -> CodingProject.GUID {
            Identifier(UUID(uuid: (0, 0, 0, 0, 0, 0, 0x40, 0, 0x90, 0, 0, 0, 0, 0, 0, number)))
        }
        var project = CodingProject(name: "With notes")
        project.notes = (1...3).map { .init(id: id($0), name: "Memo \($0)", text: "Quillfeather") }
        var source = CodingProject.Source(id: id(10), name: "Group", text: "Where to sleep?")
        source.notes = [id(1), id(2)]
        (project.sources, project.ownNotes) = ([source], [id(2)])
        let bytes = try QDAWriter.project(project, time: Town.noon)
        let counts = try await landscape.takeProject(bytes, named: "a.qdpx", keeps: true, by: CodingDesk.keeper)
        let study = try #require(counts.study)
        try await landscape.deleteText(Identifier(id(10).uuid), in: study, by: CodingDesk.keeper)
        #expect(try await landscape.countNotes(of: study) == 2, "the second is about the whole too")
        let path = "/en/desk/landscape/coding/\(study)"
        #expect(try await desk.coordinator.get(path).body.contains("Its file brought notes"))
        #expect(try await desk.coordinator.post("\(path)/notes/removal", []).status == 303)
        #expect(try await landscape.countNotes(of: study) == 0)
    }

    @Test func `a text of four megabytes with a hundred codes is compared by what was marked in it`() {
        let text = String(repeating: "Beds are full. Buses stop.\n", count: 150_000)
        let units = TextUnits(text).units(.sentence)
        let codes = (0..<100).map { Identifier<StudyCode>.named("code \($0)") }
        let coders = (0..<4).map { Identifier<Coder>.named("coder \($0)") }
        var (highlights, listed): ([Highlight], [Identifier<StudyCode>: [Identifier<Coder>: Set<Int>]]) = ([], [:])
        for number in 0..<2000 {
            let (unit, code, coder) = (number * 149 % 290_000, codes[number % 100], coders[number / 100 % 4])
            let last = unit + number % 7
            var one = Highlight(
                id: .named("\(number)"), source: .named("text"), coder: coder, start: units[unit].lowerBound,
                end: units[last].upperBound)
            one.marks = [.init(id: .named("\(number)"), code: code, coder: coder)]
            highlights.append(one)
            listed[code, default: [:]][coder, default: []].formUnion(unit...last)
        }
        var judgements = Judgements()
        judgements.add(units, finishedBy: Set(coders), highlights)
        let all = judgements.alpha(codes)
        #expect(all.count == 300_000 * 100)
        for code in codes.prefix(3) {
            let given = coders.map { listed[code]?[$0] ?? [] }
            let expected = Agreement.alpha((0..<300_000).map { unit in given.map { Bool?.some($0.contains(unit)) } })
            let line = judgements.alpha([code])
            #expect(abs((line.agreement.value ?? 9) - (expected.value ?? -9)) < 1e-12)
            let pairs = (0..<300_000).map { (given[0].contains($0), given[1].contains($0)) }
            #expect(judgements.pair(coders[0], coders[1], [code]).agreement == Agreement.kappa(pairs))
        }
    }
}
