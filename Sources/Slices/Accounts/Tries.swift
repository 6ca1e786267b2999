import Crypto
import Foundation
import Kernel
import Sealing
import Storage

/// How tries to sign in with one name from one browser stand.
struct Tries: Sendable {
    /// A digest of the name that this process alone can make: what somebody typed into the wrong field is not kept.
    let name: String
    /// The digest of the browser, where this worker signed in from it before; empty for all others together, so that nobody
    /// outside can lock a desk out.
    var device = ""
    /// What the browser holds, where anybody signed in from it before.
    var kept: Token?
    var waitsUntil = Instant(seconds: 0)

    /// Failures in a row before tries have to wait, and the longest wait in seconds.
    static let freeTries = 5
    static let longestWait: Int64 = 900

    /// A wait that is longer than any was set by a clock that was wrong.
    func mustWait(at now: Instant) -> Bool {
        waitsUntil > now && waitsUntil.seconds - now.seconds <= Self.longestWait
    }

    /// Seconds to wait after so many failures.
    static func wait(after count: Int) -> Int64 {
        guard count >= freeTries else { return 0 }
        return min(longestWait, 30 << Int64(min(count - freeTries, 5)))
    }
}

extension Accounts {
    func digest(of name: SignInName) -> String {
        hexadecimal(HMAC<SHA256>.authenticationCode(for: Data(name.key.utf8), using: tryKey))
    }

    /// Counts one more failure. Tries while waiting do not make the wait longer.
    func count(_ tries: Tries, at now: Instant) async throws {
        guard !tries.mustWait(at: now) else { return }
        try await database.write { transaction in
            let store = AccountsStore(transaction)
            let count = try store.addFailure(tries.name, tries.device, at: now)
            let until = Instant(seconds: now.seconds + Tries.wait(after: count))
            try store.wait(tries.name, tries.device, until: until)
        }
    }

    func fail(_ tries: Tries, at now: Instant) async throws -> Never {
        try await count(tries, at: now)
        throw AccountsRefusal.notSignedIn
    }
}
