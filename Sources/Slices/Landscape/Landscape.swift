package import Foundation
package import Kernel
package import Storage

/// What is known of the region's work against trafficking: who does what where, what is missing, what was decided, who answers
/// for it, and what changed. The verbs of each noun stand in its folder.
package struct Landscape: Sendable {
    let database: any Database
    let world: World
    let library: ScanLibrary
    let region: RegionLookup
    let ballots: BallotBox
    let colleagues: Colleagues
    let programs: ProgramLookup
    /// What people type and read times on.
    let clock: LocalTime
    let rooms: Rooms
    let pace = Pace()
    let traces = Traces()

    /// - Parameters:
    ///   - ballots: seals what voters chose until it is counted.
    ///   - zone: of most of the region; nil for UTC.
    package init(
        database: any Database, world: World, library: ScanLibrary, region: RegionLookup, ballots: BallotBox,
        colleagues: Colleagues, programs: ProgramLookup, zone: Zone?
    ) {
        self.database = database
        self.world = world
        self.library = library
        self.region = region
        self.ballots = ballots
        self.colleagues = colleagues
        self.programs = programs
        clock = LocalTime(zone: zone)
        rooms = Rooms { id, number in try await database.read { try WorkshopStore($0).news(of: id, after: number) } }
    }

    /// Where this slice's texts lie: a folder for each of its nouns that has pages.
    package static var strings: [URL] {
        let folder = Bundle.module.url(forResource: "Strings", withExtension: nil)
        return ["Scan", "Workshops", "Coding", "Votes", "Plan", "Initiatives", "Evaluation"].compactMap {
            folder?.appending(path: $0)
        }
    }

    /// A mark for one form, so that sent twice it counts once.
    func newForm() -> String { hexadecimal(world.randomBytes(16)) }

    /// Puts the region's own scan into an empty landscape; what is there already stays as it is.
    /// - Parameter folder: the region's data set, such as `Data/bc`.
    package func load(region folder: URL) async throws {
        try await loadBaseline(region: folder)
        let folder = folder.appending(path: "landscape")
        try await loadPriorities(from: folder)
        try await loadPlan(from: folder)
    }

    /// Once a second: whoever watches a workshop sees what other nodes wrote, and votes that are over are counted. Now and then
    /// what nobody closed in time is closed. What fails is tried again the next time, a count also by who looks at a vote.
    package func turn() async {
        if await rooms.turn() { try? await closeOverdue() }
        try? await countWhatIsOver()
        if traces.isDue() { await traces.remove(from: database) }
    }

    /// At once, when another node said that something changed.
    package func lookAround() async { await rooms.lookEverywhere() }

    /// Ends what is sent live, so that a server that was told to stop can.
    package func endLive() async { await rooms.end() }
}
