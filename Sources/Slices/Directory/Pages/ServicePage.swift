import Formats
import Foundation
import Kernel
import Web

/// One service, all that its viewer may know of it, and how to reach it.
struct ServicePage {
    let listing: Projected<Listing>
    let hours: OpeningHours?
    let today: Day
    /// Shown when the listing has no confirmed number of its own.
    let lines: [CallLine]

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let path = "services/\(listing.id)"
        let phones = listing.phones
        let hasConfirmed = phones.contains { $0.facts["number"]?.standing == .confirmed }
        return setting.page(
            .servicePage, path: path,
            """
            <p><button id="back" class="link" type="button" hidden>\(words(WebPhrase.back))</button></p>
            <article>
            <h1>\(listing.text("name", in: setting.language) ?? "")</h1>
            \(byline(setting))
            \(alerts(setting))
            \(phones, { setting.phone($0.record["number"] ?? "", isConfirmed: $0.facts["number"]?.standing == .confirmed) })
            \(if: !hasConfirmed, setting.wayIn(lines))
            \(description(setting))
            <dl class="facts">\(ServiceFacts(page: self).rows(setting), { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>\n" })</dl>
            \(FactsNote(listing: listing, today: today).html(setting))
            <form method="post" action="\(setting.path("saved"))" data-saves data-carries class="tools">
            <input type="hidden" name="service" value="\(listing.id.description)"><button>\(words(.serviceSave))</button>
            <a class="button second" href="\(setting.path("\(path)/card"))">\(words(.serviceCard))</a></form>
            </article>
            """)
    }

    private func byline(_ setting: PageSetting) -> HTML? {
        guard let organization = listing.organization?.record, let name = organization["name"] else { return nil }
        let text = setting.words(.serviceBy, ["name": name])
        return "<p class=\"by\"><a href=\"\(setting.path("organizations/\(organization.id)"))\">\(text)</a></p>"
    }

    private func alerts(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let phrases: [String: DirectoryPhrase] = [
            "inactive": .serviceStatusInactive, "defunct": .serviceStatusDefunct,
            "temporarily closed": .serviceStatusClosed,
        ]
        let status = phrases[listing.record["status"] ?? ""].map { words($0) }
        let texts: [HTML] = [status.map { "\($0)" }, setting.text("alert", of: listing)].compactMap(\.self)
        return "\(texts, { "<p class=\"alert\"><strong>\(words(.serviceStatus)):</strong> \($0)</p>" })"
    }

    private func description(_ setting: PageSetting) -> HTML {
        let words = setting.words
        guard let text = listing.record["description"] else { return "" }
        if setting.language.code.hasPrefix("en") || setting.language == .mirrored {
            return "<p class=\"lead\">\(text)</p>"
        }
        guard let translation = listing.value.translations["description"]?[setting.language] else {
            return "<p class=\"lead\" lang=\"en\">\(text)</p><p class=\"quiet\">\(words(.serviceOriginal))</p>"
        }
        return """
            <p class="lead">\(translation.text)</p>
            \(if: translation.standing == .machine, "<p class=\"quiet\">\(words(.serviceMachine))</p>")
            """
    }
}

/// The rows of a service's facts: a name and what is known; unknown ones are left out.
struct ServiceFacts {
    let page: ServicePage

    private var listing: Projected<Listing> { page.listing }

    func rows(_ setting: PageSetting) -> [(String, HTML)] {
        let words = setting.words
        var rows: [(String, HTML)] = [(words(.serviceHours), hours(setting))]
        let isLine = listing.locations.isEmpty && !listing.members("phones").isEmpty
        if !isLine { rows.append((words(.serviceWhere), place(setting))) }
        func add(_ phrase: DirectoryPhrase, _ texts: [String]) {
            add(phrase, marked: texts.map { "\($0)" })
        }
        func add(_ phrase: DirectoryPhrase, marked texts: [HTML]) {
            guard let first = texts.first else { return }
            rows.append((words(phrase), "\(first)\(texts.dropFirst(), { ", \($0)" })"))
        }
        func field(_ phrase: DirectoryPhrase, _ name: String) {
            add(phrase, marked: [setting.text(name, of: listing)].compactMap(\.self))
        }
        func terms(_ taxonomy: String) -> [String] {
            setting.vocabulary.facets(of: listing.value).filter { $0.hasPrefix(taxonomy + ":") }.map(setting.term)
        }
        add(.serviceArea, listing.areas.compactMap { setting.gazetteer[$0]?.name(in: setting.language) } + otherAreas)
        add(.serviceNeeds, terms("need"))
        add(.serviceFor, terms("population"))
        field(.serviceEligibility, "eligibility_description")
        add(.serviceFeatures, terms("feature"))
        add(
            .serviceAccess,
            terms("access")
                + listing.locations.flatMap { $0.members["accessibility"] ?? [] }
                .compactMap { $0.record["description"] })
        add(
            .serviceLanguages,
            listing.members("languages").compactMap { language in
                language.record["code"].map { LanguageNames.name($0, in: setting.language) } ?? language.record["name"]
            })
        field(.serviceInterpretation, "interpretation_services")
        add(.serviceCost, marked: costs(setting))
        field(.serviceApply, "application_process")
        add(
            .serviceDocuments,
            marked: listing.members("required_documents").compactMap { setting.text("document", of: $0) })
        field(.serviceWait, "wait_time")
        add(.serviceCapacity, capacities(setting))
        if let link = website { rows.append((words(.serviceWebsite), link)) }
        if let email = listing.record["email"] {
            rows.append((words(.serviceEmail), "<a href=\"mailto:\(email)\">\(email)</a>"))
        }
        return rows
    }

