import Formats
package import Kernel
import Storage

/// Whose layers somebody may see: their own, and others' once both have finished the text, so that nobody codes after another.
struct Layers {
    /// Nil for who does not code in the study.
    let own: Identifier<Coder>?
    /// Who keeps the landscape without coding sees what is finished.
    let looksOn: Bool

    func shows(_ coder: Identifier<Coder>?, in source: StudySource) -> Bool {
        guard let own else { return looksOn && (coder.map(source.finishedBy.contains) ?? true) }
        if coder == own { return true }
        return source.finishedBy.contains(own) && (coder.map(source.finishedBy.contains) ?? true)
    }

    /// True while nothing of anybody else can be seen in a text, not even that they marked nothing.
    func isAlone(in source: StudySource, _ highlights: [Highlight]) -> Bool {
        guard let own else { return false }
        return source.finishedBy.isSubset(of: [own])
            && visible(highlights, in: source).allSatisfy { $0.coder == own && $0.marks.allSatisfy { $0.coder == own } }
    }

    /// The highlights of one source, each without the marks that may not be seen.
    func visible(_ highlights: [Highlight], in source: StudySource) -> [Highlight] {
        highlights.filter { shows($0.coder, in: source) }.map { highlight in
            var highlight = highlight
            highlight.marks.removeAll { !shows($0.coder, in: source) }
            return highlight
        }
    }
}

/// A study with all that its own page and the pages below it need.
package struct OpenStudy: Sendable {
    package let study: Study
    package let coders: [Coder]
    package let sources: [StudySource]
    package let codes: [StudyCode]
    /// As far as the asker may see them.
    let uses: [Identifier<StudyCode>: Int]
    /// Who asks, where they code in it.
    let own: Coder?
    /// Who keeps the landscape decides over every study.
    let keeps: Bool
    /// Of each code, with the names of those above it: `Housing › Beds`.
    let trails: [Identifier<StudyCode>: String]

    var layers: Layers { Layers(own: own?.id, looksOn: keeps) }
    /// Texts are read, and codes written, by those who code in the study and by who keeps the landscape.
    var mayRead: Bool { own != nil || keeps }

    func mustRead() throws { if !mayRead { throw CodingRefusal.notACoder } }

    func trail(of code: StudyCode) -> String { trails[code.id] ?? code.name }

    func source(_ id: Identifier<StudySource>) throws -> StudySource {
        guard let source = sources.first(where: { $0.id == id }) else { throw CodingRefusal.notFound }
        return source
    }

    func name(of coder: Identifier<Coder>?) -> String? { coders.first { $0.id == coder }?.name }
}

/// Who asks for something of coding: what they may do, and which of the staff it is; nil at the command line.
package struct StudyActor: Sendable {
    package let actor: Actor
    package let worker: String?

    /// The desk that they work at.
    package let desk: String?

    package init(actor: Actor, worker: String?, desk: String? = nil) {
        (self.actor, self.worker, self.desk) = (actor, worker, desk)
    }
}

extension Landscape {
    /// All studies, the newest first.
    package func studies() async throws -> [Study] { try await database.read { try StudyStore($0).studies() } }

    package func study(_ id: Identifier<Study>, for asker: StudyActor) async throws -> OpenStudy {
        try await database.read { try Self.open(id, for: asker, $0) }
    }

    static func open(_ id: Identifier<Study>, for asker: StudyActor, _ transaction: any Transaction) throws -> OpenStudy
    {
        let store = StudyStore(transaction)
        let (coders, codes) = (try store.coders(of: id), try store.codes(of: id))
        let own = asker.worker.flatMap { worker in coders.first { $0.worker == worker } }
        let keeps = asker.actor.may(.keepLandscape)
        var trails: [Identifier<StudyCode>: String] = [:]
        // Each code comes after the one it stands under.
        for code in codes {
            trails[code.id] = (code.parent.flatMap { trails[$0] }.map { "\($0) › " } ?? "") + code.name
        }
        return OpenStudy(
            study: try store.study(id), coders: coders, sources: try store.sources(of: id), codes: codes,
            uses: try store.uses(in: id, for: Layers(own: own?.id, looksOn: keeps)), own: own, keeps: keeps,
            trails: trails)
    }

