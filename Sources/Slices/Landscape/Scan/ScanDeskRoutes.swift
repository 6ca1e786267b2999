import Kernel
import Web

/// The pages of staff about scans: findings by their state, a form for one more, corrections, publishing.
struct ScanDeskRoutes: Sendable {
    let landscape: Landscape
    let frame: PageFrame
    let ways: [StaffWay]

    func declare(in table: inout RouteTable) {
        table.staff { routes in
            routes.page([.get], LandscapeDeskPage.path) { visit, signedIn in try await desk(visit, signedIn, nil) }
            routes.page([.get], "desk/landscape/findings/new") { visit, signedIn in
                try await form(visit, signedIn, FindingDraft(), Problems())
            }
            routes.page([.post], "desk/landscape/findings", enter)
            routes.page([.get], "desk/landscape/findings/:finding/correction", open)
            routes.page([.post], "desk/landscape/findings/:finding/correction", correct)
        }
        table.staff(may: .keepLandscape) { routes in
            routes.page([.post], "desk/landscape/scans", begin)
            routes.page([.post], "desk/landscape/findings/publications") { visit, signedIn in
                try await set(.published, visit, signedIn)
            }
            routes.page([.post], "desk/landscape/findings/withdrawals") { visit, signedIn in
                try await set(.withdrawn, visit, signedIn)
            }
        }
    }

    private func setting(_ visit: Visit, _ signedIn: SignedIn) -> StaffFrame {
        StaffFrame(frame, ways: ways, visit, signedIn)
    }

    /// To the list that a form was sent from, which says what was done.
    private func back(_ visit: Visit, to state: Finding.State?, done: String) -> Reply {
        var filter = DeskFilter()
        (filter.state, filter.scan) = (state ?? .draft, visit.form.value("scan"))
        return Reply.redirect(to: "/\(visit.language)/\(LandscapeDeskPage.path(filter))").done(done, in: visit.language)
    }

    private func desk(_ visit: Visit, _ signedIn: SignedIn, _ refusal: ScanRefusal?) async throws -> Reply {
        var filter = DeskFilter()
        filter.state = visit.form.value("state").flatMap(Finding.State.init) ?? .draft
        filter.scan = visit.form.value("scan")
        filter.code = visit.form.value("code")
        filter.page = min(max(visit.form.value("page").flatMap { Int($0) } ?? 1, 1), 1_000_000)
        let list = try await landscape.findings(filter, for: signedIn.actor, of: signedIn.organization)
        let page = LandscapeDeskPage(
            list: list, waiting: try await landscape.waiting(for: signedIn),
            mayPublish: signedIn.actor.may(.keepLandscape), refusal: refusal)
        return .page(page.html(setting(visit, signedIn)), status: refusal?.status ?? 200)
    }

    // MARK: A new finding

    private func form(
        _ visit: Visit, _ signedIn: SignedIn, _ draft: FindingDraft, _ problems: Problems,
        refusal: ScanRefusal? = nil, opening: ScanOpening = ScanOpening()
    ) async throws -> Reply {
        let id =
            visit.form.value("id").flatMap(Identifier<Finding>.init) ?? Identifier(landscape.world.newUUID())
        let scans = try await landscape.scans().filter { !$0.isBaseline }
        var page = try await page(
            .new(id: id, scans: scans, chosen: visit.form.value("scan")), draft, problems, visit)
        page.refusal = refusal
        page.opening = signedIn.actor.may(.keepLandscape) ? opening : nil
        let isFaulty = !problems.isEmpty || !opening.problems.isEmpty
        return .page(
            page.html(setting(visit, signedIn)),
            status: (refusal ?? opening.refusal)?.status ?? (isFaulty ? 422 : 200))
    }

    private func page(
        _ purpose: FindingForm.Purpose, _ draft: FindingDraft, _ problems: Problems, _ visit: Visit
    ) async throws -> FindingForm {
        FindingForm(
            purpose: purpose, draft: draft, needs: landscape.region.needs(visit.language),
            themes: try await landscape.knownThemes(),
            languages: frame.languages.map { ($0.language.code, $0(WebPhrase.languageName)) }, problems: problems)
    }

