import Kernel
import Web

/// Lists of a region: to look at, to save as one file, to keep on a phone, and the way to have nothing kept.
struct ListRoutes: Sendable {
    let directory: Directory
    let setting: @Sendable (Visit) -> PageSetting

    typealias Making = @Sendable (Visit) async throws -> HTML

    /// - Parameter kept: makes of a page an answer that is kept until the next change or day.
    func declare(
        in routes: inout RouteTable.PublicRoutes,
        _ kept: (@escaping Making) -> @Sendable (Visit) async throws -> Reply
    ) {
        let regions = directory.data.gazetteer.listRegions
        routes.page(
            [.get], "lists", publishing: .once, kept { [setting] in ListsPage(regions: regions).html(setting($0)) })
        routes.page(
            [.get], "lists/:region", publishing: .named { regions.map(\.id) },
            kept { visit in try page(visit.parameters["region"] ?? "").html(setting(visit)) })
        routes.page([.get], "stick/:name", publishing: .named { ["index.html"] + regions.map { $0.id + ".html" } }) {
            try stick($0, regions)
        }
        routes.page([.get], "forget", publishing: .once) { [setting] visit in
            var reply = Reply.page(ForgetPage().html(setting(visit)))
            // Another site must not wipe what somebody keeps.
            reply.clearsTraces = !visit.isFromAnotherSite
            return reply
        }
    }

    private func page(_ region: String) throws -> RegionListPage {
        guard let list = directory.list(of: region) else { throw NotFound() }
        return RegionListPage(list: list, hours: directory.hoursCache)
    }

    private func stick(_ visit: Visit, _ regions: [Gazetteer.Place]) throws -> Reply {
        let (name, setting) = (visit.parameters["name"] ?? "", setting(visit))
        guard name.hasSuffix(".html") else { throw NotFound() }
        if name == "index.html" {
            let page = StickPage(regions: regions, others: setting.frame.languages, today: visit.now.day)
            return .page(page.html(setting))
        }
        var reply = Reply.page(try page(String(name.dropLast(5))).file(setting))
        reply.savedAs = name
        return reply
    }
}
