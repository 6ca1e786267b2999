import Foundation
package import Testing

/// Compares `text` with the kept file. `GOLDEN=write` writes it anew, on purpose and never in CI.
package func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = Town.root.appending(path: "Tests/Golden/\(name)")
    let environment = ProcessInfo.processInfo.environment
    if environment["GOLDEN"] == "write", environment["CI"] == nil {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
    let kept = try String(contentsOf: file, encoding: .utf8)
    let differs = zip(kept.split(separator: "\n"), text.split(separator: "\n")).first { $0 != $1 }
    #expect(
        kept == text, "\(name) differs, first at: \(differs.map { "\($0) ≠ \($1)" } ?? "its length")",
        sourceLocation: sourceLocation)
}
