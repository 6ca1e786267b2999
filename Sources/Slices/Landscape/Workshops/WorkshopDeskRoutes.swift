import Kernel
import Web

/// The pages of whoever runs a workshop.
struct WorkshopDeskRoutes: Sendable {
    let landscape: Landscape
    let frame: PageFrame
    let ways: [StaffWay]

    /// After the language.
    static let path = "desk/landscape/workshops"

    func declare(in table: inout RouteTable) {
        let one = "\(Self.path)/:workshop"
        table.staff(may: .keepLandscape) { routes in
            routes.page([.get], Self.path) { visit, signedIn in
                let page = WorkshopsPage(workshops: try await landscape.workshops(by: signedIn.actor))
                return .page(page.html(setting(visit, signedIn)))
            }
            routes.page([.get], Self.path + "/new") { visit, signedIn in
                let page = NewWorkshopPage(typed: .empty(on: landscape.localDay), form: landscape.newForm())
                return .page(page.html(setting(visit, signedIn)))
            }
            routes.page([.post], Self.path, open)
            routes.page([.get], one) { try await show($0, $1) }
            routes.page([.get], one + "/sheet", sheet)
            routes.page([.get], one + "/plan") { visit, signedIn in
                let workshop = try await landscape.workshop(id(visit), by: signedIn.actor).workshop
                let page = NewWorkshopPage(typed: WorkshopForm(workshop), form: "", known: workshop)
                return .page(page.html(setting(visit, signedIn)))
            }
            routes.page([.post], one + "/plan", change)
            routes.page([.post], one + "/phones", removePhone)
            routes.page([.post], one + "/code") { visit, signedIn in
                try await landscape.renewCode(of: id(visit), by: signedIn.actor)
                return try back(visit)
            }
            routes.page([.post], one + "/reopening") { visit, signedIn in
                try await landscape.reopen(id(visit), by: signedIn.actor)
                return try back(visit)
            }
            routes.page([.post], one + "/activities", activity)
            routes.page([.post], one + "/notes", addFromPaper)
            routes.page([.post], one + "/removals", remove)
            routes.page([.post], one + "/absent", setAbsent)
            routes.page([.post], one + "/closing") { visit, signedIn in
                try await landscape.close(id(visit), by: signedIn.actor)
                return try back(visit)
            }
            routes.page([.post], one + "/findings") { visit, signedIn in
                let scan = visit.form.value("scan")
                try await landscape.makeFindings(of: id(visit), in: scan, by: signedIn.actor)
                return try await show(visit, signedIn) {
                    $0.said = visit.words(.draftsMade, ["scan": scan ?? ""])
                }
            }
        }
    }

    private func setting(_ visit: Visit, _ signedIn: SignedIn) -> StaffFrame {
        StaffFrame(frame, ways: ways, visit, signedIn)
    }

    private func id(_ visit: Visit) throws -> Identifier<Workshop> {
        guard let id = visit.parameters["workshop"].flatMap(Identifier<Workshop>.init) else { throw NotFound() }
        return id
    }

    private func back(_ visit: Visit) throws -> Reply {
        .redirect(to: "/\(visit.language)/\(Self.path)/\(try id(visit))")
    }

    // MARK: Before

    private func typed(_ visit: Visit) -> WorkshopForm {
        var typed = WorkshopForm()
        typed.title = visit.form.value("title") ?? ""
        typed.heldOn = visit.form.value("date") ?? ""
        typed.venue = visit.form.value("venue") ?? ""
        typed.startsAt = visit.form.value("starts") ?? ""
        typed.groups = visit.form.value("groups") ?? ""
        for part in AgendaItem.Part.allCases {
            typed.minutes[part] = visit.form.value("minutes-\(part.rawValue)") ?? ""
        }
        return typed
    }

