import Accounts
import Foundation
import Intake
import Kernel
import Landscape
import Platform
import Support
import Testing
import Web

@testable import Directory

/// The rules of the house, checked on its own files.
@Suite struct HouseTests {
    private func sources(_ folder: String = "Sources") throws -> [(path: String, text: String)] {
        let root = Town.root.appending(path: folder)
        let files =
            FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
        return try files.filter { $0.pathExtension == "swift" }.map { file in
            (String(file.path.dropFirst(Town.root.path.count + 1)), try String(contentsOf: file, encoding: .utf8))
        }
    }

    /// Folder of a tier, and the modules its files may import besides the standard ones.
    private static let mayImport: [(folder: String, modules: Set<String>)] = [
        ("Sources/Base/Kernel/", []),
        ("Sources/Base/Storage/", ["Kernel", "GRDB", "GRDBSQLite", "Crypto"]),
        ("Sources/Base/PostgresStorage/", ["Storage", "CPostgres"]),
        ("Sources/Base/Search/", ["Kernel", "CStemmer", "CDeflate"]),
        (
            "Sources/Base/Web/",
            [
                "Kernel", "Hummingbird", "HTTPTypes", "NIOCore", "NIOHTTP1", "NIOHTTPTypes", "Crypto", "CDeflate",
                "CQREncode",
            ]
        ),
        ("Sources/Engines/Formats/", ["Kernel", "Crypto", "Yams", "CArchive", "CExpat"]),
        ("Sources/Engines/Sealing/", ["Kernel", "Crypto", "CSodium"]),
        ("Sources/Slices/Directory/", ["Kernel", "Storage", "Search", "Web", "Formats", "Yams"]),
        ("Sources/Slices/Accounts/", ["Kernel", "Storage", "Web", "Sealing", "Crypto"]),
        ("Sources/Slices/Landscape/", ["Kernel", "Storage", "Search", "Web", "Formats", "Sealing", "Crypto"]),
        ("Sources/Slices/Intake/", ["Kernel", "Storage", "Web", "Formats", "Sealing", "Crypto"]),
        (
            "Sources/App/Platform/",
            [
                "Kernel", "Storage", "PostgresStorage", "Search", "Web", "Formats", "Sealing", "Directory", "Accounts",
                "Intake", "Landscape", "Hummingbird", "HummingbirdCore", "NIOCore", "Logging", "FoundationNetworking",
                "Crypto",
            ]
        ),
        (
            "Sources/App/Waymark/",
            [
                "Platform", "Kernel", "Directory", "Accounts", "Intake", "Landscape", "Formats", "Web",
                "ArgumentParser",
            ]
        ),
    ]

    @Test func `each part imports only what its tier allows`() throws {
        let standard: Set<String> = ["Foundation", "Dispatch", "Synchronization", "Glibc"]
        for (path, text) in try sources() {
            let rule = try #require(Self.mayImport.first { path.hasPrefix($0.folder) }, "no rule for \(path)")
            for line in text.split(separator: "\n") where line.contains("import ") && !line.contains("//") {
                let words = line.split(separator: " ")
                guard let at = words.firstIndex(of: "import"), at <= 1, at + 1 < words.count else { continue }
                let module = String(words[at + 1])
                #expect(rule.modules.union(standard).contains(module), "\(path) imports \(module)")
            }
        }
    }

    @Test func `clock, chance and new ids come from the World alone`() throws {
        let forbidden = [
            "Date()", "Date.now", " UUID()", "(UUID()", ".random(", "fatalError(", "try! ", "@unchecked Sendable",
            "nonisolated(unsafe)",
        ]
        for (path, text) in try sources() where !path.hasSuffix("Kernel/World.swift") {
            for word in forbidden { #expect(!text.contains(word), "\(word) in \(path)") }
        }
    }

    @Test func `no source file is longer than 400 lines and no manifest than 160`() throws {
        for (path, text) in try sources() {
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 400, "\(path)")
        }
        let manifest = try String(contentsOf: Town.root.appending(path: "Package.swift"), encoding: .utf8)
        #expect(manifest.split(separator: "\n").count <= 160)
    }

    @Test func `scripts put text in as text and evaluate none`() throws {
        let folder = Town.root.appending(path: "Sources/Base/Web/Assets")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        for file in files where file.pathExtension == "js" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
                #expect(!text.contains(word), "\(word) in \(file.lastPathComponent)")
            }
        }
    }

    @Test func `raw markup enters a page nowhere`() throws {
        let uses = try sources().filter { $0.text.contains("\\(raw:") }.map(\.path)
        #expect(uses == [])
    }

    @Test func `every text has its key, its English and its French, and no catalogue has a text without a key`()
        async throws
    {
        let strings = try await Town(loadsRegion: false).platform.strings
        let keys = Set(
            WebPhrase.allCases.map(\.rawValue) + DirectoryPhrase.allCases.map(\.rawValue)
                + AccountsPhrase.allCases.map(\.rawValue) + IntakePhrase.allCases.map(\.rawValue)
                + ReferralPhrase.allCases.map(\.rawValue) + FollowUpPhrase.allCases.map(\.rawValue)
                + ScanPhrase.allCases.map(\.rawValue) + VotesPhrase.allCases.map(\.rawValue)
                + PlanPhrase.allCases.map(\.rawValue) + WorkshopPhrase.allCases.map(\.rawValue)
                + CodingPhrase.allCases.map(\.rawValue) + InitiativesPhrase.allCases.map(\.rawValue)
                + EvaluationPhrase.allCases.map(\.rawValue))
        for language in strings.offered {
            #expect(Set(strings.catalogue(language).entries.keys) == keys, "\(language)")
            for (key, entry) in strings.catalogue(language).entries {
                #expect(["written", "machine", "reviewed"].contains(entry.standing), "\(key)")
                let english = strings.catalogue(.english).entries[key]?.forms.last ?? ""
                #expect(Self.placeholders(english) == Self.placeholders(entry.forms.last ?? ""), "\(language) \(key)")
            }
        }
    }

    private static func placeholders(_ text: String) -> Set<String> {
        Set(
            text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map {
                String($0.prefix { $0 != "}" })
            })
    }
}
