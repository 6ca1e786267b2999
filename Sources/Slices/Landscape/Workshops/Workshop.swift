import Kernel

/// A meeting of the network at which groups say what there is, what is missing, what stands in the way and what could be done.
package struct Workshop: Sendable, Equatable {
    /// How a phone gets in while the workshop is open. Nothing of it is left once it is closed.
    struct Door: Sendable, Equatable {
        let code: JoinCode
        /// What the code to scan, the wall and the live notes are found with: nobody can guess it.
        let room: String
    }

    let id: Identifier<Workshop>
    let title: String
    let heldOn: Day
    let venue: String
    /// Minute of the day on the clock of the room.
    let startsAt: Int
    /// Counted from 1 where a note names one.
    let groups: [String]
    let agenda: [AgendaItem]
    let door: Door?
    /// The number of the newest change of the workshop or of one of its notes.
    let latest: Int
    /// The number of its own newest change.
    let changed: Int
    /// Who was not in the room and what else limits what was found, as the facilitator writes it.
    let absent: String

    /// For so long after its day a workshop that nobody closed lets phones in.
    static let daysAfter = 2

    /// The first day on which its code works, so that the room can be tried and nobody has years to guess.
    var opensOn: Day { heldOn + -1 }

    /// - Parameter today: on the clock of the region.
    func isOpen(on today: Day) -> Bool { door != nil && opensOn <= today && today <= heldOn + Self.daysAfter }

    var running: AgendaItem? { agenda.first { $0.isRunning } }

    /// Nil for a number that no group has.
    func group(_ number: Int) -> String? {
        groups.indices.contains(number - 1) ? groups[number - 1] : nil
    }
}

/// What is done for how long, after the agenda of the network's workshop of 2024.
struct AgendaItem: Sendable, Equatable {
    enum Part: String, Sendable, CaseIterable {
        case welcome, overview, agreement
        case whoWhatWhere = "who-what-where"
        case firstBreak = "first-break"
        case gaps
        case secondBreak = "second-break"
        case barriers, reflections, closing

        /// The three that notes are written in.
        var isActivity: Bool { [.whoWhatWhere, .gaps, .barriers].contains(self) }

        /// As many minutes as it took in 2024.
        var usualMinutes: Int {
            switch self {
            case .welcome: 60
            case .overview: 15
            case .agreement, .firstBreak, .secondBreak: 5
            case .whoWhatWhere: 70
            case .gaps: 50
            case .barriers: 45
            case .reflections: 30
            case .closing: 20
            }
        }

        /// What notes of this activity say; two for the last, which asks for both.
        var kinds: [Finding.Kind] {
            switch self {
            case .whoWhatWhere: [.existing]
            case .gaps: [.gap]
            case .barriers: [.barrier, .opportunity]
            default: []
            }
        }
    }

    let part: Part
    let minutes: Int
    let startedAt: Instant?
    let endedAt: Instant?

    static let longestMinutes = 480
    /// What one press gives a part that runs.
    static let extraMinutes = 5

    var isRunning: Bool { startedAt != nil && endedAt == nil }

    /// When its time is over, while it runs.
    var endsAt: Instant? {
        guard isRunning, let startedAt else { return nil }
        return Instant(seconds: startedAt.seconds + Int64(minutes) * 60)
    }

    /// Minutes before the end at which a facilitator looks at the clock: halfway, and ten and five minutes before.
    var timeChecks: [Int] {
        part.isActivity ? Set([minutes / 2, 10, 5]).filter { $0 > 0 && $0 < minutes }.sorted(by: >) : []
    }
}

/// Six signs that can be said aloud and read from a wall: none looks like another.
struct JoinCode: Sendable, Hashable, CustomStringConvertible {
    static let length = 6
    private static let signs = Array("ACDEFHJKMNPQRTUWXY3479")

    let text: String

    init(_ chance: (Int) -> [UInt8]) {
        var text = ""
        while text.count < Self.length {
            // Of the bytes those that would make some signs likelier than others are left out.
            for byte in chance(16) where byte < 242 && text.count < Self.length {
                text.append(Self.signs[Int(byte) % Self.signs.count])
            }
        }
        self.text = text
    }

    /// Reads what somebody typed, in large or small letters, with or without a space; nil for what is no code.
    init?(_ typed: String) {
        let text = typed.uppercased().filter { !$0.isWhitespace && $0 != "-" }
        guard text.count == Self.length, text.allSatisfy(Self.signs.contains) else { return nil }
        self.text = text
    }

    /// `K7M 3PX`.
    var description: String { "\(text.prefix(3)) \(text.suffix(3))" }
}
