import Foundation
package import Kernel
import Search

/// What Landscape asks of the Directory: services that somebody should know of before beginning something like them.
package struct ProgramLookup: Sendable {
    package struct Program: Sendable {
        package let id: String
        package let name: String
        package let organization: String?

        package init(id: String, name: String, organization: String?) {
            self.id = id
            self.name = name
            self.organization = organization
        }
    }

    package static let most = 5

    let like: @Sendable (_ text: String, Language) async throws -> [Program]

    package init(like: @escaping @Sendable (String, Language) async throws -> [Program]) { self.like = like }
}

/// Work that somebody should know of before beginning something like it.
struct LikeWork: Sendable, Equatable {
    /// A proposal is an action that the coordinator has not agreed to: it has no public page.
    enum Kind: Sendable { case action, proposal, finding, initiative }

    let kind: Kind
    let id: String
    let text: String
    /// Words that count too, but are not shown.
    let more: String
    /// False where it is written in another language, or nobody says.
    let isEnglish: Bool
}

/// Work that is known, told by the words it shares with what somebody means to begin. A word counts the more the fewer texts
/// have it; words are compared by their first five letters, so that `train` meets `training`.
struct WorkIndex: Sendable {
    private let known: [(work: LikeWork, stems: Set<String>)]
    private let counts: [String: Int]

    static let most = 6
    /// The share of the weight of the typed words that a text must have.
    static let least = 0.3

    init(_ works: [LikeWork]) {
        known = works.map { ($0, Self.stems($0.text + " " + $0.more)) }
        counts = known.reduce(into: [:]) { counts, work in for stem in work.stems { counts[stem, default: 0] += 1 } }
    }

    static func stems(_ text: String) -> Set<String> {
        Set(SearchText.words(of: text).filter { !SearchText.isOnlyStopWords([$0]) }.map { String($0.prefix(5)) })
    }

    func like(_ text: String) -> [LikeWork] {
        let typed = Self.stems(text)
        let whole = typed.reduce(0) { $0 + weight($1) }
        guard whole > 0 else { return [] }
        let scored = known.map { work, stems in
            (work: work, score: typed.intersection(stems).reduce(0) { $0 + weight($1) } / whole)
        }
        return scored.filter { $0.score >= Self.least }.sorted { ($1.score, $0.work.id) < ($0.score, $1.work.id) }
            .prefix(Self.most).map(\.work)
    }

    private func weight(_ stem: String) -> Double { log(Double(known.count + 2) / Double((counts[stem] ?? 0) + 1)) }
}
