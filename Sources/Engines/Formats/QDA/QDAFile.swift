import Foundation
import Kernel

/// Reads projects and codebooks of REFI-QDA 1.0. All or nothing: a file is read whole, or the first fault says what and where.
package enum QDAFile {
    /// A .qdpx: the project, and what of it is not carried.
    package static func project(_ bytes: [UInt8], named name: String) throws -> (CodingProject, NotCarried) {
        let package = try QDAPackage(bytes, name: name)
        return try project(xml: package.project, texts: package.texts, named: name)
    }

    /// - Parameter texts: plain texts by their lower-case name, as `internal://` names them.
    static func project(
        xml: [UInt8], texts: [String: [UInt8]], named name: String
    ) throws -> (CodingProject, NotCarried) {
        let reading = QDAReading(texts: texts)
        try reading.read(xml, named: name)
        guard reading.root == "Project" else { throw QDAFault(.notAProject, name) }
        return try reading.finished()
    }

    /// A .qdc: the codes, each after the one it stands under, and what is not carried.
    package static func codebook(_ bytes: [UInt8], named name: String) throws -> ([CodingProject.Code], NotCarried) {
        guard !bytes.starts(with: Archive.zipMark) else { throw QDAFault(.notACodebook, name) }
        let reading = QDAReading(texts: [:])
        try reading.read(bytes, named: name)
        guard reading.root == "CodeBook" else { throw QDAFault(.notACodebook, name) }
        let (project, left) = try reading.finished()
        return (project.codes, left)
    }
}

/// Collects a project from the elements of its XML as they close.
final class QDAReading {
    typealias GUID = CodingProject.GUID

    private static let records: Set<String> = [
        "Project", "CodeBook", "User", "Codes", "PlainTextSelection", "TextSource", "Note", "Case", "Variable", "Set",
        "Link", "Graph", "PictureSource", "PDFSource", "AudioSource", "VideoSource",
    ]

    private(set) var root: String?
    private let texts: [String: [UInt8]]
    private var file = ""
    private var project = CodingProject(name: "")
    private var left = NotCarried()
    /// Of the text source that is being read; sources do not nest.
    private var selections: [CodingProject.Selection] = []
    /// With where the text of each is; nil when it stood in the XML.
    private var sources: [(source: CodingProject.Source, path: String?)] = []
    private var ids: Set<GUID> = []
    private var cases: Set<GUID> = []

    init(texts: [String: [UInt8]]) { self.texts = texts }

    func read(_ bytes: [UInt8], named name: String) throws {
        file = name
        do {
            try XMLRecords(Self.records, file: name, limits: QDAPackage.limits) { try self.take($0) }
                .read(ByteStream(name: name, bytes: bytes))
        } catch let fault as ReadingFault {
            throw QDAFault(fault, in: name)
        }
    }

    private func take(_ node: XMLNode) throws {
        if node.parent == nil { try takeRoot(node) }
        switch node.name {
        case "User":
            project.users.append(.init(id: try id(node), name: node.attributes["name"] ?? ""))
        case "Codes":
            for code in node.all("Code") { try take(code: code, under: []) }
        case "PlainTextSelection":
            guard let source = node.parent, source.name == "TextSource" else { return left.add(node.name) }
            selections.append(try selection(node, of: source))
        case "TextSource":
            try take(source: node)
        case "Note":
            try take(note: node)
        case "Case":
            cases.insert(try id(node))
            left.add(node.name)
        case "Variable", "Set", "Link", "Graph", "PictureSource", "PDFSource", "AudioSource", "VideoSource":
            left.add(node.name)
        default: break
        }
    }

    private func takeRoot(_ node: XMLNode) throws {
        root = node.name
        project.name = node.attributes["name"] ?? ""
        project.origin = node.attributes["origin"]
        project.description = Self.description(of: node)
        project.ownNotes = notes(of: node)
    }

    // MARK: Codes

