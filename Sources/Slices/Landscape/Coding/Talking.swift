import Formats
package import Kernel
import Storage

/// A finding with what is said beside it.
package struct FindingTalk: Sendable {
    package let finding: Finding
    let positions: [NumberedPosition]
    /// Positions that were erased for good, each with when and why.
    let erased: [PositionChange]
    package let remarks: [Remark]
    /// Findings that lead to this one, each with the text and the source it had, as far as the asker may see them.
    package let merged: [Finding]
    /// The finding that this one was merged into, where the asker may see it.
    let kept: Identifier<Finding>?
    /// Findings of the same scan that it could be merged into, the likest first; for those who keep the landscape.
    package let like: [Finding]
    /// A row of the baseline, which is not merged.
    package let isPrinted: Bool
}

extension Landscape {
    // MARK: Comments

    /// Says something about a text or a highlight of a study that the asker may see.
    package func comment(
        _ text: String, on subject: String, in study: Identifier<Study>, by asker: StudyActor
    ) async throws {
        let remark = try remark(text, asker)
        try await changeOnce(asker, "comment", "coding", subject) { transaction in
            let open = try Self.open(study, for: asker, transaction)
            try open.mustRead()
            let isSource = open.sources.contains { $0.id.description == subject }
            if !isSource { _ = try Self.seen(Identifier(subject), in: open, transaction) }
            return try Self.insert(
                remark.about(isSource ? .source : .highlight, subject, by: open.own?.name ?? asker.actor.name),
                in: study, transaction)
        }
    }

    /// A highlight that the asker may see.
    private static func seen(
        _ id: Identifier<Highlight>?, in open: OpenStudy, _ transaction: any Transaction
    ) throws -> Highlight {
        guard let id, let found = try HighlightStore(transaction).highlights([id], in: open.study.id).first,
            try open.layers.shows(found.coder, in: open.source(found.source))
        else { throw CodingRefusal.notFound }
        return found
    }

    /// Says something about a finding, drafts included.
    package func comment(_ text: String, on finding: Identifier<Finding>, by asker: StudyActor) async throws {
        let remark = try remark(text, asker)
        try await changeOnce(asker, "comment", "finding", finding.description) { transaction in
            try Self.seen(finding, by: asker, transaction)
            return try Self.insert(
                remark.about(.finding, finding.description, by: asker.actor.name), in: nil, transaction)
        }
    }

    private func remark(_ text: String, _ asker: StudyActor) throws -> UnplacedRemark {
        guard let worker = asker.worker else { throw CodingRefusal.notAllowed }
        var problems = Problems()
        Self.check(text, "comment", longest: Remark.longest, &problems)
        try problems.check()
        return UnplacedRemark(id: Identifier(world.newUUID()), worker: worker, text: text, madeOn: world.today)
    }

    private struct UnplacedRemark: Sendable {
        let id: Identifier<Remark>
        let worker: String
        let text: String
        let madeOn: Day

        func about(_ subject: Remark.Subject, _ id: String, by author: String) -> Remark {
            Remark(
                id: self.id, subject: subject, subjectId: id, worker: worker, author: author, text: text,
                madeOn: madeOn, resolvedOn: nil)
        }
    }

    /// Sent twice on one day it is there once. False when it was there.
    private static func insert(
        _ remark: Remark, in study: Identifier<Study>?, _ transaction: any Transaction
    ) throws -> Bool {
        let store = RemarkStore(transaction)
        let isThere = try store.remarks(about: [remark.subjectId]).contains {
            $0.text == remark.text && $0.author == remark.author && $0.madeOn == remark.madeOn && $0.resolvedOn == nil
        }
        if !isThere { try store.insert(remark, in: study) }
        return !isThere
    }

    /// Closes a comment on something that the asker may see: whoever wrote it, or who keeps the landscape.
    package func resolve(_ id: Identifier<Remark>, by asker: StudyActor) async throws {
        let today = world.today
        try await changeOnce(asker, "resolve", "remark", id.description) { transaction in
            try Self.mustDecide(over: id, asker, transaction)
            return try RemarkStore(transaction).resolve(id, on: today)
        }
    }

    /// Takes the words of a comment away for good, for who may resolve it. That something was said stays; a comment that was
    /// open is resolved by it.
    package func empty(_ id: Identifier<Remark>, by asker: StudyActor) async throws {
        let today = world.today
        try await changeOnce(asker, "remove", "remark", id.description) { transaction in
            try Self.mustDecide(over: id, asker, transaction)
            return try RemarkStore(transaction).empty(id, on: today)
        }
        traces.leave()
    }

