import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Directory
@testable import Intake

@Suite struct AskedPageTests {
    private static let payload = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\"\u{301}><b>"

    @Test func `the whole way from the person to the desk and back, through pages alone`() async throws {
        let scene = try await Scene()
        let person = scene.person
        #expect(person.page.body.contains("You have not asked a place for help."))
        #expect(try await scene.list().contains("Nobody asks now."))
        try await scene.ask(["What you need", "How to reach you safely"], note: "A first line.")
        #expect(person.page.status == 200 && person.page.body.contains("They have not answered."))
        let list = try await scene.list()
        for hidden in ["bus pass", "250-555", "landlord", "A first line."] { #expect(!list.contains(hidden)) }
        #expect(list.firstMatch(of: /<h2>[2-9A-Z]{3}-[2-9A-Z]{3}<\/h2>/) != nil)
        let id = try await scene.referral()
        let card = try await scene.post("card", [("referral", id)])
        for shown in ["a bus pass", "250-555-0199", "my landlord", "A first line."] {
            #expect(card.body.contains(shown), "\(shown)")
        }
        #expect(!card.body.contains("lines of fiction") && card.header("Cache-Control") == "no-store")
        #expect(try await scene.post("asks", [("referral", id), ("kind", "story")]).status == 303)
        #expect(try await scene.post("messages", [("referral", id), ("message", "We have a bed.")]).status == 303)
        #expect(try await scene.post("moves", [("referral", id), ("to", "accepted")]).status == 303)

        try await person.send("file")
        for shown in ["They said yes", "There is a message for you.", "They ask to read more."] {
            #expect(person.page.body.contains(shown), "\(shown)")
        }
        #expect(!person.page.body.contains("We have a bed."))
        try await person.send("referrals/one", [("referral", id)])
        #expect(person.page.body.contains("We have a bed.") && person.page.body.contains("lines of fiction"))
        let ask = try #require(person.hidden("ask"))
        let story = try #require(person.hidden("part"))
        try await person.send("referrals/answers", [("referral", id), ("ask", ask), ("part", story)])
        #expect(person.page.status == 200)
        try await person.send("referrals/messages", [("referral", id), ("message", "Thank you.")])
        #expect(person.page.body.contains("Your message is sent."))
        try await person.send("referrals/outcome", [("referral", id), ("helped", "yes")])
        #expect(person.page.status == 200)
        try await follow(scene, id)
    }

    /// The desk reads what it was given besides, and the person takes all of it back.
    private func follow(_ scene: Scene, _ id: String) async throws {
        let page = try await scene.post("card", [("referral", id)]).body
        #expect(page.contains("Thank you."))
        let fields = try #require(
            page.firstMatch(
                of: /name="grant" value="([0-9a-f-]{36})"><input type="hidden" name="part" value="([0-9a-f-]{36})"/))
        let open = [("grant", String(fields.1)), ("part", String(fields.2))]
        #expect(try await scene.post("part", open).body.contains("lines of fiction"))
        let fhir = try await scene.post("fhir", [])
        #expect(fhir.header("Content-Type") == "application/fhir+json" && fhir.body.contains("\"Task\""))
        #expect(try await scene.post("htcds", [("referral", id)]).body.contains("a bus pass"))
        #expect(try await scene.post("places", [("referral", id), ("place", "2")]).status == 409)
        #expect(try await scene.post("moves", [("referral", id), ("to", "rejected")]).status == 422)
        #expect(try await scene.post("moves", [("referral", id), ("to", "draft")]).status == 403)
        #expect(try await scene.post("messages", [("referral", id), ("message", "")]).status == 422)

        try await scene.person.send("referrals/cancellation", [("referral", id)])
        #expect(scene.person.page.body.contains("It was stopped on"))
        #expect(try await scene.post("card", [("referral", id)]).status == 409)
        #expect(try await scene.post("part", open).status == 404)
        #expect(try await scene.post("htcds", [("referral", id)]).status == 409)
        #expect(try await scene.post("moves", [("referral", id), ("to", "accepted")]).status == 409)
        let list = try await scene.list()
        #expect(!list.contains("name=\"grant\""))
    }

