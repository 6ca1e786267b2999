package import Foundation
package import Kernel
package import Storage

/// What `waymark check audit` found.
package struct AuditReport: Sendable {
    package let entries: Int
    /// Of the last entry; empty without one.
    package let digest: String
    /// Sentences about what is wrong, and where; empty when all is well.
    package let findings: [String]
    /// Nil when anything is wrong: what was tampered with is not vouched for.
    package let head: SignedHead?
}

/// Why the audit chain was not compared with a kept head, in one sentence.
package struct AuditFault: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ sentence: String) { description = sentence }
}

extension AuditReport {
    /// Goes over the audit chain, and signs its head with the key of `dataFolder`, which is made on first use.
    /// - Parameters:
    ///   - file: a signed head that was kept, which the chain must still bear out.
    ///   - key: the public key that the kept head must be signed with; that of `dataFolder` when nil.
    package static func of(
        _ database: any Database, in dataFolder: URL, _ world: World, against file: URL? = nil, key: String? = nil
    ) async throws -> AuditReport {
        let own = try NodeKey(in: dataFolder, world)
        let kept = try file.map(keptHead)
        let fault = kept?.fault(expecting: key ?? own.publicKey)
        let trusted = fault == nil ? kept?.head : nil
        let walk = try await database.read { try AuditChain($0).walk(against: trusted) }
        var findings = walk.sentences(file.map { "\($0.path) of \(kept?.day.description ?? "")" })
        if let fault, let file { findings.append("\(file.path) \(fault). The chain was not compared with it.") }
        let head = findings.isEmpty ? try SignedHead(walk.head, on: world.today, by: own) : nil
        return AuditReport(entries: walk.entries, digest: walk.head.digest, findings: findings, head: head)
    }

    private static func keptHead(_ file: URL) throws -> SignedHead {
        guard let handle = try? FileHandle(forReadingFrom: file),
            let bytes = try? handle.read(upToCount: 4096) ?? Data()
        else {
            throw AuditFault("The file \(file.path) cannot be read.")
        }
        guard let text = String(validating: bytes, as: UTF8.self), let head = SignedHead(text) else {
            throw AuditFault(
                "\(file.path) is no head of an audit chain; name what `waymark check audit` printed.")
        }
        return head
    }
}

extension AuditWalk {
    /// What is wrong and where.
    /// - Parameter source: the file of the kept head and its day.
    func sentences(_ source: String? = nil) -> [String] {
        let sentences = breaks.map { $0.sentence(source ?? "") }
        guard sentences.count >= Self.mostBreaks else { return sentences }
        return sentences + ["There may be more: only the first \(Self.mostBreaks) places are named."]
    }
}

extension AuditBreak {
    fileprivate func sentence(_ source: String) -> String {
        switch self {
        case .missing(let numbers):
            "\(Self.entries(numbers)) missing; entry \(numbers.upperBound + 1) is there."
        case .unlinked(1):
            "Entry 1 is not what the chain began with: it was altered, or entries were put in another order."
        case .unlinked(let number):
            "Entry \(number) does not follow from entry \(number - 1): one of them was altered, or entries were put in another order."
        case .miscounted(let last, let counted) where counted > last:
            "\(Self.entries(last + 1...counted)) missing at the end; the program wrote \(counted)."
        case .miscounted(let last, let counted):
            "The program wrote \(counted) entries, and the last is entry \(last): what follows was added by somebody else."
        case .cutOff(let last, let kept):
            "\(Self.entries(last + 1...kept.entry)) missing at the end: \(source) vouches for entry \(kept.entry)."
        case .rewritten(let kept):
            "Entry \(kept.entry) is not the one that \(source) vouches for: it, or an entry before it, was written anew."
        }
    }

    private static func entries(_ numbers: ClosedRange<Int>) -> String {
        numbers.count == 1
            ? "Entry \(numbers.lowerBound) is" : "Entries \(numbers.lowerBound) to \(numbers.upperBound) are"
    }
}

extension Start {
    /// The same with the settings' database and data folder, beside a running server or without one. Adds no record.
    package func checkAudit(against file: URL? = nil, key: String? = nil) async throws -> AuditReport {
        try makeFolder()
        let database = try await settings.database.open()
        try await Migrator(Platform.migrations).run(on: database, at: world.now())
        return try await AuditReport.of(database, in: settings.dataFolder, world, against: file, key: key)
    }
}
