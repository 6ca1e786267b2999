import Directory
import Formats
import Foundation
import Kernel
import Storage
import Support
import Testing
import Web
import Yams

/// Sixty questions as people type them, judged before the engine existed (`Data/bc/judged-questions.yaml`).
@Suite struct JudgedQuestionsTests {
    private struct Judged: Decodable {
        let q: String
        let near: String?
        let language: String
        let relevant: [String: Int]
    }

    private func questions() throws -> [Judged] {
        let file = Town.root.appending(path: "Data/bc/judged-questions.yaml")
        return try YAMLDecoder().decode([Judged].self, from: Data(contentsOf: file))
    }

    private func answers(_ judged: Judged, _ town: Town, pages: Int = 1) -> [Card] {
        var question = Question(text: judged.q, near: judged.near ?? "")
        var cards: [Card] = []
        for page in 1...pages {
            question.page = page
            let findings = town.directory.find(question)
            let always = findings.always.map(\.card)
            cards +=
                findings.linesComeFirst ? always + findings.results.map(\.card) : findings.results.map(\.card) + always
            if findings.results.isEmpty { break }
        }
        return cards
    }

    private func id(_ key: String) -> Identifier<Record> {
        .named("bc/\(key.hasPrefix("org-") ? "organization" : "service")/\(key)")
    }

    @Test func `the judged questions are answered well`() async throws {
        let town = try await Town()
        let judged = try questions()
        #expect(judged.count == 60)
        var sum = 0.0
        for question in judged {
            let grades = Dictionary(uniqueKeysWithValues: question.relevant.map { (id($0.key), Double($0.value)) })
            let found = answers(question, town).prefix(10).map { grades[$0.id] ?? 0 }
            let ideal = gain(grades.values.sorted(by: >).prefix(10).map(\.self))
            let score = ideal > 0 ? gain(found) / ideal : (found.isEmpty ? 1 : 1)
            if score < 0.5 {
                print("weak answer \(String(format: "%.2f", score)): \(question.q) | \(question.near ?? "")")
            }
            sum += score
        }
        let mean = sum / Double(judged.count)
        print("nDCG@10 over \(judged.count) judged questions: \(String(format: "%.3f", mean))")
        #expect(mean >= 0.7)
    }

    private func gain(_ grades: [Double]) -> Double {
        grades.enumerated().reduce(0) { $0 + (pow(2, $1.element) - 1) / log2(Double($1.offset) + 2) }
    }

    @Test func `no answer is lost that plain full text finds`() async throws {
        let town = try await Town()
        let plain = try await PlainFullText(town)
        for question in try questions() {
            let found = Set(answers(question, town, pages: 30).map(\.id))
            for id in try await plain.find(question.q) {
                #expect(found.contains(id), "\(question.q) lost \(id)")
            }
        }
    }

    @Test(.enabled(if: TestDatabase.isPostgres))
    func `the same question gives the same answer on both databases`() async throws {
        let embedded = try SQLiteDatabase(inMemory: ())
        let (one, other) = (try await Town { _ in embedded }, try await Town())
        for judged in try questions() {
            let path = "find?q=\(encodedForQuery(judged.q))&near=\(encodedForQuery(judged.near ?? ""))"
            for path in ["/en/\(path)", "/fr/\(path)", "/en/\(path.replacing("find?", with: "find.json?"))"] {
                let (left, right) = (try await one.browser.get(path), try await other.browser.get(path))
                #expect(left.status == 200)
                #expect(left.bytes == right.bytes, "\(path)")
            }
        }
        for kind in [RecordKind.organization, .service] {
            let left = try await one.directory.exportPage(kind, after: nil, limit: 1000, for: Town.staff)
            let right = try await other.directory.exportPage(kind, after: nil, limit: 1000, for: Town.staff)
            #expect(left?.lines.isEmpty == false)
            #expect(left?.lines == right?.lines)
        }
    }
}