    private func take(code node: XMLNode, under ancestors: [GUID]) throws {
        guard let own = Self.guid(node.attributes["guid"]) else { throw QDAFault(.badId, "Code", at: "\(node.line)") }
        let name = node.attributes["name"] ?? ""
        guard !name.isEmpty else { throw QDAFault(.noName, "Code", at: "\(node.line)") }
        if ancestors.contains(own) { throw QDAFault(.cycle, name, at: "\(node.line)") }
        if ancestors.count >= Codebook.deepest { throw QDAFault(.tooDeep, name, at: "\(node.line)") }
        if project.codes.count >= Codebook.mostCodes { throw QDAFault(.tooLarge, file) }
        guard ids.insert(own).inserted else { throw QDAFault(.twice, own.description, at: "\(node.line)") }
        var code = CodingProject.Code(id: own, name: name)
        code.parent = ancestors.last
        code.description = Self.description(of: node)
        code.isCodable = node.attributes["isCodable"] == nil || node.says("isCodable")
        code.color = node.attributes["color"].flatMap(Self.color)
        if node.attributes["color"] != nil, code.color == nil { left.add("color") }
        code.notes = notes(of: node)
        project.codes.append(code)
        for child in node.all("Code") { try take(code: child, under: ancestors + [own]) }
    }

    static func color(_ text: String) -> String? {
        Codebook.isColor(text) ? text.lowercased() : nil
    }

    // MARK: Texts

    private func take(source node: XMLNode) throws {
        let own = try id(node)
        let name = node.attributes["name"] ?? own.description
        for word in ["Coding", "VariableValue"] { left.add("\(word) of TextSource", node.all(word).count) }
        if node.attributes["richTextPath"] != nil { left.add("richTextPath") }
        var source = CodingProject.Source(id: own, name: name, text: "")
        source.description = Self.description(of: node)
        source.user = Self.guid(node.attributes["creatingUser"])
        source.made = dateTime(node)
        source.notes = notes(of: node)
        (source.selections, selections) = (selections, [])
        let path = node.attributes["plainTextPath"]
        if let content = node.first("PlainTextContent") {
            source.text = String(decoding: content.bytes, as: UTF8.self)
            sources.append((source, nil))
        } else if let path {
            sources.append((source, path))
        } else {
            guard source.selections.isEmpty else { throw QDAFault(.missingFile, name, at: "plainTextPath") }
            left.add("TextSource without plain text")
        }
    }

    private func selection(_ node: XMLNode, of parent: XMLNode) throws -> CodingProject.Selection {
        let (own, source) = (try id(node), parent.attributes["name"] ?? "")
        guard let start = node.attributes["startPosition"].flatMap(Self.position),
            let end = node.attributes["endPosition"].flatMap(Self.position), start <= end
        else { throw QDAFault(.badPosition, own.description, at: source) }
        var selection = CodingProject.Selection(id: own, start: start, end: end)
        selection.name = node.attributes["name"]
        selection.description = Self.description(of: node)
        selection.user = Self.guid(node.attributes["creatingUser"])
        selection.made = dateTime(node)
        selection.notes = notes(of: node)
        for child in node.all("Coding") {
            guard let code = child.first("CodeRef").flatMap({ Self.guid($0.attributes["targetGUID"]) }) else {
                throw QDAFault(.missingCode, own.description, at: source)
            }
            var coding = CodingProject.Coding(id: try id(child), code: code)
            coding.user = Self.guid(child.attributes["creatingUser"])
            coding.made = dateTime(child)
            coding.notes = notes(of: child)
            selection.codings.append(coding)
        }
        return selection
    }

    private func take(note node: XMLNode) throws {
        let own = try id(node)
        var text = node.first("PlainTextContent").map { String(decoding: $0.bytes, as: UTF8.self) }
        if text == nil, let path = node.attributes["plainTextPath"] {
            text = try fileText(path, of: node.attributes["name"] ?? own.description)
        }
        for word in ["Coding", "VariableValue", "NoteRef"] { left.add("\(word) of Note", node.all(word).count) }
        var note = CodingProject.Note(id: own, name: node.attributes["name"] ?? "", text: text ?? "")
        note.user = Self.guid(node.attributes["creatingUser"])
        note.made = dateTime(node)
        project.notes.append(note)
    }

    /// The text behind `internal://`. Nothing outside of the file is ever opened.
    private func fileText(_ path: String, of source: String) throws -> String {
        let scheme = "internal://"
        guard path.lowercased().hasPrefix(scheme) else { throw QDAFault(.outside, source, at: path) }
        let name = path.dropFirst(scheme.count).lowercased()
        guard !name.contains(".."), !name.contains("\\"), !name.hasPrefix("/") else {
            throw QDAFault(.outside, source, at: path)
        }
        guard let bytes = texts[name] else { throw QDAFault(.missingFile, source, at: path) }
        guard !bytes.contains(0), let text = PlainText.read(bytes) else { throw QDAFault(.notText, source, at: path) }
        // ATLAS.ti writes two signs at the end of a line and counts one.
        let countsOne = project.origin?.uppercased().hasPrefix("ATLAS") == true
        return countsOne ? text.replacing("\r\n", with: "\n") : text
    }