    @Sendable private func enter(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let draft = FindingDraft(visit.form)
        do {
            guard let id = visit.form.value("id").flatMap(Identifier<Finding>.init) else {
                throw Problems("text", "required")
            }
            guard let scan = try await landscape.scans().first(where: { $0.code == visit.form.value("scan") }) else {
                throw Problems("scan", "unknown-choice")
            }
            try await landscape.enter(draft, id: id, in: scan, by: signedIn.actor, of: signedIn.organization)
            return back(visit, to: .draft, done: "entered")
        } catch let problems as Problems {
            return try await form(visit, signedIn, draft, problems)
        } catch let refusal as ScanRefusal where refusal.status == 409 {
            return try await form(visit, signedIn, draft, Problems(), refusal: refusal)
        }
    }

    @Sendable private func begin(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        func text(_ name: String) -> String { visit.form.value(name) ?? "" }
        var opening = ScanOpening(code: text("code"), title: text("title"), published: text("published"))
        do {
            _ = try await landscape.begin(
                opening.code, title: opening.title, published: opening.published, by: signedIn.actor)
            return Reply.redirect(to: "/\(visit.language)/desk/landscape/findings/new")
                .done("opened", in: visit.language)
        } catch let problems as Problems {
            opening.problems = problems
        } catch let refusal as ScanRefusal {
            opening.refusal = refusal
        }
        return try await form(visit, signedIn, FindingDraft(), Problems(), opening: opening)
    }

    // MARK: Corrections

    private func opened(_ visit: Visit, _ signedIn: SignedIn) async throws -> OpenFinding {
        guard let id = visit.parameters["finding"].flatMap(Identifier<Finding>.init) else { throw NotFound() }
        do {
            return try await landscape.opened(id, by: signedIn.actor, of: signedIn.organization)
        } catch ScanRefusal.noFinding {
            throw NotFound()
        }
    }

    @Sendable private func open(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        do {
            let open = try await opened(visit, signedIn)
            let draft = FindingDraft(
                open.finding, places: open.finding.places.map { name($0, visit.language) }, continues: open.continues)
            return try await correction(visit, signedIn, open, draft, Problems())
        } catch let refusal as ScanRefusal {
            return try await desk(visit, signedIn, refusal)
        }
    }

    /// As it can be typed again; the id where no place is found by the name.
    private func name(_ place: String, _ language: Language) -> String {
        let name = landscape.region.place(place, language)
        return name.flatMap { landscape.region.placeCalled($0) == place ? $0 : nil } ?? place
    }

    private func correction(
        _ visit: Visit, _ signedIn: SignedIn, _ open: OpenFinding, _ draft: FindingDraft, _ problems: Problems
    ) async throws -> Reply {
        var page = try await page(.correction(open), draft, problems, visit)
        if !open.changes.isEmpty {
            let desks = try await landscape.colleagues.desks(visit.language)
            page.desks = Dictionary(desks.map { ($0.id, $0.name) }) { one, _ in one }
        }
        return .page(page.html(setting(visit, signedIn)), status: problems.isEmpty ? 200 : 422)
    }

    @Sendable private func correct(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        do {
            let (open, draft) = (try await opened(visit, signedIn), FindingDraft(visit.form))
            do {
                try await landscape.correct(
                    open.finding.id, to: draft, seen: visit.form.value("seen") ?? "", by: signedIn.actor,
                    of: signedIn.organization)
                if open.finding.state == .merged {
                    return .redirect(to: "/\(visit.language)/\(FindingTalkPage.path(open.finding.id))")
                }
                return back(visit, to: open.finding.state, done: "corrected")
            } catch let problems as Problems {
                return try await correction(visit, signedIn, open, draft, problems)
            }
        } catch let refusal as ScanRefusal {
            return try await desk(visit, signedIn, refusal)
        }
    }

    private func set(_ state: Finding.State, _ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        guard let id = visit.form.value("finding").flatMap(Identifier<Finding>.init) else {
            return try await desk(visit, signedIn, nil)
        }
        do {
            try await landscape.setState(state, of: id, by: signedIn.actor, of: signedIn.organization)
            let shown = visit.form.value("state").flatMap(Finding.State.init)
            return back(visit, to: shown, done: state == .published ? "published" : "withdrawn")
        } catch ScanRefusal.noFinding {
            throw NotFound()
        } catch let refusal as ScanRefusal {
            return try await desk(visit, signedIn, refusal)
        }
    }
}
