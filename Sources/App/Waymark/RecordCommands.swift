import ArgumentParser
import Directory
import Formats
import Foundation
import Kernel
import Platform

/// What staff do with a record, for now from the command line.
struct ServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service", abstract: "List, show and correct services.", subcommands: staffVerbs + [Ask.self])
}

struct OrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organization", abstract: "List, show and correct organizations.",
        subcommands: staffVerbs + [Ask.self])
}

struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "List, show and correct any kind of record (--kind).", subcommands: staffVerbs)
}

private let staffVerbs: [any ParsableCommand.Type] = [
    List.self, Show.self, Edit.self, EditLines.self, Withhold.self, Confirm.self, SecondCheck.self, NameSteward.self,
    History.self, Merge.self,
]

/// Which kind of record, who is asking, and how to print.
struct RecordOptions: ParsableArguments {
    @Option(help: "The HSDS kind of the record, such as service, organization, phone, location.")
    var kind: String?

    @OptionGroup var desk: RoleOption

    @Flag(help: "Print JSON.")
    var json = false

    /// `--kind`, else what the command before says: `waymark service show` is about services.
    func recordKind() throws -> RecordKind {
        let spoken = kind ?? CommandLine.arguments.dropFirst().first ?? ""
        guard let kind = RecordKind(rawValue: spoken) else {
            throw ValidationError("There is no kind of record called “\(kind ?? "")”; try --kind service.")
        }
        return kind
    }

    var actor: Actor { desk.actor }
}

struct RecordArgument: ParsableArguments {
    @Argument(help: "The record's id.")
    var id: String

    func identifier() throws -> Identifier<Record> {
        guard let identifier = Identifier<Record>(id) else {
            throw ValidationError("“\(id.prefix(40))” is not an id; ids have 36 characters, see `list`.")
        }
        return identifier
    }
}

func directory() async throws -> Directory { try await Start(settings()).platform().directory }

struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List records: id and name.")
    @OptionGroup var options: RecordOptions
    @Option(help: "At most so many.") var limit = 1000

    func run() async throws {
        let directory = try await directory()
        var last: Identifier<Record>?
        var left = limit
        while left > 0 {
            let page = try await directory.list(
                options.recordKind(), after: last, limit: min(500, left), for: options.actor)
            guard let end = page.last else { break }
            for listing in page {
                printText(options.json ? listing.json : "\(listing.value.record.id)  \(listing.headline)")
            }
            last = end.value.record.id
            left -= page.count
        }
    }
}

struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a record with all under it, who may see each field, and where it comes from.")
    @OptionGroup var options: RecordOptions
    @OptionGroup var record: RecordArgument

    func run() async throws {
        let listing = try await directory().listing(
            options.recordKind(), record.identifier(), for: options.actor)
        printText(options.json ? listing.json : listing.described)
    }
}

struct Edit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Give a field a new value with its source.")
    @OptionGroup var options: RecordOptions
    @OptionGroup var record: RecordArgument
    @Argument(help: "The field's HSDS name.") var field: String
    @Argument(help: "The new value; leave out with --remove.") var value: String?
    @Flag(help: "Take the value away.") var remove = false
    @Option(help: "Where the new value comes from.") var source: String

    func run() async throws {
        let kind = try options.recordKind()
        guard (value == nil) == remove else { throw ValidationError("Give either a value or --remove.") }
        let fieldValue = try value.map { try typed($0, of: field, kind) }
        try await directory().edit(
            kind, record.identifier(), field: field, to: fieldValue, source: source, by: options.actor)
        say("Kept. The fact needs a new check.")
    }
}

/// A value as it is typed, as the field has it.
private func typed(_ text: String, of field: String, _ kind: RecordKind) throws -> FieldValue {
    guard kind.object.field(field)?.form == .number else { return .text(text) }
    guard let number = Double(text) else { throw ValidationError("\(field) is a number.") }
    return .number(number)
}

struct EditLines: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit-lines",
        abstract:
            "Give many fields new values, one after the other: lines of id, field and value, with tabs between them.",
        discussion: """
            Each line is a change of its own, and its number is printed once it is kept. A line that is not kept is said with \
            the reason, and the next one follows; the exit code is 1 then.
            """)
    @OptionGroup var options: RecordOptions
    @Option(help: "Where the new values come from.") var source: String

    func run() async throws {
        let kind = try options.recordKind()
        let directory = try await directory()
        var (number, refused) = (0, 0)
        while let line = readLine() {
            number += 1
            do {
                let parts = line.split(separator: "\t", maxSplits: 2).map(String.init)
                guard parts.count == 3, let id = Identifier<Record>(parts[0]) else {
                    throw ValidationError("A line is an id, a field and a value, with tabs between them.")
                }
                let value = try typed(parts[2], of: parts[1], kind)
                try await directory.edit(kind, id, field: parts[1], to: value, source: source, by: options.actor)
                printText("\(number)")
            } catch {
                refused += 1
                say("Line \(number): \(error)")
            }
        }
        if refused > 0 { throw ExitCode(1) }
    }
}

struct Withhold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Set who may see a field, or the whole record with no field: public, partner, vetted, nobody.")
    @OptionGroup var options: RecordOptions
    @OptionGroup var record: RecordArgument
    @Argument(help: "The field's HSDS name; leave out for the whole record.") var field: String?
    @Option(name: .customLong("for"), help: "The widest circle that may see it.") var audience = "nobody"

    func run() async throws {
        guard let audience = Audience(rawValue: audience) else {
            throw ValidationError("--for is one of public, partner, vetted, nobody.")
        }
        try await directory().setAudience(
            audience, options.recordKind(), record.identifier(), field: field ?? "", by: options.actor)
        say("Kept.")
    }
}

struct Confirm: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Record that you checked a field, or the listing with no field.")
    @OptionGroup var options: RecordOptions
    @OptionGroup var record: RecordArgument
    @Argument(help: "The field's HSDS name; leave out for the listing.") var field: String?

    func run() async throws {
        try await directory().check(
            options.recordKind(), record.identifier(), field: field ?? "", as: options.desk.role, second: false,
            by: options.actor)
        say("Kept. A second check by somebody else makes it confirmed.")
    }
}

struct SecondCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "second-check", abstract: "Record the second check by another role; the fact is then confirmed.")
    @OptionGroup var options: RecordOptions
    @OptionGroup var record: RecordArgument
    @Argument(help: "The field's HSDS name; leave out for the listing.") var field: String?

    func run() async throws {
        try await directory().check(
            options.recordKind(), record.identifier(), field: field ?? "", as: options.desk.role, second: true,
            by: options.actor)
        say("Kept. The fact is confirmed.")
    }
}

struct NameSteward: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "steward", abstract: "Name the Nation or community whose record this is.")
    @OptionGroup var options: RecordOptions
    @OptionGroup var record: RecordArgument
    @Argument(help: "The Nation's or community's name, as they write it.") var name: String
    @Flag(help: "Publishing needs their permission first: hide it from the public until then.") var ask = false

    func run() async throws {
        let steward = Steward(name: name, permission: ask ? .ask : .open)
        try await directory().setSteward(steward, options.recordKind(), record.identifier(), by: options.actor)
        say("Kept.")
    }
}