    /// Opens a study without texts or codes. The same form sent again gives the study that it made.
    package func openStudy(
        _ name: String, _ description: String, form: String, by asker: StudyActor
    ) async throws -> Identifier<Study> {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        var problems = Problems()
        Self.check(name, "name", longest: StudySource.longestName, &problems)
        if description.utf8.count > StudyCode.longestText { problems.add("description", "too-long") }
        try problems.check()
        let study = Study(
            id: Identifier(world.newUUID()), name: name, description: description, origin: nil, openedOn: world.today)
        return try await open(study, Self.formKey(form, name, description), "open", by: asker) {
            try StudyStore($0).insert(study, formKey: $1)
        }
    }

    /// With other words the same form is another one, so that nothing typed is lost.
    static func formKey(_ parts: String...) -> String { sha256(parts.map { "\($0.utf8.count):\($0)" }.joined()) }

    /// Makes a study unless its form made one already.
    func open(
        _ study: Study, _ key: String, _ verb: String, by asker: StudyActor,
        _ insert: @Sendable @escaping (any Transaction, String) throws -> Void
    ) async throws -> Identifier<Study> {
        let now = world.now()
        return try await database.write { transaction in
            if let made = try StudyStore(transaction).study(formKey: key) { return made }
            try insert(transaction, key)
            try AuditChain(transaction).append(
                AuditChain.Deed(actor: asker.actor, verb: verb, kind: "study", record: study.id.description), at: now)
            return study.id
        }
    }

    /// Takes a study away for good, with its texts, codes, marks and notes. Findings that were drafted from it stay.
    package func deleteStudy(_ id: Identifier<Study>, by asker: StudyActor) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        try await change(asker, "delete", "study", id.description) { transaction in
            let store = StudyStore(transaction)
            _ = try store.study(id)
            try store.delete(id)
        }
        traces.leave()
    }

    /// Takes a text away for good, with what was marked in it and said beside it. Findings that were drafted from it stay.
    package func deleteText(
        _ source: Identifier<StudySource>, in study: Identifier<Study>, by asker: StudyActor
    ) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        try await change(asker, "delete", "coding-source", source.description) { transaction in
            guard try StudyStore(transaction).delete(source, in: study) else { throw CodingRefusal.notFound }
        }
        traces.leave()
    }

    /// Takes the notes away for good that came with a study's file, about codes, texts or the whole.
    package func deleteNotes(of study: Identifier<Study>, by asker: StudyActor) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        try await changeOnce(asker, "delete", "coding-notes", study.description) { transaction in
            let store = StudyStore(transaction)
            _ = try store.study(study)
            return try store.deleteNotes(of: study)
        }
        traces.leave()
    }

    /// How many notes came with a study's file.
    func countNotes(of study: Identifier<Study>) async throws -> Int {
        try await database.read { try StudyStore($0).countNotes(of: study) }
    }

    static func check(_ text: String, _ field: String, longest: Int, _ problems: inout Problems) {
        if text.isEmpty { problems.add(field, "required") }
        if text.utf8.count > longest { problems.add(field, "too-long") }
    }

    /// One write with its audit entry.
    func change<Value: Sendable>(
        _ asker: StudyActor, _ verb: String, _ kind: String, _ record: String,
        _ body: @Sendable @escaping (any Transaction) throws -> Value
    ) async throws -> Value {
        let now = world.now()
        return try await database.write { transaction in
            let value = try body(transaction)
            try AuditChain(transaction).append(
                AuditChain.Deed(actor: asker.actor, verb: verb, kind: kind, record: record), at: now)
            return value
        }
    }

    /// The same for what changes nothing when it is sent again: then there is no entry.
    /// - Parameter body: false when it changed nothing.
    func changeOnce(
        _ asker: StudyActor, _ verb: String, _ kind: String, _ record: String,
        _ body: @Sendable @escaping (any Transaction) throws -> Bool
    ) async throws {
        let now = world.now()
        try await database.write { transaction in
            guard try body(transaction) else { return }
            try AuditChain(transaction).append(
                AuditChain.Deed(actor: asker.actor, verb: verb, kind: kind, record: record), at: now)
        }
    }

    /// Makes who asks a coder of the study, under a name that its files will carry. Doing it again changes nothing. Who keeps
    /// the landscape sees finished work, so that they join before the first of the staff has finished a text, or not at all.
    package func join(_ id: Identifier<Study>, as name: String, by asker: StudyActor) async throws {
        guard let worker = asker.worker else { throw CodingRefusal.notAllowed }
        var problems = Problems()
        Self.check(name, "name", longest: 80, &problems)
        try problems.check()
        let coder = Coder(id: Identifier(world.newUUID()), name: name, worker: worker)
        try await changeOnce(asker, "join", "study", id.description) { transaction in
            let open = try Self.open(id, for: asker, transaction)
            if open.own != nil { return false }
            if open.coders.contains(where: { $0.name == name }) { throw Problems("name", "taken") }
            let staff = open.coders.filter { $0.worker != nil }.map(\.id)
            let wasFinished =
                try StudyStore(transaction).hasReopened(in: id)
                || open.sources.contains { !$0.finishedBy.isDisjoint(with: staff) }
            guard !open.keeps || !wasFinished else { throw CodingRefusal.sawOthers }
            try StudyStore(transaction).insert([coder], in: id)
            return true
        }
    }

    /// Adds a plain text as it is; its line ends stay. The same form with the same words adds nothing more.
    package func addText(
        _ name: String, _ text: String, form: String, to id: Identifier<Study>, by asker: StudyActor
    ) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        var problems = Problems()
        Self.check(name, "name", longest: StudySource.longestName, &problems)
        if !text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) { problems.add("text", "required") }
        if text.utf8.count > StudySource.largest { problems.add("text", "too-long") }
        if text.utf8.contains(0) { problems.add("text", "not-text") }
        try problems.check()
        let now = world.now()
        var source = CodingProject.Source(id: Identifier(world.newUUID()), name: name, text: text)
        source.made = now.description
        let (added, key) = (source, Self.formKey(form, name, text))
        try await changeOnce(asker, "add", "coding-source", source.id.description) { transaction in
            let store = StudyStore(transaction)
            _ = try store.study(id)
            if try store.source(formKey: key, in: id) != nil { return false }
            var source = added
            source.user = try store.coders(of: id).first { $0.worker != nil && $0.worker == asker.worker }.map {
                Identifier($0.id.uuid)
            }
            try store.insert([source], in: id, formKey: key)
            return true
        }
    }

    /// Adds what the landscape has already as one text, a line for each published finding or each note as it was written.
    /// - Throws: `stillOpen` while phones can still take their notes back.
    package func addText(
        from gathering: Gathering, form: String, to id: Identifier<Study>, by asker: StudyActor
    ) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        let (name, lines) = try await database.read { try GatheringStore($0).text(of: gathering) }
        try await addText(name, lines.joined(separator: "\n"), form: form, to: id, by: asker)
    }

    /// What texts can be made of, with names: scans, and workshops that are closed.
    package func gatherings() async throws -> [(gathering: Gathering, name: String)] {
        try await database.read { try GatheringStore($0).all() }
    }
}

