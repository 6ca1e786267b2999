import Formats
import Kernel
import Web

/// The pages of coding, for staff: studies, their codebooks, texts and files.
struct CodingRoutes: Sendable {
    let landscape: Landscape
    let frame: PageFrame
    let ways: [StaffWay]

    /// A file of coding and the rest of its form.
    static let longestUpload = 24 << 20

    init(_ landscape: Landscape, frame: PageFrame, ways: [StaffWay]) {
        (self.landscape, self.frame, self.ways) = (landscape, frame, ways)
    }

    func declare(in table: inout RouteTable) {
        let base = StaffFrame.coding
        table.staff { routes in
            routes.page([.get], base, told { try await studies($0, $1) })
            routes.page([.get], "\(base)/:study", told { try await study($0, $1) })
            routes.page([.post], "\(base)/:study/coders", told(join))
            routes.page([.get], "\(base)/:study/codes", told { try await codebook($0, $1) })
            routes.page([.post], "\(base)/:study/codes", told(keepCode))
            routes.page([.get], "\(base)/:study/codes/:code", told(code))
            routes.page([.get], "\(base)/:study/agreement", told(agreement))
            routes.page([.get], "\(base)/:study/files/:format", told(file))
            routes.page([.post], "\(base)/:study/comments", told(comment))
            routes.page([.post], "desk/landscape/remarks/resolution", told(resolve))
            routes.page([.post], "desk/landscape/remarks/removal", told(emptyRemark))
            routes.page(
                [.get], "desk/landscape/findings/:finding/talk/positions/:position", told { try await position($0, $1) }
            )
            routes.page([.get], "desk/landscape/findings/:finding/talk", told { try await talk($0, $1) })
            routes.page([.post], "desk/landscape/findings/:finding/talk/comments", told(commentFinding))
            declareTexts(in: &routes)
        }
        table.staff(may: .keepLandscape) { routes in
            routes.page([.post], "\(base)/studies", told(openStudy))
            routes.page([.post], "\(base)/imports", atMost: Self.longestUpload, told(takeProject))
            routes.page([.post], "\(base)/:study/texts", atMost: Self.longestUpload, told(addText))
            routes.page([.post], "\(base)/:study/removal", told(deleteStudy))
            routes.page([.post], "\(base)/:study/notes/removal", told(deleteNotes))
            routes.page([.post], "\(base)/:study/texts/:text/removal", told(deleteText))
            routes.page([.post], "\(base)/:study/codebooks", atMost: Self.longestUpload, told(takeCodebook))
            routes.page([.post], "\(base)/:study/codes/:code/retirement", told(retire))
            routes.page([.post], "\(base)/:study/codes/:code/merge", told(merge))
            routes.page([.post], "desk/landscape/findings/:finding/talk/positions", told(contest))
            routes.page([.post], "desk/landscape/findings/:finding/talk/positions/:position", told(replacePosition))
            routes.page(
                [.post], "desk/landscape/findings/:finding/talk/positions/:position/erasure", told(erasePosition))
            routes.page([.post], "desk/landscape/findings/:finding/talk/merge", told(mergeFindings))
        }
    }

    typealias Step = @Sendable (Visit, SignedIn) async throws -> Reply

    /// What is not there is not there; what the rules forbid is said on a page with the way back.
    func told(_ step: @escaping Step) -> Step {
        { visit, signedIn in
            do {
                return try await step(visit, signedIn)
            } catch let refusal as CodingRefusal {
                if refusal == .notFound { throw NotFound() }
                let setting = setting(visit, signedIn)
                let page = setting.page(
                    visit.words(.codingTitle), path: nil,
                    "\(HTML.alert(visit.words(refusal)))<p>\(setting.link(StaffFrame.coding, visit.words(.codingAll)))</p>"
                )
                return .page(page, status: refusal.status)
            }
        }
    }

    func setting(_ visit: Visit, _ signedIn: SignedIn) -> StaffFrame {
        StaffFrame(frame, ways: ways, visit, signedIn)
    }

    func asker(_ signedIn: SignedIn) -> StudyActor {
        StudyActor(actor: signedIn.actor, worker: signedIn.worker, desk: signedIn.organization)
    }

    func mayKeep(_ signedIn: SignedIn) -> Bool { signedIn.actor.may(.keepLandscape) }

    func id<Owner>(_ visit: Visit, _ name: String, of owner: Owner.Type = Owner.self) throws -> Identifier<Owner> {
        guard let id = visit.parameters[name].flatMap(Identifier<Owner>.init) else { throw NotFound() }
        return id
    }

    func back(_ visit: Visit, _ path: String) -> Reply { .redirect(to: "/\(visit.language)/\(path)") }

    // MARK: Studies

