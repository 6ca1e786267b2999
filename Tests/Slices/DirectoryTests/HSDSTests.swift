import Formats
import Foundation
import HTTPTypes
import Kernel
import Platform
import Support
import Synchronization
import Testing
import Web

@testable import Directory

/// One answer of the API, read.
struct HSDSAnswer {
    let status: Int
    let reply: Browser.Reply
    let object: [String: Any]

    init(_ reply: Browser.Reply) throws {
        self.reply = reply
        status = reply.status
        object = try JSONSerialization.jsonObject(with: Data(reply.bytes)) as? [String: Any] ?? [:]
    }

    var total: Int { object["total_items"] as? Int ?? -1 }
    var contents: [[String: Any]] { object["contents"] as? [[String: Any]] ?? [] }
    var ids: [String] { contents.compactMap { $0["id"] as? String } }
    var names: [String] { contents.compactMap { $0["name"] as? String } }
}

extension Town {
    func hsds(_ path: String) async throws -> HSDSAnswer { try HSDSAnswer(try await browser.get("/hsds/\(path)")) }
}

@Suite struct HSDSTests {
    /// Two services in Terrace, one far away, one withheld.
    private func town() async throws -> Town {
        let town = try await Town(loadsRegion: false)
        var records = Fiction.service("Alder House", opens: "09:00", closes: "17:00")
        records += Fiction.service("Birch Desk", opens: "18:00", closes: "20:00")
        var far = Fiction.service("Cedar Line")
        for index in far.indices where far[index].kind == .location {
            far[index].values["latitude"] = .number(49.28)
            far[index].values["longitude"] = .number(-123.12)
        }
        records += far + Fiction.service("Hidden Home")
        let alder = Fiction.id(.service, "Alder House").description
        let texts = { (values: [String: String]) in values.mapValues(FieldValue.text) }
        records += [
            Fiction.record(.taxonomy, "needs", texts(["name": "Needs", "description": "d"])),
            Fiction.record(
                .taxonomyTerm, "housing",
                texts(["code": "housing", "name": "Housing", "description": "d", "taxonomy_id": id(.taxonomy, "needs")])
            ),
            Fiction.record(
                .taxonomyTerm, "shelter",
                texts([
                    "code": "shelter", "name": "Shelter", "description": "d", "taxonomy_id": id(.taxonomy, "needs"),
                    "parent_id": id(.taxonomyTerm, "housing"),
                ])),
            Fiction.record(
                .attribute, "alder",
                texts([
                    "link_id": alder, "link_entity": "service", "value": "need:housing",
                    "taxonomy_term_id": id(.taxonomyTerm, "housing"),
                ])),
            Fiction.record(.language, "alder", texts(["service_id": alder, "code": "fr", "name": "French"])),
            Fiction.record(
                .serviceArea, "alder",
                texts(["service_id": alder, "extent": "terrace", "extent_type": "waymark-place", "name": "Terrace"])),
            Fiction.record(.phone, "alder", texts(["service_id": alder, "number": "250-555-0101"])),
        ]
        try await town.store(records)
        for kind in [RecordKind.service, .organization] {
            try await town.directory.setAudience(
                .nobody, kind, Fiction.id(kind, "Hidden Home"), field: "", by: Town.staff)
        }
        return town
    }

    private func id(_ kind: RecordKind, _ name: String) -> String { Fiction.id(kind, name).description }

    @Test func `every filter narrows, all together`() async throws {
        let town = try await town()
        let alder = id(.organization, "Alder House")
        let all = ["Alder House", "Birch Desk", "Cedar Line"]
        let scenarios: [(String, [String])] = [
            ("", all), ("search=birch", ["Birch Desk"]), ("search=fictional+place", all), ("search=zebra", []),
            ("search=!!", []), ("search=", all), ("organization_id=\(alder)", ["Alder House"]),
            ("taxonomy_term_id=\(id(.taxonomyTerm, "housing"))", ["Alder House"]),
            ("taxonomy_term_id=\(id(.taxonomyTerm, "shelter"))", []),
            ("taxonomy_id=\(id(.taxonomy, "needs"))", ["Alder House"]), ("language=fr", ["Alder House"]),
            ("language=fr&search=birch", []), ("need=housing", ["Alder House"]), ("population=youth", []),
            ("open=now", ["Alder House"]), ("near=Terrace", ["Alder House"]),
            ("near=Terrace&proximity=20000", ["Alder House", "Birch Desk"]),
            ("latitude=49.28&longitude=-123.12&proximity=1", ["Cedar Line"]),
            ("latitude=0&longitude=0&proximity=500", []),
            ("modified_after=2025-05-01", all), ("modified_after=2025-05-01T19:00:01Z", []),
            ("modified_after=2025-05-01T12:00:00-07:00", all),
        ]
        for (query, expected) in scenarios {
            for path in ["services", "service_at_locations"] {
                if path == "service_at_locations", query.contains("minimal") { continue }
                let answer = try await town.hsds("\(path)?\(query)")
                #expect(answer.status == 200, "\(path) \(query)")
                #expect(answer.total == expected.count, "\(path) \(query)")
                let names = answer.contents.compactMap { (($0["service"] as? [String: Any]) ?? $0)["name"] as? String }
                #expect(names.sorted() == expected, "\(path) \(query)")
                let lines = try await town.browser.get("/hsds/\(path)?\(query)&format=ndjson")
                #expect(lines.body.split(separator: "\n").count == expected.count, "\(path) \(query)")
                #expect(lines.header("Content-Type") == "application/x-ndjson")
            }
        }
    }

