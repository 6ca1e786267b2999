import Accounts
import ArgumentParser
import Foundation
import Kernel
import Platform

/// What the server's administrator does with accounts: begin the network's first desk. Opens no content.
struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Invite the first worker of a desk; let unused accounts rest.",
        subcommands: [AccountInvite.self, AccountSweep.self])
}

struct AccountInvite: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Print a one-time link by which somebody comes to lead an organization's desk.",
        discussion: "The link works once and for 7 days. It is printed only now: hand it over yourself.")
    @OptionGroup var options: DeskOptions
    @Argument(help: "Id of the organization in the Directory.") var organization: String
    @Option(help: ArgumentHelp("What they do: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")) var role =
        "coordinator"
    @Flag(
        help: "Give the desk another key: only where nobody holds its own any more. What was shared with it stays shut."
    )
    var newKey = false
    @Option(help: "Language of the page.") var language = "en"
    @Option(help: "Address of your site, such as https://help.example.org.") var site = ""

    func run() async throws {
        guard let role = Role(rawValue: role) else {
            throw ValidationError("--role is one of \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let secret = try await Start(settings()).platform().accounts
            .inviteDesk(organization, role, beginsAnew: newKey, by: options.actor)
        let start = site.hasSuffix("/") ? String(site.dropLast()) : site
        printText("\(start)/\(language)/invitations/\(secret)")
    }
}

struct AccountSweep: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "End stays that are over; let accounts rest that nobody used for 90 days.")

    func run() async throws {
        let count = try await Start(settings()).platform().accounts.sweep()
        say("\(count) accounts rest now.")
    }
}
