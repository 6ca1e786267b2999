import Directory
import Formats
import Foundation
import Kernel
import Support
import Testing

@Suite struct DownloadTests {
    static let names = [
        "services.json", "services.ndjson", "services.geojson", "services.csv", "services.vcf", "3w.csv",
    ]

    @Test(arguments: names)
    func `a download has what is public, says its licence, and loses at once what is withheld`(_ name: String)
        async throws
    {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar House") + Fiction.service("Heron Kettle"))
        for _ in 0..<2 {
            let page = try await town.browser.get("/data/\(name)")
            #expect(page.status == 200)
            #expect(page.body.contains("Cedar House") && page.body.contains("Heron Kettle"))
        }
        try await town.directory.setAudience(
            .partner, .service, Fiction.id(.service, "Heron Kettle"), field: "", by: Town.staff)
        let after = try await town.browser.get("/data/\(name)").body
        #expect(after.contains("Cedar House") && !after.contains(Fiction.id(.service, "Heron Kettle").description))
    }

    @Test func `the package is a zip file, and another name is nowhere`() async throws {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar House"))
        let page = try await town.browser.get("/data/hsds.zip")
        #expect(page.status == 200 && page.body.hasPrefix("PK"))
        for name in ["nothing.csv", "..%2Fwaymark.sqlite", "services", ".services.json"] {
            #expect(try await town.browser.get("/data/\(name)").status == 404)
        }
    }

    @Test func `many who ask at once get the same file`() async throws {
        let town = try await Town()
        let sizes = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { try await town.browser.get("/data/services.ndjson").body.utf8.count } }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(sizes.count == 1 && sizes.first ?? 0 > 10_000)
    }
}
