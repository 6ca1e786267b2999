import Formats
package import Kernel
import Storage

/// A finding with what is said beside it.
package struct FindingTalk: Sendable {
    package let finding: Finding
    package let remarks: [Remark]
    /// Findings that lead to this one, each with the text and the source it had.
    package let merged: [Finding]
}

extension Landscape {
    // MARK: Comments

    /// Says something about a text or a highlight of a study that the asker may see.
    package func comment(
        _ text: String, on subject: String, in study: Identifier<Study>, by asker: StudyActor
    ) async throws {
        let (worker, remark) = try remark(text, asker)
        try await change(asker, "comment", "coding", subject) { transaction in
            let open = try Self.open(study, for: asker, transaction)
            let kind: Remark.Subject
            if open.sources.contains(where: { $0.id.description == subject }) {
                kind = .source
            } else {
                let seen = try HighlightStore(transaction).highlights(in: study).first { highlight in
                    try highlight.id.description == subject
                        && open.layers.shows(highlight.coder, in: open.source(highlight.source))
                }
                guard seen != nil else { throw CodingRefusal.notFound }
                kind = .highlight
            }
            try Self.insert(
                remark.about(kind, subject, by: open.own?.name ?? asker.actor.name), in: study, by: worker, transaction)
        }
    }

    /// Says something about a finding, drafts included.
    package func comment(_ text: String, on finding: Identifier<Finding>, by asker: StudyActor) async throws {
        let (worker, remark) = try remark(text, asker)
        try await change(asker, "comment", "finding", finding.description) { transaction in
            guard try FindingStore(transaction).finding(finding) != nil else { throw CodingRefusal.notFound }
            try Self.insert(
                remark.about(.finding, finding.description, by: asker.actor.name), in: nil, by: worker, transaction)
        }
    }

    private func remark(_ text: String, _ asker: StudyActor) throws -> (worker: String, UnplacedRemark) {
        guard let worker = asker.worker else { throw CodingRefusal.notAllowed }
        var problems = Problems()
        Self.check(text, "comment", longest: Remark.longest, &problems)
        try problems.check()
        return (worker, UnplacedRemark(id: Identifier(world.newUUID()), text: text, madeOn: world.today))
    }

    private struct UnplacedRemark: Sendable {
        let id: Identifier<Remark>
        let text: String
        let madeOn: Day

        func about(_ subject: Remark.Subject, _ id: String, by author: String) -> Remark {
            Remark(
                id: self.id, subject: subject, subjectId: id, author: author, text: text, madeOn: madeOn,
                resolvedOn: nil)
        }
    }

    /// Sent twice on one day it is there once.
    private static func insert(
        _ remark: Remark, in study: Identifier<Study>?, by worker: String, _ transaction: any Transaction
    ) throws {
        let store = RemarkStore(transaction)
        let isThere = try store.remarks(about: [remark.subjectId]).contains {
            $0.text == remark.text && $0.author == remark.author && $0.madeOn == remark.madeOn && $0.resolvedOn == nil
        }
        if !isThere { try store.insert(remark, in: study, by: worker) }
    }

    /// Closes a comment on something that the asker may see. What it was about: a study, or a finding for nil.
    @discardableResult
    package func resolve(_ id: Identifier<Remark>, by asker: StudyActor) async throws -> (
        study: Identifier<Study>?, subject: String
    ) {
        let today = world.today
        return try await change(asker, "resolve", "remark", id.description) { transaction in
            let store = RemarkStore(transaction)
            guard let place = try store.place(of: id) else { throw CodingRefusal.notFound }
            if let study = place.study, place.subject == .highlight {
                let open = try Self.open(study, for: asker, transaction)
                let seen = try HighlightStore(transaction).highlights(in: study).contains { highlight in
                    try highlight.id.description == place.subjectId
                        && open.layers.shows(highlight.coder, in: open.source(highlight.source))
                }
                guard seen else { throw CodingRefusal.notFound }
            }
            try store.resolve(id, on: today)
            return (place.study, place.subjectId)
        }
    }

    // MARK: Findings

    package func talk(about id: Identifier<Finding>) async throws -> FindingTalk {
        try await database.read { transaction in
            guard let finding = try FindingStore(transaction).finding(id) else { throw CodingRefusal.notFound }
            return FindingTalk(
                finding: finding, remarks: try RemarkStore(transaction).remarks(about: [id.description]),
                merged: try FindingTalkStore(transaction).merged(into: id))
        }
    }

