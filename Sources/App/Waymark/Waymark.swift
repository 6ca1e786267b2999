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
            Stale.self, Duplicates.self, LinksCommand.self, Import.self, FollowCommand.self, Export.self, Validate.self,
            Check.self,
            Doctor.self, Demo.self, Routes.self, MigrateDatabase.self, Backup.self, Restore.self,
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

func printText(_ text: String) {
    FileHandle.standardOutput.write(Data("\(text)\n".utf8))
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