    @Test func `another desk, a coordinator and somebody kept out find nothing there`() async throws {
        let scene = try await Scene()
        try await scene.ask(["What you need"])
        let id = try await scene.referral()
        let code = try #require(try await scene.list().firstMatch(of: /<h2>([2-9A-Z-]{7})<\/h2>/)?.1)
        let rows = try await scene.staff.town.database.read {
            try $0.rows("SELECT id FROM organization ORDER BY id DESC").map { try $0.text("id") }
        }
        let foreign = try #require(rows.first { $0 != scene.organization })
        let secret = try await scene.staff.invite(
            scene.coordinator, "organizations", [("organization", foreign), ("role", "provider")])
        let other = try await scene.staff.join(secret, as: "another desk").browser
        _ = try await other.get("/en/desk")
        let foreignList = try await other.get("/en/desk/referrals").body
        #expect(!foreignList.contains(String(code)))
        for path in ["card", "moves", "asks", "messages", "htcds"] {
            let reply = try await other.post(
                "/en/desk/referrals/\(path)",
                [("referral", id), ("to", "accepted"), ("kind", "story"), ("message", "x")])
            #expect(reply.status == 404, "\(path)")
        }
        #expect(try await scene.coordinator.get("/en/desk/referrals").status == 404)
        let count = try await scene.coordinator.get("/en/desk/unanswered")
        #expect(count.status == 200 && count.body.contains("Fewer than 5"))
        #expect(try await scene.desk.get("/en/desk/unanswered").status == 404)

        let empty = try await other.get("/en/desk/referrals").body
        try await scene.person.send(
            "exclusions", [("recipient", scene.organization), ("name", "Rivers")])
        #expect(scene.person.page.body.contains("They are kept out."))
        #expect(Self.main(try await scene.list()) == Self.main(empty))
        let missing = try await scene.post("card", [("referral", Identifier<Referral>(UUID()).description)])
        let kept = try await scene.post("card", [("referral", id)])
        #expect(kept.status == 404 && Self.main(kept.body) == Self.main(missing.body))
        #expect(try await scene.post("moves", [("referral", id), ("to", "accepted")]).status == 404)
    }

    private static func main(_ page: String) -> String {
        let start = page.range(of: "<main")?.lowerBound ?? page.startIndex
        return String(page[start...]).replacing(/value="[0-9a-f]{64}"/, with: "").replacing(
            /[0-9A-Z]{4}-[0-9A-Z]{4}/, with: "")
    }

