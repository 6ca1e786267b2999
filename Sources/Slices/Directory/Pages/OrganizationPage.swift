import Formats
import Kernel
import Web

/// One organization, what it offers and how to reach it.
struct OrganizationPage {
    let listing: Projected<Listing>
    let services: [Projected<Listing>]
    let today: Day
    let lines: [CallLine]

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let phones = listing.phones
        return setting.page(
            .organizationPage, path: "organizations/\(listing.id)",
            """
            <p><button id="back" class="link" type="button" hidden>\(words(WebPhrase.back))</button></p>
            <article>
            <h1>\(listing.text("name", in: setting.language) ?? "")</h1>
            \(listing.record["alternate_name"].map { names -> HTML in
            "<p class=\"by\">\(words(.organizationAlso, ["names": names.replacing("; ", with: ", ")]))</p>" })
            <p class="lead">\(setting.text("description", of: listing))</p>
            \(phones, { setting.phone($0.record["number"] ?? "", isConfirmed: $0.facts["number"]?.standing == .confirmed) })
            \(if: phones.isEmpty, setting.wayIn(lines))
            \(website)
            <section><h2>\(words(.organizationServices))</h2>
            <ul class="plain">\(services, { service in
            "<li><a href=\"\(setting.path("services/\(service.id)"))\">\(service.text("name", in: setting.language) ?? "")</a></li>" })</ul>
            \(if: services.isEmpty, "<p>\(words(.organizationNone))</p>")</section>
            \(programs(setting))
            \(FactsNote(listing: listing, today: today).html(setting))
            </article>
            """)
    }

    private var website: HTML? {
        guard let url = listing.record["website"], url.hasPrefix("http") else { return nil }
        return "<p><a href=\"\(url)\" rel=\"noreferrer noopener\">\(url)</a></p>"
    }

    private func programs(_ setting: PageSetting) -> HTML? {
        let programs = listing.members("programs")
        guard !programs.isEmpty else { return nil }
        return """
            <section><h2>\(setting.words(.organizationPrograms))</h2><ul class="plain">\(programs, { program in
            "<li><strong>\(program.text("name", in: setting.language) ?? "")</strong> \(setting.text("description", of: program))</li>"
            })</ul></section>
            """
    }
}
