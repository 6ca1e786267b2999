import Formats
import Kernel

/// Sorts the drafts of a batch by what has to be done with them.
struct ImportSorting {
    private let run: Int
    private let source: String
    private var known: [RecordKey: ImportStore.Known]
    private let there: Set<RecordKey>
    private var places: [RecordKey: Int] = [:]
    private(set) var new: [ImportedDraft] = []
    private(set) var changed: [ImportedDraft] = []
    /// Named before in this file, in an earlier batch, and not in the same words.
    private(set) var again: [ImportedDraft] = []
    /// Of records that the network keeps itself.
    private(set) var own: [ImportedDraft] = []
    private(set) var seen: [RecordKey] = []
    private(set) var rejected: [(ImportedDraft, String)] = []

    /// - Parameter own: which unknown keys have a record, one that did not come from a file.
    init(run: Int, source: String, known: [RecordKey: ImportStore.Known], own there: Set<RecordKey>) {
        self.run = run
        self.source = source
        self.known = known
        self.there = there
    }

    mutating func sort(_ draft: ImportedDraft) {
        let key = draft.key
        if there.contains(key) { return own.append(draft) }
        guard let before = known[key] else {
            places[key] = new.count
            new.append(draft)
            return remember(draft)
        }
        if before.source != source { return reject(draft, "its id belongs to a record of another source") }
        if before.run == run { return sortAgain(draft, before) }
        if before.digest == draft.digest || before.isWhole && !draft.isWhole {
            seen.append(key)
            known[key]?.run = run
            return
        }
        changed.append(draft)
        remember(draft)
    }

    /// The file named this record before. What it says more is added; a whole record that says otherwise is another one.
    private mutating func sortAgain(_ draft: ImportedDraft, _ before: ImportStore.Known) {
        if before.digest == draft.digest { return }
        guard let place = places[draft.key] else {
            again.append(draft)
            return
        }
        if !new[place].contradicts(draft) {
            new[place].fill(from: draft)
        } else if draft.isWhole {
            if before.isWhole { return reject(draft, Self.reused) }
            new[place] = draft
            remember(draft)
        }
    }

    static let reused = "the file uses this id for another record too"

    private mutating func reject(_ draft: ImportedDraft, _ reason: String) { rejected.append((draft, reason)) }

    private mutating func remember(_ draft: ImportedDraft) {
        known[draft.key] = ImportStore.Known(
            source: source, digest: draft.digest, isWhole: draft.isWhole, run: run)
    }
}

extension RecordKind {
    /// Kinds that others point to come first.
    var rank: Int { Self.ranks[self] ?? 0 }

    private static let ranks = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
}
