import Foundation
import Kernel
import Landscape
import Platform
import Storage
import Support
import Testing

/// A fictional workshop: a coordinator who runs it, and phones.
struct Room: Sendable {
    let town: Town
    let staff: StaffBrowser
    /// The address of the facilitator's page.
    let page: String
    let code: String
    /// What the wall and the live notes are found with.
    let key: String

    static let path = "/en/desk/landscape/workshops"
    static let form = [
        ("title", "Spring workshop"), ("venue", "Community hall"), ("date", "2025-05-01"), ("starts", "12:00"),
        ("groups", "Cedar\nSalmon\nRiver"), ("minutes-who-what-where", "70"), ("minutes-gaps", "50"),
        ("minutes-barriers", "45"),
    ]

    init() async throws { try await self.init(try await Staff()) }

    init(_ fiction: Staff) async throws {
        town = fiction.town
        staff = try await fiction.coordinator().browser
        _ = try await staff.get(Self.path + "/new")
        let opened = try await staff.post(Self.path, Self.form + [("form", "the first")])
        page = try #require(opened.place)
        let body = try await staff.get(page).body
        code = try String(#require(body.firstMatch(of: /class="code">([A-Z0-9 ]{7})</)?.1))
        key = try String(#require(body.firstMatch(of: /workshops\/wall\/([0-9a-f]{32})/)?.1))
    }

    /// A phone that typed the code and chose a group.
    func phone(group: Int = 1, _ language: String = "en") async throws -> Phone {
        let groups = try await town.browser.post("/\(language)/workshops", [("code", code)])
        let secret = try #require(groups.hidden("phone"))
        let phone = Phone(browser: town.browser, language: language, secret: secret)
        let entered = try await phone.post("entry", [("room", key), ("group", "\(group)")])
        #expect(entered.status == 200)
        return phone
    }

    func watch(after: Int = 0, _ language: String = "en") async throws -> LiveReply {
        try await town.browser.watch("/\(language)/workshops/live/\(key)?after=\(after)")
    }

    @discardableResult
    func send(_ action: String, _ fields: [(String, String)] = []) async throws -> Browser.Reply {
        _ = try await staff.get(page)
        return try await staff.post("\(page)/\(action)", fields)
    }

    /// Every text that is kept, whoever may see it.
    func kept() async throws -> [String] {
        try await town.database.read { transaction in
            try transaction.rows("SELECT wording FROM workshop_note WHERE wording IS NOT NULL ORDER BY number")
                .map { try $0.text("wording") }
        }
    }
}

/// One phone in a group, with nothing but what its page carries.
struct Phone: Sendable {
    let browser: Browser
    let language: String
    let secret: String

    @discardableResult
    func post(_ action: String, _ fields: [(String, String)]) async throws -> Browser.Reply {
        try await browser.post("/\(language)/workshops/\(action)", [("phone", secret)] + fields)
    }

    @discardableResult
    func add(_ text: String, form: String = "a form", kind: String = "gap") async throws -> Browser.Reply {
        try await post(
            "notes", [("form", form), ("kind", kind), ("focus", "intervention"), ("text", text), ("place", "Terrace")])
    }

    /// The id of the newest of its own notes.
    func ownNote() async throws -> String {
        try await #require(post("room", []).hidden("note"))
    }
}
