import Kernel
import Web

/// One initiative, with the recipe to do it again elsewhere.
struct InitiativePage {
    let initiative: Initiative
    let meetings: Meetings
    let clock: LocalTime
    let today: Day
    let principles: [Principle]
    let desks: [(id: String, name: String)]

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        let kept = principles.filter { initiative.principles.contains($0.id) }
        return setting.page(
            initiative[.name], path: "initiatives/\(initiative.id)",
            """
            \(standing(words))
            <p class="lead">\(initiative[.does])</p>
            <dl class="facts">\(facts(setting), { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>\n" })</dl>
            \(recipe(words))
            \(if: !kept.isEmpty, """
            <section><h2>\(words(.initiativePrinciples))</h2>
            <ul>\(kept, { "<li>\(setting.said($0.title))</li>\n" })</ul></section>
            """)
            \(if: !meetings.meetings.isEmpty, """
            <section><h2>\(words(.initiativeMeetings))</h2>\(MeetingsPage.list(meetings.meetings, clock, nil, setting))</section>
            """)
            <p><a href="\(setting.path("initiatives"))">\(words(.initiativesTitle))</a></p>
            """)
    }

    private func recipe(_ words: Words) -> HTML {
        let steps = initiative.lines(.steps)
        return """
            <section><h2>\(words(.initiativeRecipe))</h2>
            <dl class="facts"><div><dt>\(words(.actionCost))</dt><dd>\(words.cost(initiative.cost))</dd></div>
            \(fact(.languages, words))\(fact(.result, words))\(fact(.contact, words))</dl>
            \(if: steps.isEmpty, "<p>\(words(.initiativeNoSteps))</p>")
            \(if: !steps.isEmpty, "<h3>\(words(.initiativeSteps))</h3><ol>\(steps, { "<li>\($0)</li>" })</ol>")</section>
            """
    }

    private func standing(_ words: Words) -> HTML {
        let day = initiative.confirmation?.day.description ?? ""
        let phrase: InitiativesPhrase =
            switch initiative.standing(on: today) {
            case .current: .initiativeConfirmed
            case .ageing: .initiativeAgeing
            case .old: .initiativeOld
            case .ended: .initiativeEnded
            case .unconfirmed: .initiativeUnconfirmedLead
            }
        let isQuiet = phrase == .initiativeConfirmed
        let until = initiative.confirmBy?.description ?? ""
        return """
            <p class="\(isQuiet ? "quiet" : "note")">\(words(phrase, ["day": day]))\
            \(if: isQuiet, " \(words(.initiativeConfirmBy, ["day": until]))")</p>
            """
    }

    private func facts(_ setting: ScanSetting) -> [(name: String, value: HTML)] {
        let words = setting.words
        let organization: HTML =
            initiative[.member].isEmpty
            ? "\(initiative[.organization])"
            : "<a href=\"/\(words.language.code)/organizations/\(initiative[.member])\">\(initiative[.organization])</a>"
        var facts: [(name: String, value: HTML)] = [(words.initiative(.organization), organization)]
        if let confirmation = initiative.confirmation {
            let name = desks.first { $0.id == confirmation.desk }?.name ?? confirmation.desk
            facts.append((words(.initiativeConfirmedBy), "\(name), \(confirmation.day.description)"))
        }
        for field in [Initiative.Field.state, .sector, .kind, .focus] {
            facts.append((words.initiative(field), "\(words.initiative(field, initiative[field]))"))
        }
        if !initiative[.theme].isEmpty { facts.append((words.initiative(.theme), "\(initiative[.theme])")) }
        facts.append((words.initiative(.province), "\(words.initiative(.province, initiative[.province]))"))
        if !initiative[.place].isEmpty {
            facts.append((words.initiative(.place), "\(setting.place(initiative[.place]))"))
        }
        let link = initiative[.link]
        if !link.isEmpty {
            facts.append((words.initiative(.link), "<a href=\"\(link)\" rel=\"noreferrer nofollow\">\(link)</a>"))
        }
        if !initiative[.review].isEmpty { facts.append((words.initiative(.review), "\(initiative[.review])")) }
        return facts
    }

    private func fact(_ field: Initiative.Field, _ words: Words) -> HTML? {
        let text = initiative[field]
        return text.isEmpty ? nil : "<div><dt>\(words.initiative(field))</dt><dd>\(text)</dd></div>\n"
    }
}

/// When groups meet next, and which groups there are.
struct MeetingsPage {
    let meetings: Meetings
    let groups: [Initiative]
    let clock: LocalTime

    /// As many as the page lists; the calendar has all.
    static let most = 100

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        return setting.page(
            words(.meetingsTitle), path: "meetings",
            """
            <p class="lead">\(words(.meetingsLead))</p>
            \(if: meetings.meetings.isEmpty, "<p>\(words(.meetingsNone))</p>")
            \(Self.list(Array(meetings.meetings.prefix(Self.most)), clock, "initiatives", setting))
            \(if: meetings.meetings.count > Self.most, "<p>\(words(.meetingsMore))</p>")
            <p><a href="/landscape/meetings.ics">\(words(.meetingsDownload))</a></p>
            \(if: !groups.isEmpty, """
            <section><h2>\(words(.meetingsGroups))</h2><p>\(words(.meetingsGroupsLead))</p>
            <ul class="listing">\(groups.prefix(Self.most), { group($0, setting) })</ul></section>
            """)
            <p><a href="\(setting.path("initiatives"))">\(words(.initiativesTitle))</a></p>
            """)
    }

    private func group(_ initiative: Initiative, _ setting: ScanSetting) -> HTML {
        let place = initiative[.place]
        let parts = [initiative[.organization], place.isEmpty ? "" : setting.place(place), initiative[.contact]]
        return """
            <li><a href="\(setting.path("initiatives/\(initiative.id)"))">\(initiative[.name])</a>
            <p class="quiet">\(parts.filter { !$0.isEmpty }.joined(separator: " · "))</p></li>

            """
    }

    /// - Parameter folder: of the page of each initiative; nil on its own page.
    static func list(
        _ meetings: [Meetings.Meeting], _ clock: LocalTime, _ folder: String?, _ setting: ScanSetting
    ) -> HTML {
        func link(_ initiative: Initiative, _ folder: String) -> HTML {
            """
             <a href="\(setting.path("\(folder)/\(initiative.id)"))">\(initiative[.name])</a>\
             <span class="quiet">\(setting.place(initiative[.place]))</span>
            """
        }
        return """
            <ul class="listing">\(meetings, { meeting in
            "<li>\(clock.text(meeting.at)) (\(clock.name))\(folder.map { link(meeting.initiative, $0) })</li>\n" })</ul>
            """
    }
}
