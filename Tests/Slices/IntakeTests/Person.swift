import Foundation
import Kernel
import Sealing
import Support
import Testing

@testable import Intake

/// Somebody at a browser without script: sends forms, and with each what the last page held hidden.
final class Person {
    let town: Town
    let language: String
    private(set) var stay: String?
    private(set) var page: Browser.Reply

    init(_ town: Town, _ language: String = "en") async throws {
        self.town = town
        self.language = language
        page = try await town.browser.get("/\(language)/notes")
    }

    @discardableResult
    func get(_ path: String) async throws -> Browser.Reply {
        page = try await town.browser.get("/\(language)/notes/\(path)")
        return page
    }

    @discardableResult
    func send(_ path: String, _ fields: [(String, String)] = []) async throws -> Browser.Reply {
        var fields = (stay.map { [("stay", $0)] } ?? []) + fields
        if path == "opening", !fields.contains(where: { $0.0 == "form" }) {
            fields.append(("form", try await formOfOpening()))
        }
        page = try await town.browser.post("/\(language)/notes/\(path)", fields)
        stay = hidden("stay") ?? stay
        return page
    }

    /// Adds a document on the page of the file.
    @discardableResult
    func upload(_ name: String, _ bytes: [UInt8]) async throws -> Browser.Reply {
        page = try await town.browser.upload(
            "/\(language)/notes/documents", [("stay", try #require(stay))], file: ("document", name, bytes))
        return page
    }

    /// What a form of opening carries: that of the page, or else of the first one.
    func formOfOpening() async throws -> String {
        if hidden("form") == nil { page = try await town.browser.get("/\(language)/notes") }
        return try #require(hidden("form"))
    }

    func forget() { stay = nil }

    /// The value of the first hidden field of that name on the page.
    func hidden(_ name: String) -> String? {
        page.body.firstRange(of: "name=\"\(name)\" value=\"").map { range in
            String(page.body[range.upperBound...].prefix { $0 != "\"" })
        }
    }

    /// Begins with `fields` and gives the digits of the receipt.
    func begin(_ fields: [(String, String)]) async throws -> String {
        try await get("new")
        let form = try #require(hidden("form"))
        try await send("new", [("form", form)] + fields)
        return try digits()
    }

    func digits() throws -> String {
        String(try #require(page.body.firstMatch(of: /\d{4}( \d{4}){9}/)?.0))
    }
}
