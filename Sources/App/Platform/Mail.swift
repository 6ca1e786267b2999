import Accounts
import Dispatch
package import Foundation
import Intake
import Kernel
import Web

/// What carries a mail away: a short plain text without content, to one address.
package struct Mail: Sendable {
    /// What goes to one address. Nothing in it tells what is new, where or for whom.
    package struct Letter: Sendable, Equatable {
        package let address: String
        package let subject: String
        package let text: String
    }

    let send: @Sendable (Letter) async throws -> Void

    package init(send: @escaping @Sendable (Letter) async throws -> Void) { self.send = send }

    struct Failure: Error {}

    /// Seconds that the program may take.
    private static let patience = 30

    /// Through a program that takes a letter as `sendmail` does, such as that of `msmtp-mta` or `postfix`, which speaks SMTP.
    package static func sendmail(_ program: URL, from: String) -> Mail {
        Mail { letter in
            let text = """
                From: \(from)
                To: \(letter.address)
                Subject: \(letter.subject)
                MIME-Version: 1.0
                Content-Type: text/plain; charset=UTF-8
                Content-Transfer-Encoding: 8bit
                Auto-Submitted: auto-generated

                \(letter.text)

                """
            try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
                DispatchQueue.global().async {
                    done.resume(with: Result { try run(program, ["-i", "-f", from, "--", letter.address], text) })
                }
            }
        }
    }

    private static func run(_ program: URL, _ arguments: [String], _ text: String) throws {
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/"
        let status = try Subprogram(seconds: patience, home: home).run(program.path, arguments, input: text)
        guard status == 0 else { throw Failure() }
    }
}

extension Platform {
    /// Tells those at desks who want it that something is new, at most once an hour each; of several nodes one does.
    package func sendNotices() async throws {
        guard let mail else { return }
        for notice in try await accounts.noticeAddresses() {
            let now = world.now()
            if let sentAt = notice.sentAt, now.seconds - sentAt.seconds < NoticeAddress.pauseSeconds { continue }
            let items = try await intake.news(at: Identifier(notice.desk.uuid), called: notice.name)
            if items.isSubset(of: notice.known) {
                if items != notice.known { _ = try await accounts.tell(notice, of: items, at: nil) }
                continue
            }
            guard try await accounts.tell(notice, of: items, at: now) else { continue }
            let words = strings.words(notice.language)
            do {
                try await mail.send(
                    Mail.Letter(
                        address: notice.address, subject: words(AccountsPhrase.noticesSubject),
                        text: words(AccountsPhrase.noticesBody)))
            } catch {
                log.event("mail-failed")
                // Tried again when the pause is over, and whoever is left at the next turn: a program that hangs holds up one.
                var told = notice
                told.known = items
                _ = try await accounts.tell(told, of: notice.known, at: nil)
                return
            }
        }
    }
}
