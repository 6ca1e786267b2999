import Foundation
import Kernel
import Testing

@testable import Formats

@Suite struct QDAFileTests {
    private static func id(_ number: Int) -> CodingProject.GUID {
        Identifier(
            UUID(
                uuid: (
                    0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, UInt8(number >> 16), UInt8(number >> 8 & 255),
                    UInt8(number & 255)
                )))
    }

    /// One user, one code and one text with selections at these places.
    private static func xml(
        _ selections: String = "", codes: String? = nil, source: String = #"plainTextPath="internal://a.txt""#,
        origin: String = "Fiction", more: String = ""
    ) -> [UInt8] {
        let codes = codes ?? ##"<Code guid="\##(id(1))" name="Housing" isCodable="true" color="#a0b1c2"/>"##
        return Array(
            """
            <?xml version="1.0" encoding="utf-8"?>
            <Project xmlns="urn:QDA-XML:project:1.0" name="Fiction" origin="\(origin)">
            <Users><User guid="\(id(9))" name="Coder A"/></Users>
            <CodeBook><Codes>\(codes)</Codes></CodeBook>
            <Sources><TextSource guid="\(id(2))" name="Notes" \(source)>\(selections)</TextSource></Sources>\(more)
            </Project>
            """.utf8)
    }

    private static func selection(_ start: String, _ end: String, code: Int = 1, number: Int = 20) -> String {
        """
        <PlainTextSelection guid="\(id(number))" startPosition="\(start)" endPosition="\(end)" creatingUser="\(id(9))">\
        <Coding guid="\(id(number + 1))" creatingUser="\(id(9))"><CodeRef targetGUID="{\(id(code).description.uppercased())}"/></Coding>\
        </PlainTextSelection>
        """
    }

