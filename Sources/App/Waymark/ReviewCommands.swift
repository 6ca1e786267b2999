import ArgumentParser
import Directory
import Formats
import Foundation
import Kernel
import Platform

/// The queue of what providers, visitors, imports and checks say about listings.
struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Look at what is proposed for listings, and accept or refuse it.",
        subcommands: [ReviewList.self, ReviewShow.self, ReviewAccept.self, ReviewRefuse.self])
}

struct ProposalArgument: ParsableArguments {
    @Argument(help: "The proposal's id.")
    var id: String

    func identifier() throws -> Identifier<Proposal> {
        guard let identifier = Identifier<Proposal>(id) else {
            throw ValidationError("“\(id.prefix(40))” is not an id; ids have 36 characters, see `review list`.")
        }
        return identifier
    }
}

struct ReviewList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List proposals, oldest first: id, day, origin, what, listing.")
    @OptionGroup var options: DeskOptions
    @Option(help: "open, accepted, refused or superseded.") var state = "open"
    @Option(help: "At most so many.") var limit = 1000

    func run() async throws {
        guard let state = Proposal.State(rawValue: state) else {
            throw ValidationError("--state is one of open, accepted, refused, superseded.")
        }
        let directory = try await directory()
        var last: Proposal?
        var left = limit
        while left > 0,
            let page = try await directory.queue(state, after: last, limit: min(200, left), for: options.actor)
        {
            for item in page.items { printText(options.json ? item.value.json : item.value.line) }
            left -= page.items.count
            last = page.last
        }
    }
}

struct ReviewShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a proposal: what stood there then, what stands there now, what is proposed.")
    @OptionGroup var options: DeskOptions
    @OptionGroup var proposal: ProposalArgument

    func run() async throws {
        let item = try await directory().proposal(proposal.identifier(), for: options.actor).value
        printText(options.json ? item.json : item.described)
    }
}

struct ReviewAccept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Accept a proposal: a value is written, a duplicate merged, the rest noted.")
    @OptionGroup var options: DeskOptions
    @OptionGroup var proposal: ProposalArgument
    @Option(help: "Where the value comes from; else the proposal's origin and day.") var source: String?
    @Option(help: "A sentence for whoever proposed it.") var reply: String?
    @Flag(help: "Accept although the record changed since.") var anyway = false

    func run() async throws {
        try await directory().accept(
            proposal.identifier(), anyway: anyway, source: source, reply: reply, by: options.actor)
        say("Accepted.")
    }
}

struct ReviewRefuse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refuse", abstract: "Refuse a proposal with a sentence for whoever proposed it.")
    @OptionGroup var options: DeskOptions
    @OptionGroup var proposal: ProposalArgument
    @Option(help: "The sentence; the sender of a report can read it.") var reply: String

    func run() async throws {
        try await directory().refuse(proposal.identifier(), reply: reply, by: options.actor)
        say("Refused.")
    }
}

extension ReviewItem {
    fileprivate var line: String {
        let what = proposal.topic == .value ? "\(proposal.kind.rawValue).\(proposal.field)" : proposal.topic.rawValue
        let mark = isOvertaken ? "  [changed since]" : ""
        return "\(proposal.id)  \(proposal.receivedOn)  \(proposal.origin.rawValue)  \(what)  \(listing)\(mark)"
    }

    fileprivate var described: String {
        var lines = [
            line, "about     \(proposal.kind.rawValue) \(proposal.record)", "state     \(proposal.state.rawValue)",
        ]
        let values = [
            ("then", proposal.valueThen), ("now", valueNow), ("proposed", proposal.proposed), ("note", proposal.note),
            ("decided", proposal.decidedOn.map { "\($0) by \(proposal.decidedBy ?? "")" }), ("reply", proposal.reply),
        ]
        for (name, value) in values {
            let isDiff = ["then", "now", "proposed"].contains(name) && proposal.topic == .value
            guard value != nil || isDiff else { continue }
            lines.append(name.padding(toLength: 10, withPad: " ", startingAt: 0) + Self.harmless(value ?? "(none)"))
        }
        return lines.joined(separator: "\n")
    }

    /// Text of strangers cannot move the cursor, colour the terminal or turn the line round.
    private static func harmless(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control where scalar != "\n": "\u{fffd}"
                    case .format: "\u{fffd}"
                    default: scalar
                    }
                }))
    }

    fileprivate var json: String {
        jsonLine { json in
            json.member("id", proposal.id.description)
            json.member("kind", proposal.kind.rawValue)
            json.member("record_id", proposal.record.description)
            json.member("field", proposal.field.isEmpty ? nil : proposal.field)
            json.member("topic", proposal.topic.rawValue)
            json.member("listing", listing)
            json.member("then", proposal.valueThen)
            json.member("now", valueNow)
            json.member("proposed", proposal.proposed)
            json.key("changed_since")
            json.boolean(isOvertaken)
            json.member("origin", proposal.origin.rawValue)
            json.member("note", proposal.note)
            json.member("state", proposal.state.rawValue)
            json.member("reply", proposal.reply)
            json.member("received_on", proposal.receivedOn.description)
            json.member("decided_on", proposal.decidedOn?.description)
            json.member("decided_by", proposal.decidedBy)
        }
    }
}