    @Test func `a distance sorts, nearest first`() async throws {
        let town = try await town()
        let near = try await town.hsds("services?latitude=49.28&longitude=-123.12&proximity=2000000")
        #expect(near.names.first == "Cedar Line" && near.total == 3)
        let far = try await town.hsds("services?latitude=54.516&longitude=-128.603&proximity=2000000")
        #expect(far.names.last == "Cedar Line")
    }

    @Test func `organizations and terms have their own questions`() async throws {
        let town = try await town()
        #expect(try await town.hsds("organizations").total == 3)
        #expect(try await town.hsds("organizations?search=alder").names == ["Alder House Society"])
        let term = id(.taxonomyTerm, "housing")
        #expect(try await town.hsds("organizations?taxonomy_term_id=\(term)").names == ["Alder House Society"])
        #expect(try await town.hsds("taxonomies").names == ["Needs"])
        #expect(try await town.hsds("taxonomy_terms").total == 2)
        #expect(try await town.hsds("taxonomy_terms?top_only=true").names == ["Housing"])
        #expect(try await town.hsds("taxonomy_terms?parent_id=\(term)").names == ["Shelter"])
        #expect(try await town.hsds("taxonomy_terms?taxonomy_id=\(id(.taxonomy, "needs"))").total == 2)
        let whole = try await town.hsds("organizations/\(id(.organization, "Alder House"))?full_service=true")
        let services = try #require(whole.object["services"] as? [[String: Any]])
        #expect(services.first?["name"] as? String == "Alder House")
        #expect(services.first?["organization"] == nil)
        #expect(services.first?["phones"] != nil)
        #expect(try await town.hsds("organizations?full_service=true").contents.allSatisfy { $0["services"] != nil })
        #expect(try await town.hsds("organizations?full=true").contents.allSatisfy { $0["services"] == nil })
    }

