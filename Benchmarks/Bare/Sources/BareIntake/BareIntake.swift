import CSQLite
import CSodium
import Crypto
import Foundation

/// What beginning a file of a person costs at the least: Argon2id (19 MiB, twice), a key pair, seven parts of 2 kB together sealed, their
/// keys sealed with X-Wing, and one SQLite transaction on the disk. `BareIntake CLIENTS SECONDS FILE` prints how many a second.
@main
struct BareIntake {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let clients = Int(arguments[1]), let seconds = Double(arguments[2]), sodium_init() >= 0
        else { return print("BareIntake CLIENTS SECONDS FILE") }
        let records = try Records(arguments[3])
        let started = Date()
        DispatchQueue.concurrentPerform(iterations: clients) { _ in
            while Date().timeIntervalSince(started) < seconds {
                guard let intake = try? Intake() else { return print("A primitive failed.") }
                records.keep(intake)
            }
        }
        print(Double(records.kept) / Date().timeIntervalSince(started))
    }
}

private struct Intake {
    let opening: Data
    let sealing: Data
    let parts: [(content: Data, key: Data)]

    init() throws {
        var stretched = [UInt8](repeating: 0, count: 32)
        let phrase = (0..<16).map { _ in CChar.random(in: 0...127) }
        let salt = (0..<16).map { _ in UInt8.random(in: 0...255) }
        guard crypto_pwhash(&stretched, 32, phrase, 16, salt, 2, 19 << 20, crypto_pwhash_ALG_ARGON2ID13) == 0 else {
            throw CancellationError()
        }
        let pair = try XWingMLKEM768X25519.PrivateKey()
        opening = try ChaChaPoly.seal(pair.seedRepresentation, using: SymmetricKey(data: stretched)).combined
        sealing = pair.publicKey.rawRepresentation
        parts = try (0..<7).map { number in
            let key = SymmetricKey(size: .bits256)
            let content = try ChaChaPoly.seal(Data(count: 512), using: key, authenticating: Data("\(number)".utf8)).combined
            var sender = try HPKE.Sender(
                recipientKey: pair.publicKey, ciphersuite: .XWingMLKEM768X25519_SHA256_AES_GCM_256, info: Data("bare".utf8))
            let sealed = try sender.seal(key.withUnsafeBytes { Data($0) }, authenticating: Data("\(number)".utf8))
            return (content, sender.encapsulatedKey + sealed)
        }
    }
}

private final class Records: @unchecked Sendable {
    private var database: OpaquePointer?
    private let lock = NSLock()
    private(set) var kept = 0

    init(_ path: String) throws {
        guard sqlite3_open(path, &database) == SQLITE_OK else { throw CancellationError() }
        for statement in [
            "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON",
            "CREATE TABLE file (id TEXT PRIMARY KEY, opening BLOB, sealing BLOB)",
            "CREATE TABLE part (id TEXT PRIMARY KEY, file TEXT, content BLOB)",
            "CREATE TABLE part_key (part TEXT, holder TEXT, sealed BLOB, PRIMARY KEY (part, holder))",
        ] { sqlite3_exec(database, statement, nil, nil, nil) }
    }

    func keep(_ intake: Intake) {
        lock.withLock {
            let id = UUID().uuidString
            run("BEGIN IMMEDIATE", [], [])
            run("INSERT INTO file VALUES (?, ?, ?)", [id], [intake.opening, intake.sealing])
            for part in intake.parts {
                let partId = UUID().uuidString
                run("INSERT INTO part VALUES (?, ?, ?)", [partId, id], [part.content])
                run("INSERT INTO part_key VALUES (?, ?, ?)", [partId, "person"], [part.key])
            }
            run("COMMIT", [], [])
            kept += 1
        }
    }

    private func run(_ statement: String, _ texts: [String], _ blobs: [Data]) {
        var prepared: OpaquePointer?
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        sqlite3_prepare_v2(database, statement, -1, &prepared, nil)
        for (place, text) in texts.enumerated() { sqlite3_bind_text(prepared, Int32(place + 1), text, -1, transient) }
        for (place, blob) in blobs.enumerated() {
            _ = blob.withUnsafeBytes {
                sqlite3_bind_blob(prepared, Int32(texts.count + place + 1), $0.baseAddress, Int32($0.count), transient)
            }
        }
        guard sqlite3_step(prepared) == SQLITE_DONE else { fatalError(String(cString: sqlite3_errmsg(database))) }
        sqlite3_finalize(prepared)
    }
}
