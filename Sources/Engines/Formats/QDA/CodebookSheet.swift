import Kernel

/// A codebook as a table: one line for each code, with the name or the id of the one it stands under.
package enum CodebookSheet {
    /// In the order in which they are written.
    package static let columns = [
        "id", "name", "parent", "description", "when_to_use", "when_not_to_use", "example", "color", "codable",
    ]

    /// Reads a table with the column `name` and any of the others. A line without an id is given one. All or nothing: a line
    /// with more or fewer fields than the header, and a column that stands twice, refuse the file.
    /// - Parameter newId: for codes that come without one.
    package static func read(
        _ bytes: [UInt8], named name: String, newId: () -> CodingProject.GUID
    ) throws -> [CodingProject.Code] {
        var (codes, parents): ([CodingProject.Code], [(name: String, line: Int)?]) = ([], [])
        var ids: Set<CodingProject.GUID> = []
        guard !bytes.starts(with: Archive.zipMark), !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil
        else { throw QDAFault(.notText, name) }
        let intake = Intake(limits: QDAPackage.limits) { reading in
            guard case .fault(let fault) = reading else { return }
            switch fault.code {
            case "wrong-columns": throw QDAFault(.wrongColumns, name, at: "\(fault.origin.line)")
            case "repeated-column": throw QDAFault(.repeatedColumn, fault.field ?? name)
            default: throw fault
            }
        }
        var hasName = false
        do {
            try TableReader.read(ByteStream(name: name, bytes: bytes), intake) { row in
                hasName = true
                guard row.header.has("name") else { throw QDAFault(.missingColumn, "name") }
                func field(_ name: String) -> String? { row[name].map(unguarded) }
                guard let said = field("name") else { throw QDAFault(.noName, name, at: "\(row.origin.line)") }
                let own = row["id"].map { QDAReading.guid($0) } ?? newId()
                guard let own else { throw QDAFault(.badId, "code", at: "\(row.origin.line)") }
                guard ids.insert(own).inserted else { throw QDAFault(.twice, "\(own)", at: "\(row.origin.line)") }
                var code = CodingProject.Code(id: own, name: said)
                code.description = CodeText(field).joined
                code.color = row["color"].flatMap(QDAReading.color)
                code.isCodable = !["no", "false", "0"].contains(row["codable"]?.lowercased())
                codes.append(code)
                parents.append(field("parent").map { ($0, row.origin.line) })
                guard codes.count <= Codebook.mostCodes else { throw QDAFault(.tooLarge, name) }
            }
        } catch let fault as ReadingFault {
            throw QDAFault(fault, in: name)
        }
        guard hasName else { throw QDAFault(.notACodebook, name) }
        return try placed(codes, parents)
    }

    /// Each code after the one it stands under.
    private static func placed(
        _ codes: [CodingProject.Code], _ parents: [(name: String, line: Int)?]
    ) throws -> [CodingProject.Code] {
        var codes = codes
        let byName = Dictionary(codes.map { ($0.name, $0.id) }) { first, _ in first }
        let ids = Set(codes.map(\.id))
        for (at, parent) in parents.enumerated() {
            guard let parent else { continue }
            guard
                let found = QDAReading.guid(parent.name).flatMap({ ids.contains($0) ? $0 : nil }) ?? byName[parent.name]
            else { throw QDAFault(.missingParent, codes[at].name, at: "“\(parent.name)” (\(parent.line))") }
            codes[at].parent = found
        }
        return try Codebook.ordered(codes)
    }
}

