import Formats
import Kernel
import Storage

extension Landscape {
    /// Findings that are made in one write, so that others can write in between.
    private static let draftsAtOnce = 200

    /// Makes a draft finding of each note that has none yet. Doing it again adds only what is new since, also when it was cut
    /// off.
    /// - Parameter code: the scan they go into, which is made where the workshop's own does not exist; nil for the one offered.
    /// - Throws: `stillOpen` while phones can still change their notes, `noScan` for another scan that is none,
    ///   `printed` for the baseline.
    func makeFindings(of id: Identifier<Workshop>, in code: String? = nil, by actor: Actor) async throws {
        guard actor.may(.keepLandscape) else { throw WorkshopRefusal.notAllowed }
        while try await makeSomeFindings(of: id, in: code, by: actor) {}
    }

    /// True when there may be more.
    private func makeSomeFindings(of id: Identifier<Workshop>, in code: String?, by actor: Actor) async throws -> Bool {
        let now = world.now()
        return try await database.write { [world] transaction in
            guard let workshop = try WorkshopStore(transaction).workshop(id) else { throw WorkshopRefusal.notFound }
            guard workshop.door == nil else { throw WorkshopRefusal.stillOpen }
            let (notes, findings) = (WorkshopNoteStore(transaction), FindingStore(transaction))
            let open = try notes.undrafted(of: id, limit: Self.draftsAtOnce)
            guard !open.isEmpty else { return false }
            let scan = try Self.scan(code, of: workshop, findings)
            let number = try findings.nextNumber(in: scan.id)
            var made: [(finding: Finding, note: Identifier<WorkshopNote>)] = []
            for note in open {
                guard let content = note.content else { continue }
                let finding = self.finding(
                    Identifier(world.newUUID()), number: number + made.count, of: note, content, workshop, scan.id)
                made.append((finding, note.id))
            }
            try findings.insert(made.map(\.finding), on: now.day)
            try notes.set(made.map { ($0.finding.id, $0.note) })
            let chain = AuditChain(transaction)
            for (finding, _) in made {
                try chain.append(
                    AuditChain.Deed(actor: actor, verb: "add", kind: "finding", record: finding.id.description), at: now
                )
            }
            return open.count == Self.draftsAtOnce
        }
    }

    /// The name of the scan that drafts of a workshop are offered to go into: that of its year, else the newest that is not
    /// the baseline, else a new one of its year.
    static func offeredScan(for workshop: Workshop, of scans: [Scan]) -> String {
        let year = "\(workshop.heldOn.year)"
        let code = scans.contains { $0.code == year && $0.isBaseline } ? "\(year)-workshops" : year
        let later = scans.filter { !$0.isBaseline }
        guard !later.contains(where: { $0.code == code }) else { return code }
        return later.max { ($0.published, $0.code) < ($1.published, $1.code) }?.code ?? code
    }

    /// The title of a new one is read by all, in both languages.
    private static func scan(_ asked: String?, of workshop: Workshop, _ store: FindingStore) throws -> Scan {
        let scans = try store.scans()
        let offered = offeredScan(for: workshop, of: scans)
        let code = asked ?? offered
        if let known = scans.first(where: { $0.code == code }) {
            guard !known.isBaseline else { throw ScanRefusal.printed }
            return known
        }
        guard code == offered else { throw ScanRefusal.noScan }
        let year = "\(workshop.heldOn.year)"
        let scan = Scan(
            id: .named("scan/\(code)"), code: code, title: "Landscape scan · Portrait \(year)", published: year,
            isBaseline: false, digest: nil)
        try store.insert(scan)
        return scan
    }

    /// Without a theme until it is coded. A place that the gazetteer does not know stands as it was written.
    private func finding(
        _ id: Identifier<Finding>, number: Int, of note: WorkshopNote, _ content: WorkshopNote.Content,
        _ workshop: Workshop, _ scan: Identifier<Scan>
    ) -> Finding {
        var finding = Finding(
            id: id, scan: scan, code: "note-\(note.id)", number: number, focus: content.focus, theme: "",
            kind: content.kind, text: content.text,
            printed: Finding.Printed(
                document: "\(workshop.title), \(workshop.heldOn)", section: workshop.group(note.group)),
            origin: .workshop)
        finding.language = note.language
        if let place = content.place {
            if let known = region.placeCalled(place) { finding.places = [known] } else { finding.facts = [place] }
        }
        finding.originId = note.id.description
        return finding
    }

    /// Of closed workshops, the newest first: who was not in the room, as the facilitator wrote it.
    func absences() async throws -> [Workshop] {
        try await database.read { try WorkshopStore($0).absences() }
    }
}