    private static func mustDecide(
        over id: Identifier<Remark>, _ asker: StudyActor, _ transaction: any Transaction
    ) throws {
        guard let place = try RemarkStore(transaction).place(of: id) else { throw CodingRefusal.notFound }
        if let study = place.study {
            let open = try Self.open(study, for: asker, transaction)
            try open.mustRead()
            if place.subject == .highlight { _ = try Self.seen(Identifier(place.subjectId), in: open, transaction) }
        }
        guard asker.actor.may(.keepLandscape) || place.worker == asker.worker else {
            throw CodingRefusal.notAllowed
        }
    }

    // MARK: Findings

    package func talk(about id: Identifier<Finding>, for asker: StudyActor) async throws -> FindingTalk {
        try await database.read { transaction in
            let finding = try Self.seen(id, by: asker, transaction)
            let talk = FindingTalkStore(transaction)
            let isPrinted = try talk.isPrinted(finding)
            let isMergeable = asker.actor.may(.keepLandscape) && !isPrinted
            let (store, positions) = (FindingStore(transaction), PositionStore(transaction))
            func isShown(_ other: Finding) throws -> Bool {
                try store.shows(other, to: asker.actor, of: asker.desk)
            }
            let kept = try finding.mergedInto.flatMap(store.finding)
            return FindingTalk(
                finding: finding, positions: try positions.positions(of: id), erased: try positions.erased(of: id),
                remarks: try RemarkStore(transaction).remarks(about: [id.description]),
                merged: try talk.merged(into: id).filter(isShown),
                kept: try kept.flatMap { try isShown($0) ? $0.id : nil },
                like: isMergeable ? try talk.like(finding) : [], isPrinted: isPrinted)
        }
    }

    /// - Throws: `notFound` where it is not there, or not there for who asks.
    @discardableResult
    static func seen(
        _ id: Identifier<Finding>, by asker: StudyActor, _ transaction: any Transaction
    ) throws -> Finding {
        let store = FindingStore(transaction)
        guard let finding = try store.finding(id), try store.shows(finding, to: asker.actor, of: asker.desk) else {
            throw CodingRefusal.notFound
        }
        return finding
    }

