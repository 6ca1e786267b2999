import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing

/// What `waymark check audit` says of a chain that was tampered with, by itself and against a head that was kept.
@Suite struct AuditTests {
    private let scratch = Scratch()
    private let world = World.seeded(at: Town.noon)

    private final class Scratch: Sendable {
        let url = FileManager.default.temporaryDirectory.appending(path: "waymark-audit-\(UUID().uuidString)")

        init() { try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    private var file: URL { scratch.url.appending(path: "head") }

    /// A desk with six entries.
    private func desk() async throws -> Town {
        let town = try await Town(loadsRegion: false)
        try await write(["one", "two", "three", "four", "five", "six"], to: town)
        return town
    }

    private func write(_ verbs: [String], to town: Town) async throws {
        try await town.database.write { transaction in
            for verb in verbs {
                let deed = AuditChain.Deed(actor: Town.staff, verb: verb, kind: "service", record: "r")
                try AuditChain(transaction).append(deed, at: Town.noon)
            }
        }
    }

    private func tamper(_ town: Town, _ statements: [String]) async throws {
        for statement in statements {
            let statement = SQL(stringLiteral: statement)
            try await town.database.write { _ = try $0.run(statement) }
        }
    }

    private func check(
        _ town: Town, in folder: URL? = nil, against file: URL? = nil, key: String? = nil
    ) async throws -> AuditReport {
        try await AuditReport.of(town.database, in: folder ?? scratch.url, world, against: file, key: key)
    }

    private func keepHead(of town: Town) async throws -> String {
        let text = try #require(try await check(town).head?.text)
        try Data("\(text)\n".utf8).write(to: file)
        return text
    }

    private static let kept = "of 2025-05-01 vouches for"

    @Test func `a whole chain is counted and its head signed, and later it bears that head out`() async throws {
        let town = try await desk()
        let text = try await keepHead(of: town)
        #expect(
            text.split(separator: "\n").map { $0.prefix { $0 != " " } }
                == ["waymark", "entry", "digest", "day", "key", "signature"])
        try await write(["seven"], to: town)
        let report = try await check(town, against: file)
        #expect(report.entries == 7 && report.findings == [])
        #expect(report.head?.text.contains("digest \(report.digest)\n") == true)
    }

    @Test func `a chain without entries has a head, and any chain bears it out`() async throws {
        let town = try await Town(loadsRegion: false)
        _ = try await keepHead(of: town)
        try await write(["one"], to: town)
        #expect(try await check(town, against: file).findings == [])
    }

    private static let tampering: [(statements: [String], sentences: [String])] = [
        (
            ["UPDATE audit SET verb = 'x' WHERE number = 2"],
            ["Entry 2 does not follow from entry 1: one of them was altered, or entries were put in another order."]
        ),
        (
            ["UPDATE audit SET at = at + 1 WHERE number = 1"],
            ["Entry 1 is not what the chain began with: it was altered, or entries were put in another order."]
        ),
        (
            ["UPDATE audit SET actor = 'x' WHERE number = 2", "UPDATE audit SET field = 'x' WHERE number = 5"],
            [
                "Entry 2 does not follow from entry 1: one of them was altered, or entries were put in another order.",
                "Entry 5 does not follow from entry 4: one of them was altered, or entries were put in another order.",
            ]
        ),
        (["DELETE FROM audit WHERE number = 3"], ["Entry 3 is missing; entry 4 is there."]),
        (["DELETE FROM audit WHERE number < 3"], ["Entries 1 to 2 are missing; entry 3 is there."]),
        (
            [
                "DELETE FROM audit WHERE number = 3", "UPDATE audit SET number = number - 1 WHERE number = 4",
                "UPDATE audit SET number = number - 1 WHERE number = 5",
                "UPDATE audit SET number = number - 1 WHERE number = 6",
                "UPDATE counter SET value = 5 WHERE name = 'audit'",
            ],
            [3, 4, 5].map {
                "Entry \($0) does not follow from entry \($0 - 1): one of them was altered, or entries were put in another order."
            }
        ),
        (["DELETE FROM audit WHERE number = 6"], ["Entry 6 is missing at the end; the program wrote 6."]),
        (["DELETE FROM audit WHERE number > 3"], ["Entries 4 to 6 are missing at the end; the program wrote 6."]),
        (
            ["UPDATE counter SET value = 4 WHERE name = 'audit'"],
            ["The program wrote 4 entries, and the last is entry 6: what follows was added by somebody else."]
        ),
        (
            [
                "UPDATE audit SET number = -1 WHERE number = 2", "UPDATE audit SET number = 2 WHERE number = 3",
                "UPDATE audit SET number = 3 WHERE number = -1",
            ],
            [2, 3, 4].map {
                "Entry \($0) does not follow from entry \($0 - 1): one of them was altered, or entries were put in another order."
            }
        ),
        (["DELETE FROM audit"], ["Entries 1 to 6 are missing at the end; the program wrote 6."]),
    ]

    @Test(arguments: tampering.indices)
    func `an edit, a removal and a reorder are found by the chain alone, and no head is signed`(
        _ number: Int
    ) async throws {
        let town = try await desk()
        try await tamper(town, Self.tampering[number].statements)
        let report = try await check(town)
        #expect(report.findings == Self.tampering[number].sentences)
        #expect(report.head == nil)
        let sentences = try await town.platform.check().filter { $0.hasPrefix("audit chain: ") }
        #expect(sentences == Self.tampering[number].sentences.map { "audit chain: \($0)" })
    }

