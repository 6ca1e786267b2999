import Kernel
import Web

/// Comments anywhere, and what is done to a finding beside its text.
extension CodingRoutes {
    /// Where a form leads back to: only a page of the landscape's own desk.
    private func way(_ visit: Visit) -> String {
        let back = visit.form.value("back") ?? ""
        let isOwn = back.hasPrefix("desk/landscape/") && back.utf8.count < 300 && !back.contains("..")
        return isOwn ? back : StaffFrame.coding
    }

    func comment(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        do {
            try await landscape.comment(
                visit.form.value("comment") ?? "", on: visit.form.value("subject") ?? "", in: id(visit, "study"),
                by: asker(signedIn))
            return back(visit, way(visit))
        } catch let problems as Problems {
            return refused(problems, visit, signedIn)
        }
    }

    /// The comment again, alone on a page, with what is wrong with it.
    private func refused(_ problems: Problems, _ visit: Visit, _ signedIn: SignedIn) -> Reply {
        let setting = setting(visit, signedIn)
        let faults = FormFaults(problems, labels: ["comment": visit.words(.codingComment)], visit.words)
        let page = setting.page(
            visit.words(.codingComment), path: nil,
            """
            \(faults.summary())\(setting.form("\(StaffFrame.coding)/\(visit.parameters["study"] ?? "")/comments", """
            \(HTML.hidden("subject", visit.form.value("subject") ?? ""))\(HTML.hidden("back", way(visit)))
            \(setting.area("comment", visit.words(.codingComment), visit.form.value("comment") ?? "", faults))
            <p class="tools"><button>\(visit.words(.codingCommentGo))</button></p>
            """))
            """)
        return .page(page, status: 422)
    }

    func resolve(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        guard let id = visit.form.value("remark").flatMap(Identifier<Remark>.init) else { throw NotFound() }
        try await landscape.resolve(id, by: asker(signedIn))
        return back(visit, way(visit))
    }

    func emptyRemark(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        guard let id = visit.form.value("remark").flatMap(Identifier<Remark>.init) else { throw NotFound() }
        try await landscape.empty(id, by: asker(signedIn))
        return back(visit, way(visit))
    }

    // MARK: Positions

    private func number(_ visit: Visit) throws -> Int {
        guard let number = visit.parameters["position"].flatMap(Int.init) else { throw NotFound() }
        return number
    }

    func position(
        _ visit: Visit, _ signedIn: SignedIn, typed: [String: String] = [:], problems: Problems = Problems(),
        alert: String? = nil, status: Int = 200
    ) async throws -> Reply {
        let open = try await landscape.position(number(visit), of: id(visit, "finding"), for: asker(signedIn))
        let desks = try await landscape.colleagues.desks(visit.language)
        let page = PositionPage(
            open: open, mayKeep: mayKeep(signedIn), desks: Dictionary(desks.map { ($0.id, $0.name) }) { one, _ in one },
            typed: typed, problems: problems, alert: alert)
        return .page(page.html(setting(visit, signedIn)), status: status)
    }

    private func typed(_ visit: Visit) -> [String: String] {
        Dictionary(visit.form.fields.map { ($0.name, visit.form.value($0.name) ?? "") }) { one, _ in one }
    }

    func replacePosition(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let (finding, number): (Identifier<Finding>, Int) = (try id(visit, "finding"), try number(visit))
        let typed = typed(visit)
        let position = Finding.Position(
            author: typed["author"] ?? "", date: typed["date"], source: typed["source"] ?? "", text: typed["text"] ?? ""
        )
        do {
            try await landscape.replace(
                number, of: finding, by: position, seen: typed["seen"] ?? "", as: asker(signedIn))
            return back(visit, FindingTalkPage.path(finding))
        } catch let problems as Problems {
            return try await self.position(visit, signedIn, typed: typed, problems: problems, status: 422)
        } catch let refusal as CodingRefusal where refusal.status == 409 {
            return try await self.position(
                visit, signedIn, typed: typed, alert: visit.words(refusal), status: refusal.status)
        }
    }

    func erasePosition(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let (finding, number): (Identifier<Finding>, Int) = (try id(visit, "finding"), try number(visit))
        let (typed, version) = (typed(visit), visit.form.value("version").flatMap(Int.init))
        do {
            try await landscape.erase(
                number, version: version, of: finding, because: typed["reason-\(version ?? 0)"] ?? "",
                by: asker(signedIn))
            return back(visit, version == nil ? FindingTalkPage.path(finding) : PositionPage.path(finding, number))
        } catch let problems as Problems {
            return try await position(visit, signedIn, typed: typed, problems: problems, status: 422)
        } catch let refusal as CodingRefusal where refusal.status == 409 {
            return try await position(
                visit, signedIn, typed: typed, alert: visit.words(refusal), status: refusal.status)
        }
    }

    // MARK: Findings

    func talk(
        _ visit: Visit, _ signedIn: SignedIn, typed: [String: String] = [:], problems: Problems = Problems(),
        alert: String? = nil, status: Int = 200
    ) async throws -> Reply {
        let page = FindingTalkPage(
            talk: try await landscape.talk(about: id(visit, "finding"), for: asker(signedIn)),
            mayKeep: mayKeep(signedIn),
            byAuthor: visit.form.value("order") == "author", typed: typed, problems: problems, alert: alert)
        return .page(page.html(setting(visit, signedIn)), status: status)
    }

    func commentFinding(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let finding: Identifier<Finding> = try id(visit, "finding")
        let typed = visit.form.value("comment") ?? ""
        do {
            try await landscape.comment(typed, on: finding, by: asker(signedIn))
            return back(visit, FindingTalkPage.path(finding))
        } catch let problems as Problems {
            return try await talk(visit, signedIn, typed: ["comment": typed], problems: problems, status: 422)
        }
    }

    func contest(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let finding: Identifier<Finding> = try id(visit, "finding")
        var typed: [String: String] = [:]
        for field in visit.form.fields { typed[field.name] = visit.form.value(field.name) }
        let sides = typed.keys.contains("text-2") || visit.form.fields.contains { $0.name == "text-2" } ? 2 : 1
        let positions = (1...sides).map { side in
            Finding.Position(
                author: typed["author-\(side)"] ?? "", date: typed["date-\(side)"],
                source: typed["source-\(side)"] ?? "",
                text: typed["text-\(side)"] ?? "")
        }
        do {
            try await landscape.contest(finding, with: positions, by: asker(signedIn))
            return back(visit, FindingTalkPage.path(finding))
        } catch let problems as Problems {
            return try await talk(visit, signedIn, typed: typed, problems: problems, status: 422)
        }
    }

    func mergeFindings(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let finding: Identifier<Finding> = try id(visit, "finding")
        let typed = visit.form.value("other") ?? visit.form.value("kept") ?? ""
        do {
            let kept = try await landscape.finding(called: typed, besides: finding)
            try await landscape.merge(finding, into: kept, by: asker(signedIn))
            return back(visit, FindingTalkPage.path(kept))
        } catch let problems as Problems {
            return try await talk(visit, signedIn, typed: ["other": typed], problems: problems, status: 422)
        } catch let refusal as CodingRefusal where refusal.status == 409 {
            return try await talk(
                visit, signedIn, typed: ["other": typed], alert: visit.words(refusal), status: refusal.status)
        }
    }
}
