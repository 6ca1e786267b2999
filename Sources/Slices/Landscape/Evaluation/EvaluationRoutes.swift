import Kernel
import Storage
import Web

/// The pages of evaluation, for anybody and for staff.
struct EvaluationRoutes: Sendable {
    let landscape: Landscape
    let frame: PageFrame
    let ways: [StaffWay]

    func declare(in table: inout RouteTable) {
        table.everyone { routes in
            routes.page([.get], "landscape/evaluation", publishing: .once) { visit in
                let page = EvaluationPage(
                    evaluation: try await landscape.evaluation(), plan: try await landscape.plan(visit.language))
                return .page(page.html(setting(visit)))
            }
            routes.page(
                [.get], "landscape/indicators/:indicator",
                publishing: .named { try await landscape.evaluation().lines.map(\.indicator.id.description) }, one)
            routes.file("/landscape/evaluation.jsonld", publishing: .once) { _ in try await export().json }
            routes.file("/landscape/evaluation.csv", publishing: .once) { _ in try await export().csv }
        }
        table.staff { routes in
            routes.page([.get], "desk/landscape/evaluation") { visit, signedIn in
                let page = EvaluationDeskPage(
                    indicators: try await landscape.indicators(), isCoordinator: signedIn.actor.may(.keepLandscape))
                return .page(page.html(setting(visit, signedIn)))
            }
            routes.page([.get], "desk/landscape/indicators/:indicator") { visit, signedIn in
                try await measurements(visit, signedIn, of: visit.parameters["indicator"])
            }
            routes.page(
                [.post], "desk/landscape/indicators/:indicator", atMost: FormFields.maximumTextBytes, measure)
            routes.page([.post], "desk/landscape/measurements/:measurement/withdrawal", withdraw)
        }
        table.staff(may: .keepLandscape) { routes in
            routes.page([.get], "desk/landscape/indicator-form", form)
            routes.page([.post], "desk/landscape/indicator-form", atMost: FormFields.maximumTextBytes, keep)
        }
    }

    private func setting(_ visit: Visit) -> ScanSetting {
        ScanSetting(words: visit.words, frame: frame, region: landscape.region)
    }

    private func setting(_ visit: Visit, _ signedIn: SignedIn) -> StaffFrame {
        StaffFrame(frame, ways: ways, visit, signedIn)
    }

    private func export() async throws -> ImpactExport {
        let evaluation = try await landscape.evaluation()
        let codes = evaluation.lines.flatMap { $0.indicator.links(.actions) + $0.indicator.links(.findings) }
        let network = landscape.library.meta?.title.split(separator: ":").first.map(String.init)
        return ImpactExport(
            evaluation: evaluation, texts: try await landscape.texts(of: codes), network: network ?? "Waymark")
    }

    @Sendable private func one(_ visit: Visit) async throws -> Reply {
        let evaluation = try await landscape.evaluation()
        let id = visit.parameters["indicator"].flatMap(Identifier<Indicator>.init)
        guard let line = evaluation.line(id) else { throw NotFound() }
        let about = line.indicator.links(.findings)
        let findings = try await landscape.database.read { try Landscape.findings(coded: about, in: $0) }
        let page = IndicatorPage(
            line: line, parts: evaluation.parts(of: line.indicator.id), whole: evaluation.line(line.indicator.parent),
            changes: try await landscape.changes(of: line.indicator.id),
            standings: try await landscape.standings(of: findings),
            texts: try await landscape.texts(of: line.indicator.links(.actions) + about),
            findings: findings,
            desks: try await landscape.colleagues.desks(visit.language))
        return .page(page.html(setting(visit)))
    }

    // MARK: Staff

    private func found<Value>(_ find: () async throws -> Value) async throws -> Value {
        do { return try await find() } catch EvaluationRefusal.noIndicator { throw NotFound() }
    }

    private func measurements(
        _ visit: Visit, _ signedIn: SignedIn, of id: String?, typed: MeasurementDraft? = nil,
        as next: Identifier<Measurement>? = nil, problems: Problems = Problems(), refusal: EvaluationRefusal? = nil
    ) async throws -> Reply {
        let (indicator, measurements) = try await found { try await landscape.indicator(id) }
        let page = MeasurePage(
            indicator: indicator, measurements: measurements,
            changes: try await landscape.changes(of: indicator.id),
            desks: try await landscape.colleagues.desks(visit.language),
            draft: typed ?? MeasurementDraft(on: landscape.world.today),
            next: next ?? Identifier(landscape.world.newUUID()), desk: signedIn.organization,
            isCoordinator: signedIn.actor.may(.keepLandscape), problems: problems, refusal: refusal)
        return .page(
            page.html(setting(visit, signedIn)), status: refusal?.status ?? (problems.isEmpty ? 200 : 422))
    }

    @Sendable private func measure(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let id = visit.parameters["indicator"] ?? ""
        guard let indicator = Identifier<Indicator>(id),
            let next = Identifier<Measurement>(visit.form.value("id") ?? "")
        else { throw NotFound() }
        let draft = MeasurementDraft(visit.form)
        do {
            try await found { try await landscape.measure(draft, as: next, of: indicator, by: signedIn) }
        } catch let problems as Problems {
            return try await measurements(visit, signedIn, of: id, typed: draft, as: next, problems: problems)
        } catch let refusal as EvaluationRefusal {
            return try await measurements(visit, signedIn, of: id, typed: draft, refusal: refusal)
        }
        return .redirect(to: "/\(visit.language)/desk/landscape/indicators/\(id)")
    }

    @Sendable private func withdraw(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let indicator = visit.form.value("indicator").flatMap(Identifier<Indicator>.init)?.description ?? ""
        guard let id = Identifier<Measurement>(visit.parameters["measurement"] ?? "") else { throw NotFound() }
        do {
            try await found {
                try await landscape.withdraw(id, reason: visit.form.value("reason") ?? "", by: signedIn)
            }
        } catch let problems as Problems {
            return try await measurements(visit, signedIn, of: indicator, problems: problems)
        } catch let refusal as EvaluationRefusal {
            return try await measurements(visit, signedIn, of: indicator, refusal: refusal)
        }
        return .redirect(to: "/\(visit.language)/desk/landscape/indicators/\(indicator)")
    }

    @Sendable private func form(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let named = visit.form.value("indicator")
        let current = named == nil ? nil : try await found { try await landscape.indicator(named).indicator }
        let blank: [Indicator.Field: String] = [.people: "no", .small: "no", .state: "open"]
        let form = IndicatorForm(
            id: current?.id ?? Identifier(landscape.world.newUUID()), version: current?.version ?? 0,
            draft: IndicatorDraft(current?.texts ?? blank), others: try await landscape.indicators())
        return .page(form.html(setting(visit, signedIn)))
    }

    @Sendable private func keep(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        guard let id = Identifier<Indicator>(visit.form.value("id") ?? "") else { throw NotFound() }
        var version = visit.form.value("version").flatMap(Int.init) ?? 0
        let draft = IndicatorDraft(visit.form)
        do {
            try await landscape.keep(draft, as: id, version: version, by: signedIn)
        } catch let faults as EvaluationFaults {
            let others = try await landscape.indicators()
            if faults.problems.faults.contains(where: { $0.code == "indicator-changed" }) {
                version = others.first { $0.id == id }?.version ?? 0
            }
            let form = IndicatorForm(id: id, version: version, draft: draft, others: others, faults: faults)
            return .page(form.html(setting(visit, signedIn)), status: 422)
        }
        return .redirect(to: "/\(visit.language)/desk/landscape/indicators/\(id)")
    }
}
