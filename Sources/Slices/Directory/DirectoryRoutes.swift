import Formats
package import Foundation
package import Kernel
package import Web

/// The public pages of the Directory.
package struct DirectoryRoutes: Sendable {
    let directory: Directory
    private let frame: PageFrame
    private let drawing: MapDrawing
    private let cache = ReplyCache()
    private let filters = Kept<Language, [String], FindFilters>()
    private let downloads: Downloads

    package init(_ directory: Directory, frame: PageFrame) {
        self.directory = directory
        self.frame = frame
        drawing = MapDrawing(directory.data.baseMap)
        downloads = Downloads(directory, in: directory.downloadsFolder)
    }

    /// Where this slice's texts lie.
    package static var strings: URL? { Bundle.module.url(forResource: "Strings", withExtension: nil) }

    package func declare(in table: inout RouteTable) {
        table.everyone { routes in
            routes.page([.get], "", publishing: .once, kept(home))
            routes.page([.get, .post], "find", publishing: .once, find)
            routes.json([.get, .post], "find.json", findJSON)
            routes.page(
                [.get], "services/:id", publishing: .records("service"), followed(.service, kept(service)))
            routes.page([.get], "services/:id/card", publishing: .records("service"), kept(card))
            routes.page(
                [.get], "organizations/:id", publishing: .records("organization"),
                followed(.organization, kept(organization)))
            routes.page(
                [.get], "map", publishing: .once,
                kept { visit in
                    MapPage(counts: directory.countsByPlace(), drawing: drawing).html(setting(visit))
                })
            routes.page([.get, .post], "saved", publishing: .once, saved)
            routes.page([.post], "saved/sheet", sheet)
            routes.page([.post], "saved/cards", cards)
            ReviewRoutes(directory: directory, setting: setting).declare(in: &routes)
            for page in TextPage.allCases {
                routes.page([.get], page.rawValue, publishing: .once, kept { visit in try await text(page, visit) })
            }
            ListRoutes(directory: directory, setting: setting).declare(in: &routes, kept)
            routes.file("/data/:name", publishing: .named { Downloads.Name.allCases.map(\.rawValue) }) {
                [downloads] in try await downloads.reply($0.parameters["name"] ?? "")
            }
            routes.file("/map/base.svg", publishing: .once) { _ in
                Reply(type: "image/svg+xml", .plain(drawing.picture))
            }
            routes.file("/map/base.json", publishing: .once) { _ in
                Reply(type: "application/geo+json", .plain(drawing.geoJSON))
            }
        }
    }

    /// A page that is the same for everybody until the next change or day.
    private func kept(
        _ make: @escaping @Sendable (Visit) async throws -> HTML
    ) -> @Sendable (Visit) async throws -> Reply {
        { [cache, directory] visit in
            let since = directory.staleSince.map { " \($0.seconds)" } ?? ""
            let key = "\(visit.language) \(visit.path)\(since)"
            return try await cache.reply(key, change: directory.change, now: visit.now) {
                .page(try await make(visit))
            }
        }
    }

    /// Where a listing was merged into another, its old address leads to the new one.
    private func followed(
        _ kind: RecordKind, _ answer: @escaping @Sendable (Visit) async throws -> Reply
    ) -> @Sendable (Visit) async throws -> Reply {
        { [directory] visit in
            do {
                return try await answer(visit)
            } catch DirectoryRefusal.notFound {
                let id = try id(visit)
                guard let kept = try await directory.successor(kind, id, for: .visitor) else { throw NotFound() }
                return .moved(to: "/\(visit.language)/\(kind.rawValue)s/\(kept)")
            }
        }
    }

    @Sendable private func setting(_ visit: Visit) -> PageSetting { setting(visit.words) }

    func setting(_ words: Words) -> PageSetting {
        PageSetting(
            words: words, frame: frame, vocabulary: directory.data.vocabulary,
            gazetteer: directory.data.gazetteer, staleSince: directory.staleSince)
    }

    // MARK: Pages

    private func home(_ visit: Visit) async throws -> HTML {
        HomePage(needs: directory.data.vocabulary.facets(of: "need"), lines: directory.linesAsResults()).html(
            setting(visit))
    }

    private func find(_ visit: Visit) async throws -> Reply {
        let question = try Question(
            form: visit.form, vocabulary: directory.data.vocabulary, gazetteer: directory.data.gazetteer)
        let setting = setting(visit)
        let languages = directory.serviceLanguages()
        let filters = filters.value(visit.language, as: languages) { FindFilters(setting, languages: languages) }
        return .page(FindPage(findings: directory.find(question), filters: filters).html(setting))
    }

    private func findJSON(_ visit: Visit) async throws -> Reply {
        let question = try Question(
            form: visit.form, vocabulary: directory.data.vocabulary, gazetteer: directory.data.gazetteer)
        return .json(directory.find(question).json(directory.data.gazetteer, in: visit.language))
    }

    private func service(_ visit: Visit) async throws -> HTML {
        let listing = try await directory.page(.service, id(visit))
        return ServicePage(
            listing: listing, hours: listing.hours, today: visit.now.day,
            lines: directory.callLines(in: visit.language)
        ).html(setting(visit))
    }

    private func organization(_ visit: Visit) async throws -> HTML {
        let listing = try await directory.page(.organization, id(visit))
        let services = try await directory.pages(ofServicesOf: listing.id)
        return OrganizationPage(
            listing: listing, services: services, today: visit.now.day, lines: directory.callLines(in: visit.language)
        ).html(setting(visit))
    }

    private func card(_ visit: Visit) async throws -> HTML {
        let listing = try await directory.page(.service, id(visit))
        let own = listing.phones.compactMap { $0.record["number"] }.prefix(1).map { CallLine(name: "", number: $0) }
        let path = "services/\(listing.id)/card"
        return PocketCardPage(numbers: own.isEmpty ? directory.callLines(in: visit.language) : own, path: path).html(
            setting(visit))
    }

    private func saved(_ visit: Visit) async throws -> Reply {
        .page(SavedPage(cards: try await picked(visit)).html(setting(visit)))
    }

    private func sheet(_ visit: Visit) async throws -> Reply {
        let page = SheetPage(
            cards: try await picked(visit), lines: directory.callLines(in: visit.language), today: visit.now.day)
        return .page(page.html(setting(visit)))
    }

    private func cards(_ visit: Visit) async throws -> Reply {
        let own = try await picked(visit).filter { !$0.phone.isEmpty }.map { CallLine(name: "", number: $0.phone) }
        let numbers = own.isEmpty ? directory.callLines(in: visit.language) : own
        return .page(PocketCardPage(numbers: numbers, path: nil).html(setting(visit)))
    }

    private func text(_ page: TextPage, _ visit: Visit) async throws -> HTML {
        page.html(setting(visit), counts: directory.publicCounts())
    }

    /// At most 100 listings, each once, without the one to remove.
    private func picked(_ visit: Visit) async throws -> [Card] {
        let removed = visit.form.values("remove")
        var seen: Set<String> = []
        let ids = visit.form.values("service").filter { !removed.contains($0) && seen.insert($0).inserted }
        return try await directory.cards(ids.prefix(100).compactMap(Identifier<Record>.init))
    }

    private func id(_ visit: Visit) throws -> Identifier<Record> {
        guard let id = visit.parameters["id"].flatMap(Identifier<Record>.init) else { throw NotFound() }
        return id
    }
}

extension Directory {
    /// The lines of the whole province or country with a number, confirmed ones first. What is open is said only where it
    /// holds for the day, since their pages stand for one.
    func linesAsResults() -> [Findings.Result] {
        Finder(gazetteer: data.gazetteer, thesaurus: data.thesaurus, hours: hoursCache).lines(in: index, now: now)
            .sorted { ($0.card.phoneIsConfirmed ? 0 : 1, $0.card.id) < ($1.card.phoneIsConfirmed ? 0 : 1, $1.card.id) }
            .map { result in
                var result = result
                let isOpen = hoursCache.hours(result.card.hours)?.isOpenAllWeek(from: now.day) ?? false
                result.opening = isOpen ? .open(until: nil) : .unknown
                return result
            }
    }

    /// The same as numbers for the head of every page.
    package func callLines(in language: Language) -> [CallLine] {
        keptLines.value(language.code, as: [change, now.day.number]) {
            linesAsResults().prefix(3).map { CallLine(name: $0.card.name(in: language), number: $0.card.phone) }
        }
    }

    /// How many organizations and services everybody can find.
    func publicCounts() -> (organizations: Int, services: Int) {
        (index.count(of: "kind:organization"), index.count(of: "kind:service"))
    }
}
