import Formats
import Kernel

/// What the API says about itself: the way in, the profile, the OpenAPI document.
struct HSDSDescription: Sendable {
    static let version = "3.2.3"
    private let vocabulary: Vocabulary
    private let openAPI: [UInt8]

    init(vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        openAPI = HSDSOpenAPI(vocabulary: vocabulary).json
    }

    /// - Parameters:
    ///   - origin: scheme and host, since the standard wants whole addresses.
    ///   - node: the id of this node.
    func json(_ endpoint: HSDSEndpoint, origin: String, node: String) -> [UInt8] {
        switch endpoint {
        case .openapi: openAPI
        case .profile: profile
        default: about(origin, node)
        }
    }

    private func about(_ origin: String, _ node: String) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("version", Self.version)
            json.member("profile", origin + HSDSEndpoint.profile.path)
            json.member("openapi_url", origin + HSDSEndpoint.openapi.path)
            json.member("description", "Services of a network against human trafficking that are open to everybody.")
            json.member("license", Directory.licence.url)
            json.member("node", node)
        }
        return json.bytes
    }

    /// What is added to the standard; nothing of it is changed or made stricter.
    private var profile: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("name", "Waymark")
            json.member("version", "1")
            json.member("base", "https://docs.openreferral.org/en/\(Self.version)/hsds/")
            json.member(
                "description",
                "HSDS \(Self.version) with additional fields and parameters. Facts that are not for everybody are absent, "
                    + "and so is a nested record that lacks a required field for that reason.")
            json.key("fields")
            json.array { json in
                for field in Self.fields { Self.write(field.object, field.name, field.about, &json) }
            }
            json.key("parameters")
            json.array { json in
                let ours = HSDSParameter.all(vocabulary).values.filter(\.isOurs).sorted { $0.name < $1.name }
                for parameter in ours { Self.write(nil, parameter.name, parameter.about, &json) }
            }
        }
        return json.bytes
    }

    private static func write(_ object: String?, _ name: String, _ about: String, _ json: inout JSONText) {
        json.object { json in
            json.member("object", object)
            json.member("name", name)
            json.member("description", about)
        }
    }

    private static let fields: [(object: String, name: String, about: String)] = [
        ("organization", "kind", "What kind of organization it is, such as nation or non-profit."),
        ("schedule", "zone", "The IANA time zone the hours are stated in."),
        ("schedule", "exception", "closed or open: the row replaces the usual hours while it is valid."),
        ("service", "last_modified", "When this server last published a change of the service."),
        (
            "organization", "origin",
            "The node that first published the record, when it is not this one; see `node` of the API."
        ),
        ("organization", "steward", "The Nation or community whose record it is."),
        ("service", "origin", "As that of an organization."),
        ("service", "steward", "As that of an organization."),
        ("api", "node", "What this node calls itself in `origin`."),
        ("page", "next_cursor", "What to give as cursor for the next page; absent on the last one."),
    ]
}
