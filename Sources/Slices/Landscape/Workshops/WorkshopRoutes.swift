import Kernel
import Web

/// The pages of phones in a workshop. No cookie and no name: after the way in, each page is the answer to a form that carries
/// the phone's secret.
struct WorkshopRoutes: Sendable {
    let landscape: Landscape
    let frame: PageFrame

    /// Room for a note of a megabyte in any script, to refuse it with a sentence and give it back.
    private static let longestBody = 4 << 20

    func declare(in table: inout RouteTable) {
        table.everyone { routes in
            routes.page([.get], "workshops") { visit in .page(JoinPage().html(setting(visit))) }
            routes.page([.post], "workshops", atMost: Self.longestBody, own(find))
            routes.page([.get], "workshops/join/:room") { visit in
                try await groups(visit, room: visit.parameters["room"] ?? "")
            }
            routes.page([.get], "workshops/wall/:room", wall)
            routes.page([.get], "workshops/live/:room", live)
            for (path, handler) in steps {
                routes.page([.post], "workshops/\(path)", atMost: Self.longestBody, own(handler))
                // With script the address of the last form stands in the one entry of the history.
                routes.page([.get], "workshops/\(path)") { .redirect(to: "/\($0.language)/workshops") }
            }
        }
    }

    private typealias Step = @Sendable (Visit) async throws -> Reply

    private var steps: KeyValuePairs<String, Step> {
        [
            "entry": enter, "room": { try await room($0, typed: NoteForm($0.form)) }, "notes": add,
            "notes/form": changeForm, "notes/change": change, "notes/removal": takeBack,
        ]
    }

    private func setting(_ visit: Visit, _ phone: PhoneSecret? = nil) -> PhoneSetting {
        PhoneSetting(words: visit.words, frame: frame, phone: phone ?? self.phone(visit))
    }

    private func phone(_ visit: Visit) -> PhoneSecret? { PhoneSecret(visit.form.value(PhoneSetting.phoneField)) }

    private func kept(_ visit: Visit) -> NoteForm? {
        let typed = NoteForm(visit.form)
        return typed.text.isEmpty ? nil : typed
    }

    /// A form of this site; what it held stays on the page when the workshop is over or nothing can be kept now.
    private func own(_ handler: @escaping Step) -> Step {
        { visit in
            guard !visit.isFromAnotherSite else {
                return .page(JoinPage().html(PhoneSetting(words: visit.words, frame: frame)), status: 403)
            }
            do {
                return try await handler(visit)
            } catch let refusal as WorkshopRefusal where [.unknown, .phoneOver].contains(refusal) {
                return refused(visit, refusal)
            } catch WorkshopRefusal.busy {
                return again(visit, visit.words(.phoneBusy))
            } catch let outage as any Outage {
                guard let code = outage.code, kept(visit) != nil else { throw outage }
                var reply = again(visit, visit.words.text(key: "fault.\(code)") ?? visit.words(WebPhrase.faultAway))
                reply.outage = outage
                return reply
            }
        }
    }

    private func refused(_ visit: Visit, _ refusal: WorkshopRefusal) -> Reply {
        let page = JoinPage(
            code: visit.form.value("code") ?? "",
            fault: visit.words(refusal == .unknown ? .phoneUnknown : .phoneOver), kept: kept(visit))
        return .page(page.html(PhoneSetting(words: visit.words, frame: frame)), status: refusal.status)
    }

    /// The same form once more.
    private func again(_ visit: Visit, _ sentence: String) -> Reply {
        guard phone(visit) != nil, let kept = kept(visit) else {
            let page = JoinPage(code: visit.form.value("code") ?? "", fault: sentence, kept: kept(visit))
            return .page(page.html(setting(visit)), status: 503)
        }
        let page = NotePage(note: note(visit), form: form(visit), typed: kept, fault: sentence)
        return .page(page.html(setting(visit)), status: 503)
    }

    /// The number that older notes come before.
    private func before(_ visit: Visit) -> Int? { visit.form.value(NoteSheet.field).flatMap(Int.init) }
    private func note(_ visit: Visit) -> Identifier<WorkshopNote>? { visit.form.value("note").flatMap(Identifier.init) }
    private func form(_ visit: Visit) -> String { visit.form.value(PhoneSetting.formField) ?? landscape.newForm() }

    // MARK: The way in