    /// Marks a finding as contested, with what each side says. Both sides come first together; more can follow.
    package func contest(
        _ id: Identifier<Finding>, with positions: [Finding.Position], by asker: StudyActor
    ) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        var problems = Problems()
        for (at, position) in positions.enumerated() {
            Self.check(position.author, "author-\(at + 1)", longest: 200, &problems)
            Self.check(position.source, "source-\(at + 1)", longest: 500, &problems)
            Self.check(position.text, "text-\(at + 1)", longest: 4000, &problems)
            if let date = position.date {
                if !Self.isDate(date) { problems.add("date-\(at + 1)", "not-a-day") }
            } else {
                problems.add("date-\(at + 1)", "required")
            }
        }
        try problems.check()
        try await change(asker, "contest", "finding", id.description) { transaction in
            guard let finding = try FindingStore(transaction).finding(id) else { throw CodingRefusal.notFound }
            guard finding.state != .merged else { throw CodingRefusal.notMergeable }
            let fresh = positions.filter { !finding.positions.contains($0) }
            guard finding.positions.count + fresh.count >= 2 else { throw Problems("text-2", "required") }
            try FindingTalkStore(transaction).add(fresh, to: finding)
        }
    }

    /// A year, a month or a day.
    private static func isDate(_ text: String) -> Bool {
        Day(text) != nil || Day("\(text)-01") != nil || Day("\(text)-01-01") != nil
    }

    /// Makes two findings of a scan one. The text and the source of `lost` stay readable under `kept`, its comments and
    /// positions go along, and its id leads to `kept`.
    package func merge(
        _ lost: Identifier<Finding>, into kept: Identifier<Finding>, by asker: StudyActor
    ) async throws {
        guard asker.actor.may(.keepLandscape) else { throw CodingRefusal.notAllowed }
        try await change(asker, "merge", "finding", lost.description) { transaction in
            let store = FindingStore(transaction)
            guard let one = try store.finding(lost), let other = try store.finding(kept) else {
                throw CodingRefusal.notFound
            }
            if one.mergedInto == kept { return }
            guard lost != kept, one.scan == other.scan, one.state != .merged,
                other.state == .draft || other.state == .published
            else { throw CodingRefusal.notMergeable }
            let talk = FindingTalkStore(transaction)
            let fresh = one.positions.filter { !other.positions.contains($0) }
            if !fresh.isEmpty { try talk.add(fresh, to: other) }
            try talk.merge(lost, into: kept)
            try RemarkStore(transaction).move(from: lost.description, to: kept.description)
        }
    }

    /// The finding of that name in the scan of `id`, such as `fnd-t01-01`.
    func finding(called code: String, besides id: Identifier<Finding>) async throws -> Identifier<Finding> {
        try await database.read { transaction in
            guard let finding = try FindingStore(transaction).finding(id),
                let found = try FindingTalkStore(transaction).finding(code, in: finding.scan)
            else { throw Problems("kept", "not-there") }
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
        try problems.check()
        let (id, today) = (Identifier<Finding>(world.newUUID()), world.today)
        return try await change(asker, "draft", "finding", id.description) { transaction in
            let open = try Self.open(study, for: asker, transaction)
            let chosen = Set(highlights)
            let seen = try HighlightStore(transaction).highlights(in: study).filter { highlight in
                try chosen.contains(highlight.id)
                    && open.layers.shows(highlight.coder, in: open.source(highlight.source))
            }
            guard seen.count == chosen.count, let first = seen.first else { throw CodingRefusal.notFound }
            let store = FindingStore(transaction)
            let same = try FindingTalkStore(transaction).drafts(from: first.id.description, in: scan.id).first {
                $0.text == draft.text && $0.kind == draft.kind
            }
            if let same { return same.id }
            let number = try store.nextNumber(in: scan.id)
            var finding = Finding(
                id: id, scan: scan.id, code: "coding-\(number)", number: number, focus: draft.focus, theme: draft.theme,
                kind: draft.kind, text: draft.text,
                printed: Finding.Printed(
                    document: open.study.name, section: try open.source(first.source).name), origin: .coding)
            finding.originId = first.id.description
            try store.insert(finding, on: today)
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
