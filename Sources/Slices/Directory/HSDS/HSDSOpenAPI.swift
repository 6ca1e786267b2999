import Formats
import Kernel

/// Writes the OpenAPI 3.1 document from the endpoints and parameters that the server reads requests by.
struct HSDSOpenAPI: Sendable {
    let vocabulary: Vocabulary

    var json: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("openapi", "3.1.0")
            json.key("info")
            json.object { json in
                json.member("title", "Waymark open data")
                json.member("version", HSDSDescription.version)
                json.member("summary", "Human services as HSDS \(HSDSDescription.version)")
                json.member("description", Self.about)
                json.key("license")
                json.object { json in
                    json.member("name", Directory.licence.name)
                    json.member("url", Directory.licence.url)
                }
            }
            json.member("jsonSchemaDialect", "https://json-schema.org/draft/2020-12/schema")
            json.key("servers")
            json.array { $0.object { $0.member("url", "/hsds") } }
            json.key("paths")
            json.object { json in
                for endpoint in HSDSEndpoint.allCases { path(endpoint, &json) }
            }
            json.key("components")
            json.object { components(&$0) }
            json.key("tags")
            json.array { json in
                for (name, about) in Self.tags {
                    json.object { json in
                        json.member("name", name)
                        json.member("description", about)
                    }
                }
            }
        }
        return json.bytes
    }

    private static let about = """
        Read-only and open to everybody. All parameters narrow the answer together. Every list also answers to POST with the \
        same parameters in a form or JSON body, so that what is asked stands in no address; neither is logged. An unknown \
        parameter or a value outside the rules is refused by a problem document (RFC 9457) whose `parameter` names it. \
        `proximity` needs exactly one of `postcode`, `near`, or `latitude` with `longitude`. A field that is not known is \
        absent, never null.
        """

    private static let tags = [
        ("required", "This endpoint is REQUIRED by the HSDS API Specification"),
        ("optional", "This endpoint is OPTIONAL in the HSDS API Specification"),
        ("added", "This endpoint is no part of HSDS"),
    ]

    // MARK: Paths

    private func path(_ endpoint: HSDSEndpoint, _ json: inout JSONText) {
        json.key("/" + endpoint.rawValue.replacing(":id", with: "{id}"))
        json.object { json in
            if endpoint.rawValue.hasSuffix(":id") {
                json.key("parameters")
                json.array { $0.object { pathParameter(&$0) } }
            }
            json.key("get")
            operation(endpoint, isPost: false, &json)
            if endpoint.isList {
                json.key("post")
                operation(endpoint, isPost: true, &json)
            }
        }
    }

    private func pathParameter(_ json: inout JSONText) {
        json.member("in", "path")
        json.member("name", "id")
        json.key("required")
        json.boolean(true)
        json.member("description", "The id of the record that the request is intended to retrieve.")
        json.key("schema")
        json.object { $0.member("type", "string") }
    }

    private func operation(_ endpoint: HSDSEndpoint, isPost: Bool, _ json: inout JSONText) {
        let parameters = endpoint.parameters(vocabulary)
        json.object { json in
            json.member("summary", endpoint.summary)
            json.member("operationId", endpoint.operation + (isPost ? "ByPost" : ""))
            if !parameters.isEmpty {
                json.key("parameters")
                json.array { json in
                    for parameter in parameters { json.reference("parameters", parameter.name) }
                }
            }
            if isPost { body(endpoint, &json) }
            json.key("responses")
            json.object { responses(endpoint, isPost: isPost, &$0) }
            json.key("tags")
            json.array { $0.text(endpoint.tag) }
        }
    }

    private func body(_ endpoint: HSDSEndpoint, _ json: inout JSONText) {
        json.key("requestBody")
        json.object { json in
            json.key("required")
            json.boolean(false)
            json.key("content")
            json.object { json in
                for type in ["application/json", "application/x-www-form-urlencoded"] {
                    json.key(type)
                    json.object { json in
                        json.key("schema")
                        json.reference("schemas", endpoint.operation + "Request")
                    }
                }
            }
        }
    }

    private func responses(_ endpoint: HSDSEndpoint, isPost: Bool, _ json: inout JSONText) {
        json.key("200")
        json.object { json in
            json.member("description", endpoint.summary)
            json.key("content")
            json.object { json in
                json.key("application/json")
                json.object { json in
                    json.key("schema")
                    HSDSSchemas.answer(endpoint, &json)
                }
                if endpoint.isList {
                    json.key("application/x-ndjson")
                    json.object { _ in }
                }
            }
        }
        if !isPost { json.response("304", "What the asker has is still so.", hasProblem: false) }
        json.response("400", "The request cannot be read; `parameter` names what is wrong.")
        if endpoint.rawValue.hasSuffix(":id") { json.response("404", "There is no such record for everybody.") }
        if isPost {
            json.response("413", "The body is longer than 64 KB.")
            json.response("415", "The body is neither a form nor JSON.")
        }
    }

    // MARK: Components

    private func components(_ json: inout JSONText) {
        let parameters = HSDSParameter.all(vocabulary).values.sorted { $0.name < $1.name }
        json.key("schemas")
        json.object { json in
            HSDSSchemas.write(&json)
            for parameter in parameters {
                json.key("parameter_" + parameter.name)
                parameter.form.schema(&json)
            }
            for endpoint in HSDSEndpoint.allCases where endpoint.isList { requestSchema(endpoint, &json) }
        }
        json.key("parameters")
        json.object { json in
            for parameter in parameters {
                json.key(parameter.name)
                json.object { json in
                    json.member("name", parameter.name)
                    json.member("in", "query")
                    json.key("required")
                    json.boolean(false)
                    json.member("description", parameter.about)
                    json.key("schema")
                    json.reference("schemas", "parameter_" + parameter.name)
                }
            }
        }
    }

    private func requestSchema(_ endpoint: HSDSEndpoint, _ json: inout JSONText) {
        json.key(endpoint.operation + "Request")
        json.object { json in
            json.member("type", "object")
            json.key("properties")
            json.object { json in
                for parameter in endpoint.parameters(vocabulary) {
                    json.key(parameter.name)
                    json.reference("schemas", "parameter_" + parameter.name)
                }
            }
            json.key("additionalProperties")
            json.boolean(false)
        }
    }
}

