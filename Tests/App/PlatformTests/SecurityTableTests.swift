import Foundation
import Support
import Testing

/// What `docs/privacy/asvs.md` claims, as far as a program can check it: its counts, and that all it names is there.
@Suite struct SecurityTableTests {
    private struct Row {
        let id: String
        let standing: String
        let shownBy: [String]
    }

    private struct Chapter {
        let name: String
        let text: String
        let rows: [Row]
    }

    /// The longer ones first: each is the beginning of a cell.
    private static let standings = ["met, not tested", "not met", "not applicable", "met"]
    /// Of level 1 and 2 in version 5.0.0.
    private static let requirements = 253

    /// Everything before the first chapter, then each chapter.
    private func table() throws -> (front: String, chapters: [Chapter]) {
        let file = Town.root.appending(path: "docs/privacy/asvs.md")
        let parts = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n## ")
        return (parts[0], try parts.dropFirst().map(chapter))
    }

    private func chapter(_ text: String) throws -> Chapter {
        let lines = text.split(separator: "\n")
        let rows = try lines.filter { $0.hasPrefix("| ") }.dropFirst().map(row)
        return Chapter(name: String(lines[0]), text: text, rows: rows)
    }

    private func row(_ line: Substring) throws -> Row {
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        try #require(cells.count == 4, "\(line)")
        let standing = Self.standings.first { cells[2] == $0 || cells[2].hasPrefix("\($0):") }
        return Row(
            id: cells[0].replacing("*", with: ""), standing: try #require(standing, "\(line)"),
            shownBy: cells[3].matches(of: /`([^`]+)`/).map { String($0.1) })
    }

    private func counts(_ rows: [Row]) -> String {
        ["met", "met, not tested", "not met", "not applicable"].map { standing in
            "\(rows.count { $0.standing == standing }) \(standing)"
        }.joined(separator: "; ")
    }

    @Test func `every requirement has one row, and the counts are those of the rows`() throws {
        let (front, chapters) = try table()
        let rows = chapters.flatMap(\.rows)
        #expect(Set(rows.map(\.id)).count == rows.count && rows.count == Self.requirements)
        #expect(front.contains("\n\(rows.count) requirements: \(counts(rows)).\n"), "\(counts(rows))")
        for chapter in chapters {
            #expect(chapter.text.contains("\n\(counts(chapter.rows)).\n"), "\(chapter.name): \(counts(chapter.rows))")
        }
    }

    @Test func `each row names what shows it, and each test and file that is named is there`() throws {
        let known = try tests()
        for row in try table().chapters.flatMap(\.rows) {
            #expect(row.shownBy.isEmpty == (row.standing == "not applicable"), "\(row.id)")
            for name in row.shownBy where !known.contains(name) {
                let isFile = FileManager.default.fileExists(atPath: Town.root.appending(path: name).path)
                #expect(isFile, "\(row.id): there is neither a test nor a file “\(name)”")
            }
        }
    }

    /// Swift tests as `Suite: sentence`, browser tests by the name of their function.
    private func tests() throws -> Set<String> {
        let folder = Town.root.appending(path: "Tests")
        let files =
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
        var known: Set<String> = []
        for file in files where ["swift", "py"].contains(file.pathExtension) {
            var suite = ""
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                if let name = line.firstMatch(of: /struct (\w+Tests)\b/)?.1 { suite = String(name) }
                if let sentence = line.firstMatch(of: /func `([^`]+)`/)?.1 { known.insert("\(suite): \(sentence)") }
                if let name = line.firstMatch(of: /^def (test_\w+)/)?.1 { known.insert(String(name)) }
            }
        }
        return known
    }
}
