import Foundation
import Support
import Testing

@testable import Platform

@Suite struct MailTests {
    /// A program that stands in for `sendmail` and keeps what it was given.
    private func program(_ script: String) throws -> (program: URL, folder: URL) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-mail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let program = folder.appending(path: "sendmail")
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program.path)
        return (program, folder)
    }

    private let letter = Mail.Letter(address: "desk@example.org", subject: "A short note", text: "Il y a du nouveau.")

    @Test func `a letter goes to one address through a program, with headers that name nobody`() async throws {
        let (program, folder) = try program("cd \"$(dirname \"$0\")\"; echo \"$@\" > said; cat > letter")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await Mail.sendmail(program, from: "note@example.org").send(letter)
        let said = try String(contentsOf: folder.appending(path: "said"), encoding: .utf8)
        #expect(said == "-i -f note@example.org -- desk@example.org\n")
        let text = try String(contentsOf: folder.appending(path: "letter"), encoding: .utf8)
        #expect(
            text == """
                From: note@example.org
                To: desk@example.org
                Subject: A short note
                MIME-Version: 1.0
                Content-Type: text/plain; charset=UTF-8
                Content-Transfer-Encoding: 8bit
                Auto-Submitted: auto-generated

                Il y a du nouveau.

                """)
    }

    @Test func `a program that carries mail sees nothing of this server's settings`() async throws {
        let (program, folder) = try program("env > \"$(dirname \"$0\")/seen\"; cat > /dev/null")
        defer { try? FileManager.default.removeItem(at: folder) }
        setenv("WAYMARK_MAIL_TEST", "postgres://fiction", 1)
        defer { unsetenv("WAYMARK_MAIL_TEST") }
        try await Mail.sendmail(program, from: "note@example.org").send(letter)
        let seen = try String(contentsOf: folder.appending(path: "seen"), encoding: .utf8)
        #expect(seen.contains("HOME=") && !seen.contains("WAYMARK") && !seen.contains("fiction"))
    }

    @Test(arguments: ["exit 75", "exec <&-; exit 1"])
    func `a program that fails, or ends before it read, is a letter not sent`(_ script: String) async throws {
        let (program, folder) = try program(script)
        defer { try? FileManager.default.removeItem(at: folder) }
        await #expect(throws: Mail.Failure.self) {
            try await Mail.sendmail(program, from: "note@example.org").send(letter)
        }
    }

    @Test(arguments: [
        ["WAYMARK_SENDMAIL": "sendmail", "WAYMARK_MAIL_FROM": "a@example.org"],
        ["WAYMARK_SENDMAIL": "/nowhere/sendmail", "WAYMARK_MAIL_FROM": "a@example.org"],
        ["WAYMARK_SENDMAIL": "/bin/true"], ["WAYMARK_SENDMAIL": "/bin/true", "WAYMARK_MAIL_FROM": "-x@example.org"],
    ])
    func `mail that cannot be sent is refused at the start in one sentence`(_ environment: [String: String]) {
        #expect(throws: Settings.Fault.self) { try Settings(environment: environment, workingFolder: Town.root) }
    }
}