    @Test func `pages have the right numbers, beyond the end too`() async throws {
        let town = try await town()
        let first = try await town.hsds("services?per_page=2")
        #expect(first.object["total_pages"] as? Int == 2 && first.object["first_page"] as? Bool == true)
        #expect(first.object["last_page"] as? Bool == false && first.object["size"] as? Int == 2)
        let second = try await town.hsds("services?per_page=2&page=2")
        #expect(second.object["last_page"] as? Bool == true && second.ids.count == 1)
        #expect(Set(first.ids).isDisjoint(with: second.ids))
        let beyond = try await town.hsds("services?per_page=2&page=9")
        #expect(
            beyond.total == 3 && beyond.object["empty"] as? Bool == true && beyond.object["page_number"] as? Int == 9)
        #expect(beyond.contents.isEmpty && beyond.object["next_cursor"] == nil)
    }

    @Test func `a cursor meets every record once while others go`() async throws {
        let town = try await town()
        let first = try await town.hsds("services?per_page=1&cursor=")
        let cursor = try #require(first.object["next_cursor"] as? String)
        let gone = try #require(Identifier<Record>(first.ids[0]))
        try await town.directory.setAudience(.nobody, .service, gone, field: "", by: Town.staff)
        let rest = try await town.hsds("services?cursor=\(cursor)")
        #expect(rest.ids.count == 2 && !rest.ids.contains(first.ids[0]))
    }

    @Test func `minimal gives ids and moments, all on one page`() async throws {
        let town = try await town()
        let answer = try await town.hsds("services?minimal=true")
        #expect(answer.contents.count == 3)
        #expect(answer.contents.allSatisfy { Set($0.keys) == ["id", "last_modified", "modified_date"] })
    }

    @Test(arguments: [
        ("services?colour=red", "colour"), ("services?page=0", "page"), ("services?page=x", "page"),
        ("services?page=", "page"), ("services?page=1&page=2", "page"), ("services?per_page=1001", "per_page"),
        ("services?per_page=-1", "per_page"), ("services?full=yes", "full"), ("services?format=xml", "format"),
        ("services?taxonomy_term_id=1", "taxonomy_term_id"), ("services?modified_after=yesterday", "modified_after"),
        ("services?modified_after=2025-02-30", "modified_after"), ("services?open=never", "open"),
        ("services?need=gold", "need"), ("services?language=French", "language"), ("services?latitude=91", "latitude"),
        ("services?latitude=1", "longitude"), ("services?latitude=1&longitude=1", "proximity"),
        ("services?latitude=nan&longitude=1&proximity=1", "latitude"), ("services?proximity=100", "proximity"),
        ("services?near=Nowhereville", "near"), ("services?postcode=V0V+0V0", "postcode"),
        ("service_at_locations?postcode=V0V0V0&proximity=100", "postcode"), ("services?cursor=abc", "cursor"),
        ("services/7ff5e1a5-2d25-5a55-9df8-000000000000?full=true", "full"), ("organizations?minimal=true", "minimal"),
        ("?x=1", "x"), ("openapi.json?x=1", "x"), ("tombstones?search=x", "search"),
    ]) func `a parameter at fault is named in a problem document`(_ path: String, _ name: String) async throws {
        let town = try await town()
        let answer = try await town.hsds(path)
        #expect(answer.status == 400)
        #expect(answer.reply.header("Content-Type") == "application/problem+json")
        #expect(answer.object["parameter"] as? String == name)
        #expect(answer.object["detail"] is String)
        #expect(answer.reply.header("Access-Control-Allow-Origin") == "*")
    }

    @Test func `a POST asks the same by form or JSON, and neither is logged`() async throws {
        let town = try await town()
        let form = try HSDSAnswer(
            try await town.browser.send(
                .post, "/hsds/services", headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: "search=birch&per_page=5"))
        #expect(form.names == ["Birch Desk"])
        for (body, status) in [
            (#"{"search":"birch","per_page":5,"full":true}"#, 200), (#"{"per_page":"5"}"#, 400),
            (#"{"search":5}"#, 400),
            (#"{"search":null}"#, 400), ("[]", 400), ("{", 400), (#"{"colour":"secretword"}"#, 400),
        ] {
            let reply = try await town.browser.send(
                .post, "/hsds/services", headers: ["Content-Type": "application/json"], body: body)
            #expect(reply.status == status, "\(body)")
            #expect(reply.header("ETag") == nil && reply.header("Cache-Control") == "no-store")
        }
        let odd = try await town.browser.send(
            .post, "/hsds/services", headers: ["Content-Type": "text/xml"], body: "<a/>")
        #expect(odd.status == 415)
        town.platform.log.flush()
        #expect(town.written.text.contains("POST /hsds/services 200"))
        #expect(!town.written.text.contains("birch") && !town.written.text.contains("secretword"))
    }

    @Test func `an answer is tagged, and what is known is not sent again`() async throws {
        let town = try await town()
        let first = try await town.browser.get("/hsds/services")
        let tag = try #require(first.header("ETag"))
        #expect(first.header("Cache-Control") == "no-cache")
        let again = try await town.browser.get("/hsds/services", headers: ["If-None-Match": "\"x\", W/\(tag)"])
        #expect(again.status == 304 && again.bytes.isEmpty && again.header("ETag") == tag)
        #expect(try await town.browser.get("/hsds/services?page=2", headers: ["If-None-Match": tag]).status == 200)
        let hidden = Fiction.id(.service, "Hidden Home")
        try await town.directory.edit(
            .service, hidden, field: "name", to: .text("Other"), source: "test", by: Town.staff)
        #expect(try await town.browser.get("/hsds/services").header("ETag") == tag, "a hidden change does not show")
        try await town.directory.edit(
            .service, Fiction.id(.service, "Birch Desk"), field: "name", to: .text("Birch Room"), source: "test",
            by: Town.staff)
        #expect(try await town.browser.get("/hsds/services", headers: ["If-None-Match": tag]).status == 200)
    }

    @Test func `other sites may read, other methods are refused by name`() async throws {
        let town = try await town()
        let options = try await town.browser.send(.options, "/hsds/services")
        #expect(options.status == 204 && options.header("Access-Control-Allow-Methods") == "GET, HEAD, POST")
        #expect(options.header("Access-Control-Allow-Origin") == "*")
        let read = try await town.browser.get("/hsds/services")
        #expect(
            read.header("Cross-Origin-Resource-Policy") == "cross-origin"
                && read.header("Access-Control-Allow-Origin") == "*")
        #expect(try await town.browser.get("/en/").header("Access-Control-Allow-Origin") == nil)
        let head = try await town.browser.send(.head, "/hsds/services")
        #expect(head.status == 200 && head.bytes.isEmpty && head.header("ETag") == read.header("ETag"))
        let delete = try await town.browser.send(.delete, "/hsds/services")
        #expect(delete.status == 405 && delete.header("Allow")?.contains("GET") == true)
        #expect(delete.header("Content-Type") == "application/problem+json")
        #expect(delete.body.contains("This address answers to GET, HEAD, POST, OPTIONS alone."))
        for path in ["/hsds/nothing", "/hsds/locations"] {
            let nothing = try await town.browser.get(path)
            #expect(nothing.status == 404 && nothing.header("Content-Type") == "application/problem+json")
            #expect(nothing.body.contains("\"detail\":\"There is nothing here.\""))
        }
    }

    @Test func `the way in leads to the profile and the description`() async throws {
        let town = try await town()
        let about = try await town.hsds("")
        #expect(about.object["version"] as? String == "3.2.3")
        for (key, path) in [("profile", "/hsds/profile"), ("openapi_url", "/hsds/openapi.json")] {
            let url = try #require((about.object[key] as? String).flatMap(URL.init))
            #expect(url.scheme == "http" && url.path == path)
            #expect(try await town.browser.get(url.path).status == 200)
        }
        #expect(about.object["license"] as? String == Directory.licence.url)
        let described = try await town.hsds("openapi.json")
        let license = (described.object["info"] as? [String: Any])?["license"] as? [String: String]
        #expect(license == ["name": "CC-BY-4.0", "url": Directory.licence.url])
        let paths = try #require(described.object["paths"] as? [String: [String: Any]])
        let mounted = Set(
            town.platform.routes.routes.filter { $0.form == .api && $0.method != .options }.map {
                "\($0.method.rawValue.lowercased()) /\($0.path.dropFirst(6).replacing(":id", with: "{id}"))"
            })
        #expect(
            Set(paths.flatMap { path, item in item.keys.filter { $0 != "parameters" }.map { "\($0) \(path)" } })
                == mounted)
    }

    @Test(.enabled(if: HSDSExamples.isThere, "the official document lies beside the project"))
    func `every path and parameter of the official document is there`() async throws {
        let file = HSDSExamples.folder.appending(path: "openapi-3.2.3.json")
        let official = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let ours = try await Town(loadsRegion: false).hsds("openapi.json").object
        for (path, item) in try #require(official["paths"] as? [String: [String: Any]]) {
            for method in ["get", "post"] where item[method] != nil {
                let mine = (ours["paths"] as? [String: [String: Any]])?[path]?[method]
                #expect(Self.parameters(item[method]).isSubset(of: Self.parameters(mine)), "\(method) \(path)")
                #expect(mine != nil, "\(method) \(path)")
            }
        }
    }

    private static func parameters(_ operation: Any?) -> Set<String> {
        let listed = (operation as? [String: Any])?["parameters"] as? [[String: Any]] ?? []
        return Set(listed.compactMap { ($0["$ref"] as? String)?.split(separator: "/").last.map(String.init) })
    }

    @Test func `whoever reads while an import is taken in sees nothing of it or everything`() async throws {
        let town = try await Town(loadsRegion: false)
        let count = 1300
        let seen = Mutex<Set<Int>>([])
        let isOver = Mutex(false)
        let reader = Task {
            while !isOver.withLock({ $0 }) {
                let total = try await town.hsds("services?per_page=1").total
                seen.withLock { _ = $0.insert(total) }
            }
        }
        _ = try await town.directory.take(
            ImportOrder(source: "example", format: "test"), by: Town.staff, tell: { _ in }
        ) { body in
            for number in 0..<count {
                let values: [String: FieldValue] = ["name": .text("Cedar House \(number)"), "status": .text("active")]
                let origin = Origin(file: "example", line: number)
                try body(.draft(Draft(.service, externalId: "s\(number)", values, origin: origin)))
            }
        }
        isOver.withLock { $0 = true }
        try await reader.value
        #expect(try await town.hsds("services?per_page=1").total == count)
        #expect(seen.withLock { $0 }.isSubset(of: [0, count]))
    }

    @Test func `a node that knows its name does not repeat what a request calls it`() async throws {
        let town = try await Town(loadsRegion: false, address: "https://help.example.org")
        let answer = try await town.browser.get("/hsds/", headers: ["Host": "elsewhere.example"])
        #expect(answer.body.contains("https://help.example.org/hsds/"))
        #expect(!answer.body.contains("elsewhere"))
    }
}
