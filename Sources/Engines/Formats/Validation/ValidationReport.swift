import Foundation

/// What a validation found: every kind of flaw counted, the first of each kept, so that memory stays flat.
package struct ValidationReport: Sendable {
    /// How many flaws of one kind are told one by one.
    package static let kept = 50

    package private(set) var flaws: [Flaw] = []
    /// Of all flaws, also those that are not told one by one.
    package private(set) var counts: [Flaw.Severity: Int] = [:]
    /// Records looked at, those inside others too.
    package internal(set) var records = 0
    private var seen: [Sort: Int] = [:]

    private struct Sort: Hashable {
        let code: Flaw.Code
        let kind: RecordKind?
        let field: String?
    }

    package init() {}

    /// True when nothing forbids taking the data; warnings and notes do not.
    package var isValid: Bool { counts[.error] == nil }
    /// True when the data could not even be read.
    package var isUnreadable: Bool { flaws.contains { $0.code == .unreadable } }
    package func count(_ severity: Flaw.Severity) -> Int { counts[severity] ?? 0 }

    /// Counts a flaw; true when it is to be kept too.
    mutating func count(
        _ code: Flaw.Code, _ severity: Flaw.Severity, _ kind: RecordKind?, _ field: String?
    ) -> Bool {
        counts[severity, default: 0] += 1
        let sort = Sort(code: code, kind: kind, field: field)
        let number = seen[sort, default: 0] + 1
        seen[sort] = number
        return number <= Self.kept
    }

    mutating func keep(_ flaw: Flaw) { flaws.append(flaw) }

    /// By file, line and path, errors before the rest of one place.
    mutating func sort() {
        let order = Flaw.Severity.allCases
        flaws.sort { one, two in
            let (left, right) = (order.firstIndex(of: one.severity) ?? 0, order.firstIndex(of: two.severity) ?? 0)
            return (one.file, one.line ?? 0, one.path, left, one.message)
                < (two.file, two.line ?? 0, two.path, right, two.message)
        }
    }

    // MARK: Told

    package var text: String {
        var lines = flaws.map { flaw in
            let place = [flaw.file, flaw.line.map(String.init)].compactMap(\.self).joined(separator: ":")
            let path = flaw.path.isEmpty ? "" : " \(flaw.path)"
            return "\(flaw.severity.rawValue): \(place)\(path): \(flaw.message) [\(flaw.code.rawValue)]"
        }
        let untold = counts.values.reduce(0, +) - flaws.count
        if untold > 0 { lines.append("… and \(untold) more of the same kinds.") }
        lines.append(
            "\(records) records: \(count(.error)) errors, \(count(.warning)) warnings, \(count(.note)) notes. "
                + (isValid ? "Valid." : "Not valid."))
        return lines.joined(separator: "\n")
    }

    package var json: String {
        var json = JSONText()
        json.object { json in
            json.key("valid")
            json.boolean(isValid)
            json.key("records")
            json.integer(records)
            for severity in Flaw.Severity.allCases {
                json.key(severity.rawValue + "s")
                json.integer(count(severity))
            }
            json.key("flaws")
            json.array { json in
                for flaw in flaws { json.object { Self.write(flaw, &$0) } }
            }
        }
        return json.string
    }

    private static func write(_ flaw: Flaw, _ json: inout JSONText) {
        json.member("severity", flaw.severity.rawValue)
        json.member("group", flaw.code.group.rawValue)
        json.member("code", flaw.code.rawValue)
        json.member("message", flaw.message)
        json.member("file", flaw.file)
        if let line = flaw.line {
            json.key("line")
            json.integer(line)
        }
        json.member("path", flaw.path)
        json.member("kind", flaw.kind?.rawValue)
        json.member("field", flaw.field)
    }

    /// SARIF 2.1.0 (OASIS), which code hosts and editors show.
    package var sarif: String {
        var json = JSONText()
        json.object { json in
            json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            json.member("version", "2.1.0")
            json.key("runs")
            json.array { json in
                json.object { json in
                    json.key("tool")
                    json.object { json in
                        json.key("driver")
                        json.object { json in
                            json.member("name", "waymark validate")
                            json.key("rules")
                            json.array { json in
                                for code in Flaw.Code.allCases { json.object { Self.rule(code, &$0) } }
                            }
                        }
                    }
                    json.key("results")
                    json.array { json in
                        for flaw in flaws { json.object { Self.result(flaw, &$0) } }
                    }
                }
            }
        }
        return json.string
    }

    private static func rule(_ code: Flaw.Code, _ json: inout JSONText) {
        json.member("id", code.rawValue)
        json.key("shortDescription")
        json.object { $0.member("text", code.rule) }
        json.key("properties")
        json.object { json in
            json.key("tags")
            json.array { $0.text(code.group.rawValue) }
        }
    }

    private static func result(_ flaw: Flaw, _ json: inout JSONText) {
        json.member("ruleId", flaw.code.rawValue)
        json.member("level", flaw.severity.rawValue)
        json.key("message")
        json.object { $0.member("text", flaw.message) }
        json.key("locations")
        json.array { json in
            json.object { json in
                json.key("physicalLocation")
                json.object { json in
                    json.key("artifactLocation")
                    json.object { json in
                        json.member(
                            "uri", flaw.file.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? flaw.file)
                    }
                    guard let line = flaw.line else { return }
                    json.key("region")
                    json.object { json in
                        json.key("startLine")
                        json.integer(line)
                    }
                }
                guard !flaw.path.isEmpty else { return }
                json.key("logicalLocations")
                json.array { json in
                    json.object { $0.member("fullyQualifiedName", flaw.path) }
                }
            }
        }
    }
}
