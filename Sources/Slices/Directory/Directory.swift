package import Formats
package import Foundation
package import Kernel
import Search
package import Storage
import Web

/// The Directory: find help, look at a listing, correct it, withhold it, check it twice. Every answer to a viewer is a
/// projection; every change is one transaction with its audit entry and change number.
package struct Directory: Sendable {
    package let data: DataSet
    let database: any Database
    let world: World
    /// Where the public downloads lie, beside the search file.
    let downloadsFolder: URL
    let desk: SearchDesk
    let reportPace = ReportPace()
    /// The numbers for the head of every page, until the next change or day.
    let keptLines = Kept<String, [Int], [CallLine]>()
    let publications: Publications
    let contact = Contact()
    let shelf = ListingShelf()
    let keptNode = KeptNode()

    /// - Parameters:
    ///   - searchFile: where the search read model lies; made anew when it is missing, damaged or of other data.
    ///   - documentsFile: where the open data lies, ready to send; only tombstones cannot be made anew.
    ///   - downloadsFolder: belongs to the downloads of this process alone.
    package init(
        database: any Database, world: World, data: DataSet, searchFile: URL, documentsFile: URL, downloadsFolder: URL
    ) throws {
        self.database = database
        self.world = world
        self.data = data
        self.downloadsFolder = downloadsFolder
        desk = try SearchDesk(database: database, data: data, file: searchFile)
        let documents = DocumentDesk(database: database, world: world, file: documentsFile)
        publications = Publications(desk: documents, hours: desk.hours)
    }

    // MARK: Starting

    /// Loads the region's data set. The number of records that were new; 0 when it had been loaded before.
    @discardableResult
    package func load(region: String) async throws -> Int {
        let now = world.now()
        return try await kept { [data] transaction in
            var loader = DataSetLoader(data, region: region, into: transaction)
            try loader.load()
            let changes = ChangeSequence(transaction)
            for record in loader.added where record.kind.isFollowed {
                try changes.append(record.kind.rawValue, record.id.description, at: now)
            }
            return loader.added.count
        }
    }

    /// Opens the search file or makes it, and takes in what changed since.
    package func openSearch() async throws {
        let asked = contact.ask(at: world.now())
        try await desk.open()
        contact.hear(asked)
    }

    /// Opens the file of the open data; `/hsds/` refuses until `fillDocuments` has ended.
    package func prepareDocuments() async throws { try await publications.desk.prepare() }

    /// Makes the open data true to the records. In a large directory the first time takes minutes.
    package func fillDocuments() async throws { try await publications.desk.fill() }

    /// True when `/hsds/` answers.
    package var documentsAreReady: Bool { publications.desk.isReady }

    /// Opens both files as they are, for a start while the database is away; `openSearch` and `fillDocuments` follow when it
    /// is back. When they were last true; nil when one is missing or damaged.
    package func openAlone() async throws -> Instant? {
        guard try await publications.desk.openAlone(), let moment = await desk.openAlone() else { return nil }
        contact.begin(staleSince: moment)
        return moment
    }

    /// Makes the search file anew from the records.
    package func rebuildSearch() async throws { try await desk.rebuild() }

    /// Takes in what changed, here or by another process. Called every second.
    package func followChanges() async throws {
        let asked = contact.ask(at: world.now())
        async let pages: Void = publications.desk.follow()
        try await desk.follow()
        try await pages
        contact.hear(asked)
    }

    /// After a change that is kept: whatever stops it from being shown now, the follower shows it later.
    func showChanges() async { try? await followChanges() }

    /// When this node last heard from its database, if that is longer ago than a change may take to be seen; else nil.
    package var staleSince: Instant? { contact.staleSince(now: world.now()) }

    /// Frees the word statistics from listings that changed or were withheld, and notes how fresh the file is. Called every
    /// minute.
    package func settleSearch() async throws {
        try await desk.settle()
        if let heard = contact.heard { try await desk.note(heard) }
    }

    /// The change number that search and pages have both come to. Pages come from the records while the documents are made.
    package var change: Int {
        documentsAreReady ? min(desk.change, publications.desk.state.change ?? 0) : desk.change
    }

    // MARK: For anybody

    /// Answers a question from the public index alone.
    package func find(_ question: Question) -> Findings {
        Finder(gazetteer: data.gazetteer, thesaurus: data.thesaurus, hours: desk.hours)
            .answer(question, in: desk.index, now: world.now())
    }

    package func service(_ id: Identifier<Record>, for viewer: Actor) async throws -> Projected<Listing> {
        try await listing(.service, id, for: viewer)
    }

    package func organization(_ id: Identifier<Record>, for viewer: Actor) async throws -> Projected<Listing> {
        try await listing(.organization, id, for: viewer)
    }

    /// The name of an organization as everybody may read it; nil for an id that is no public organization's.
    package func organizationName(_ id: String, in language: Language) async throws -> String? {
        guard let id = Identifier<Record>(id) else { return nil }
        do {
            return try await listing(.organization, id, for: .visitor).text("name", in: language)
        } catch DirectoryRefusal.notFound {
            return nil
        }
    }

    /// A service as everybody may read it, and whose it is; nil for an id that is no public service's.
    package func serviceName(
        _ id: Identifier<Record>, in language: Language
    ) async throws -> (name: String, organization: Identifier<Record>, organizationName: String)? {
        do {
            let listing = try await page(.service, id)
            guard let organization = listing.organization else { return nil }
            return (
                listing.text("name", in: language) ?? "", organization.record.id,
                organization.text("name", in: language) ?? ""
            )
        } catch DirectoryRefusal.notFound {
            return nil
        }
    }

    /// The needs of the vocabulary, by their names in `language`.
    package func needs(in language: Language) -> [(id: String, name: String)] {
        data.vocabulary.facets(of: "need").map { ($0, data.vocabulary.name($0, in: language) ?? $0) }
    }

    /// A record of any kind with all under it. What may not be seen is `notFound`, the same as what is not there.
    package func listing(
        _ kind: RecordKind, _ id: Identifier<Record>, for viewer: Actor
    ) async throws -> Projected<Listing> {
        let listing = try await database.read { try ListingLoader($0).listings(kind, [id]).first }
        guard let seen = listing?.projected(for: viewer) else { throw DirectoryRefusal.notFound }
        return seen
    }

    /// A listing as everybody sees it, out of this node's own file, which is there when the database is away; out of the
    /// records only while that file is made anew.
    package func page(_ kind: RecordKind, _ id: Identifier<Record>) async throws -> Projected<Listing> {
        if let known = shelf.listing(kind, id) {
            guard let known else { throw DirectoryRefusal.notFound }
            return known
        }
        do {
            guard let listing = try await publications.listing(kind, id) else { throw DirectoryRefusal.notFound }
            return listing
        } catch is NotServing {
            return try await self.listing(kind, id, for: .visitor)
        }
    }

    /// The same for the services of an organization, by name.
    package func pages(ofServicesOf organization: Identifier<Record>) async throws -> [Projected<Listing>] {
        if let known = shelf.services(of: organization) { return known }
        do {
            return try await publications.services(of: organization)
        } catch is NotServing {
            return try await services(of: organization, for: .visitor)
        }
    }

    /// The services of an organization that `viewer` may see, by name.
    package func services(
        of organization: Identifier<Record>, for viewer: Actor
    ) async throws -> [Projected<Listing>] {
        let listings = try await database.read { transaction in
            let records = try DirectoryStore(transaction)
                .records(.service, where: "organization_id", in: [organization.description])
            return try ListingLoader(transaction).services(records.map(\.id))
        }
        return Self.byName(listings.compactMap { $0.projected(for: viewer) })
    }

    static func byName(_ listings: [Projected<Listing>]) -> [Projected<Listing>] {
        listings.sorted { ($0.record["name"] ?? "", $0.id) < ($1.record["name"] ?? "", $1.id) }
    }

    /// The cards of `ids` in that order; ids that are not there or not for everybody are left out.
    package func cards(_ ids: [Identifier<Record>]) async throws -> [Card] {
        let maker = DocumentMaker(vocabulary: data.vocabulary, gazetteer: data.gazetteer)
        return try await publications.listings(ids).map(maker.card)
    }

    /// How many public listings each place has; places without any are left out.
    package func countsByPlace() -> [(place: Gazetteer.Place, count: Int)] {
        desk.countsByPlace(data.gazetteer)
    }

    var index: SearchIndex { desk.index }
    var hoursCache: HoursCache { desk.hours }
    var now: Instant { world.now() }

    /// Languages that at least one public service is given in.
    package func serviceLanguages() -> [String] { desk.serviceLanguages() }

    /// The same with their names.
    package func languageNames(in language: Language) -> [(code: String, name: String)] {
        serviceLanguages().map { ($0, LanguageNames.name($0, in: language)) }
    }

    // MARK: For staff

    /// Up to `limit` records of `kind` by id after `last`, each as `viewer` sees it.
    package func list(
        _ kind: RecordKind, after last: Identifier<Record>?, limit: Int, for viewer: Actor
    ) async throws -> [Projected<Listing>] {
        let listings = try await database.read { transaction in
            let page = try DirectoryStore(transaction).page(kind, after: last, limit: limit)
            return try ListingLoader(transaction).listings(kind, page.map(\.id))
        }
        return listings.compactMap { $0.projected(for: viewer) }
    }

    package func count(_ kind: RecordKind) async throws -> Int {
        try await database.read { try DirectoryStore($0).count(kind) }
    }

    /// Adds new records, checked against HSDS, all or none. A record whose id is there already is left as it is.
    package func add(_ records: [Record], by actor: Actor) async throws {
        guard actor.may(.editListings) else { throw DirectoryRefusal.notAllowed }
        let now = world.now()
        try await kept { transaction in
            let store = DirectoryStore(transaction)
            var added: [Record] = []
            for record in records {
                if !record.problems.isEmpty { throw DirectoryRefusal.invalid(record.problems) }
                if try store.insert(record) { added.append(record) }
            }
            var owners: Set<Record> = []
            for record in added {
                owners.formUnion(try store.owners(of: record))
                let deed = AuditChain.Deed(
                    actor: actor, verb: "add", kind: record.kind.rawValue, record: record.id.description)
                try AuditChain(transaction).append(deed, at: now)
            }
            for owner in owners.sorted(by: { $0.id < $1.id }) {
                try ChangeSequence(transaction).append(owner.kind.rawValue, owner.id.description, at: now)
            }
        }
        await showChanges()
    }

    /// Gives a field a value, or takes it away with nil. The fact's source becomes `source`, and its checks start again; the
    /// old value stays in the history.
    package func edit(
        _ kind: RecordKind, _ id: Identifier<Record>, field name: String, to value: FieldValue?, source: String,
        by actor: Actor
    ) async throws {
        try await changes(by: actor) { changes in
            try changes.edit(kind, id, field: name, to: value, source: source)
        }
    }

    /// Sets who may see a field, or the whole record with an empty name. What is withheld takes its history along for good.
    package func setAudience(
        _ audience: Audience, _ kind: RecordKind, _ id: Identifier<Record>, field name: String, by actor: Actor
    ) async throws {
        try await changes(by: actor) { changes in
            try changes.change(kind, id, field: name, verb: "audience") { record in
                try changes.store.write(audience, name, of: id)
                try changes.withholdHistory(around: record)
            }
        }
    }

    /// Records that `role` checked a field or, with an empty name, the listing. The second check needs another role.
    package func check(
        _ kind: RecordKind, _ id: Identifier<Record>, field name: String, as role: String, second: Bool,
        by actor: Actor
    ) async throws {
        try await changes(by: actor) { changes in
            try changes.change(kind, id, field: name, verb: second ? "second-check" : "confirm") { _ in
                var fact = try changes.store.fact(name, of: id) ?? Fact()
                try fact.check(by: role, on: changes.today, second: second)
                try changes.store.write(fact, name, of: id)
            }
        }
    }

    /// Names the Nation or community whose record this is, and whether publishing needs their permission.
    package func setSteward(
        _ steward: Steward, _ kind: RecordKind, _ id: Identifier<Record>, by actor: Actor
    ) async throws {
        try await changes(by: actor) { changes in
            try changes.change(kind, id, field: "", verb: "steward") { record in
                try changes.store.write(steward, of: id)
                try changes.withholdHistory(around: record)
            }
        }
    }

    /// One transaction of changes by somebody who may make them; search follows at once.
    func changes<Value: Sendable>(
        by actor: Actor, _ work: @escaping @Sendable (RecordChanges) throws -> Value
    ) async throws -> Value {
        guard actor.may(.editListings) else { throw DirectoryRefusal.notAllowed }
        return try await changesUnasked(by: actor, work)
    }

    /// The same for somebody who is no staff and whose right stands elsewhere, such as in a link.
    func changesUnasked<Value: Sendable>(
        by actor: Actor, _ work: @escaping @Sendable (RecordChanges) throws -> Value
    ) async throws -> Value {
        let value = try await kept { [world] transaction in try work(RecordChanges(transaction, by: actor, world)) }
        await showChanges()
        return value
    }

    /// One transaction of the records. Every write goes through here, so that a busy database is told in one sentence.
    func kept<Value: Sendable>(
        _ body: @Sendable @escaping (any Transaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.write(body)
        } catch StorageFailure.busy {
            throw DirectoryRefusal.busy
        }
    }
}
