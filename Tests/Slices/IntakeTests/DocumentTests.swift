import Foundation
import Kernel
import Storage
import Support
import Testing

@testable import Intake
@testable import Web

@Suite struct DocumentTests {
    private static let typed = [("needs-more", "a bus pass")]
    /// A picture of one point, with a comment.
    private static let png: [UInt8] = {
        func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
            let count = UInt32(content.count).bigEndian
            return withUnsafeBytes(of: count, Array.init) + Array(name.utf8) + content + [1, 2, 3, 4]
        }
        return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + chunk("IHDR", [UInt8](repeating: 1, count: 13))
            + chunk("tEXt", Array("Author\0somebody".utf8)) + chunk("IDAT", [9, 9]) + chunk("IEND", [])
            + Array("hung behind".utf8)
    }()

    /// A photo taken on its side, with a place, a small picture inside, and a film behind its end.
    private static let jpeg: [UInt8] = {
        func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
            [0xff, marker, UInt8((content.count + 2) >> 8), UInt8((content.count + 2) & 255)] + content
        }
        let place = Array("GPS 54.5 N 128.6 W".utf8)
        let exif =
            Array("Exif\0\0II".utf8) + [
                0x2a, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
            ]
            + place
        return [0xff, 0xd8] + segment(0xe0, Array("JFIF\0".utf8)) + segment(0xe1, exif)
            + segment(0xfe, Array("a comment".utf8)) + segment(0xdb, [1, 2, 3]) + segment(0xc2, [8, 0, 1])
            + segment(0xda, [1, 1]) + [0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56] + segment(0xda, [2, 2]) + [0x78]
            + [0xff, 0xd9] + Array("a film".utf8)
    }()

    @Test func `a person adds a document, saves a copy of it, and takes it away`() async throws {
        let person = try await Person(try await Town(loadsRegion: false))
        let digits = try await person.begin(Self.typed)
        let added = try await person.upload("My <b>lease<b>.final.PNG", Self.png)
        #expect(added.status == 200 && added.body.contains("The document is kept."))
        #expect(added.body.contains("My b lease b final.png · 1 KB"))
        person.forget()
        try await person.send("opening", [("receipt", digits)])
        let part = try #require(person.hidden("part"))
        let copy = try await person.send("documents/content", [("part", part)])
        #expect(copy.header("Content-Type") == "image/png" && copy.header("Cache-Control") == "no-store")
        #expect(copy.header("Content-Disposition") == "attachment; filename=\"document.png\"")
        #expect(copy.header("X-Content-Type-Options") == "nosniff")
        #expect(copy.bytes.starts(with: Self.png.prefix(20)) && !copy.body.contains("somebody"))
        let gone = try await person.send("documents/removal", [("part", part)])
        #expect(gone.status == 200 && !gone.body.contains("lease"))
        #expect(try await person.send("documents/content", [("part", part)]).status == 404)
    }

    @Test(arguments: [
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
        "<!doctype html><script>alert(1)</script>",
    ]) func `a picture or page that could run is kept as plain text and never shown`(_ text: String) async throws {
        let person = try await Person(try await Town(loadsRegion: false))
        _ = try await person.begin(Self.typed)
        try await person.send("file")
        try await person.upload("drawing.svg", Array(text.utf8))
        try await person.send("file")
        let copy = try await person.send("documents/content", [("part", try #require(person.hidden("part")))])
        #expect(copy.header("Content-Type")?.hasPrefix("text/plain") == true)
        #expect(copy.header("Content-Disposition") == "attachment; filename=\"document.txt\"")
        #expect(copy.header("X-Content-Type-Options") == "nosniff")
    }

    @Test func `what is no document is refused with a sentence, and nothing else is lost`() async throws {
        let person = try await Person(try await Town(loadsRegion: false))
        _ = try await person.begin(Self.typed)
        let programs: [[UInt8]] = [
            [0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0], Array("MZ\u{90}\0".utf8), Array("#!/bin/sh\nrm -r /\n".utf8),
            Array("PK\u{3}\u{4}".utf8), [0xfe, 0xff, 0xff],
        ]
        for program in programs {
            let refused = try await person.upload("holiday.pdf", program)
            #expect(refused.status == 422 && refused.body.contains("This kind is not taken."))
        }
        for broken in [Array(Self.png.prefix(30)), Array(Self.jpeg.prefix(60))] {
            #expect(try await person.upload("a.jpg", broken).body.contains("This picture is not whole."))
        }
        for none in [("", [UInt8]()), ("empty.txt", [])] {
            #expect(try await person.upload(none.0, none.1).body.contains("Please choose one."))
        }
        let long = try await person.upload("long.txt", [UInt8](repeating: 65, count: IntakeRoutes.longestUpload + 1))
        #expect(long.status == 413)
        for number in 0..<Document.most { #expect(try await person.upload("\(number).txt", [65]).status == 200) }
        let more = try await person.upload("more.txt", [65])
        #expect(more.status == 422 && more.body.contains("There are ten documents already."))
        let file = try await person.send("file")
        #expect(file.body.contains("a bus pass") && file.body.components(separatedBy: ".txt · 1 KB").count == 11)
    }

    @Test func `five megabytes are taken, and shown without being read`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let bytes = [UInt8](repeating: 66, count: Document.mostBytes)
        try await shelf.intake.add(Document(UploadedFile(field: "document", name: "long.txt", bytes: bytes)), by: stay)
        let part = try #require(try await shelf.intake.read(stay).parts.first { $0.kind == .document })
        #expect(part.answers.values["bytes"] == ["\(bytes.count)"])
        #expect(try await shelf.intake.document(part.id, by: stay).bytes == bytes)
    }

    @Test func `a photo keeps its picture and which way up it is, and tells nothing else`() throws {
        let clean = try Photo.jpeg(Self.jpeg)
        let text = String(decoding: clean, as: UTF8.self)
        for trace in ["GPS", "comment", "film", "II"] { #expect(!text.contains(trace)) }
        #expect(text.contains("JFIF") && text.contains("Exif") && clean.suffix(2) == [0xff, 0xd9])
        #expect(clean.contains([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56]) && clean.contains([2, 2, 0x78]))
        #expect(try Photo.jpeg(clean) == clean)
        #expect(try Photo.png(Photo.png(Self.png)) == Photo.png(Self.png))
        for length in 0..<Self.jpeg.count { _ = try? Photo.jpeg(Array(Self.jpeg.prefix(length))) }
        for length in 0..<Self.png.count { _ = try? Photo.png(Array(Self.png.prefix(length))) }
    }

    @Test func `a desk reads a document that it was given, each time seen, and none after it was taken back`()
        async throws
    {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let lease = Document(name: "lease.pdf", type: .pdf, bytes: Array("%PDF-1.7 fiction".utf8))
        try await shelf.intake.add(lease, by: stay)
        let part = try #require(try await shelf.intake.read(stay).parts.first { $0.kind == .document })
        let grant = try await shelf.intake.grant(
            Offer(recipient: shelf.desks[0].id, parts: [part.id], purpose: .help, days: 30), by: stay)
        #expect(try await shelf.open(part.id, grant.id, 0).answers.values["name"] == ["lease.pdf"])
        let (here, there) = (try shelf.at(0), try shelf.at(1))
        #expect(try await shelf.intake.openDocument(part.id, under: grant.id, at: here) == lease)
        #expect(try await shelf.intake.read(stay).readings.map(\.kind) == [.document, .document])
        await #expect(throws: IntakeRefusal.notFound) {
            try await shelf.intake.openDocument(part.id, under: grant.id, at: there)
        }
        try await shelf.intake.revoke(grant.id, by: stay)
        await #expect(throws: IntakeRefusal.notFound) {
            try await shelf.intake.openDocument(part.id, under: grant.id, at: here)
        }
    }

    @Test func `a document goes with its file, with its grant, and with nothing else`() async throws {
        let shelf = try await Shelf()
        let (stay, other) = (try await shelf.begin().stay, try await shelf.begin().stay)
        for stay in [stay, other] {
            try await shelf.intake.add(Document(name: "a.txt", type: .text, bytes: [65]), by: stay)
        }
        let part = try #require(try await shelf.intake.read(stay).parts.first { $0.kind == .document })
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.intake.document(part.id, by: other) }
        try await shelf.intake.removeDocument(part.id, by: other)
        #expect(try await shelf.rows("document") == 2)
        try await shelf.intake.delete(by: stay)
        #expect(try await shelf.rows("document") == 1)
    }

    @Test func `a form with files is read whole or refused, wherever it is cut`() throws {
        let body = Array(
            """
            --x\r\nContent-Disposition: form-data; name="kind"\r\n\r\ntwo\r\nlines\r\n--x\r\n\
            Content-Disposition: form-data; name="f"; filename="C:\\a\\\u{e9}%22.txt"\r\nContent-Type: text/plain\r\n\r\n\
            a --x is no end\r\n--x--\r\n
            """.utf8)
        let form = try FormFields(multipart: body, boundary: "x")
        #expect(form.value("kind") == "two\nlines" && form.files.count == 1)
        #expect(form.files[0].name == "\u{e9}\".txt" && form.files[0].bytes == Array("a --x is no end".utf8))
        for length in 0..<(body.count - 4) {
            #expect(throws: BadRequest.self) { try FormFields(multipart: Array(body.prefix(length)), boundary: "x") }
        }
    }
}