    private func change(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let typed = typed(visit)
        do {
            try await landscape.change(id(visit), to: typed, by: signedIn.actor)
            return try back(visit)
        } catch let problems as Problems {
            let workshop = try await landscape.workshop(id(visit), by: signedIn.actor).workshop
            let page = NewWorkshopPage(typed: typed, form: "", known: workshop, problems: problems)
            return .page(page.html(setting(visit, signedIn)), status: 422)
        }
    }

    private func open(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let typed = typed(visit)
        let form = visit.form.value(PhoneSetting.formField) ?? landscape.newForm()
        do {
            let id = try await landscape.open(typed, form: form, by: signedIn.actor)
            return .redirect(to: "/\(visit.language)/\(Self.path)/\(id)")
        } catch let problems as Problems {
            let page = NewWorkshopPage(typed: typed, form: form, problems: problems)
            return .page(page.html(setting(visit, signedIn)), status: 422)
        }
    }

    private func sheet(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let view = try await landscape.workshop(id(visit), by: signedIn.actor)
        return .page(SheetPage(workshop: view.workshop, origin: visit.origin).html(setting(visit, signedIn)))
    }

    // MARK: During and after

    private func show(
        _ visit: Visit, _ signedIn: SignedIn, _ change: (inout WorkshopPage) -> Void = { _ in }
    ) async throws -> Reply {
        let view = try await landscape.workshop(
            id(visit), before: visit.form.value(NoteSheet.field).flatMap(Int.init), by: signedIn.actor)
        var page = WorkshopPage(
            view: view, now: visit.now, today: landscape.localDay, origin: visit.origin, form: landscape.newForm(),
            isByGroup: visit.form.value("by") == "group")
        change(&page)
        return .page(page.html(setting(visit, signedIn)), status: page.problems.isEmpty ? 200 : 422)
    }

    private func activity(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let id = try id(visit)
        if visit.form.value("more") != nil {
            try await landscape.extend(id, by: AgendaItem.extraMinutes, by: signedIn.actor)
        } else if visit.form.value("end") != nil {
            try await landscape.endActivity(of: id, by: signedIn.actor)
        } else {
            guard let part = visit.form.value("part").flatMap(AgendaItem.Part.init) else { throw NotFound() }
            try await landscape.start(part, of: id, by: signedIn.actor)
        }
        return try back(visit)
    }

    private func addFromPaper(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let typed = NoteForm(visit.form)
        let group = Int(visit.form.value("group") ?? "") ?? 0
        let form = visit.form.value(PhoneSetting.formField) ?? landscape.newForm()
        do {
            try await landscape.addFromPaper(
                typed, group: group, form: form, in: visit.language, to: id(visit), by: signedIn.actor)
            return try await show(visit, signedIn) {
                ($0.typed, $0.group, $0.said) = (typed.next, group, visit.words(.roomAdded))
            }
        } catch let problems as Problems {
            return try await show(visit, signedIn) {
                $0 = WorkshopPage(
                    view: $0.view, now: visit.now, today: landscape.localDay, origin: visit.origin, form: form,
                    typed: typed, group: group, problems: problems)
            }
        }
    }

    private func remove(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        guard let note = visit.form.value("note").flatMap(Identifier<WorkshopNote>.init) else { throw NotFound() }
        try await landscape.remove(note, from: id(visit), by: signedIn.actor)
        return try back(visit)
    }

    private func removePhone(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        guard let note = visit.form.value("note").flatMap(Identifier<WorkshopNote>.init) else { throw NotFound() }
        try await landscape.removePhone(of: note, from: id(visit), by: signedIn.actor)
        return try back(visit)
    }

    private func setAbsent(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let text = visit.form.value("absent") ?? ""
        do {
            try await landscape.setAbsent(text, of: id(visit), by: signedIn.actor)
            return try back(visit)
        } catch let problems as Problems {
            return try await show(visit, signedIn) { ($0.absent, $0.problems) = (text, problems) }
        }
    }
}