    private func find(_ visit: Visit) async throws -> Reply {
        let workshop = try await landscape.workshop(typed: visit.form.value("code") ?? "")
        return try await groups(visit, room: workshop.door?.room ?? "")
    }

    private func groups(_ visit: Visit, room: String, fault: String? = nil) async throws -> Reply {
        do {
            let workshop = try await landscape.workshop(room: room)
            let page = GroupsPage(workshop: workshop, room: room, kept: kept(visit), fault: fault)
            return .page(page.html(setting(visit, landscape.newPhone())), status: fault == nil ? 200 : 422)
        } catch WorkshopRefusal.unknown {
            return refused(visit, .unknown)
        }
    }

    private func enter(_ visit: Visit) async throws -> Reply {
        let room = visit.form.value("room") ?? ""
        guard let phone = phone(visit) else { throw WorkshopRefusal.phoneOver }
        do {
            try await landscape.enter(room: room, group: Int(visit.form.value("group") ?? "") ?? 0, phone)
        } catch is Problems {
            return try await groups(visit, room: room, fault: visit.words(.groupsChoose))
        }
        return try await self.room(visit, typed: kept(visit) ?? NoteForm())
    }

    // MARK: In the room

    private func room(
        _ visit: Visit, typed: NoteForm = NoteForm(), problems: Problems = Problems(), said: String? = nil
    ) async throws -> Reply {
        let room = try await landscape.room(of: phone(visit), before: before(visit))
        var typed = typed
        if typed.kind.isEmpty, let kinds = room.workshop.running?.part.kinds, kinds.count == 1 {
            typed.kind = kinds[0].rawValue
        }
        let page = RoomPage(
            room: room, now: visit.now, form: problems.isEmpty ? landscape.newForm() : form(visit), typed: typed,
            problems: problems, said: said)
        return .page(page.html(setting(visit)), status: problems.isEmpty ? 200 : 422)
    }

    private func add(_ visit: Visit) async throws -> Reply {
        let typed = NoteForm(visit.form)
        do {
            try await landscape.add(typed, form: form(visit), in: visit.language, from: phone(visit))
            return try await room(visit, typed: typed.next, said: visit.words(.roomAdded))
        } catch let problems as Problems {
            return try await room(visit, typed: typed, problems: problems)
        }
    }

    private func changeForm(_ visit: Visit) async throws -> Reply {
        let note = try await landscape.ownNote(note(visit), of: phone(visit))
        let page = NotePage(note: note.id, form: "", typed: note.content.map { NoteForm($0) } ?? NoteForm())
        return .page(page.html(setting(visit)))
    }

    private func change(_ visit: Visit) async throws -> Reply {
        let typed = NoteForm(visit.form)
        do {
            try await landscape.change(note(visit), to: typed, by: phone(visit))
            return try await room(visit, typed: typed.next, said: visit.words(.roomChanged))
        } catch let problems as Problems {
            let page = NotePage(note: note(visit), form: "", typed: typed, problems: problems)
            return .page(page.html(setting(visit)), status: 422)
        }
    }

    private func takeBack(_ visit: Visit) async throws -> Reply {
        try await landscape.takeBack(note(visit), by: phone(visit))
        return try await room(visit, said: visit.words(.roomTaken))
    }

    // MARK: Live

    private func wall(_ visit: Visit) async throws -> Reply {
        do {
            let (workshop, notes) = try await landscape.wall(
                room: visit.parameters["room"] ?? "", before: before(visit))
            let page = WallPage(workshop: workshop, notes: notes, now: visit.now, origin: visit.origin)
            return .page(page.html(setting(visit)))
        } catch WorkshopRefusal.unknown {
            return refused(visit, .unknown)
        }
    }

    /// All that is new after what the asker saw last. It ends with the workshop or with the server; the browser asks again.
    private func live(_ visit: Visit) async throws -> Reply {
        let workshop = try await landscape.workshop(room: visit.parameters["room"] ?? "")
        let seen = Int(visit.lastEvent ?? visit.form.value("after") ?? "") ?? 0
        let (words, world) = (visit.words, landscape.world)
        let seat = Rooms.Seat(
            room: visit.parameters["room"] ?? "", language: visit.language,
            farewell: WorkshopEvents.farewell(words)
        ) { WorkshopEvents(news: $0, now: world.now(), words: words).all }
        return .events(
            try await landscape.rooms.watch(workshop.id, after: min(seen, workshop.latest), from: seat))
    }
}
