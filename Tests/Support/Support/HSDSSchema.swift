import Foundation

/// Compares JSON with the official schemas that lie beside the project: types, required members, lists of values, nesting.
/// Neither nulls nor formats are looked at by the schemas; nulls are refused here too.
package struct HSDSSchema {
    private var files: [String: [String: Any]] = [:]

    package init() throws {
        for folder in ["objects", "compiled"] {
            let urls = try FileManager.default.contentsOfDirectory(
                at: HSDSExamples.folder.appending(path: folder), includingPropertiesForKeys: nil)
            for url in urls {
                files[url.lastPathComponent] =
                    try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
            }
        }
    }

    /// Sentences about what is not as the schema `name` says.
    package func faults(of value: Any, as name: String) -> [String] {
        faults(value, files["\(name).json"] ?? [:], at: name)
    }

    private func faults(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
        if let file = schema["$ref"] as? String {
            return faults(value, files[file.split(separator: "/").last.map(String.init) ?? ""] ?? [:], at: path)
        }
        if let allowed = schema["enum"] as? [String], !allowed.contains(value as? String ?? "") {
            return ["\(path) is not in its list"]
        }
        if let object = value as? [String: Any] {
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }
            return missing.map { "\(path).\($0) is missing" }
                + object.flatMap { name, value in faults(value, properties[name] ?? [:], at: "\(path).\(name)") }
        }
        if let list = value as? [Any] {
            if schema["type"] as? String ?? "array" != "array" { return ["\(path) is a list"] }
            return (list.isEmpty ? ["\(path) is empty"] : [])
                + list.flatMap { faults($0, schema["items"] as? [String: Any] ?? [:], at: "\(path)[]") }
        }
        switch schema["type"] as? String {
        case "string": return value is String ? [] : ["\(path) is no text"]
        case "number", "integer": return value is Double ? [] : ["\(path) is no number"]
        case "array", "object": return ["\(path) is a plain value"]
        default: return value is NSNull ? ["\(path) is null"] : []
        }
    }
}
