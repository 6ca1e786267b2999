import ArgumentParser
import Foundation
import Kernel
import Platform
import Web

@main
struct Waymark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waymark",
        abstract: "The shared desk of a regional network against human trafficking.",
        subcommands: [
            Serve.self, ServiceCommand.self, OrganizationCommand.self, RecordCommand.self, ReviewCommand.self,
            Stale.self, Duplicates.self, LinksCommand.self, Import.self, FollowCommand.self, Export.self,
            Publish.self, Validate.self, ScanCommand.self, ReportCommand.self, CodingCommand.self, AccountCommand.self,
            FileCommand.self, Check.self, Doctor.self, Demo.self,
            Routes.self, MigrateDatabase.self, Backup.self, Restore.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            exit(withError: code)
        } catch let sentence as any CustomStringConvertible & Error where !(sentence is CleanExit) && isOurs(sentence) {
            FileHandle.standardError.write(Data("waymark: \(sentence.description)\n".utf8))
            exit(withError: ExitCode.failure)
        } catch {
            exit(withError: error)
        }
    }

    /// Errors with a sentence of their own, as against those of the argument parser.
    private static func isOurs(_ error: any Error) -> Bool {
        !String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}

/// The settings of this process.
func settings() throws -> Settings {
    try Settings(
        environment: ProcessInfo.processInfo.environment,
        workingFolder: URL(filePath: FileManager.default.currentDirectoryPath))
}

func say(_ sentence: String) {
    FileHandle.standardError.write(Data("\(sentence)\n".utf8))
}

func printText(_ text: String) { printBytes(Array("\(text)\n".utf8)) }

/// Writes to standard output. Where that is full or broken the program ends with one sentence, and with it any
/// transaction that is open, which then leaves everything as it was.
func printBytes(_ bytes: [UInt8]) {
    var done = 0
    while done < bytes.count {
        let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress?.advanced(by: done), $0.count - done) }
        if count < 0, errno == EINTR { continue }
        if count < 0 {
            let reason = errno == ENOSPC ? "the disk is full" : String(cString: strerror(errno))
            say("waymark: The output could not be written: \(reason).")
            exit(EXIT_FAILURE)
        }
        done += count
    }
}

/// Who acts: a role, such as `intake` or `second-desk`. It is kept for ever, so it must not look like somebody's name.
struct RoleOption: ParsableArguments {
    @Option(
        name: .customLong("as"), help: "Your role, kept in the audit chain; never a person's name. (default: desk)",
        transform: Self.name)
    var role = "desk"

    var actor: Actor { .commandLine(role) }

    private static func name(_ text: String) throws -> String {
        let isRole =
            (1...40).contains(text.utf8.count) && text.utf8.first.map { 97...122 ~= $0 } == true
            && text.utf8.allSatisfy { 97...122 ~= $0 || 48...57 ~= $0 || $0 == 45 }
        guard isRole else {
            throw ValidationError("A role is named with up to 40 small letters, digits and dashes, such as intake.")
        }
        return text
    }
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the site on http://127.0.0.1:8080 (PORT, WAYMARK_DATA and WAYMARK_REGION override).")

    func run() async throws {
        try await Start(settings()).serve(say: say)
    }
}

struct Routes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print every route: method, path, form, audience.")

    func run() async throws {
        let platform = try await Start(settings()).platform()
        printText(platform.routes.printed.trimmingCharacters(in: .newlines))
    }
}