/// Rules of a codebook.
package enum Codebook {
    package static let mostCodes = 5000
    /// How many codes stand one under the other at most.
    package static let deepest = 32

    /// The codes, each after the one it stands under and else in the given order. Throws `cycle` with the name of a code that
    /// would stand under itself, `tooDeep` with one that has `deepest` or more above it.
    package static func ordered(_ codes: [CodingProject.Code]) throws -> [CodingProject.Code] {
        let ordered = inTreeOrder(codes, \.id, \.parent)
        var depths: [CodingProject.GUID: Int] = [:]
        for code in ordered {
            let depth = (code.parent.flatMap { depths[$0] } ?? 0) + 1
            if depth > deepest { throw QDAFault(.tooDeep, code.name) }
            depths[code.id] = depth
        }
        let placed = Set(ordered.map(\.id))
        if let lost = codes.first(where: { !placed.contains($0.id) }) { throw QDAFault(.cycle, lost.name) }
        return ordered
    }

    /// Each after the one it stands under and else in the given order; what stands under nothing that is there, at the top. What
    /// stands under itself is left out.
    package static func inTreeOrder<Node, Id: Hashable>(
        _ nodes: [Node], _ id: (Node) -> Id, _ parent: (Node) -> Id?
    ) -> [Node] {
        let known = Set(nodes.map(id))
        var below: [Id?: [Node]] = [:]
        for node in nodes { below[parent(node).flatMap { known.contains($0) ? $0 : nil }, default: []].append(node) }
        var (ordered, waiting): ([Node], [Node]) = ([], (below[nil] ?? []).reversed())
        while let node = waiting.popLast() {
            ordered.append(node)
            waiting += (below[id(node)] ?? []).reversed()
        }
        return ordered
    }

    /// True for `#rgb` and `#rrggbb`.
    package static func isColor(_ text: String) -> Bool {
        text.first == "#" && [4, 7].contains(text.utf8.count) && text.dropFirst().allSatisfy(\.isHexDigit)
    }
}

/// What a codebook says of a code. REFI-QDA has one text for all of it: the parts stand in it under headings.
package struct CodeText: Sendable, Hashable {
    package var definition = ""
    package var whenToUse = ""
    package var whenNot = ""
    package var example = ""

    package init(definition: String = "", whenToUse: String = "", whenNot: String = "", example: String = "") {
        (self.definition, self.whenToUse, self.whenNot, self.example) = (definition, whenToUse, whenNot, example)
    }

    private enum Part: String, CaseIterable {
        case whenToUse = "When to use:"
        case whenNot = "When not to use:"
        case example = "Example:"
    }

    private subscript(part: Part?) -> String {
        get {
            switch part {
            case nil: definition
            case .whenToUse: whenToUse
            case .whenNot: whenNot
            case .example: example
            }
        }
        set {
            switch part {
            case nil: definition = newValue
            case .whenToUse: whenToUse = newValue
            case .whenNot: whenNot = newValue
            case .example: example = newValue
            }
        }
    }

    /// - Parameter field: of a line, by the name of its column.
    init(_ field: (String) -> String?) {
        self.init(field("description") ?? "")
        if let text = field("when_to_use") { whenToUse = text }
        if let text = field("when_not_to_use") { whenNot = text }
        if let text = field("example") { example = text }
    }

    /// Takes a text apart again; one without headings is all definition, as it stands.
    package init(_ text: String) {
        self.init(definition: text)
        guard Part.allCases.contains(where: { text.contains("\($0.rawValue)\n") }) else { return }
        definition = ""
        var (part, lines): (Part?, [Substring]) = (nil, [])
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let next = Part(rawValue: String(line)), self[next].isEmpty {
                self[part] = Self.whole(lines)
                (part, lines) = (next, [])
            } else {
                lines.append(line)
            }
        }
        self[part] = Self.whole(lines)
    }

    private static func whole(_ lines: [Substring]) -> String {
        FieldCheck.tidy(lines.joined(separator: "\n"))
    }

    /// One text; nil when nothing is said.
    package var joined: String? {
        var parts = definition.isEmpty ? [] : [definition]
        for part in Part.allCases where !self[part].isEmpty { parts.append("\(part.rawValue)\n\(self[part])") }
        return parts.isEmpty ? nil : parts.joined(separator: "\n\n")
    }
}
