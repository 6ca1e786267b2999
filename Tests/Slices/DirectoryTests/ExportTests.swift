import Directory
import Formats
import Foundation
import Kernel
import Platform
import Support
import Testing

@Suite struct ExportTests {
    private func written(_ format: ExportFormat, _ town: Town, for audience: Audience = .everyone) async throws
        -> String
    {
        var bytes: [UInt8] = []
        _ = try await town.directory.export(ListingExport(format, for: audience)) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func folder() throws -> URL {
        let url = FileManager.default.temporaryDirectory.appending(path: "waymark-export-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    private func all(in folder: URL) throws -> String {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().map {
            (try? String(contentsOf: folder.appending(path: $0), encoding: .utf8)) ?? ""
        }.joined()
    }

    @Test(arguments: ExportFormat.allCases)
    func `every format has the public listings and none that a Nation is to be asked about`(_ format: ExportFormat)
        async throws
    {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar House") + Fiction.service("Heron Kettle"))
        let heron = Fiction.id(.service, "Heron Kettle")
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        func text(_ audience: Audience, _ name: String) async throws -> String {
            guard format == .hsds else { return try await written(format, town, for: audience) }
            let place = folder.appending(path: name)
            _ = try await town.directory.export(ListingExport(format, for: audience), to: place)
            return try all(in: place)
        }
        let before = try await text(.everyone, "one")
        #expect(before.contains("Cedar House") && before.contains("Heron Kettle"))
        try await town.directory.setSteward(
            Steward(name: "Example Nation", permission: .ask), .service, heron, by: Town.staff)
        for (index, audience) in [Audience.everyone, .partner, .vetted].enumerated() {
            let after = try await text(audience, "after\(index)")
            #expect(after.contains("Cedar House"))
            #expect(!after.contains(heron.description), "\(format) \(audience)")
        }
        try await town.directory.setAudience(
            .partner, .location, Fiction.id(.location, "Cedar House"), field: "latitude", by: Town.staff)
        #expect(try await !text(.everyone, "hidden").contains("128.603"))
        #expect(try await text(.partner, "seen").contains("128.603"))
        await #expect(throws: DirectoryRefusal.notAllowed) { _ = try await text(.nobody, "none") }
    }

    @Test func `the region's own data leaves in every format, and the package has no broken key`() async throws {
        let town = try await Town()
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for format in ExportFormat.allCases {
            let file = folder.appending(path: format == .hsds ? "package" : format.rawValue)
            let count = try await town.directory.export(ListingExport(format, for: .everyone), to: file).listings
            #expect(count > 90, "\(format)")
        }
        _ = try await town.directory.export(ListingExport(.hsds, for: .everyone), to: folder.appending(path: "p.zip"))
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(kept == ["3w", "csv", "geojson", "json", "ndjson", "p.zip", "package", "vcard"])
        let validation = Process()
        validation.executableURL = URL(filePath: "/usr/bin/python3")
        validation.arguments = ["-c", Self.keysScript, folder.appending(path: "package").path]
        try validation.run()
        validation.waitUntilExit()
        #expect(validation.terminationStatus == 0)
    }

    /// Every foreign key of `datapackage.json` followed by somebody else's reader.
    private static let keysScript = """
        import csv, json, sys
        p = sys.argv[1]
        d = json.load(open(p + '/datapackage.json'))
        t = {r['name']: list(csv.DictReader(open(p + '/' + r['path'], newline=''))) for r in d['resources']}
        assert len(t['attributes']) > 100 and len(t['taxonomy_terms']) > 10
        for r in d['resources']:
            ids = [x['id'] for x in t[r['name']]]
            assert len(ids) == len(set(ids)), r['name']
            for k in r['schema'].get('foreignKeys', []):
                there = {x['id'] for x in t[k['reference']['resource'] or r['name']]}
                for x in t[r['name']]:
                    assert not x[k['fields']] or x[k['fields']] in there, (r['name'], k)
            need = [f['name'] for f in r['schema']['fields'] if f['constraints']['required']]
            for x in t[r['name']]:
                assert all(x[n] for n in need), (r['name'], x['id'])
        """

    @Test func `a street that is withheld takes its address along, and a package says what it left out`() async throws {
        let town = try await Town(loadsRegion: false)
        let cedar = Fiction.id(.service, "Cedar House")
        let loose = Fiction.record(
            .attribute, "loose",
            ["link_id": .text(cedar.description), "link_entity": .text("service"), "value": .text("loose")])
        let street = Fiction.record(
            .address, "Cedar House",
            [
                "location_id": .text(Fiction.id(.location, "Cedar House").description),
                "address_1": .text("9 Fictional Lane"), "city": .text("Terrace"), "state_province": .text("BC"),
                "postal_code": .text("V0V 0V0"), "country": .text("CA"), "address_type": .text("physical"),
            ])
        try await town.store(Fiction.service("Cedar House") + [loose, street])
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let package = folder.appending(path: "package")
        let outcome = try await town.directory.export(ListingExport(.hsds, for: .everyone), to: package)
        #expect(outcome.leftOut == [.attribute: 1])
        let address = Fiction.id(.address, "Cedar House")
        #expect(try await written(.ndjson, town).contains(address.description))
        try await town.directory.setAudience(.vetted, .address, address, field: "address_1", by: Town.staff)
        for format in [ExportFormat.json, .ndjson] {
            let text = try await written(format, town)
            #expect(text.contains("Cedar House") && !text.contains(address.description))
            #expect(try await written(format, town, for: .vetted).contains(address.description))
        }
    }

    @Test func `an export takes the place of an older package and of nothing else`() async throws {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar House"))
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let package = folder.appending(path: "package")
        let export = try ListingExport(.hsds, for: .everyone)
        for _ in 0..<2 { _ = try await town.directory.export(export, to: package) }
        let mine = folder.appending(path: "mine")
        try FileManager.default.createDirectory(at: mine, withIntermediateDirectories: true)
        try Data("letter".utf8).write(to: mine.appending(path: "letter.txt"))
        await #expect(throws: OutputFault.self) { try await town.directory.export(export, to: mine) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["mine", "package"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: mine.path) == ["letter.txt"])
    }
}
