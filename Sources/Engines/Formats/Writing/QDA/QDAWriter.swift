package import Kernel

/// Writes projects and codebooks of REFI-QDA 1.0.
package enum QDAWriter {
    static let origin = "Waymark"

    /// A .qdpx: `project.qde` and each text as it is under `sources/`, so that its line ends and positions stay.
    /// - Parameter time: of every entry, so that the same project gives the same bytes.
    package static func project(_ project: CodingProject, time: Instant) throws -> [UInt8] {
        var entries: [(name: String, bytes: [UInt8])] = [("project.qde", xml(project))]
        entries += project.sources.map { ("sources/\($0.id).txt", Array($0.text.utf8)) }
        return try ZipFile.packed(entries, time: time)
    }

    /// A .qdc. The format wants one code at least.
    package static func codebook(_ codes: [CodingProject.Code]) -> [UInt8] {
        var out = QDAText()
        out.begin("CodeBook", ["xmlns": "urn:QDA-XML:codebook:1.0", "origin": origin])
        out.begin("Codes")
        CodeTree(codes).write(to: &out, withNotes: false)
        out.end()
        out.end()
        return out.bytes
    }

    private static func xml(_ project: CodingProject) -> [UInt8] {
        var out = QDAText()
        out.begin("Project", ["xmlns": "urn:QDA-XML:project:1.0", "name": project.name, "origin": origin])
        section("Users", project.users, to: &out) { user, out in
            out.empty("User", ["guid": user.id.description, "name": user.name])
        }
        if !project.codes.isEmpty {
            out.begin("CodeBook")
            out.begin("Codes")
            CodeTree(project.codes).write(to: &out, withNotes: true)
            out.end()
            out.end()
        }
        section("Sources", project.sources, to: &out, source)
        section("Notes", project.notes, to: &out) { note, out in
            out.begin(
                "Note",
                [
                    "guid": note.id.description, "name": note.name, "creatingUser": note.user?.description,
                    "creationDateTime": note.made,
                ])
            out.text("PlainTextContent", note.text)
            out.end()
        }
        out.text("Description", project.description)
        references(project.ownNotes, to: &out)
        out.end()
        return out.bytes
    }

    private static func section<Item>(
        _ name: String, _ items: [Item], to out: inout QDAText, _ write: (Item, inout QDAText) -> Void
    ) {
        guard !items.isEmpty else { return }
        out.begin(name)
        for item in items { write(item, &out) }
        out.end()
    }

    private static func source(_ source: CodingProject.Source, to out: inout QDAText) {
        out.begin(
            "TextSource",
            [
                "guid": source.id.description, "name": source.name, "plainTextPath": "internal://\(source.id).txt",
                "creatingUser": source.user?.description, "creationDateTime": source.made,
            ])
        out.text("Description", source.description)
        for selection in source.selections { write(selection, to: &out) }
        references(source.notes, to: &out)
        out.end()
    }

    private static func write(_ selection: CodingProject.Selection, to out: inout QDAText) {
        out.begin(
            "PlainTextSelection",
            [
                "guid": selection.id.description, "name": selection.name, "startPosition": "\(selection.start)",
                "endPosition": "\(selection.end)", "creatingUser": selection.user?.description,
                "creationDateTime": selection.made,
            ])
        out.text("Description", selection.description)
        for coding in selection.codings {
            out.begin(
                "Coding",
                [
                    "guid": coding.id.description, "creatingUser": coding.user?.description,
                    "creationDateTime": coding.made,
                ])
            out.empty("CodeRef", ["targetGUID": coding.code.description])
            references(coding.notes, to: &out)
            out.end()
        }
        references(selection.notes, to: &out)
        out.end()
    }

    fileprivate static func references(_ notes: [CodingProject.GUID], to out: inout QDAText) {
        for note in notes { out.empty("NoteRef", ["targetGUID": note.description]) }
    }
}

/// Codes by what they stand under. What stands under nothing that is there stands at the top.
private struct CodeTree {
    private var below: [CodingProject.GUID?: [CodingProject.Code]] = [:]

    init(_ codes: [CodingProject.Code]) {
        let known = Set(codes.map(\.id))
        for code in codes { below[code.parent.flatMap { known.contains($0) ? $0 : nil }, default: []].append(code) }
    }

    func write(to out: inout QDAText, withNotes: Bool) {
        // Nil ends the code that was begun last.
        var waiting: [CodingProject.Code?] = (below[nil] ?? []).reversed()
        while let next = waiting.popLast() {
            guard let code = next else {
                out.end()
                continue
            }
            out.begin(
                "Code",
                [
                    "guid": code.id.description, "name": code.name, "isCodable": code.isCodable ? "true" : "false",
                    "color": code.color,
                ])
            out.text("Description", code.description)
            if withNotes { QDAWriter.references(code.notes, to: &out) }
            waiting.append(nil)
            waiting += (below[code.id] ?? []).reversed().map(Optional.some)
        }
    }
}
