import Formats
import Kernel
import Web

/// The pages of one text: marking it, being done with it, drafts of findings out of it.
extension CodingRoutes {
    func declareTexts(in routes: inout RouteTable.StaffRoutes) {
        let base = "\(StaffFrame.coding)/:study/texts/:text"
        routes.page([.get], base, told { try await text($0, $1) })
        routes.page([.post], "\(base)/highlights", told(highlight))
        routes.page([.post], "\(base)/highlights/removal", told(remove))
        routes.page([.post], "\(base)/finish", told(finish))
        routes.page([.post], "\(base)/finish/removal", told(reopen))
        routes.page([.post], "\(base)/findings", told(draft))
    }

    private func path(_ visit: Visit) -> String {
        let page = visit.form.value("page").flatMap(Int.init) ?? 1
        let text = "\(StaffFrame.coding)/\(visit.parameters["study"] ?? "")/texts/\(visit.parameters["text"] ?? "")"
        return page > 1 ? "\(text)?page=\(page)" : text
    }

    private func text(
        _ visit: Visit, _ signedIn: SignedIn, typed: TypedHighlight = TypedHighlight(),
        draft: TypedDraft = TypedDraft(),
        problems: Problems = Problems(), alert: String? = nil, status: Int = 200
    ) async throws -> Reply {
        let page = TextPage(
            text: try await landscape.text(id(visit, "text"), in: id(visit, "study"), for: asker(signedIn)),
            scans: try await scans(), themes: try await landscape.knownThemes(),
            page: visit.form.value("page").flatMap(Int.init) ?? 1, typed: typed, draft: draft, problems: problems,
            alert: alert)
        return .page(page.html(setting(visit, signedIn)), status: status)
    }

    private func highlight(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let form = visit.form
        let typed = TypedHighlight(
            units: Set(form.values("unit")), start: form.value("start") ?? "", end: form.value("end") ?? "",
            codes: Set(form.values("code")), memo: form.value("memo") ?? "")
        do {
            try await landscape.highlight(
                try typed.ranges(), of: id(visit, "text"), in: id(visit, "study"),
                with: form.values("code").compactMap(Identifier.init), memo: form.value("memo"), by: asker(signedIn))
            return back(visit, path(visit))
        } catch let problems as Problems {
            return try await text(visit, signedIn, typed: typed, problems: problems, status: 422)
        } catch let refusal as CodingRefusal where refusal != .notFound {
            return try await text(
                visit, signedIn, typed: typed, alert: visit.words(refusal), status: refusal.status)
        }
    }

    private func remove(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        guard let id = visit.form.value("highlight").flatMap(Identifier<Highlight>.init) else { throw NotFound() }
        try await landscape.removeHighlight(id, in: self.id(visit, "study"), by: asker(signedIn))
        return back(visit, path(visit))
    }

    private func finish(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        try await landscape.finish(id(visit, "text"), in: id(visit, "study"), by: asker(signedIn))
        return back(visit, path(visit))
    }

    private func reopen(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        try await landscape.reopen(id(visit, "text"), in: id(visit, "study"), by: asker(signedIn))
        return back(visit, path(visit))
    }

    private func draft(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let form = visit.form
        var typed = TypedDraft(highlights: Set(form.values("highlight")))
        for name in ["scan", "focus", "kind", "theme", "text"] { typed.fields[name] = form.value(name) }
        do {
            guard let focus = form.value("focus").flatMap(Finding.Focus.init),
                let kind = form.value("kind").flatMap(Finding.Kind.init)
            else { throw Problems("kind", "choose-one") }
            let draft = CodedDraft(
                scan: typed.value("scan"), focus: focus, kind: kind, theme: typed.value("theme"),
                text: typed.value("text"))
            let finding = try await landscape.draft(
                draft, from: form.values("highlight").compactMap(Identifier.init), in: id(visit, "study"),
                by: asker(signedIn))
            return back(visit, FindingTalkPage.path(finding))
        } catch let problems as Problems {
            return try await text(visit, signedIn, draft: typed, problems: problems, status: 422)
        }
    }
}

extension TypedHighlight {
    /// What was ticked, neighbours joined to one stretch, or the exact stretch that was typed.
    /// - Throws: `Problems` for what is no stretch.
    func ranges() throws(Problems) -> [Range<Int>] {
        if !start.isEmpty || !end.isEmpty {
            guard let start = Int(start) else { throw Problems("start", "not-a-number") }
            guard let end = Int(end) else { throw Problems("end", "not-a-number") }
            guard start >= 0, end > start else { throw Problems("end", "after-start") }
            return [start..<end]
        }
        var ranges: [Range<Int>] = []
        for unit in units {
            let places = unit.split(separator: "-").compactMap { Int($0) }
            guard places.count == 2, places[0] >= 0, places[1] > places[0] else { throw Problems("unit", "choose-one") }
            ranges.append(places[0]..<places[1])
        }
        ranges.sort { $0.lowerBound < $1.lowerBound }
        // Two sentences with no more than a line's white space between them are one stretch.
        var joined: [Range<Int>] = []
        for range in ranges {
            if let last = joined.last, range.lowerBound - last.upperBound <= Self.gap {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }

    private static let gap = 2
}