    @Test func `every page of staff offers the way out, and the other pages that its reader may see and no more`()
        async throws
    {
        let scene = try await Scene()
        try await scene.ask(["What you need", "In your own words"])
        let id = try await scene.referral()
        let card = try await scene.post("card", [("referral", id)]).body
        let fields = try #require(
            card.firstMatch(
                of: /name="grant" value="([0-9a-f-]{36})"><input type="hidden" name="part" value="([0-9a-f-]{36})"/))
        let open = [("grant", String(fields.1)), ("part", String(fields.2))]
        var pages = [
            card, try await scene.post("part", open).body,
            try await scene.post("messages", [("referral", id), ("message", "")]).body,
        ]
        for path in ["", "/account", "/referrals", "/team"] {
            pages.append(try await scene.desk.get("/en/desk\(path)").body)
        }
        var others: [String] = []
        for path in ["", "/organizations", "/unanswered"] {
            others.append(try await scene.coordinator.get("/en/desk\(path)").body)
        }
        let ways = ["referrals", "organizations", "unanswered"]
        for (page, may) in pages.map({ ($0, ["referrals"]) }) + others.map({ ($0, ["organizations", "unanswered"]) }) {
            for path in ["desk", "desk/account", "desk/team"] {
                #expect(page.contains("<li><a href=\"/en/\(path)\">"), "\(path)")
            }
            for way in ways {
                #expect(page.contains("<li><a href=\"/en/desk/\(way)\">") == may.contains(way), "\(way)")
            }
            #expect(page.contains("action=\"/en/sign-out\""))
            #expect(page.contains("the name you chose") && page.components(separatedBy: "<h1>").count == 2)
        }
    }

    @Test func `a place that is kept out stands on no page of the person that offers places`() async throws {
        let scene = try await Scene()
        let person = scene.person
        try await person.send("exclusions", [("recipient", scene.organization), ("name", "")])
        #expect(person.page.status == 200)
        try await person.send("grants/form")
        #expect(!person.page.body.contains(scene.organization))
        try await person.send("referrals/form", [("find", scene.name)])
        #expect(!person.page.body.contains(scene.service))
        try await person.send("referrals/form", [("service", scene.service)])
        #expect(!person.page.body.contains("value=\"\(scene.service)\""))
        try await person.send("exclusions/form")
        let kept = try #require(person.hidden("exclusion"))
        try await person.send("exclusions/end", [("exclusion", kept)])
        try await person.send("referrals/form", [("find", scene.name)])
        #expect(person.page.body.contains(scene.service))
    }

    @Test func `a place at which nobody reads any more keeps its name, and is nowhere to be asked`() async throws {
        let scene = try await Scene()
        let (person, town) = (scene.person, scene.staff.town)
        let name = try #require(try await town.directory.organizationName(scene.organization, in: .english))
        let shown: HTML = "\(name)"
        try await person.send("exclusions", [("recipient", scene.organization), ("name", "Somebody")])
        try await town.database.write { _ = try $0.run("UPDATE worker SET state = 'dormant'") }
        try await person.send("exclusions/form")
        #expect(person.page.body.contains("Somebody") && person.page.body.contains(shown.text))
        #expect(!person.page.body.contains("value=\"\(scene.organization)\""))
        try await person.send("exclusions", [("recipient", scene.organization), ("name", "")])
        #expect(person.page.status == 404)
    }

    @Test func `staff get places for several needs at once, with who accepted somebody lately`() async throws {
        let scene = try await Scene()
        let directory = scene.staff.town.platform.directory
        let id = try #require(Identifier<Record>(scene.service))
        let card = try #require(try await directory.cards([id]).first)
        let need = try #require(card.facets.first { $0.hasPrefix("need:") })
        let places = (card.places + card.areas).compactMap { directory.data.gazetteer[$0]?.name(in: .english) }
        let place = try #require(places.first)
        let form = try await scene.desk.get("/en/desk/services")
        #expect(form.status == 200 && form.body.contains("Nothing of this is kept."))
        let none = try await scene.desk.post("/en/desk/services", [("need", "need:unheard-of"), ("near", "Terrace")])
        #expect(none.status == 422 && none.body.contains("Please choose.") && none.body.contains("value=\"Terrace\""))
        let wish = [("need", need), ("need", "need:food"), ("near", place), ("within", "250"), ("open", "never")]
        let before = try await scene.desk.post("/en/desk/services", wish)
        #expect(before.status == 200 && before.body.components(separatedBy: "<ol class=\"cards\">").count == 3)
        #expect(before.body.contains(scene.name) && !before.body.contains("accepted somebody"))
        try await scene.ask(["What you need"])
        let asked = try await scene.referral()
        #expect(try await scene.post("moves", [("referral", asked), ("to", "accepted")]).status == 303)
        _ = try await scene.desk.get("/en/desk/services")
        let after = try await scene.desk.post("/en/desk/services", wish)
        #expect(after.body.contains("accepted somebody in the last 30 days"))
        scene.staff.town.clock.advance(days: 31)
        #expect(try await scene.staff.town.platform.intake.servicesThatAccepted(by: Shelf.reader.actor).isEmpty)
    }

    @Test func `no answer in time gives the next place to ask, and the desk nothing more`() async throws {
        let scene = try await Scene()
        try await scene.ask(["What you need"])
        let id = try await scene.referral()
        let digits = scene.digits
        scene.staff.town.clock.advance(days: 8)
        #expect(try await scene.staff.town.platform.intake.sweep().unanswered == 1)
        scene.person.forget()
        try await scene.person.send("opening", [("receipt", digits)])
        #expect(scene.person.page.body.contains("They did not answer in time."))
        try await scene.person.send("referrals/one", [("referral", id)])
        #expect(scene.person.page.body.contains("Did you get what you needed?"))
        #expect(scene.person.page.body.contains("They did not answer in time."))
    }

    @Test func `what was typed is still there when the stay was over`() async throws {
        let scene = try await Scene()
        try await scene.ask(["What you need"])
        let id = try await scene.referral()
        scene.staff.wait(3600)
        let message = [("referral", id), ("message", "Kept while away.")]
        let over = try await scene.person.send("referrals/messages", message)
        #expect(over.status == 403 && over.body.contains("Kept while away."))
        scene.person.forget()
        try await scene.person.send("opening", message + [("receipt", "1234")])
        #expect(scene.person.page.status == 422 && scene.person.page.body.contains("Kept while away."))
        try await scene.person.send("opening", message + [("receipt", scene.digits)])
        #expect(scene.person.page.status == 200 && scene.person.page.body.contains("Kept while away.</textarea>"))
        try await scene.person.send("referrals/messages", message)
        #expect(scene.person.page.body.contains("Your message is sent."))
    }

    @Test func `a message and a request typed while the database is away stay on the page and can be sent again`()
        async throws
    {
        let failing = Failing()
        let scene = try await Scene { failing.wrap($0) }
        let person = scene.person
        try await scene.ask(["What you need"])
        let id = try await scene.referral()
        let stay = try #require(person.stay)
        failing.fail(with: FailingDatabase.away)
        let away = try await person.send("referrals/messages", [("referral", id), ("message", "Kept while away.")])
        #expect(away.status == 503 && away.header("Retry-After") != nil)
        #expect(away.body.contains("action=\"/en/notes/referrals/messages\"") && person.hidden("stay") == stay)
        let again = [
            ("referral", try #require(person.hidden("referral"))), ("message", try #require(person.hidden("message"))),
        ]
        #expect(away.body.contains("<blockquote>Kept while away.</blockquote>") && again[1].1 == "Kept while away.")
        for path in ["referrals/question", "referrals"] {
            let wish = [("service", scene.service), ("part", "x"), ("days", "30"), ("message", "A first line.")]
            let asked = try await person.send(path, wish)
            #expect(asked.status == 503 && asked.body.contains("<blockquote>A first line.</blockquote>"))
            for (name, value) in wish { #expect(person.hidden(name) == value, "\(name)") }
        }
        #expect(try await person.send("referrals/one", [("referral", id)]).body.contains(again[1].1) == false)
        failing.fail(with: nil)
        try await person.send("referrals/messages", again)
        #expect(person.page.status == 200 && person.page.body.contains("Your message is sent."))
    }

    @Test func `while the database is away or not this node's, what was typed stays on the page of opening`()
        async throws
    {
        let failing = Failing()
        let scene = try await Scene { failing.wrap($0) }
        let person = scene.person
        try await scene.ask(["What you need"])
        let message = [("referral", try await scene.referral()), ("message", "Kept while away.")]
        person.forget()
        let opening = message + [("receipt", scene.digits), ("form", try await person.formOfOpening())]
        failing.fail(with: FailingDatabase.away)
        let away = try await person.send("opening", opening)
        #expect(away.status == 503 && away.body.contains("Kept while away.") && !away.body.contains(scene.digits))
        failing.fail(with: nil)
        let marks = try await scene.staff.town.database.read { try $0.rows("SELECT mark FROM intake_mark") }
        let mark = try marks[0].text("mark")
        try await scene.staff.town.database.write { _ = try $0.run("UPDATE intake_mark SET mark = 'another'") }
        let closed = try await person.send("opening", opening)
        #expect(closed.status == 503 && closed.body.contains("Kept while away.") && !closed.body.contains(scene.digits))
        try await scene.staff.town.database.write { _ = try $0.run("UPDATE intake_mark SET mark = \(mark)") }
        try await person.send("opening", opening)
        #expect(person.page.status == 200 && person.page.body.contains("Kept while away.</textarea>"))
    }

    @Test func `markup in any field stays text on every page of both`() async throws {
        let fields = Scene.typed.map { $0.0 == "needs" || $0.0 == "ways" ? $0 : ($0.0, Self.payload) }
        let scene = try await Scene(fields)
        let person = scene.person
        var pages: [String] = [person.page.body]
        try await person.send("referrals/form", [("find", Self.payload)])
        pages.append(person.page.body)
        try await scene.ask(["What you need", "How to reach you safely", "In your own words"], note: Self.payload)
        pages.append(person.page.body)
        let id = try await scene.referral()
        _ = try await scene.post("messages", [("referral", id), ("message", Self.payload)])
        let long = String(repeating: Self.payload, count: 40)
        pages.append(try await scene.post("messages", [("referral", id), ("message", long)]).body)
        let card = try await scene.post("card", [("referral", id)]).body
        #expect(card.contains("&lt;script&gt;"))
        pages += [card, try await scene.list()]
        for path in ["moves", "places", "asks", "part", "card"] {
            let reply = try await scene.post(
                path, [("referral", id), ("to", Self.payload), ("place", Self.payload), ("kind", Self.payload)])
            pages.append(reply.body)
        }
        try await person.send("referrals/one", [("referral", id)])
        #expect(person.page.body.contains("&lt;script&gt;"))
        pages.append(person.page.body)
        try await person.send("referrals/messages", [("referral", id), ("message", long)])
        #expect(person.page.status == 422)
        pages.append(person.page.body)
        for fields in [[("name", long)], [("recipient", scene.organization), ("name", Self.payload)]] {
            try await person.send("exclusions", fields)
            pages.append(person.page.body)
        }
        for page in pages {
            #expect(!page.contains("<script>alert") && !page.contains("<img src=x") && !page.contains("\u{301}><b>"))
        }
    }

    @Test(arguments: ["en", "fr"])
    func `pages of asking carry no id in their address, set no cookie and are kept nowhere`(_ language: String)
        async throws
    {
        let scene = try await Scene(Scene.typed, language)
        let person = scene.person
        let parts = try await person.send("referrals/form", [("find", scene.name)])
        var replies = [parts]
        let part = try #require(parts.hidden("part"))
        let wish = [("service", scene.service), ("part", part)]
        for path in ["referrals/question", "referrals"] { replies.append(try await person.send(path, wish)) }
        let id = try await scene.referral()
        replies.append(try await person.send("referrals/one", [("referral", id)]))
        replies.append(try await person.send("exclusions/form"))
        for reply in replies {
            #expect(reply.status == 200 && reply.header("Cache-Control") == "no-store")
            #expect(reply.header("Set-Cookie") == nil)
            let addresses = reply.body.matches(of: /(?:href|action)="([^"]*)"/).map { String($0.1) }
            #expect(addresses.allSatisfy { $0.firstMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-/) == nil })
        }
        #expect(!scene.staff.town.written.text.contains(id))
    }
}
