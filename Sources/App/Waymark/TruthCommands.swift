import ArgumentParser
import Directory
import Formats
import Foundation
import Kernel
import Platform

/// Who is asking, for verbs about more than one kind of record.
struct DeskOptions: ParsableArguments {
    @OptionGroup var desk: RoleOption

    @Flag(help: "Print JSON.")
    var json = false

    var actor: Actor { desk.actor }
}

struct Ask: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a link by which a provider confirms or corrects its listing without an account.",
        discussion: "The link works once and for 30 days. It is printed only now: send it to the provider alone.")
    @OptionGroup var options: RecordOptions
    @OptionGroup var record: RecordArgument
    @Option(help: "Language of the page.") var language = "en"
    @Option(help: "Address of your site, such as https://help.example.org.") var site = ""

    func run() async throws {
        guard ["en", "fr"].contains(language) else { throw ValidationError("--language is one of en, fr.") }
        guard site.isEmpty || site.hasPrefix("https://") || site.hasPrefix("http://") else {
            throw ValidationError("--site is the address of your site, such as https://help.example.org.")
        }
        let secret = try await directory().ask(options.recordKind(), record.identifier(), by: options.actor)
        let start = site.hasSuffix("/") ? String(site.dropLast()) : site
        printText("\(start)/\(language)/listing/\(secret)")
    }
}

struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show every change of a record and all under it: day, role, old and new value.")
    @OptionGroup var options: RecordOptions
    @OptionGroup var record: RecordArgument

    func run() async throws {
        let entries = try await directory().history(options.recordKind(), record.identifier(), for: options.actor)
        for entry in entries {
            guard options.json else {
                let what = "\(entry.kind.rawValue) \(entry.record) \(entry.field)"
                printText("\(entry.day)  \(entry.by)  \(what): \(entry.previous) → \(entry.replacement)")
                continue
            }
            printText(
                jsonLine { json in
                    json.member("last_action_date", entry.day)
                    json.member("last_action_type", entry.action)
                    json.member("resource_type", entry.kind.rawValue)
                    json.member("resource_id", entry.record.description)
                    json.member("field_name", entry.field)
                    json.member("previous_value", entry.previous)
                    json.member("replacement_value", entry.replacement)
                    json.member("updated_by", entry.by)
                })
        }
    }
}

struct Merge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make two records of one kind one; the lost one's address leads to the kept one.")
    @OptionGroup var options: RecordOptions
    @Argument(help: "The id of the record that stays.") var keep: RecordId
    @Argument(help: "The id of the record that goes.") var lose: RecordId

    func run() async throws {
        try await directory().merge(options.recordKind(), keeping: keep.id, losing: lose.id, by: options.actor)
        say("Merged.")
    }
}

struct RecordId: ExpressibleByArgument {
    let id: Identifier<Record>

    init?(argument: String) {
        guard let id = Identifier<Record>(argument) else { return nil }
        self.id = id
    }
}

struct Duplicates: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List listings that may be the same one twice, the surest first, with the reasons.")
    @OptionGroup var options: DeskOptions
    @Flag(help: "Put them into the review queue, where accepting one merges it.") var propose = false

    func run() async throws {
        let directory = try await directory()
        if propose {
            let count = try await directory.proposeDuplicates(by: options.actor)
            return say("\(count) in the queue.")
        }
        for pair in try await directory.duplicates(for: options.actor) {
            let reasons = pair.reasons.map(\.rawValue)
            guard options.json else {
                printText(
                    "\(pair.score)  \(pair.kind.rawValue)  \(reasons.joined(separator: ", "))\n"
                        + "    keep \(pair.keep)  \(pair.keepName)\n    lose \(pair.lose)  \(pair.loseName)")
                continue
            }
            printText(
                jsonLine { json in
                    json.key("score")
                    json.integer(pair.score)
                    json.member("kind", pair.kind.rawValue)
                    json.member("keep", pair.keep.description)
                    json.member("keep_name", pair.keepName)
                    json.member("lose", pair.lose.description)
                    json.member("lose_name", pair.loseName)
                    json.key("reasons")
                    json.array { json in
                        for reason in reasons { json.text(reason) }
                    }
                })
        }
    }
}

struct LinksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "links", abstract: "Look whether links of public listings still lead somewhere.",
        subcommands: [LinksCheck.self])
}

struct LinksCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Ask each link politely; one that fails on three days goes into the review queue.",
        discussion: "One request per host every five seconds. Nothing is removed from a listing.")
    @OptionGroup var options: DeskOptions
    @Option(help: "At most so many links, those longest not looked at first.") var limit = 100

    func run() async throws {
        guard limit > 0, limit <= 100_000 else { throw ValidationError("--limit is from 1 to 100000.") }
        let report = try await directory().checkLinks(limit: limit, with: .live(.live), by: options.actor)
        let counts = [
            ("alive", report.alive), ("dead", report.dead), ("left_alone", report.leftAlone),
            ("unsure", report.unsure), ("proposed", report.proposed),
        ]
        guard options.json else {
            return printText(counts.map { "\($0.0.replacing("_", with: " ")) \($0.1)" }.joined(separator: "\n"))
        }
        printText(
            jsonLine { json in
                for (name, count) in counts {
                    json.key(name)
                    json.integer(count)
                }
            })
    }
}

struct Stale: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show who owes what: listings not checked for 6 or 12 months, open proposals, unanswered links.")
    @OptionGroup var options: DeskOptions
    @Flag(help: "Show organizations that owe nothing too.") var all = false

    func run() async throws {
        let rows = try await directory().staleBoard(for: options.actor).filter { all || !$0.owesNothing }
        if !options.json {
            printText(
                "listings  never  over 6  over 12  proposals  oldest      links  oldest      conflicts  2nd check")
        }
        for row in rows { printText(options.json ? row.json : row.line) }
    }
}

extension StaleRow {
    fileprivate var line: String {
        let cells = [
            ("\(listings)", 8), ("\(neverChecked)", 5), ("\(overSixMonths)", 6), ("\(overTwelveMonths)", 7),
            ("\(openProposals)", 9), (oldestProposal?.description ?? "-", 10), ("\(unansweredLinks)", 5),
            (oldestUnanswered?.description ?? "-", 10), ("\(conflicts)", 9), ("\(waitingForSecondCheck)", 9),
        ]
        let padded = cells.map { text, width in String(repeating: " ", count: max(0, width - text.count)) + text }
        return padded.joined(separator: "  ") + "  \(organization)  \(name)"
    }

    fileprivate var json: String {
        jsonLine { json in
            json.member("organization", organization.description)
            json.member("name", name)
            for (key, count) in [
                ("listings", listings), ("never_checked", neverChecked), ("over_6_months", overSixMonths),
                ("over_12_months", overTwelveMonths), ("open_proposals", openProposals),
                ("unanswered_links", unansweredLinks), ("conflicts", conflicts),
                ("waiting_for_second_check", waitingForSecondCheck),
            ] {
                json.key(key)
                json.integer(count)
            }
            json.member("oldest_proposal", oldestProposal?.description)
            json.member("oldest_unanswered_link", oldestUnanswered?.description)
        }
    }
}

func jsonLine(_ body: (inout JSONText) -> Void) -> String {
    var json = JSONText()
    json.object(body)
    return json.string
}
