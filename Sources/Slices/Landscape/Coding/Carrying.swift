package import Formats
package import Kernel
import Storage

/// What a file of coding holds: counted before anything is kept, and after.
package struct CarriedCounts: Sendable, Equatable {
    package var study: Identifier<Study>?
    package var coders = 0
    package var codes = 0
    /// Codes of the file that the codebook had already; they stay as they are.
    package var known = 0
    package var sources = 0
    package var highlights = 0
    package var marks = 0
    package var notes = 0
    package var left = NotCarried()
}

extension Landscape {
    /// Reads a .qdpx as a new study. All or nothing; with `keeps` false nothing is kept and the counts say what would be.
    /// - Parameters:
    ///   - name: of the file, for what is said about it.
    ///   - form: with the same file it gives the study that it made; nil for a new one each time.
    package func takeProject(
        _ bytes: [UInt8], named name: String, keeps: Bool, form: String? = nil, by asker: StudyActor
    ) async throws -> CarriedCounts {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        let (project, left) = try QDAFile.project(bytes, named: name)
        var counts = CarriedCounts(
            coders: project.users.count, codes: project.codes.count, sources: project.sources.count,
            highlights: project.sources.reduce(0) { $0 + $1.selections.count },
            marks: project.sources.reduce(0) { $0 + $1.selections.reduce(0) { $0 + $1.codings.count } },
            notes: project.notes.count, left: left)
        guard keeps else { return counts }
        let study = Study(
            id: Identifier(world.newUUID()), name: project.name.isEmpty ? name : project.name,
            description: project.description ?? "", origin: project.origin ?? "", openedOn: world.today)
        let today = world.today
        counts.study = try await open(
            study, Self.formKey(form ?? newForm(), sha256(hexadecimal(bytes))), "import", by: asker
        ) {
            try Self.write(project, as: study, $1, on: today, $0)
        }
        return counts
    }

    private static func write(
        _ project: CodingProject, as study: Study, _ formKey: String, on day: Day, _ transaction: any Transaction
    ) throws {
        let (store, highlights) = (StudyStore(transaction), HighlightStore(transaction))
        try store.insert(study, formKey: formKey)
        try store.insert(
            project.users.map { Coder(id: Identifier($0.id.uuid), name: $0.name, worker: nil) }, in: study.id)
        try store.insert(project.codes.map(StudyCode.init), in: study.id)
        try store.insert(project.sources, in: study.id)
        for source in project.sources {
            let coders = Set(source.selections.flatMap { [$0.user] + $0.codings.map(\.user) }.compactMap(\.self))
            for coder in coders.sorted() {
                try store.finish(
                    Identifier(source.id.uuid), by: Identifier(coder.uuid), in: study.id, on: day)
            }
        }
        try highlights.insert(
            project.sources.flatMap { source in source.selections.map { Highlight($0, in: source) } }, in: study.id)
        var links: [(owner: String, notes: [CodingProject.GUID])] = [(study.id.description, project.ownNotes)]
        links += project.codes.map { ($0.id.description, $0.notes) }
        for source in project.sources {
            links.append((source.id.description, source.notes))
            for selection in source.selections {
                links.append((selection.id.description, selection.notes))
                links += selection.codings.map { ($0.id.description, $0.notes) }
            }
        }
        try highlights.insert(project.notes, links: links, in: study.id)
    }

    /// The study as REFI-QDA has it: the codebook, the texts, and the layers that the asker may see. Ids are those it was read
    /// with.
    package func project(of id: Identifier<Study>, for asker: StudyActor) async throws -> CodingProject {
        try await database.read { transaction in
            let open = try Self.open(id, for: asker, transaction)
            try open.mustRead()
            let (notes, links) = try HighlightStore(transaction).notes(of: id)
            var project = CodingProject(name: open.study.name)
            project.origin = open.study.origin.flatMap { $0.isEmpty ? nil : $0 }
            project.description = open.study.description.isEmpty ? nil : open.study.description
            project.users = open.coders.map { .init(id: Identifier($0.id.uuid), name: $0.name) }
            project.codes = open.codes.filter { $0.mergedInto == nil }.map {
                $0.carried(notes: links[$0.id.description])
            }
            project.notes = notes
            project.ownNotes = links[id.description] ?? []
            let all = Dictionary(
                grouping: try HighlightStore(transaction).highlights(in: id, byPlace: true), by: \.source)
            let rows = try transaction.rows(
                "SELECT id, content, coder_id, made FROM coding_source WHERE study_id = \(id) ORDER BY place, id")
            for (source, row) in zip(open.sources, rows) {
                var carried = CodingProject.Source(
                    id: Identifier(source.id.uuid), name: source.name, text: try row.text("content"))
                carried.description = source.description
                carried.user = row.optionalText("coder_id").flatMap(CodingProject.GUID.init)
                carried.made = row.optionalText("made")
                carried.notes = links[source.id.description] ?? []
                carried.selections = open.layers.visible(all[source.id] ?? [], in: source).map { $0.carried(links) }
                project.sources.append(carried)
            }
            return project
        }
    }

    /// The codebook of a study alone, as REFI-QDA has it.
    package func codebook(of id: Identifier<Study>) async throws -> [CodingProject.Code] {
        try await database.read { transaction in
            let store = StudyStore(transaction)
            _ = try store.study(id)
            return try store.codes(of: id).filter { $0.mergedInto == nil }.map { $0.carried() }
        }
    }

