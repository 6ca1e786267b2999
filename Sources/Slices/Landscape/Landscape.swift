package import Foundation
package import Kernel
package import Storage

/// What is known of the region's work against trafficking: who does what where, what is missing, what was decided, who answers
/// for it, and what changed. The verbs of each noun stand in its folder.
package struct Landscape: Sendable {
    let database: any Database
    let world: World
    let rooms: Rooms
    let pace = Pace()
    let traces = Traces()
    let library: ScanLibrary
    let region: RegionLookup

    package init(database: any Database, world: World, library: ScanLibrary, region: RegionLookup) {
        self.database = database
        self.world = world
        rooms = Rooms { id, number in try await database.read { try WorkshopStore($0).news(of: id, after: number) } }
        self.library = library
        self.region = region
    }

    /// Where this slice's texts lie: a folder for each of its nouns that has pages.
    package static var strings: [URL] {
        let folder = Bundle.module.url(forResource: "Strings", withExtension: nil)
        return ["Scan", "Workshops", "Coding", "Votes", "Plan", "Initiatives", "Evaluation"].compactMap {
            folder?.appending(path: $0)
        }
    }

    /// Puts the region's own scan into an empty landscape; what is there already stays as it is.
    /// - Parameter folder: the region's data set, such as `Data/bc`.
    package func load(region folder: URL) async throws {
        try await loadBaseline(region: folder)
    }

    /// Once a second: whoever watches a workshop sees what other nodes wrote.
    package func turn() async {
        await rooms.turn()
        if traces.isDue() { await traces.remove(from: database) }
    }

    /// At once, when another node said that something changed.
    package func lookAround() async { await rooms.lookEverywhere() }

    /// Ends what is sent live, so that a server that was told to stop can.
    package func endLive() async { await rooms.end() }
}
