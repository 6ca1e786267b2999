package import Foundation

/// Compares a published site with its signed manifest.
package struct SiteCheck: Sendable {
    private let folder: URL
    private let pinnedKey: String?
    /// So many sentences at most; the rest is counted.
    private static let shown = 20

    package struct Report: Sendable {
        package var faults: [String] = []
        package var faultCount = 0
        package var files = 0
        package var generatedAt = ""
        package var publicKey = ""
        /// False when nobody said which key to expect.
        package var isPinned = false

        mutating func add(_ sentence: String) {
            faultCount += 1
            if faultCount <= SiteCheck.shown { faults.append(sentence) }
        }
    }

    /// - Parameter key: the public key to expect, in base64; nil when only wholeness is asked for.
    package init(_ folder: URL, key: String?) {
        self.folder = folder
        pinnedKey = key
    }

    /// Whether a folder holds a published site, finished or not.
    package static func isSite(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: SiteManifest.fileName).path)
    }

    /// The public key that this node signs with, when it has one.
    package static func ownKey(_ settings: Settings) -> String? { NodeKey.publicKey(in: settings.dataFolder) }

    package func report() throws -> Report {
        var report = Report()
        let bytes = try read(SiteManifest.fileName)
        guard let manifest = SiteManifest(bytes) else {
            if bytes == SiteManifest.unfinished {
                throw PublishFault("\(folder.path) is unfinished; publish again.")
            }
            throw PublishFault("\(folder.path)/\(SiteManifest.fileName) is no manifest that this program reads.")
        }
        report.generatedAt = manifest.generatedAt
        report.publicKey = manifest.publicKey
        report.isPinned = pinnedKey != nil
        if let pinnedKey, pinnedKey != manifest.publicKey {
            report.add("The site is signed with another key than the one expected: \(manifest.publicKey).")
        }
        let signature =
            try Data(
                base64Encoded: String(decoding: read(SiteManifest.signatureName), as: UTF8.self)
                    .trimmingCharacters(in: .whitespacesAndNewlines)) ?? Data()
        guard NodeKey.isSigned(bytes, with: Array(signature), by: manifest.publicKey) else {
            report.add("The signature does not fit \(SiteManifest.fileName); somebody changed it after it was signed.")
            return report
        }
        guard FileDigest.of(fileAt: path(SiteManifest.listName)) == manifest.listSHA256 else {
            report.add("\(SiteManifest.listName) is not the list that was signed.")
            return report
        }
        try compare(&report)
        if report.files != manifest.files {
            report.add("The list has \(report.files) files and the manifest says \(manifest.files).")
        }
        return report
    }

    private func compare(_ report: inout Report) throws {
        var listed = SiteManifest.names
        for line in try read(SiteManifest.listName).split(separator: 0x0a) {
            guard line.count > 66 else { throw PublishFault("\(SiteManifest.listName) has a line that is cut off.") }
            let digest = String(decoding: line.prefix(64), as: UTF8.self)
            let name = String(decoding: line.dropFirst(66), as: UTF8.self)
            listed.insert(name)
            report.files += 1
            let found = FileDigest.of(fileAt: path(name))
            if found == nil {
                report.add("\(name) is missing or cannot be read.")
            } else if found != digest {
                report.add("\(name) is not as it was published.")
            }
        }
        let walk = FileManager.default.enumerator(atPath: folder.path)
        while let name = walk?.nextObject() as? String {
            if walk?.fileAttributes?[.type] as? FileAttributeType == .typeDirectory || listed.contains(name) {
                continue
            }
            report.add("\(name) is there and was not published.")
        }
    }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    private func read(_ name: String) throws -> [UInt8] {
        guard let bytes = FileManager.default.contents(atPath: path(name)) else {
            throw PublishFault("\(path(name)) is missing or cannot be read.")
        }
        return Array(bytes)
    }
}