    /// Adds the codes of a .qdc or a table to a codebook. Those that are there already, by id or by name in the same place, stay
    /// as they are; one that was merged is the one it leads to. All or nothing: a code with a name or a text that is too long,
    /// or two alike in one place, refuse the file.
    package func takeCodebook(
        _ bytes: [UInt8], named name: String, into study: Identifier<Study>, keeps: Bool, by asker: StudyActor
    ) async throws -> CarriedCounts {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        var counts = CarriedCounts()
        let codes: [CodingProject.Code]
        if name.lowercased().hasSuffix(".csv") {
            codes = try CodebookSheet.read(bytes, named: name) { Identifier(world.newUUID()) }
        } else {
            (codes, counts.left) = try QDAFile.codebook(bytes, named: name)
        }
        let (fresh, known) = try await database.read { try Self.fresh(codes, in: study, $0) }
        (counts.codes, counts.known) = (fresh.count, known)
        guard keeps, !fresh.isEmpty else { return counts }
        try await change(asker, "import", "codebook", study.description) { transaction in
            try StudyStore(transaction).insert(Self.fresh(codes, in: study, transaction).0, in: study)
        }
        return counts
    }

    /// Codes of a file that the codebook has not, and how many it has.
    private static func fresh(
        _ codes: [CodingProject.Code], in study: Identifier<Study>, _ transaction: any Transaction
    ) throws -> ([StudyCode], known: Int) {
        let store = StudyStore(transaction)
        _ = try store.study(study)
        let there = try store.codes(of: study)
        let byId = Dictionary(there.map { ($0.id, $0) }) { first, _ in first }
        var (twins, depths): ([[String]: Identifier<StudyCode>], [Identifier<StudyCode>: Int]) = ([:], [:])
        for code in there {
            depths[code.id] = (code.parent.flatMap { depths[$0] } ?? 0) + 1
            if code.mergedInto == nil, twins[code.twinKey] == nil { twins[code.twinKey] = code.id }
        }
        var (places, fresh): ([CodingProject.GUID: Identifier<StudyCode>], [StudyCode]) = ([:], [])
        for code in codes {
            var own = StudyCode(code)
            own.parent = code.parent.flatMap { places[$0] }
            if let known = leadsTo(own.id, byId) {
                places[code.id] = known
            } else if let twin = twins[own.twinKey] {
                guard byId[twin] != nil else { throw QDAFault(.twin, own.name) }
                places[code.id] = twin
            } else {
                if let field = own.problems.faults.first?.field { throw QDAFault(.tooLong, own.name, at: field) }
                depths[own.id] = (own.parent.flatMap { depths[$0] } ?? 0) + 1
                guard depths[own.id] ?? 0 <= Codebook.deepest else { throw QDAFault(.tooDeep, own.name) }
                (places[code.id], twins[own.twinKey]) = (own.id, own.id)
                fresh.append(own)
            }
        }
        guard there.count + fresh.count <= Codebook.mostCodes else { throw CodingRefusal.tooMany }
        return (fresh, codes.count - fresh.count)
    }

    /// Where a code of the codebook ended up; nil for one that it does not have.
    private static func leadsTo(
        _ id: Identifier<StudyCode>, _ codes: [Identifier<StudyCode>: StudyCode]
    ) -> Identifier<StudyCode>? {
        var (found, left) = (codes[id], codes.count)
        while let next = found?.mergedInto, left > 0 { (found, left) = (codes[next], left - 1) }
        return found?.id
    }
}

extension StudyCode {
    /// Equal for codes of one name in one place.
    fileprivate var twinKey: [String] { [parent?.description ?? "", name] }

    init(_ code: CodingProject.Code) {
        self.init(
            id: Identifier(code.id.uuid), parent: code.parent.map { Identifier($0.uuid) }, name: code.name,
            text: CodeText(code.description ?? ""), color: code.color, isCodable: code.isCodable)
    }

    func carried(notes: [CodingProject.GUID]? = nil) -> CodingProject.Code {
        var code = CodingProject.Code(id: Identifier(id.uuid), name: name)
        code.parent = parent.map { Identifier($0.uuid) }
        (code.description, code.isCodable, code.color, code.notes) = (text.joined, isCodable, color, notes ?? [])
        return code
    }
}

extension Highlight {
    init(_ selection: CodingProject.Selection, in source: CodingProject.Source) {
        self.init(
            id: Identifier(selection.id.uuid), source: Identifier(source.id.uuid),
            coder: selection.user.map { Identifier($0.uuid) }, start: selection.start, end: selection.end,
            name: selection.name, memo: selection.description, made: selection.made)
        marks = selection.codings.map { coding in
            Mark(
                id: Identifier(coding.id.uuid), code: Identifier(coding.code.uuid),
                coder: coding.user.map { Identifier($0.uuid) }, made: coding.made)
        }
    }

    func carried(_ links: [String: [CodingProject.GUID]]) -> CodingProject.Selection {
        var selection = CodingProject.Selection(id: Identifier(id.uuid), start: start, end: end)
        (selection.name, selection.description, selection.made) = (name, memo, made)
        selection.user = coder.map { Identifier($0.uuid) }
        selection.notes = links[id.description] ?? []
        selection.codings = marks.map { mark in
            var coding = CodingProject.Coding(id: Identifier(mark.id.uuid), code: Identifier(mark.code.uuid))
            (coding.user, coding.made) = (mark.coder.map { Identifier($0.uuid) }, mark.made)
            coding.notes = links[mark.id.description] ?? []
            return coding
        }
        return selection
    }
}
