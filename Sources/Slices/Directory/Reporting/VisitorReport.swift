import Formats
import Kernel
import Storage
import Synchronization
import Web

/// What a visitor says is wrong with a listing. Nothing about the visitor.
struct VisitorReport: Sendable {
    var topic: Proposal.Topic?
    var note = ""

    static let topics: [(topic: Proposal.Topic, label: DirectoryPhrase)] = [
        (.number, .reportNumber), (.moved, .reportMoved), (.closed, .reportClosed), (.unsafe, .reportUnsafe),
        (.other, .reportOther),
    ]
    static let longestNote = 1000

    init() {}

    init(form: FormFields) {
        let named = form.value("what").flatMap(Proposal.Topic.init)
        topic = Self.topics.map(\.topic).first { $0 == named }
        note = form.value("note") ?? ""
    }

    var problems: Problems {
        var problems = Problems()
        if topic == nil { problems.add("what", "required") }
        if note.unicodeScalars.count > Self.longestNote { problems.add("note", "too-long") }
        return problems
    }
}

/// How many reports are taken in all, whoever sends them: a shelter where thirty people share one address is never stopped by
/// it. Counts alone are kept, in memory.
final class ReportPace: Sendable {
    static let perHour = 60
    static let openPerListing = 20

    private let counted = Mutex<(hour: Int64, count: Int)>((0, 0))

    /// False when this hour has had its number.
    func take(at now: Instant) -> Bool {
        counted.withLock { counted in
            let hour = now.seconds / 3600
            if counted.hour != hour { counted = (hour, 0) }
            counted.count += 1
            return counted.count <= Self.perHour
        }
    }
}

/// What became of a report.
package struct ReportAnswer: Sendable, Equatable {
    package let state: Proposal.State
    package let reply: String?
}

extension Directory {
    /// Keeps a report of a visible listing: what, the sentence, and the day. Throws `Problems`, or a refusal when there are too
    /// many.
    func report(_ report: VisitorReport, on kind: RecordKind, _ id: Identifier<Record>) async throws -> Receipt {
        try report.problems.check()
        guard let topic = report.topic else { throw DirectoryRefusal.notFound }
        _ = try await listing(kind, id, for: .visitor)
        guard reportPace.take(at: world.now()) else { throw DirectoryRefusal.reportsPaused }
        let receipt = Receipt(world.randomBytes)
        try await changesUnasked(by: .visitor) { changes in
            let open = try ProposalStore(changes.store.transaction).openCount(.visitor, about: id)
            guard open < ReportPace.openPerListing else { throw DirectoryRefusal.reportsEnough }
            let draft = ProposalDraft(
                kind, id, about: topic, from: .visitor, note: report.note.isEmpty ? nil : report.note)
            try changes.propose(draft, receipt: receipt.digest)
        }
        return receipt
    }

    /// A receipt that leads nowhere, for whatever filled in the field that nobody sees.
    func emptyReceipt() -> Receipt { Receipt(world.randomBytes) }

    /// What became of the report with this receipt, as its sender typed it; nil when there is none.
    package func reportAnswer(_ typed: String) async throws -> ReportAnswer? {
        guard let receipt = Receipt(typed: typed) else { return nil }
        return try await database.read { transaction in
            try ProposalStore(transaction).proposal(receipt: receipt.digest).map {
                ReportAnswer(state: $0.state, reply: $0.reply)
            }
        }
    }
}