    /// Makes two findings of a scan one. The text and the source of `lost` stay readable under `kept`, its comments, its
    /// positions and what continues it go along, and its id leads to `kept`. What is published goes into what is published
    /// alone; nothing comes before everybody by it that could not be published.
    /// - Throws: `printed` for rows of the baseline, `openRemarks`, `unreviewed`, `notMergeable`.
    package func merge(
        _ lost: Identifier<Finding>, into kept: Identifier<Finding>, by asker: StudyActor
    ) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        let (now, region) = (world.now(), region)
        try await change(asker, "merge", "finding", lost.description) { transaction in
            let store = FindingStore(transaction)
            guard let one = try store.finding(lost), let other = try store.finding(kept) else {
                throw CodingRefusal.notFound
            }
            if one.mergedInto == kept { return }
            let talk = FindingTalkStore(transaction)
            if try talk.isPrinted(one) || talk.isPrinted(other) { throw CodingRefusal.printed }
            let states: [Finding.State] = one.state == .published ? [.published] : [.draft, .published]
            guard lost != kept, one.scan == other.scan, one.state != .merged, states.contains(other.state),
                one.continues == nil || other.continues == nil || one.continues == other.continues
            else { throw CodingRefusal.notMergeable }
            let fresh = other.new(one.positions)
            let waits = one.awaitsReview(region) || other.awaitsReview(region)
            if waits, other.state == .published { throw CodingRefusal.unreviewed }
            if one.state != .published, other.state == .published {
                if try RemarkStore(transaction).hasOpen(about: lost.description) { throw CodingRefusal.openRemarks }
                var sides = other
                sides.positions += fresh
                if one.isContested || !fresh.isEmpty, !sides.hasTwoSides { throw CodingRefusal.notMergeable }
            }
            if !fresh.isEmpty { try PositionStore(transaction).add(fresh, to: kept) }
            var whole = other.joined(with: one)
            // Of one of them nobody looked yet, so of both together neither.
            if waits { whole.review = nil }
            try store.update(whole)
            if other.state == .published {
                let changes = whole.changes(from: other, at: now, by: asker.actor, of: asker.desk)
                try store.add(changes, to: kept)
            }
            try talk.merge(lost, into: kept)
            try RemarkStore(transaction).move(from: lost.description, to: kept.description)
        }
    }

    /// The finding of that name in the scan of `id`, such as `fnd-t01-01`.
    func finding(called code: String, besides id: Identifier<Finding>) async throws -> Identifier<Finding> {
        try await database.read { transaction in
            guard let finding = try FindingStore(transaction).finding(id),
                let found = try FindingTalkStore(transaction).finding(code, in: finding.scan)
            else { throw Problems("other", "not-there") }
            return found
        }
    }

    // MARK: From highlights

    /// A draft finding from what was marked: nobody sees it before it is published. Sent twice it is there once.
    package func draft(
        _ draft: CodedDraft, from highlights: [Identifier<Highlight>], in study: Identifier<Study>,
        by asker: StudyActor
    ) async throws -> Identifier<Finding> {
        let scans = try await scans()
        var problems = draft.problems
        if highlights.isEmpty { problems.add("highlight", "choose-one") }
        guard let scan = scans.first(where: { $0.code == draft.scan }) else { throw Problems("scan", "choose-one") }
        if scan.isBaseline { throw CodingRefusal.printed }
        try problems.check()
        let (id, today) = (Identifier<Finding>(world.newUUID()), world.today)
        return try await change(asker, "draft", "finding", id.description) { transaction in
            let open = try Self.open(study, for: asker, transaction)
            try open.mustRead()
            let chosen = Set(highlights)
            let seen = try HighlightStore(transaction).highlights(Array(chosen), in: study).filter {
                try open.layers.shows($0.coder, in: open.source($0.source))
            }
            guard seen.count == chosen.count, let first = seen.first else { throw CodingRefusal.notFound }
            let store = FindingStore(transaction)
            let same = try FindingTalkStore(transaction).drafts(from: first.id.description, in: scan.id).first {
                $0.text == draft.text && $0.kind == draft.kind
            }
            if let same { return same.id }
            let place = try store.nextNumber(in: scan.id)
            var number = place
            let code = try Finding.freeCode("coding", from: &number) { try store.isTaken($0, in: scan.id) }
            var finding = Finding(
                id: id, scan: scan.id, code: code, number: place, focus: draft.focus, theme: draft.theme,
                kind: draft.kind, text: draft.text,
                printed: Finding.Printed(
                    document: open.study.name, section: try open.source(first.source).name), origin: .coding)
            finding.originId = first.id.description
            try store.insert(finding, on: today)
            if let desk = asker.desk { try store.setDesk(desk, of: id) }
            return id
        }
    }
}

/// What somebody fills in to make a finding of highlights.
package struct CodedDraft: Sendable {
    package var scan: String
    package var focus: Finding.Focus
    package var kind: Finding.Kind
    package var theme: String
    package var text: String

    package init(scan: String, focus: Finding.Focus, kind: Finding.Kind, theme: String, text: String) {
        (self.scan, self.focus, self.kind, self.theme, self.text) = (scan, focus, kind, theme, text)
    }

    var problems: Problems {
        var problems = Problems()
        Landscape.check(theme, "theme", longest: 200, &problems)
        Landscape.check(text, "text", longest: Finding.longestText, &problems)
        return problems
    }
}

extension Landscape {
    /// Themes that findings have so far.
    func knownThemes() async throws -> [String] { try await database.read { try FindingTalkStore($0).themes() } }
}

extension Finding {
    /// With the places and needs of `other`, which is made one with it, and with who looked at either.
    fileprivate func joined(with other: Finding) -> Finding {
        var whole = self
        whole.places = Set(places + other.places).sorted()
        whole.needs = Set(needs + other.needs).sorted()
        whole.continues = continues ?? other.continues
        whole.isSmall = isSmall || other.isSmall
        let reviews = Set([review, other.review].compactMap(\.self)).sorted()
        whole.review = reviews.isEmpty ? nil : reviews.joined(separator: "; ")
        return whole
    }

    /// Those of the positions that do not stand beside it yet, each once.
    func new(_ positions: [Position]) -> [Position] {
        positions.reduce(into: []) { fresh, position in
            if !self.positions.contains(position), !fresh.contains(position) { fresh.append(position) }
        }
    }
}