    private static func packed(_ xml: [UInt8], _ texts: [String: String] = ["sources/a.txt": "Beds are full."]) throws
        -> [UInt8]
    {
        let entries = [("project.qde", xml)] + texts.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) }
        return try ZipFile.packed(entries.map { (name: $0.0, bytes: $0.1) }, time: Instant(seconds: 0))
    }

    private static func fault(_ bytes: [UInt8]) -> QDAFault? {
        do { _ = try QDAFile.project(bytes, named: "a.qdpx") } catch { return error as? QDAFault }
        return nil
    }

    @Test func `positions are code points of the text as the file has it`() throws {
        let text = "\u{feff}Ça va: 👩‍👧 e\u{301}té.\r\nZweite"
        let wanted = "👩‍👧 e\u{301}té"
        // Three scalars make the family, two the accented letter; the mark at the start is no part of the text.
        let xml = Self.xml(Self.selection("7", "15") + Self.selection("18", "24", number: 30))
        let (project, left) = try QDAFile.project(Self.packed(xml, ["sources/A.txt": text]), named: "a.qdpx")
        let source = try #require(project.sources.first)
        let units = TextUnits(source.text)
        #expect(source.selections.map { units[$0.start..<$0.end] } == [wanted, "Zweite"])
        #expect(source.text.utf8.elementsEqual(text.dropFirst().utf8))
        #expect(left.list.isEmpty)
    }

    @Test func `a program that counts one sign at the end of a line is read as it counts`() throws {
        let xml = Self.xml(Self.selection("4", "7"), origin: "ATLAS.ti 24")
        let (project, _) = try QDAFile.project(Self.packed(xml, ["sources/a.txt": "one\r\ntwo"]), named: "a.qdpx")
        #expect(TextUnits(project.sources[0].text)[4..<7] == "two")
    }

    @Test func `what was written is read back equal: ids, colours, nesting, notes, markup in names`() throws {
        let project = Self.rich
        let bytes = try QDAWriter.project(project, time: Instant(seconds: 1_700_000_000))
        let (again, left) = try QDAFile.project(bytes, named: "b.qdpx")
        var wanted = project
        wanted.origin = "Waymark"
        #expect(again == wanted)
        #expect(left.list.isEmpty)
        #expect(try QDAWriter.project(again, time: Instant(seconds: 1_700_000_000)) == bytes)
    }

    static var rich: CodingProject {
        var project = CodingProject(name: #"Gaps <"2024"> & more"#)
        project.description = "First line\r\nsecond\tline"
        project.users = [.init(id: id(9), name: "Coder A"), .init(id: id(8), name: "Codeur B")]
        var (top, below) = (CodingProject.Code(id: id(1), name: "Housing"), CodingProject.Code(id: id(3), name: "Beds"))
        (top.isCodable, top.color, top.notes) = (false, "#aabbcc", [id(50)])
        (below.parent, below.description) = (top.id, "Beds\n\nWhen to use:\nAlways")
        project.codes = [top, below]
        project.notes = [.init(id: id(50), name: "Memo", text: "Two\nlines")]
        project.ownNotes = [id(50)]
        var source = CodingProject.Source(id: id(2), name: "Notes 👋", text: "Les lits sont pleins 👩‍👧.\r\nFin")
        source.made = "2024-05-01T10:00:00Z"
        var selection = CodingProject.Selection(id: id(20), start: 4, end: 24)
        (selection.name, selection.description, selection.user) = ("lits <sont>", "memo & more", id(9))
        selection.made = "2024-05-02T10:00:00.5+02:00"
        var coding = CodingProject.Coding(id: id(21), code: below.id)
        (coding.user, coding.notes) = (id(8), [id(50)])
        selection.codings = [coding]
        source.selections = [selection]
        project.sources = [source]
        return project
    }

    @Test func `five thousand highlights are equal after export and import`() throws {
        var project = CodingProject(name: "Many")
        project.users = [.init(id: Self.id(9), name: "Coder A")]
        project.codes = (0..<50).map { .init(id: Self.id(1000 + $0), name: "Code \($0)") }
        var source = CodingProject.Source(
            id: Self.id(2), name: "Long", text: String(repeating: "Où dormir ? 👩‍👧 Nowhere. ", count: 2500))
        source.selections = (0..<5000).map { number in
            var selection = CodingProject.Selection(
                id: Self.id(10_000 + number), start: number * 11, end: number * 11 + 9)
            var coding = CodingProject.Coding(id: Self.id(20_000 + number), code: Self.id(1000 + number % 50))
            coding.user = Self.id(9)
            selection.codings = [coding]
            return selection
        }
        project.sources = [source]
        let (again, _) = try QDAFile.project(
            QDAWriter.project(project, time: Instant(seconds: 0)), named: "many.qdpx")
        project.origin = "Waymark"
        #expect(again == project)
    }

    @Test func `what is not carried is counted by its word, never dropped silently`() throws {
        let more = """
            <Notes><Note guid="\(Self.id(40))" name="n"><PlainTextContent>x</PlainTextContent></Note></Notes>
            <Links><Link guid="\(Self.id(41))"/></Links><Sets><Set guid="\(Self.id(42))" name="s"/></Sets>
            <Graphs><Graph guid="\(Self.id(43))"/></Graphs>
            """
        let cases = """
            <Cases><Case guid="\(Self.id(44))" name="c"/></Cases><Variables><Variable guid="\(Self.id(45))" name="v" typeOfVariable="Text"/></Variables>
            """
        let pictures = """
            <PDFSource guid="\(Self.id(46))"><Representation guid="\(Self.id(47))"><PlainTextSelection guid="\(Self.id(48))" startPosition="0" endPosition="1"/></Representation></PDFSource>
            """
        var text = String(
            decoding: Self.xml(Self.selection("0", "4") + Self.selection("2", "2", number: 30), more: more),
            as: UTF8.self)
        text = text.replacing("<Sources>", with: cases + "<Sources>" + pictures)
        text = text.replacing(
            "</TextSource>",
            with: "<Coding guid=\"\(Self.id(49))\"><CodeRef targetGUID=\"\(Self.id(1))\"/></Coding></TextSource>")
        let (project, left) = try QDAFile.project(Self.packed(Array(text.utf8)), named: "a.qdpx")
        #expect(
            left.counts == [
                "Link": 1, "Set": 1, "Graph": 1, "Case": 1, "Variable": 1, "PDFSource": 1, "PlainTextSelection": 1,
                "Coding of TextSource": 1, "empty PlainTextSelection": 1,
            ])
        #expect(project.sources.count == 1 && project.notes.count == 1)
    }

    @Test func `each broken file is refused with what and where`() throws {
        let beyond = try #require(Self.fault(Self.packed(Self.xml(Self.selection("3", "15")))))
        #expect(beyond.code == .beyond)
        #expect(beyond.description.contains(Self.id(20).description) && beyond.description.contains("“Notes” (14)"))
        let cycle = """
            <Code guid="\(Self.id(1))" name="A" isCodable="true"><Code guid="\(Self.id(2000))" name="B" isCodable="true">\
            <Code guid="\(Self.id(1))" name="A" isCodable="true"/></Code></Code>
            """
        #expect(Self.fault(try Self.packed(Self.xml(codes: cycle)))?.description == "The code “A” stands under itself.")
        let cases: [(xml: [UInt8], code: QDAFault.Code)] = [
            (Self.xml(Self.selection("3", "x")), .badPosition), (Self.xml(Self.selection("-3", "4")), .badPosition),
            (Self.xml(Self.selection("4", "3")), .badPosition),
            (Self.xml(Self.selection("99999999999999999999", "4")), .badPosition),
            (Self.xml(Self.selection("0", "4", code: 7)), .missingCode),
            (Self.xml(Self.selection("0", "4") + Self.selection("0", "4")), .twice),
            (Self.xml(source: #"plainTextPath="relative:///a.txt""#), .outside),
            (Self.xml(source: #"plainTextPath="absolute:///etc/passwd""#), .outside),
            (Self.xml(source: #"plainTextPath="internal://../a.txt""#), .outside),
            (Self.xml(source: #"plainTextPath="internal://b.txt""#), .missingFile),
            (Self.xml(codes: #"<Code guid="1" name="x" isCodable="true"/>"#), .badId),
            (Self.xml(codes: #"<Code guid="\#(Self.id(5))" isCodable="true"/>"#), .noName),
            (Array("<Project".utf8), .notXML), (Array("<Other/>".utf8), .notAProject),
            (Array(#"<!DOCTYPE a [<!ENTITY b "c">]><Project name="&b;"/>"#.utf8), .entities),
            (Array(#"<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Project>&b;</Project>"#.utf8), .entities),
        ]
        for (xml, code) in cases {
            #expect(Self.fault(try Self.packed(xml))?.code == code, "\(code) \(String(decoding: xml, as: UTF8.self))")
        }
        #expect(Self.fault(try Self.packed(Self.xml(), ["sources/a.txt": "a\0b"]))?.code == .notText)
    }

    @Test func `a bomb, a document of an office program, a broken and a foreign file are refused`() throws {
        let zeros = [UInt8](repeating: 0x20, count: 40 << 20)
        let bomb = try ZipFile.packed([("project.qde", zeros)], time: Instant(seconds: 0))
        #expect(bomb.count < 1 << 20)
        #expect(Self.fault(bomb)?.code == .zipBomb)
        let document = try ZipFile.packed(
            [("[Content_Types].xml", Array("<a/>".utf8)), ("word/document.xml", Array("<a/>".utf8))],
            time: Instant(seconds: 0))
        #expect(Self.fault(document)?.description.hasPrefix("a.qdpx is no REFI-QDA project") == true)
        #expect(Self.fault(Array("hello".utf8))?.code == .notAProject)
        #expect(Self.fault([])?.code == .notAProject)
        let whole = try Self.packed(Self.xml())
        for length in [5, 60, whole.count / 2] { #expect(Self.fault(Array(whole[..<length])) != nil) }
        let leading = try ZipFile.packed([("../project.qde", Self.xml())], time: Instant(seconds: 0))
        #expect(Self.fault(leading)?.code == .unsafeName)
        let many = try ZipFile.packed(
            [("project.qde", Self.xml()), ("Project.qde", Self.xml())], time: Instant(seconds: 0))
        #expect(Self.fault(many)?.code == .twice)
    }

    @Test func `a codebook is written and read back, and a project is none`() throws {
        let codes = Self.rich.codes.map { code in
            var code = code
            code.notes = []
            return code
        }
        let (again, left) = try QDAFile.codebook(QDAWriter.codebook(codes), named: "a.qdc")
        #expect(again == codes && left.list.isEmpty)
        #expect(throws: QDAFault(.notACodebook, "a.qdc")) { try QDAFile.codebook(Self.xml(), named: "a.qdc") }
        #expect(throws: QDAFault(.notACodebook, "a.qdc")) {
            try QDAFile.codebook(Self.packed(Self.xml()), named: "a.qdc")
        }
    }
}