    private func studies(
        _ visit: Visit, _ signedIn: SignedIn, problems: Problems = Problems(), alert: String? = nil,
        counts: CarriedCounts? = nil
    ) async throws -> Reply {
        let page = StudiesPage(
            studies: try await landscape.studies(),
            form: problems.isEmpty && alert == nil ? landscape.newForm() : form(visit), mayKeep: mayKeep(signedIn),
            name: visit.form.value("name") ?? "",
            description: visit.form.value("description") ?? "", problems: problems, alert: alert, counts: counts)
        return .page(
            page.html(setting(visit, signedIn)), status: problems.isEmpty && alert == nil ? 200 : 422)
    }

    private func openStudy(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        do {
            let id = try await landscape.openStudy(
                visit.form.value("name") ?? "", visit.form.value("description") ?? "", form: form(visit),
                by: asker(signedIn))
            return back(visit, "\(StaffFrame.coding)/\(id)")
        } catch let problems as Problems {
            return try await studies(visit, signedIn, problems: problems)
        }
    }

    /// What the page gave the form, so that sent twice it counts once.
    private func form(_ visit: Visit) -> String { visit.form.value(StudiesPage.formField) ?? landscape.newForm() }

    private func deleteStudy(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        try await landscape.deleteStudy(id(visit, "study"), by: asker(signedIn))
        return back(visit, StaffFrame.coding)
    }

    private func deleteNotes(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let study: Identifier<Study> = try id(visit, "study")
        try await landscape.deleteNotes(of: study, by: asker(signedIn))
        return back(visit, "\(StaffFrame.coding)/\(study)")
    }

    private func deleteText(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let study: Identifier<Study> = try id(visit, "study")
        try await landscape.deleteText(id(visit, "text"), in: study, by: asker(signedIn))
        return back(visit, "\(StaffFrame.coding)/\(study)")
    }

    private func takeProject(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        guard let file = visit.form.files.first(where: { $0.field == "file" }) else {
            return try await studies(visit, signedIn, problems: Problems("file", "required"))
        }
        do {
            let counts = try await landscape.takeProject(
                file.bytes, named: file.name, keeps: visit.form.value("go") == "keep", form: form(visit),
                by: asker(signedIn))
            return try await studies(visit, signedIn, counts: counts)
        } catch let fault as QDAFault {
            return try await studies(visit, signedIn, alert: visit.words(fault))
        }
    }

    func study(
        _ visit: Visit, _ signedIn: SignedIn, problems: Problems = Problems(), alert: String? = nil
    ) async throws -> Reply {
        let page = StudyPage(
            open: try await landscape.study(id(visit, "study"), for: asker(signedIn)),
            gatherings: try await landscape.gatherings(), notes: try await landscape.countNotes(of: id(visit, "study")),
            form: problems.isEmpty ? landscape.newForm() : form(visit), mayKeep: mayKeep(signedIn),
            coderName: visit.form.value("coder") ?? "",
            textName: visit.form.value("name") ?? "", text: visit.form.value("text") ?? "", problems: problems,
            alert: alert)
        return .page(page.html(setting(visit, signedIn)), status: problems.isEmpty && alert == nil ? 200 : 422)
    }

    /// Those that a draft can be put into.
    func scans() async throws -> [(code: String, title: String)] {
        try await landscape.scans().filter { !$0.isBaseline }.map { ($0.code, $0.title) }
    }

    private func join(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let study: Identifier<Study> = try id(visit, "study")
        do {
            try await landscape.join(study, as: visit.form.value("coder") ?? "", by: asker(signedIn))
            return back(visit, "\(StaffFrame.coding)/\(study)")
        } catch let problems as Problems {
            return try await self.study(
                visit, signedIn, problems: Problems("coder", problems.faults.first?.code ?? "required"))
        }
    }

    private func addText(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let study: Identifier<Study> = try id(visit, "study")
        do {
            if let said = visit.form.value("from") {
                guard let gathering = Gathering(said) else { throw NotFound() }
                try await landscape.addText(from: gathering, form: form(visit), to: study, by: asker(signedIn))
                return back(visit, "\(StaffFrame.coding)/\(study)")
            }
            let file = visit.form.files.first { $0.field == "file" }
            guard let text = file.map({ PlainText.read($0.bytes) }) ?? visit.form.value("text") ?? "" else {
                throw Problems("file", "not-text")
            }
            try await landscape.addText(
                visit.form.value("name") ?? file?.name ?? "", text, form: form(visit), to: study, by: asker(signedIn))
            return back(visit, "\(StaffFrame.coding)/\(study)")
        } catch let problems as Problems {
            return try await self.study(visit, signedIn, problems: problems)
        }
    }

    private func agreement(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let study: Identifier<Study> = try id(visit, "study")
        let unit = visit.form.value("unit").flatMap(TextUnits.Kind.init) ?? .paragraph
        let page = AgreementPage(
            agreement: try await landscape.agreement(in: study, by: unit, for: asker(signedIn)))
        return .page(page.html(setting(visit, signedIn)))
    }

    private func file(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        guard let form = visit.parameters["format"].flatMap(StudyFile.init) else { throw NotFound() }
        let study: Identifier<Study> = try id(visit, "study")
        var project = CodingProject(name: "")
        if form == .qdpx {
            project = try await landscape.project(of: study, for: asker(signedIn))
        } else {
            project.codes = try await landscape.codebook(of: study)
        }
        var reply = Reply(type: form.type, .plain(try form.bytes(of: project, at: visit.now)))
        reply.savedAs = "coding.\(form.rawValue)"
        return reply
    }

