import Formats
import Kernel
import Web

/// The pages by which people outside keep listings true: the provider's link, a visitor's report, the answer to it.
struct ReviewRoutes: Sendable {
    let directory: Directory
    let setting: @Sendable (Visit) -> PageSetting

    func declare(in routes: inout RouteTable.PublicRoutes) {
        routes.page([.get], "listing/:secret", ask)
        routes.page([.post], "listing/:secret", answer)
        for kind in [RecordKind.service, .organization] {
            routes.page([.get], "\(kind.rawValue)s/:id/report") { try await form(kind, $0) }
            routes.page([.post], "\(kind.rawValue)s/:id/report") { try await report(kind, $0) }
        }
        routes.page([.get], "reports/answer") { visit in
            .page(ReportAnswerPage(answer: nil, typed: "", problems: Problems()).html(setting(visit)))
        }
        routes.page([.post], "reports/answer", reportAnswer)
    }

    // MARK: A provider's link

    private func ask(_ visit: Visit) async throws -> Reply {
        .page(try await page(visit, nil, Problems()).html(setting(visit)))
    }

    private func answer(_ visit: Visit) async throws -> Reply {
        let answer = ProviderAnswer(form: visit.form)
        do {
            try await directory.answer(secret(visit), with: answer, in: visit.language)
            return .page(AskThanksPage().html(setting(visit)))
        } catch let problems as Problems {
            return .page(try await page(visit, answer, problems).html(setting(visit)), status: 422)
        }
    }

    private func page(_ visit: Visit, _ answer: ProviderAnswer?, _ problems: Problems) async throws -> AskPage {
        let asked = try await directory.asked(secret(visit), in: visit.language)
        return AskPage(asked: asked, path: "listing/\(secret(visit))", answer: answer, problems: problems)
    }

    private func secret(_ visit: Visit) -> String { visit.parameters["secret"] ?? "" }

    // MARK: A visitor's report

    private func form(_ kind: RecordKind, _ visit: Visit) async throws -> Reply {
        let listing = try await listing(kind, visit)
        let page = ReportPage(listing: listing, report: VisitorReport(), problems: Problems(), refusal: nil)
        return .page(page.html(setting(visit)))
    }

    private func report(_ kind: RecordKind, _ visit: Visit) async throws -> Reply {
        let listing = try await listing(kind, visit)
        let report = VisitorReport(form: visit.form)
        func again(_ problems: Problems, _ refusal: DirectoryRefusal?, _ status: Int) -> Reply {
            let page = ReportPage(listing: listing, report: report, problems: problems, refusal: refusal)
            return .page(page.html(setting(visit)), status: status)
        }
        do {
            let isProgram = visit.form.value(ReportPage.trap) != nil
            let receipt =
                isProgram ? directory.emptyReceipt() : try await directory.report(report, on: kind, listing.id)
            return .page(ReportThanksPage(receipt: receipt).html(setting(visit)))
        } catch let problems as Problems {
            return again(problems, nil, 422)
        } catch let refusal as DirectoryRefusal where [.reportsPaused, .reportsEnough].contains(refusal) {
            return again(Problems(), refusal, refusal.status)
        } catch let outage as any Outage where outage.code == "away" {
            var reply = again(Problems(), .away, DirectoryRefusal.away.status)
            reply.outage = outage
            return reply
        }
    }

    private func reportAnswer(_ visit: Visit) async throws -> Reply {
        let typed = visit.form.value("receipt") ?? ""
        let answer = try await directory.reportAnswer(typed)
        var problems = Problems()
        if answer == nil { problems.add("receipt", typed.isEmpty ? "required" : "unknown-receipt") }
        let page = ReportAnswerPage(answer: answer, typed: typed, problems: problems)
        return .page(page.html(setting(visit)), status: answer == nil ? 422 : 200)
    }

    private func listing(_ kind: RecordKind, _ visit: Visit) async throws -> Projected<Listing> {
        guard let id = visit.parameters["id"].flatMap(Identifier<Record>.init) else { throw NotFound() }
        return try await directory.page(kind, id)
    }
}
