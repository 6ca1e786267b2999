import Kernel
import Storage
import Web

/// The pages of votes, for anybody and for staff.
struct VoteRoutes: Sendable {
    let landscape: Landscape
    let frame: PageFrame
    let ways: [StaffWay]

    func declare(in table: inout RouteTable) {
        table.everyone { routes in
            routes.page([.get], "landscape/priorities", publishing: .once) { visit in
                .page(PriorityPage(priorities: try await landscape.priorities()).html(visit.words, frame))
            }
            routes.page([.get], "landscape/votes", publishing: .once) { visit in
                let page = VotesPage(votes: try await landscape.votes(isWhole: false), clock: landscape.clock)
                return .page(page.html(visit.words, frame))
            }
            routes.page([.get], "landscape/votes/:vote", publishing: .named(allVotes)) { visit in
                let page = VotePage(vote: try await landscape.vote(id(visit)), clock: landscape.clock)
                return .page(page.html(visit.words, frame))
            }
            routes.file("/landscape/votes.json", publishing: .once) { _ in
                VoteExport(votes: try await landscape.votes()).json
            }
            routes.file("/landscape/votes.csv", publishing: .once) { _ in
                VoteExport(votes: try await landscape.votes()).csv
            }
        }
        table.staff { routes in
            routes.page([.get], "desk/landscape/votes", votes)
            routes.page([.get], "desk/landscape/votes/:vote") { visit, signedIn in
                let vote = try await landscape.vote(id(visit))
                return try await page(vote, visit, signedIn)
            }
            routes.page([.post], "desk/landscape/votes/:vote/ballot", cast)
        }
        table.staff(may: .keepLandscape) { routes in
            routes.page([.get], "desk/landscape/vote-opening") { visit, signedIn in
                try await opening(TypedVote(), landscape.newForm(), visit, signedIn)
            }
            routes.page([.post], "desk/landscape/vote-opening", open)
            routes.page([.post], "desk/landscape/votes/:vote/closing", close)
            routes.page([.post], "desk/landscape/votes/:vote/withdrawal", withdraw)
        }
    }

    private func allVotes() async throws -> [String] { try await landscape.voteNames().map(\.id) }

    private func setting(_ visit: Visit, _ signedIn: SignedIn) -> StaffFrame {
        StaffFrame(frame, ways: ways, visit, signedIn)
    }

    private func id(_ visit: Visit) throws -> Identifier<Vote> {
        guard let id = visit.parameters["vote"].flatMap(Identifier<Vote>.init) else { throw NotFound() }
        return id
    }

    private func votes(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let page = StaffVotesPage(
            votes: try await landscape.votes(isWhole: false), clock: landscape.clock,
            mayOpen: signedIn.actor.may(.keepLandscape))
        return .page(page.html(setting(visit, signedIn)))
    }

    private func page(
        _ vote: ShownVote, _ visit: Visit, _ signedIn: SignedIn, typed: TypedBallot? = nil,
        problems: Problems = Problems(), refusal: VotesRefusal? = nil
    ) async throws -> Reply {
        let own = try await landscape.ownBallot(in: vote.vote.id, by: signedIn)
        let (voters, isKeeper) = (try await landscape.voters(of: vote.vote.id), signedIn.actor.may(.keepLandscape))
        var page = StaffVotePage(
            vote: vote, clock: landscape.clock, voters: try await named(voters, areGrouped: isKeeper, visit.language),
            ballot: typed ?? own.map(TypedBallot.init), mayClose: isKeeper)
        page.ownGroup = voters.first { $0.worker == signedIn.worker }?.group
        (page.problems, page.refusal) = (problems, refusal)
        return .page(page.html(setting(visit, signedIn)), status: refusal?.status ?? (problems.isEmpty ? 200 : 422))
    }

    private func named(
        _ voters: [Voter], areGrouped: Bool, _ language: Language
    ) async throws -> [(name: String, desk: String, group: VoterGroup?)] {
        let desks = try await landscape.colleagues.desks(language)
        let names = try await landscape.colleagues.names()
        return voters.map { voter in
            (
                names[voter.worker] ?? "–", desks.first { $0.id == voter.desk }?.name ?? "–",
                areGrouped ? voter.group : nil
            )
        }.sorted { (Vote.folded($0.name), $0.desk) < (Vote.folded($1.name), $1.desk) }
    }

    private func cast(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let vote = try await landscape.vote(id(visit))
        let typed = TypedBallot(visit.form, vote.vote)
        do {
            try await landscape.expectOpen(vote.vote.id, to: signedIn)
            try await landscape.cast(typed.ballot(vote.vote), in: vote.vote.id, by: signedIn)
        } catch let problems as Problems {
            return try await page(vote, visit, signedIn, typed: typed, problems: problems)
        } catch let refusal as VotesRefusal {
            // Only what a voter typed is given back; for who is none there is no ballot.
            let typed = refusal == .notEligible ? nil : typed
            return try await page(landscape.vote(id(visit)), visit, signedIn, typed: typed, refusal: refusal)
        }
        return Reply.redirect(to: "/\(visit.language)/desk/landscape/votes/\(vote.vote.id)")
            .done("ballot", in: visit.language)
    }

    private func close(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        do {
            try await landscape.close(id(visit), by: signedIn.actor)
        } catch let refusal as VotesRefusal where [.closed, .notOpenYet, .withdrawn, .otherKey].contains(refusal) {
            return try await page(landscape.vote(id(visit)), visit, signedIn, refusal: refusal)
        }
        return .redirect(to: "/\(visit.language)/desk/landscape/votes/\(try id(visit))")
    }

    private func withdraw(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let id = try id(visit)
        let reason = visit.form.value("reason") ?? ""
        do {
            if reason.isEmpty { throw Problems("reason", "required") }
            if reason.count > Vote.longestText { throw Problems("reason", "too-long") }
            try await landscape.withdraw(id, because: reason, by: signedIn.actor)
        } catch let problems as Problems {
            return try await page(landscape.vote(id), visit, signedIn, problems: problems)
        } catch let refusal as VotesRefusal where refusal.status == 409 {
            return try await page(landscape.vote(id), visit, signedIn, refusal: refusal)
        }
        return .redirect(to: "/\(visit.language)/desk/landscape/votes/\(id)")
    }

    // MARK: Opening

    private func opening(
        _ typed: TypedVote, _ form: String, _ visit: Visit, _ signedIn: SignedIn, problems: Problems = Problems()
    ) async throws -> Reply {
        let people = Dictionary(grouping: try await landscape.colleagues.people(), by: \.desk)
        let desks = try await landscape.colleagues.desks(visit.language).map { desk in
            (name: desk.name, people: (people[desk.id] ?? []).map(\.name).sorted())
        }
        let page = VoteOpeningPage(
            typed: typed, form: form, desks: desks.filter { !$0.people.isEmpty }, clock: landscape.clock,
            list: try await landscape.voters(typed, visit.language), problems: problems)
        return .page(page.html(setting(visit, signedIn)), status: problems.isEmpty ? 200 : 422)
    }

    private func open(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let typed = TypedVote(visit.form)
        let form = visit.form.value(VoteOpeningPage.formField) ?? landscape.newForm()
        do {
            let draft = try await landscape.draft(typed, landscape.voters(typed, visit.language))
            let id = try await landscape.open(draft, form: form, by: signedIn.actor)
            return .redirect(to: "/\(visit.language)/desk/landscape/votes/\(id)")
        } catch let problems as Problems {
            return try await opening(typed, form, visit, signedIn, problems: problems)
        }
    }
}
