import Directory
import Foundation
import Kernel
import Web

/// Makes the public site as plain files: every published route is asked as a visitor would ask it, and what it answers is
/// written. After a change only the records that changed, what lists them, and nothing else.
struct Publication: Sendable {
    let platform: Platform
    let folder: SiteFolder
    let ledger: SiteLedger
    let key: NodeKey
    let origin: String
    let now: Instant

    /// How many changed records at most are written one by one; more, and all are looked at.
    private static let mostChanged = 5000
    /// Ways to write at once.
    static let writers = min(4, max(1, ProcessInfo.processInfo.activeProcessorCount))

    /// - Parameter isAnew: writes every file even when it seems to be there.
    func run(isAnew: Bool) async throws -> PublishReport {
        let basis = try basis()
        let change = platform.directory.publishedChange
        let known = try await ledger.state()
        let isWhole =
            known.map { $0.manifest == FileDigest.of(fileAt: folder.path + "/" + SiteManifest.fileName) } ?? false
        if let known, isWhole, !isAnew, known.basis == basis, known.change == change {
            return PublishReport(files: nil, written: 0, removed: 0, publicKey: key.publicKey)
        }
        let isTrusted = isWhole && !isAnew
        if !folder.has(SiteManifest.fileName) {
            try folder.write(SiteManifest.unfinished, to: SiteManifest.fileName, part: Self.part)
        }
        let run = try await ledger.begin(forgettingFiles: !isTrusted)
        let pass = SitePass(publication: self, run: run, isTrusted: isTrusted)
        if isTrusted, let known, known.basis == basis,
            let changed = try await platform.directory.addressesChanged(after: known.change, limit: Self.mostChanged)
        {
            for (kind, ids) in changed.sorted(by: { $0.key < $1.key }) { try await pass.write(kind, ids) }
            try await pass.takeOut(of: changed.flatMap { kind, ids in ids.map { "\(kind)/\($0)" } })
            try await pass.writeShared()
            try await pass.takeOut(of: [""])
        } else {
            try await pass.writeAll()
            try await pass.takeOut(of: nil)
        }
        if !isTrusted { try await pass.sweep() }
        folder.settle()
        let manifest = try await writeManifest()
        folder.settle()
        try await ledger.finish(
            SiteLedger.State(basis: basis, change: change, manifest: FileDigest.of(manifest.json)))
        return PublishReport(
            files: manifest.files, written: pass.written, removed: pass.removed, publicKey: key.publicKey)
    }

    static let part = ".part"

    /// All that every page depends on besides its records.
    private func basis() throws -> String {
        var digest = FileDigest()
        let program = try FileManager.default.attributesOfItem(atPath: "/proc/self/exe".resolvingLink)
        digest.add(Data("\(program[.size] ?? 0) \(program[.modificationDate] ?? 0)".utf8))
        for place in [WebResources.strings, DirectoryRoutes.strings].compactMap(\.self) {
            for language in platform.strings.offered {
                digest.add((try? Data(contentsOf: place.appending(path: "\(language.code).po"))) ?? Data())
            }
        }
        var texts = [origin, "\(now.day.number)", "\(platform.directory.data.digest)"]
        texts += platform.assets.servedNames
        for language in platform.strings.offered {
            texts += platform.directory.callLines(in: language).flatMap { [language.code, $0.name, $0.number] }
        }
        digest.add(Data(texts.joined(separator: "\u{0}").utf8))
        return digest.text
    }

    private func writeManifest() async throws -> SiteManifest {
        var (count, last, list) = (0, "", FileDigest())
        let part = folder.path + "/" + Self.part
        guard FileManager.default.createFile(atPath: part, contents: nil), let file = FileHandle(forWritingAtPath: part)
        else { throw PublishFault("\(folder.path) cannot be written.") }
        while true {
            let entries = try await ledger.entries(after: last, limit: 5000)
            guard let end = entries.last else { break }
            var text = ""
            for entry in entries {
                text += "\(entry.digest)  \(entry.path)\n"
                count += 1
                guard let zipped = entry.zipped else { continue }
                text += "\(zipped)  \(entry.path).gz\n"
                count += 1
            }
            list.add(Data(text.utf8))
            do {
                try file.write(contentsOf: Data(text.utf8))
            } catch {
                throw PublishFault(folder.path + "/" + SiteManifest.listName, errno: ENOSPC)
            }
            last = end.path
        }
        try file.close()
        try folder.keep(Self.part, as: SiteManifest.listName)
        let manifest = SiteManifest(
            generatedAt: now.description, address: origin, languages: platform.strings.offered.map(\.code),
            records: try await platform.directory.publicRecords(), files: count, listSHA256: list.text,
            publicKey: key.publicKey)
        let signature = Data(try key.signature(of: manifest.json)).base64EncodedString() + "\n"
        try folder.write(Array(key.pem.utf8), to: SiteManifest.keyName, part: Self.part)
        try folder.write(Array(signature.utf8), to: SiteManifest.signatureName, part: Self.part)
        try folder.write(manifest.json, to: SiteManifest.fileName, part: Self.part)
        return manifest
    }
}

extension String {
    fileprivate var resolvingLink: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: self)) ?? self
    }
}

/// What a publishing did.
package struct PublishReport: Sendable {
    /// How many files the site has; nil when nothing had changed.
    package let files: Int?
    package let written: Int
    package let removed: Int
    package let publicKey: String
}
