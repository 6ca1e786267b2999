import Formats
package import Kernel
import Storage

/// Whose layers somebody may see: their own, and others' once both have finished the text, so that nobody codes after another.
struct Layers {
    /// Nil for who looks on without coding; they see what is finished.
    let own: Identifier<Coder>?

    func shows(_ coder: Identifier<Coder>?, in source: StudySource) -> Bool {
        if let own, coder == own { return true }
        if let own, !source.finishedBy.contains(own) { return false }
        return coder.map(source.finishedBy.contains) ?? true
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
    let uses: [Identifier<StudyCode>: Int]
    /// Who asks, where they code in it.
    let own: Coder?

    var layers: Layers { Layers(own: own?.id) }

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

    package init(actor: Actor, worker: String?) { (self.actor, self.worker) = (actor, worker) }
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
        let coders = try store.coders(of: id)
        return OpenStudy(
            study: try store.study(id), coders: coders, sources: try store.sources(of: id),
            codes: try store.codes(of: id), uses: try store.uses(in: id),
            own: asker.worker.flatMap { worker in coders.first { $0.worker == worker } })
    }

    /// Opens a study without texts or codes.
    package func openStudy(_ name: String, _ description: String, by asker: StudyActor) async throws -> Identifier<
        Study
    > {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        var problems = Problems()
        Self.check(name, "name", longest: StudySource.longestName, &problems)
        if description.utf8.count > StudyCode.longestText { problems.add("description", "too-long") }
        try problems.check()
        let study = Study(
            id: Identifier(world.newUUID()), name: name, description: description, origin: nil, openedOn: world.today)
        try await change(asker, "open", "study", study.id.description) { try StudyStore($0).insert(study) }
        return study.id
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

    /// Makes who asks a coder of the study, under a name that its files will carry. Doing it again changes nothing.
    package func join(_ id: Identifier<Study>, as name: String, by asker: StudyActor) async throws {
        guard let worker = asker.worker else { throw CodingRefusal.notAllowed }
        var problems = Problems()
        Self.check(name, "name", longest: 80, &problems)
        try problems.check()
        let coder = Coder(id: Identifier(world.newUUID()), name: name, worker: worker)
        try await change(asker, "join", "study", id.description) { transaction in
            let store = StudyStore(transaction)
            _ = try store.study(id)
            let coders = try store.coders(of: id)
            if coders.contains(where: { $0.worker == worker }) { return }
            if coders.contains(where: { $0.name == name }) { throw Problems("name", "taken") }
            try store.insert([coder], in: id)
        }
    }

    /// Adds a plain text as it is; its line ends stay.
    @discardableResult
    package func addText(
        _ name: String, _ text: String, to id: Identifier<Study>, by asker: StudyActor
    ) async throws -> Identifier<StudySource> {
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
        let added = source
        try await change(asker, "add", "coding-source", source.id.description) { transaction in
            let store = StudyStore(transaction)
            _ = try store.study(id)
            if let own = try store.coders(of: id).first(where: { $0.worker == asker.worker && $0.worker != nil }) {
                var source = added
                source.user = Identifier(own.id.uuid)
                try store.insert([source], in: id)
            } else {
                try store.insert([added], in: id)
            }
        }
        return Identifier(source.id.uuid)
    }

    /// Adds what the landscape has already as one text, a line for each finding or note as it was written.
    package func addText(
        from gathering: Gathering, to id: Identifier<Study>, by asker: StudyActor
    ) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        let (name, lines) = try await database.read { try GatheringStore($0).text(of: gathering) }
        try await addText(name, lines.joined(separator: "\n"), to: id, by: asker)
    }

    /// What texts can be made of, with names: scans, and workshops with notes.
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
        let workshops = try transaction.rows("SELECT id, title, held_on FROM workshop ORDER BY held_on DESC, id").map {
            (Gathering.workshop(try $0.identifier("id")), "\(try $0.text("title")), \(try $0.text("held_on"))")
        }
        return scans + workshops
    }

    func text(of gathering: Gathering) throws -> (name: String, lines: [String]) {
        guard let name = try all().first(where: { $0.gathering == gathering })?.name else {
            throw CodingRefusal.notFound
        }
        let rows =
            switch gathering {
            case .scan(let id):
                try transaction.rows(
                    "SELECT wording FROM finding WHERE scan_id = \(id) AND state <> 'withdrawn' ORDER BY number")
            case .workshop(let id):
                // A note that was taken back has no words any more.
                try transaction.rows(
                    "SELECT wording FROM workshop_note WHERE workshop_id = \(id) AND wording IS NOT NULL ORDER BY number"
                )
            }
        return (name, try rows.map { try $0.text("wording").replacing("\n", with: " ") })
    }
}