    // MARK: The whole

    func finished() throws -> (CodingProject, NotCarried) {
        for (waiting, path) in sources {
            var source = waiting
            if let path { source.text = try fileText(path, of: source.name) }
            let length = source.text.unicodeScalars.count
            for selection in source.selections where selection.end > length {
                throw QDAFault(
                    .beyond, "\(selection.id) (\(selection.start)–\(selection.end))", at: "“\(source.name)” (\(length))"
                )
            }
            project.sources.append(source)
        }
        try settle()
        return (project, left)
    }

    /// Each reference points to something that is there; what points to cases or to unknown users and notes is counted.
    private func settle() throws {
        let (codes, users) = (Set(project.codes.map(\.id)), Set(project.users.map(\.id)))
        let noteIds = Set(project.notes.map(\.id))
        func known(_ user: GUID?) -> GUID? {
            guard let user, !users.contains(user) else { return user }
            left.add("unknown creatingUser")
            return nil
        }
        func known(_ notes: [GUID]) -> [GUID] {
            let kept = notes.filter(noteIds.contains)
            left.add("unknown NoteRef", notes.count - kept.count)
            return kept
        }
        for at in project.codes.indices { project.codes[at].notes = known(project.codes[at].notes) }
        for at in project.notes.indices { project.notes[at].user = known(project.notes[at].user) }
        project.ownNotes = known(project.ownNotes)
        for index in project.sources.indices {
            var source = project.sources[index]
            (source.user, source.notes) = (known(source.user), known(source.notes))
            left.add("empty PlainTextSelection", source.selections.filter { $0.start == $0.end }.count)
            source.selections = try source.selections.filter { $0.start < $0.end }.map { selection in
                var selection = selection
                (selection.user, selection.notes) = (known(selection.user), known(selection.notes))
                selection.codings = try selection.codings.compactMap { coding in
                    var coding = coding
                    (coding.user, coding.notes) = (known(coding.user), known(coding.notes))
                    if codes.contains(coding.code) { return coding }
                    guard cases.contains(coding.code) else {
                        throw QDAFault(.missingCode, selection.id.description, at: source.name)
                    }
                    left.add("Coding of a Case")
                    return nil
                }
                return selection
            }
            project.sources[index] = source
        }
    }

    // MARK: Attributes

    private func id(_ node: XMLNode) throws -> GUID {
        guard let own = Self.guid(node.attributes["guid"]) else {
            throw QDAFault(.badId, node.name, at: "\(node.line)")
        }
        guard ids.insert(own).inserted else { throw QDAFault(.twice, own.description, at: "\(node.line)") }
        return own
    }

    static func guid(_ text: String?) -> GUID? {
        guard let text else { return nil }
        return GUID(text.hasPrefix("{") && text.hasSuffix("}") ? String(text.dropFirst().dropLast()) : text)
    }

    private static func position(_ text: String) -> Int? {
        guard text.utf8.count <= 12, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func description(of node: XMLNode) -> String? {
        node.first("Description").flatMap { $0.bytes.isEmpty ? nil : String(decoding: $0.bytes, as: UTF8.self) }
    }

    private func notes(of node: XMLNode) -> [GUID] {
        node.all("NoteRef").compactMap { Self.guid($0.attributes["targetGUID"]) }
    }

    private func dateTime(_ node: XMLNode) -> String? {
        guard let text = node.attributes["creationDateTime"] else { return nil }
        if text.utf8.count <= 40, Self.isDateTime(text) { return text }
        left.add("creationDateTime")
        return nil
    }

    /// Digits where xsd:dateTime has digits.
    static func isDateTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 19 else { return false }
        for (at, sign) in Array("0000-00-00T00:00:00".utf8).enumerated() {
            guard sign == 0x30 ? (0x30...0x39).contains(bytes[at]) : bytes[at] == sign else { return false }
        }
        return bytes[19...].allSatisfy { (0x30...0x39).contains($0) || [0x2b, 0x2d, 0x2e, 0x3a, 0x5a].contains($0) }
    }
}