/// Something that people said together: a scan with its findings, or a workshop with its notes.
package enum Gathering: Sendable, Hashable {
    case scan(Identifier<Scan>)
    case workshop(Identifier<Workshop>)

    /// As a form sends it.
    var description: String {
        switch self {
        case .scan(let id): "scan \(id)"
        case .workshop(let id): "workshop \(id)"
        }
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "scan": guard let id = Identifier<Scan>(parts[1]) else { return nil }; self = .scan(id)
        case "workshop": guard let id = Identifier<Workshop>(parts[1]) else { return nil }; self = .workshop(id)
        default: return nil
        }
    }
}

/// What people said together, as lines of text. SQL only.
struct GatheringStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func all() throws -> [(gathering: Gathering, name: String)] {
        let scans = try transaction.rows("SELECT id, title FROM scan ORDER BY published DESC, code").map {
            (Gathering.scan(try $0.identifier("id")), try $0.text("title"))
        }
        let workshops = try transaction.rows(
            "SELECT id, title, held_on FROM workshop WHERE join_code IS NULL ORDER BY held_on DESC, id"
        ).map {
            (Gathering.workshop(try $0.identifier("id")), "\(try $0.text("title")), \(try $0.text("held_on"))")
        }
        return scans + workshops
    }

    func text(of gathering: Gathering) throws -> (name: String, lines: [String]) {
        if case .workshop(let id) = gathering, try WorkshopStore(transaction).workshop(id)?.door != nil {
            throw CodingRefusal.stillOpen
        }
        guard let name = try all().first(where: { $0.gathering == gathering })?.name else {
            throw CodingRefusal.notFound
        }
        let rows =
            switch gathering {
            case .scan(let id):
                try transaction.rows(
                    "SELECT wording FROM finding WHERE scan_id = \(id) AND state = 'published' ORDER BY number")
            case .workshop(let id):
                // A note that was taken back has no words any more.
                try transaction.rows(
                    "SELECT wording FROM workshop_note WHERE workshop_id = \(id) AND wording IS NOT NULL ORDER BY number"
                )
            }
        return (name, try rows.map { try $0.text("wording").replacing("\n", with: " ") })
    }
}
