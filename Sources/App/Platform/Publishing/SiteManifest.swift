import Formats
import Foundation
import Kernel

/// What a published site says of itself; signed. The list of files beside it is as `sha256sum -c` reads it.
struct SiteManifest: Codable, Sendable {
    static let fileName = "waymark.json"
    static let listName = "waymark.sha256"
    static let signatureName = "waymark.sig"
    static let keyName = "waymark.pem"
    static let names: Set<String> = [fileName, listName, signatureName, keyName]
    private static let format = 1

    var format = Self.format
    var generatedAt: String
    var address: String
    var languages: [String]
    var organizations: Int
    var services: Int
    /// Without the four files of the manifest itself.
    var files: Int
    var listSHA256: String
    /// Ed25519, in base64.
    var publicKey: String

    enum CodingKeys: String, CodingKey {
        case format
        case generatedAt = "generated_at"
        case address, languages, organizations, services, files
        case listSHA256 = "list_sha256"
        case publicKey = "public_key"
    }

    /// Stands in a site whose first publishing has not ended.
    static let unfinished = Array("{\"format\":\(format),\"unfinished\":true}\n".utf8)

    var json: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.key("format")
            json.integer(format)
            json.member("generated_at", generatedAt)
            json.member("address", address)
            json.key("languages")
            json.array { json in
                for language in languages { json.text(language) }
            }
            for (name, number) in [("organizations", organizations), ("services", services), ("files", files)] {
                json.key(name)
                json.integer(number)
            }
            json.member("list_sha256", listSHA256)
            json.member("public_key", publicKey)
        }
        return json.bytes + [0x0a]
    }

    init(
        generatedAt: String, address: String, languages: [String], records: (organizations: Int, services: Int),
        files: Int, listSHA256: String, publicKey: String
    ) {
        self.generatedAt = generatedAt
        self.address = address
        self.languages = languages
        (organizations, services) = records
        self.files = files
        self.listSHA256 = listSHA256
        self.publicKey = publicKey
    }

    /// Nil for what is no manifest of a finished site.
    init?(_ bytes: [UInt8]) {
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(bytes)), read.format == Self.format
        else { return nil }
        self = read
    }
}