    // MARK: Codebooks

    private func codebook(
        _ visit: Visit, _ signedIn: SignedIn, typed: StudyCode? = nil, problems: Problems = Problems(),
        alert: String? = nil, counts: CarriedCounts? = nil, kept: Bool = false, status: Int? = nil
    ) async throws -> Reply {
        let page = CodebookPage(
            open: try await landscape.study(id(visit, "study"), for: asker(signedIn)), mayKeep: mayKeep(signedIn),
            typed: typed, problems: problems, alert: alert, counts: counts, kept: kept)
        let usual = problems.isEmpty && alert == nil ? 200 : 422
        return .page(page.html(setting(visit, signedIn)), status: status ?? usual)
    }

    private func code(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let open = try await landscape.study(id(visit, "study"), for: asker(signedIn))
        let wanted: Identifier<StudyCode> = try id(visit, "code")
        guard let code = open.codes.first(where: { $0.id == wanted }) else { throw NotFound() }
        let page = StudyCodePage(open: open, code: code, mayKeep: mayKeep(signedIn))
        return .page(page.html(setting(visit, signedIn)))
    }

    private func keepCode(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let study: Identifier<Study> = try id(visit, "study")
        let typed = StudyCode(typed: visit.form, newId: Identifier(landscape.world.newUUID()))
        let isNew = visit.form.value("code") == nil
        var (problems, alert, status): (Problems, String?, Int) = (Problems(), nil, 422)
        do {
            if isNew {
                try await landscape.add(typed, to: study, by: asker(signedIn))
            } else {
                try await landscape.keep(typed, in: study, by: asker(signedIn))
            }
            return back(visit, "\(StaffFrame.coding)/\(study)/codes#c-\(typed.id)")
        } catch let faults as Problems {
            problems = faults
        } catch let refusal as CodingRefusal where [.stale, .cycle, .retired, .tooMany, .gone].contains(refusal) {
            (alert, status) = (visit.words(refusal), refusal.status)
        }
        let open = try await landscape.study(study, for: asker(signedIn))
        guard !isNew, let now = open.codes.first(where: { $0.id == typed.id }) else {
            // What was typed over a code that is gone stands in the form for a new one.
            return try await codebook(
                visit, signedIn, typed: typed, problems: problems, alert: alert, status: status)
        }
        let isStale = now.version != typed.version
        var shown = typed
        // What was typed stays; sent again it is sent knowing the newer one.
        (shown.version, shown.retiredOn, shown.mergedInto) = (now.version, now.retiredOn, now.mergedInto)
        let page = StudyCodePage(
            open: open, code: shown, mayKeep: mayKeep(signedIn), newer: isStale ? now : nil, problems: problems,
            alert: alert)
        return .page(page.html(setting(visit, signedIn)), status: status)
    }

    private func retire(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let study: Identifier<Study> = try id(visit, "study")
        try await landscape.retire(id(visit, "code"), in: study, by: asker(signedIn))
        return back(visit, "\(StaffFrame.coding)/\(study)/codes")
    }

    private func merge(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let study: Identifier<Study> = try id(visit, "study")
        guard let kept = visit.form.value("kept").flatMap(Identifier<StudyCode>.init) else {
            throw CodingRefusal.notMergeable
        }
        try await landscape.merge(id(visit, "code"), into: kept, in: study, by: asker(signedIn))
        return back(visit, "\(StaffFrame.coding)/\(study)/codes#c-\(kept)")
    }

    private func takeCodebook(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let study: Identifier<Study> = try id(visit, "study")
        guard let file = visit.form.files.first(where: { $0.field == "file" }) else {
            return try await codebook(visit, signedIn, problems: Problems("file", "required"))
        }
        do {
            let keeps = visit.form.value("go") == "keep"
            let counts = try await landscape.takeCodebook(
                file.bytes, named: file.name, into: study, keeps: keeps, by: asker(signedIn))
            return try await codebook(visit, signedIn, counts: counts, kept: keeps)
        } catch let fault as QDAFault {
            return try await codebook(visit, signedIn, alert: visit.words(fault))
        }
    }
}

extension StudyCode {
    /// What a form says; a new code without an id.
    init(typed form: FormFields, newId: Identifier<StudyCode>) {
        self.init(
            id: form.value("code").flatMap(Identifier.init) ?? newId,
            parent: form.value("parent").flatMap(Identifier.init),
            name: form.value("name") ?? "",
            text: CodeText(
                definition: form.value("definition") ?? "", whenToUse: form.value("use") ?? "",
                whenNot: form.value("not") ?? "", example: form.value("example") ?? ""),
            color: form.value("color")?.lowercased(), isCodable: form.value("groups") == nil,
            version: form.value("version").flatMap(Int.init) ?? 1)
    }
}
