import ArgumentParser
import Intake
import Platform

/// What the server's administrator does with the files of people: lets time have its way. Opens no content.
struct FileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "file", abstract: "Let grants expire and forgotten files go.", subcommands: [FileSweep.self])
}

struct FileSweep: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "End grants that are over; announce files that nobody used for 180 days; destroy them 30 days later.",
        discussion: "A running server does the same every minute.")

    func run() async throws {
        let swept = try await Start(settings()).platform().intake.sweep()
        say("\(swept.expired) grants are over, \(swept.announced) files announced, \(swept.destroyed) destroyed.")
    }
}
