import Directory
package import Foundation
import Kernel
import Web

extension Platform {
    /// Writes or renews the public site in `place`. Search and open data must be open.
    /// - Parameters:
    ///   - address: where the site will be reached, such as `https://help.example.org`; stands in the open data.
    ///   - dataFolder: keeps the signing key and what is known of each published site.
    ///   - isAnew: writes every file even when it seems to be there.
    package func publish(
        to place: URL, address: String, dataFolder: URL, isAnew: Bool = false
    ) async throws -> PublishReport {
        guard address.hasPrefix("https://") || address.hasPrefix("http://"), !address.hasSuffix("/"),
            let host = URL(string: address)?.host(), !host.isEmpty
        else {
            throw PublishFault("“\(address.prefix(80))” is no address of a site; write it as https://help.example.org.")
        }
        let folder = try SiteFolder(place)
        let ledger = dataFolder.appending(path: "published/\(FileDigest.of(Array(folder.path.utf8)).prefix(16)).sqlite")
        let publication = Publication(
            platform: self, folder: folder, ledger: try await SiteLedger(ledger),
            key: try NodeKey(in: dataFolder, world),
            origin: address, now: world.now())
        return try await publication.run(isAnew: isAnew)
    }
}

extension Start {
    /// The same with the settings' data folder, beside a running server or without one.
    package func publish(
        to place: URL, address: String, isAnew: Bool, say: (String) -> Void = { _ in }
    ) async throws -> PublishReport {
        let downloads = settings.dataFolder.appending(path: "published/downloads-\(world.newUUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: downloads) }
        let platform = try await platform(opensSearch: true, downloadsFolder: downloads, say: say)
        if !platform.directory.documentsAreReady { try await platform.directory.fillDocuments() }
        return try await platform.publish(to: place, address: address, dataFolder: settings.dataFolder, isAnew: isAnew)
    }
}