    @Test(.enabled(if: !TestDatabase.isPostgres, "PostgreSQL keeps its columns to their types"))
    func `an entry that cannot be read any more is an altered one`() async throws {
        let town = try await desk()
        try await tamper(
            town,
            ["UPDATE audit SET at = 'never' WHERE number = 2", "UPDATE audit SET digest = x'00' WHERE number = 5"])
        let report = try await check(town)
        #expect(report.findings.map { $0.prefix(7) } == ["Entry 2", "Entry 5", "Entry 6"])
    }

    @Test func `of a chain that is altered throughout the first twenty places are named`() async throws {
        let town = try await Town(loadsRegion: false)
        try await write(Array(repeating: "look", count: 30), to: town)
        try await tamper(town, ["UPDATE audit SET actor = 'x'", "DELETE FROM audit WHERE number = 30"])
        let report = try await check(town)
        #expect(report.entries == 29 && report.findings.count == 22)
        #expect(
            report.findings.suffix(2) == [
                "Entry 30 is missing at the end; the program wrote 30.",
                "There may be more: only the first 20 places are named.",
            ])
    }

    @Test func `a removal at the end together with its count shows only against a head that was kept`() async throws {
        let town = try await desk()
        _ = try await keepHead(of: town)
        try await tamper(
            town, ["DELETE FROM audit WHERE number > 4", "UPDATE counter SET value = 4 WHERE name = 'audit'"])
        #expect(try await check(town).findings == [])
        let report = try await check(town, against: file)
        #expect(report.findings == ["Entries 5 to 6 are missing at the end: \(file.path) \(Self.kept) entry 6."])
        #expect(report.head == nil)
    }

    @Test func `a chain that was written anew from the start shows only against a head that was kept`() async throws {
        let town = try await desk()
        _ = try await keepHead(of: town)
        try await tamper(town, ["DELETE FROM audit", "UPDATE counter SET value = 0 WHERE name = 'audit'"])
        try await write(["one", "nothing", "three", "four", "five", "six", "seven"], to: town)
        #expect(try await check(town).findings == [])
        let sentence =
            "Entry 6 is not the one that \(file.path) \(Self.kept): it, or an entry before it, was written anew."
        #expect(try await check(town, against: file).findings == [sentence])
    }

    @Test(arguments: [("entry 6", "entry 5"), ("day 2025-05-01", "day 2025-05-02"), ("signature ", "signature A")])
    func `a head that was altered after it was signed is not believed`(_ old: String, _ new: String) async throws {
        let town = try await desk()
        let text = try await keepHead(of: town)
        try Data(text.replacing(old, with: new).utf8).write(to: file)
        let report = try await check(town, against: file)
        let fault = "was altered after it was signed: its signature does not fit"
        #expect(report.findings == ["\(file.path) \(fault). The chain was not compared with it."])
        #expect(report.head == nil)
    }

    @Test func `a head of which any one sign is another is refused or not believed`() async throws {
        let town = try await desk()
        let text = Array(try await keepHead(of: town).utf8)
        for place in text.indices where text[place] != 0x0a {
            var other = text
            other[place] ^= 1
            try Data(other).write(to: file)
            let report = try? await check(town, against: file)
            #expect(report?.findings.count ?? 1 == 1, "\(String(decoding: other, as: UTF8.self))")
            #expect(report?.head == nil)
        }
    }

    @Test func `a head of another server is not believed, unless its key is named`() async throws {
        let town = try await desk()
        let other = Scratch()
        let theirs = try #require(try await check(town, in: other.url).head)
        let own = try #require(try await check(town).head)
        try Data(theirs.text.utf8).write(to: file)
        let fault = "was signed by another server: with the key \(theirs.publicKey), and \(own.publicKey) was expected"
        #expect(
            try await check(town, against: file).findings
                == ["\(file.path) \(fault). The chain was not compared with it."])
        #expect(try await check(town, against: file, key: theirs.publicKey).findings == [])
        // Their word under our name is no more than an altered one.
        try Data(theirs.text.replacing(theirs.publicKey, with: own.publicKey).utf8).write(to: file)
        #expect(try await check(town, against: file).findings.first?.contains("does not fit") == true)
    }

    @Test func `a head comes back as it was through mail and pen`() async throws {
        let town = try await desk()
        let text = try await keepHead(of: town)
        try Data(text.replacing("\n", with: " \r\n\r\n").replacing("entry ", with: "entry  ").utf8).write(to: file)
        #expect(try await check(town, against: file).findings == [])
    }

    @Test(arguments: [
        "", "hello", "waymark audit head 1\n",
        "waymark audit head 2\nentry 1\ndigest a\nday 2025-05-01\nkey a\nsignature a",
        "waymark audit head 1\nentry -1\ndigest a\nday 2025-05-01\nkey a\nsignature a",
        "waymark audit head 1\nentry 1\ndigest a\nday 2025-02-30\nkey a\nsignature a",
        "waymark audit head 1\nentry 99999999999999999999\ndigest a\nday 2025-05-01\nkey a\nsignature a",
        String(repeating: "a", count: 100_000),
    ])
    func `what is no head is refused by one sentence`(_ text: String) async throws {
        let town = try await desk()
        try Data(text.utf8).write(to: file)
        await #expect(
            throws: AuditFault("\(file.path) is no head of an audit chain; name what `waymark check audit` printed.")
        ) { try await check(town, against: file) }
        await #expect(throws: AuditFault("The file \(scratch.url.path)/none cannot be read.")) {
            try await check(town, against: scratch.url.appending(path: "none"))
        }
    }
}
