package import Foundation
import Kernel
import Web

extension Start {
    /// Writes or renews the public site in `place`, as `waymark publish` does.
    /// - Parameter address: where the site will be reached, such as `https://help.example.org`; stands in the open data.
    package func publish(
        to place: URL, address: String, isAnew: Bool, say: (String) -> Void = { _ in }
    ) async throws -> PublishReport {
        guard address.hasPrefix("https://") || address.hasPrefix("http://"), !address.hasSuffix("/"),
            let host = URL(string: address)?.host(), !host.isEmpty
        else {
            throw PublishFault("“\(address.prefix(80))” is no address of a site; write it as https://help.example.org.")
        }
        let folder = try SiteFolder(place)
        let mark = FileDigest.of(Array(folder.path.utf8)).prefix(16)
        let work = settings.dataFolder.appending(path: "published")
        let platform = try await platform(
            opensSearch: true, downloadsFolder: work.appending(path: "downloads-\(mark)"), say: say)
        let publication = Publication(
            platform: platform, folder: folder, ledger: try await SiteLedger(work.appending(path: "\(mark).sqlite")),
            key: try SiteKey(in: settings.dataFolder, world), origin: address, now: world.now())
        return try await publication.run(isAnew: isAnew)
    }
}