    private var otherAreas: [String] {
        listing.members("service_areas").filter { $0.record["extent_type"] != "waymark-place" }
            .compactMap { $0.record["name"] }
    }

    private var website: HTML? {
        guard let url = listing.record["url"] ?? listing.organization?.record["website"], url.hasPrefix("http") else {
            return nil
        }
        return "<a href=\"\(url)\" rel=\"noreferrer noopener\">\(url)</a>"
    }

    private func costs(_ setting: PageSetting) -> [HTML] {
        let options = listing.members("cost_options").compactMap { cost in
            setting.text("amount_description", of: cost) ?? setting.text("option", of: cost)
        }
        return options + [setting.text("fees_description", of: listing)].compactMap(\.self)
    }

    private func capacities(_ setting: PageSetting) -> [String] {
        listing.members("capacities").compactMap { capacity in
            capacity.record.number("available").map {
                setting.words(DirectoryPhrase.capacityFree, count: max(0, Int($0.rounded())))
            }
        }
    }

    private func place(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let locations = listing.locations
        if locations.isEmpty {
            return listing.areas.isEmpty ? "\(words(.serviceWhereUnknown))" : "\(words(.serviceWhereHidden))"
        }
        return "\(locations, { "<p>\(self.address($0, setting))</p>" })"
    }

    private func address(_ location: Listing, _ setting: PageSetting) -> HTML {
        let address = location.members["addresses"]?.first?.record
        let lines = ["address_1", "address_2", "city", "state_province", "postal_code"].compactMap { address?[$0] }
        if address?["address_1"] != nil { return "\(lines.joined(separator: ", "))" }
        let town =
            address?["city"] ?? location.record["name"] ?? location.placeId.flatMap { setting.gazetteer[$0]?.name }
        guard let town else { return "\(setting.words(.serviceWhereUnknown))" }
        return "\(setting.words(.serviceWhereTown, ["place": town]))"
    }

    private func hours(_ setting: PageSetting) -> HTML {
        let words = setting.words
        guard let hours = page.hours else { return "\(words(.openUnknown))" }
        if hours.isOpenAllWeek(from: page.today) { return "\(words(.openAlways))" }
        return """
            <table><caption>\(words(.openWeek, ["date": setting.date(page.today)]))</caption><tbody>\(hours.week(from: page.today), { entry in
            "<tr><th scope=\"row\">\(setting.weekday(entry.day))</th><td>\(spans(entry.spans, setting))</td></tr>" })</tbody></table>
            """
    }

    private func spans(_ spans: [OpeningSpan], _ setting: PageSetting) -> String {
        if spans.isEmpty { return setting.words(.openDayClosed) }
        return spans.map { span in
            span.closes - span.opens == 1440
                ? setting.words(.openDayAll) : "\(setting.time(span.opens)) – \(setting.time(span.closes))"
        }.joined(separator: ", ")
    }
}

/// Where a listing's facts come from and how far they were checked.
struct FactsNote {
    let listing: Projected<Listing>
    let today: Day

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let fact = listing.value.facts[""]
        let standing = setting.standing(checkedOn: fact?.checkedOn, asOf: fact?.asOf ?? "", today: today)
        return """
            <section class="quiet"><h2>\(words(.serviceSource))</h2>
            <p>\(standing)\(if: !standing.hasSuffix("."), ".") \(fact?.source.map { words(.serviceSourceText, ["source": $0]) } ?? "")</p>
            \(ChangesList(changes: listing.changes).html(setting))
            <p><a href="\(setting.path("\(listing.record.kind.rawValue)s/\(listing.id)/report"))">\(words(.reportLink))</a></p>
            \(listing.value.steward.map { steward -> HTML in "<p>\(words(.serviceSteward, ["name": steward.name]))</p>" })
            </section>
            """
    }
}
