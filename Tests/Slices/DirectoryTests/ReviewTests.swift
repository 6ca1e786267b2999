import Directory
import Formats
import Kernel
import Storage
import Support
import Testing

@Suite struct ReviewTests {
    private let cedar = Fiction.id(.service, "Cedar House")

    private func town() async throws -> Town {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar House"))
        return town
    }

    private func propose(_ town: Town, _ field: String, _ value: String?) async throws -> Identifier<Proposal> {
        let draft = ProposalDraft(.service, cedar, field: field, to: value, from: .feed)
        return try #require(try await town.directory.propose([draft], by: Town.staff).first)
    }

    @Test func `a proposal changes nothing until somebody accepts it, then it is an edit like any other`() async throws
    {
        let town = try await town()
        let id = try await propose(town, "name", "Heron Kettle")
        #expect(try await town.directory.service(cedar, for: .visitor).json.contains("Cedar House"))
        let item = try await town.directory.proposal(id, for: Town.staff).value
        #expect(item.proposal.valueThen == "Cedar House" && item.valueNow == "Cedar House" && !item.isOvertaken)
        try await town.directory.accept(id, by: Town.staff)
        #expect(town.directory.find(Question(text: "heron")).results.map(\.card.id) == [cedar])
        #expect(try await town.directory.history(.service, cedar, for: Town.staff).map(\.previous) == ["Cedar House"])
        #expect(try await town.directory.queue(limit: 10, for: Town.staff)?.items.count == nil)
        #expect(
            try await town.directory.service(cedar, for: Town.staff).described.contains("source import, 2025-05-01"))
    }

    @Test func `a proposal whose record changed since shows all three values and needs anyway`() async throws {
        let town = try await town()
        let id = try await propose(town, "name", "Heron Kettle")
        try await town.directory.edit(
            .service, cedar, field: "name", to: .text("Alder Kettle"), source: "a call", by: Town.staff)
        let item = try await town.directory.proposal(id, for: Town.staff).value
        #expect(item.proposal.valueThen == "Cedar House" && item.valueNow == "Alder Kettle" && item.isOvertaken)
        #expect(item.proposal.proposed == "Heron Kettle")
        await #expect(throws: DirectoryRefusal.changedSince) {
            try await town.directory.accept(id, by: Town.staff)
        }
        #expect(try await town.directory.proposal(id, for: Town.staff).value.proposal.state == .open)
        try await town.directory.accept(id, anyway: true, by: Town.staff)
        #expect(try await town.directory.service(cedar, for: .visitor).json.contains("Heron Kettle"))
    }

    @Test func `a refusal keeps its reply and the listing`() async throws {
        let town = try await town()
        let id = try await propose(town, "name", "Heron Kettle")
        await #expect(throws: DirectoryRefusal.noReply) {
            try await town.directory.refuse(id, reply: "  ", by: Town.staff)
        }
        try await town.directory.refuse(id, reply: "They say no.", by: Town.staff)
        let proposal = try await town.directory.proposal(id, for: Town.staff).value.proposal
        #expect(proposal.state == .refused && proposal.reply == "They say no." && proposal.decidedBy == "desk")
        #expect(try await town.directory.service(cedar, for: .visitor).json.contains("Cedar House"))
    }

    @Test func `a newer word of the same origin takes the place of the older one`() async throws {
        let town = try await town()
        let older = try await propose(town, "name", "Heron Kettle")
        let newer = try await propose(town, "name", "Otter Kettle")
        #expect(try await town.directory.proposal(older, for: Town.staff).value.proposal.state == .superseded)
        #expect(try await town.directory.queue(limit: 10, for: Town.staff)?.items.map(\.value.proposal.id) == [newer])
    }

    @Test func `a proposal about a withheld field is seen only by those who see the field`() async throws {
        let town = try await town()
        let id = try await propose(town, "email", "door@example.org")
        let partner = Actor(name: "partner", clearance: .partner, permissions: [.editListings])
        #expect(try await town.directory.queue(limit: 10, for: partner)?.items.count == 1)
        try await town.directory.setAudience(.vetted, .service, cedar, field: "email", by: Town.staff)
        #expect(try await town.directory.queue(limit: 10, for: partner)?.items.isEmpty == true)
        await #expect(throws: DirectoryRefusal.noProposal) {
            _ = try await town.directory.proposal(id, for: partner)
        }
        await #expect(throws: DirectoryRefusal.noProposal) { try await town.directory.accept(id, by: partner) }
        await #expect(throws: DirectoryRefusal.notAllowed) {
            _ = try await town.directory.queue(limit: 10, for: .visitor)
        }
        #expect(try await town.directory.queue(limit: 10, for: Town.staff)?.items.count == 1)
    }

    @Test func `of two who decide at the same time one wins`() async throws {
        let town = try await town()
        let id = try await propose(town, "name", "Heron Kettle")
        let directory = town.directory
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    do {
                        try await directory.accept(id, by: Town.staff)
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 } == 1)
        #expect(try await town.directory.history(.service, cedar, for: Town.staff).count == 1)
    }

    @Test func `a value that HSDS forbids cannot be accepted and stays open`() async throws {
        let town = try await town()
        let id = try await propose(town, "status", "open")
        await #expect(throws: DirectoryRefusal.self) { try await town.directory.accept(id, by: Town.staff) }
        #expect(try await town.directory.proposal(id, for: Town.staff).value.proposal.state == .open)
        await #expect(throws: DirectoryRefusal.unknownField("colour")) { _ = try await propose(town, "colour", "red") }
    }

    @Test func `a fault at any statement of a decision leaves everything as it was`() async throws {
        var failing: FailingDatabase?
        let town = try await Town(loadsRegion: false) { real in
            let database = FailingDatabase(real)
            failing = database
            return database
        }
        let database = try #require(failing)
        try await town.store(Fiction.service("Cedar House"))
        let id = try await propose(town, "name", "Heron Kettle")
        var count = 0
        while true {
            database.failAfter(count)
            do {
                try await town.directory.accept(id, by: Town.staff)
                break
            } catch is FailingDatabase.Injected {
                database.failAfter(nil)
                #expect(try await town.directory.proposal(id, for: Town.staff).value.proposal.state == .open)
                #expect(try await town.directory.history(.service, cedar, for: Town.staff).isEmpty)
                #expect(try await town.directory.service(cedar, for: .visitor).json.contains("Cedar House"))
                count += 1
            }
        }
        #expect(count > 8)
        #expect(try await database.read { try AuditChain($0).walk().breaks } == [])
    }

    @Test func `what is said to be unsafe comes first, page by page`() async throws {
        let town = try await town()
        for topic in [Proposal.Topic.closed, .moved, .unsafe, .other, .unsafe] {
            try await town.directory.propose(
                [ProposalDraft(.service, cedar, about: topic, from: .visitor)], by: Town.staff)
            town.clock.advance(days: 1)
        }
        var (last, topics): (Proposal?, [Proposal.Topic]) = (nil, [])
        while let page = try await town.directory.queue(after: last, limit: 2, for: Town.staff) {
            topics += page.items.map(\.value.proposal.topic)
            last = page.last
        }
        #expect(topics == [.unsafe, .unsafe, .closed, .moved, .other])
    }
}

extension Directory {
    func queue(
        limit: Int, for viewer: Actor
    ) async throws -> (items: [Projected<ReviewItem>], last: Proposal)? {
        try await queue(.open, after: nil, limit: limit, for: viewer)
    }
}
