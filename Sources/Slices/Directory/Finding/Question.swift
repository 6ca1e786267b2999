package import Kernel

/// What somebody looks for, as they said it. Nothing here is required and nothing is stored.
package struct Question: Sendable, Hashable {
    package var text = ""
    package var near = ""
    package var need = ""
    /// The id of a part of the province: the services that lie in it or serve one of its places. Empty for all listings.
    package var region = ""
    package var population = ""
    package var language = ""
    /// Kilometres around `near`; nil for any distance.
    package var within: Int?
    package var open = ""
    package var isOnline = false
    package var isPeerLed = false
    /// The words as typed: no spelling is put right.
    package var isExact = false
    package var page = 1

    package init() {}

    package static let perPage = 10
    package static let lastPage = 1000
    /// Kilometres that can be chosen.
    package static let distances = [10, 25, 50, 100, 250]

    package var isEmpty: Bool {
        text.isEmpty && near.isEmpty && need.isEmpty && population.isEmpty && language.isEmpty && open.isEmpty
            && region.isEmpty && !isOnline && !isPeerLed
    }
}

/// The answer to a question: the cards of one page, and how each got there.
package struct Findings: Sendable {
    package struct Result: Sendable {
        package let card: Card
        package let kilometres: Double?
        package let servesPlace: Bool
        /// Words of the question that this listing answers.
        package let matched: [String]
        package var opening: OpeningStatus
        package let zone: Zone?
        package let today: Day
    }

    package var question: Question
    package var results: [Result] = []
    package var total = 0
    package var corrections: [(from: String, to: String)] = []
    /// The place the answer was sorted by; nil when none was asked for or known.
    package var place: Gazetteer.Place?
    /// Places the unknown word in `near` may have meant.
    package var suggestions: [Gazetteer.Place] = []
    /// Misspelled words of the question that were read as `place`.
    package var placeReadFrom: String?
    package var nearIsUnknown = false
    /// Lines for the whole province or country and the nearest general help, when there are few results.
    package var always: [Result] = []
    /// The words speak of danger, or all results are far from the place: the lines come before them.
    package var linesComeFirst = false
    /// All results are far from the place.
    package var noneIsNear = false
    package var now: Instant
}