extension JSONText {
    mutating func reference(_ section: String, _ name: String) {
        object { $0.member("$ref", "#/components/\(section)/\(name)") }
    }

    fileprivate mutating func response(_ status: String, _ about: String, hasProblem: Bool = true) {
        key(status)
        object { json in
            json.member("description", about)
            guard hasProblem else { return }
            json.key("content")
            json.object { json in
                json.key("application/problem+json")
                json.object { json in
                    json.key("schema")
                    json.reference("schemas", "Problem")
                }
            }
        }
    }
}

extension HSDSParameter.Form {
    /// The values that are accepted, as JSON Schema.
    fileprivate func schema(_ json: inout JSONText) {
        json.object { json in
            switch self {
            case .text:
                json.member("type", "string")
                json.key("maxLength")
                json.integer(HSDSParameter.longestText)
                json.member("pattern", "^[^\u{0}]*$")
            case .boolean: json.member("type", "boolean")
            case .integer(let range):
                json.member("type", "integer")
                json.bounds(range.lowerBound, range.upperBound)
            case .degrees(let most):
                json.member("type", "number")
                json.bounds(-Int(most), Int(most))
            case .choice(let values):
                json.member("type", "string")
                json.key("enum")
                json.array { json in
                    for value in values { json.text(value) }
                }
            case .identifier:
                json.member("type", "string")
                json.member("format", "uuid")
            case .cursor: json.either(("type", "string", "format", "uuid"), ("type", "string", "const", ""))
            case .moment: json.either(("type", "string", "format", "date-time"), ("type", "string", "format", "date"))
            case .languageCode:
                json.member("type", "string")
                json.member("pattern", "^[a-z]{2,3}$")
            }
        }
    }
}

extension JSONText {
    fileprivate mutating func bounds(_ least: Int, _ most: Int) {
        key("minimum")
        integer(least)
        key("maximum")
        integer(most)
    }

    fileprivate mutating func either(_ forms: (String, String, String, String)...) {
        key("anyOf")
        array { json in
            for form in forms {
                json.object { json in
                    json.member(form.0, form.1)
                    json.member(form.2, form.3)
                }
            }
        }
    }
}
