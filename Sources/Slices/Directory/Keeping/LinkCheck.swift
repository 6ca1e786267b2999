import Formats
package import Kernel
import Storage

/// What one run of the link check came to.
package struct LinkReport: Sendable, Equatable {
    package internal(set) var alive = 0
    package internal(set) var dead = 0
    package internal(set) var leftAlone = 0
    /// No answer, and none from any other site either: not counted against the link.
    package internal(set) var unsure = 0
    /// Links that failed on three days and went into the queue.
    package internal(set) var proposed = 0

    package init() {}
}

/// A public link and where it stands.
private struct ListedLink: Sendable {
    let url: String
    let kind: RecordKind
    let record: Identifier<Record>
    let field: String
    let isRequired: Bool
}

extension Directory {
    /// Days on which a link has to fail before people are asked about it.
    static let failingDays = 3

    /// Looks at up to `limit` public links, those longest not looked at first. Keeps each result as it comes; removes nothing.
    package func checkLinks(limit: Int, with probe: LinkProbe, by actor: Actor) async throws -> LinkReport {
        guard actor.may(.editListings) else { throw DirectoryRefusal.notAllowed }
        let links = Dictionary(grouping: try await listedLinks(), by: \.url)
        let known = try await kept { transaction in
            let store = LinkCheckStore(transaction)
            try store.forget(besides: Set(links.keys))
            return try store.all()
        }
        let order = links.keys.sorted { left, right in
            (known[left]?.checkedOn.number ?? .min, left) < (known[right]?.checkedOn.number ?? .min, right)
        }
        var visitor = PoliteVisitor(probe)
        var report = LinkReport()
        for url in order.prefix(limit) {
            let state = await visitor.look(at: url)
            // Until some site answered in this run, silence may be our own network's.
            if state == .dead(LinkState.silence), !visitor.heardAnything {
                report.unsure += 1
                continue
            }
            switch state {
            case .alive: report.alive += 1
            case .dead: report.dead += 1
            case .leftAlone: report.leftAlone += 1
            }
            report.proposed += try await keep(state, of: url, standingIn: links[url] ?? [], by: actor)
        }
        return report
    }

    /// Public links alone: a request to a withheld address would tell its host that somebody here knows it.
    private func listedLinks() async throws -> [ListedLink] {
        var links: [ListedLink] = []
        for kind in [RecordKind.organization, .service] {
            try await eachPage(kind, for: .visitor) { page in
                for listing in page { links += listing.value.links(isTop: true) }
            }
        }
        return links
    }

    private func keep(
        _ state: LinkState, of url: String, standingIn links: [ListedLink], by actor: Actor
    ) async throws -> Int {
        try await changes(by: actor) { changes in
            let store = LinkCheckStore(changes.store.transaction)
            var check = try store.check(url) ?? LinkCheck(checkedOn: changes.today, status: "", failures: 0)
            let isNewDay = check.status.isEmpty || check.checkedOn < changes.today
            let before = check.failures
            switch state {
            case .alive: check.failures = 0
            case .dead: check.failures += isNewDay || before == 0 ? 1 : 0
            case .leftAlone: break
            }
            check.status = state.text
            check.checkedOn = changes.today
            try store.write(check, of: url)
            guard check.failures == Self.failingDays, before < Self.failingDays else { return 0 }
            for link in links { try changes.propose(link.draft(state.text)) }
            return 1
        }
    }
}

extension ListedLink {
    fileprivate func draft(_ reason: String) -> ProposalDraft {
        if isRequired {
            return ProposalDraft(kind, record, about: .deadLink, then: url, from: .linkCheck, note: reason)
        }
        return ProposalDraft(kind, record, field: field, to: nil, from: .linkCheck, note: reason)
    }
}

extension Listing {
    fileprivate func links(isTop: Bool) -> [ListedLink] {
        if !isTop, [.organization, .program].contains(record.kind) { return [] }
        let own = ["website", "url"].compactMap { name -> ListedLink? in
            guard let field = record.kind.object.field(name), let url = record[name], url.hasPrefix("http") else {
                return nil
            }
            return ListedLink(
                url: url, kind: record.kind, record: record.id, field: name, isRequired: field.isRequired)
        }
        return own + members.values.joined().flatMap { $0.links(isTop: false) }
    }
}

struct LinkCheck: Sendable, Equatable {
    var checkedOn: Day
    /// An HTTP status, or what happened instead.
    var status: String
    /// Days in a row on which it failed.
    var failures: Int
}

/// Results of the link check inside one transaction. SQL only.
struct LinkCheckStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func check(_ url: String) throws -> LinkCheck? {
        try transaction.row("SELECT * FROM link_check WHERE url = \(url)").flatMap(read)
    }

    func all() throws -> [String: LinkCheck] {
        var all: [String: LinkCheck] = [:]
        for row in try transaction.rows("SELECT * FROM link_check") { all[try row.text("url")] = try read(row) }
        return all
    }

    func write(_ check: LinkCheck, of url: String) throws {
        try transaction.run(
            """
            INSERT INTO link_check (url, checked_on, status, failures)
            VALUES (\(url), \(check.checkedOn), \(check.status), \(check.failures))
            ON CONFLICT (url) DO UPDATE SET checked_on = excluded.checked_on, status = excluded.status,
                failures = excluded.failures
            """)
    }

    /// Forgets links that no listing shows any more.
    func forget(besides urls: Set<String>) throws {
        for url in try all().keys.sorted() where !urls.contains(url) {
            try transaction.run("DELETE FROM link_check WHERE url = \(url)")
        }
    }

    private func read(_ row: Row) throws -> LinkCheck? {
        guard let day = row.day("checked_on") else { throw StorageFailure.unexpectedColumn("link_check.checked_on") }
        return LinkCheck(checkedOn: day, status: try row.text("status"), failures: try row.integer("failures"))
    }
}
