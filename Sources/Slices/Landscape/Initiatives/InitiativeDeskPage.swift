import Kernel
import Web

/// The initiatives of a desk: to confirm, to change, what became of proposals; for the coordinator also what waits.
struct InitiativeDeskPage {
    let desk: InitiativeDesk
    let desks: [(id: String, name: String)]
    let today: Day
    let principles: [Principle]
    var refusal: InitiativeRefusal?
    var problems = Problems()

    func html(_ setting: StaffFrame, _ region: RegionLookup) -> HTML {
        let words = setting.words
        let faults = FormFaults(problems, labels: ["reason": words(.initiativeReason)], words)
        return setting.page(
            words(.initiativesTitle), path: "desk/landscape/initiatives",
            """
            \(faults.summary())\(HTML.alert(refusal.map { words.text(key: "fault.\($0.code)") ?? $0.description }))
            <p class="lead">\(words(.initiativeDeskLead))</p>
            <p class="tools"><a class="button" href="\(setting.path("desk/landscape/initiatives/new"))">\(words(.initiativeNew))</a></p>
            \(if: !desk.waiting.isEmpty, """
            <section><h2>\(words(.initiativeWaiting)) (\(words.number(desk.waiting.count)))</h2>
            \(desk.waiting, { waiting($0, setting, region) })</section>
            """)
            <section><h2>\(words(.initiativeOwn))</h2>\(if: desk.own.isEmpty, "<p>\(words(.initiativeNoneOwn))</p>")
            \(if: !desk.own.isEmpty, "<ul class=\"listing\">\(desk.own, { own($0, setting) })</ul>")</section>
            \(if: !desk.spaces.isEmpty, """
            <section><h2>\(words(.spaces))</h2><p>\(words(.spacesLead))</p>
            <ul class="listing">\(desk.spaces, { space($0, setting) })</ul></section>
            """)
            \(if: !desk.proposed.isEmpty, """
            <section><h2>\(words(.initiativeProposed))</h2>
            <ul class="listing">\(desk.proposed, { proposed($0, setting) })</ul></section>
            """)
            \(if: !desk.others.isEmpty, """
            <section><h2>\(words(.initiativeOthers))</h2>
            <ul class="listing">\(desk.others, { "<li>\(link($0, setting))</li>\n" })</ul></section>
            """)
            <p><a href="\(setting.path("landscape/initiatives"))">\(words(.initiativeSee))</a></p>
            """)
    }

    /// The way to where it is changed or taken off, with how it stands.
    private func link(_ initiative: Initiative, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let isDue = [.ageing, .old, .unconfirmed].contains(initiative.standing(on: today))
        let confirmed = initiative.confirmation.map { words(.initiativeConfirmed, ["day": $0.day.description]) }
        return """
            <a href="\(setting.path("desk/landscape/initiatives/\(initiative.id)"))">\(initiative[.name])</a>
            <p class="quiet">\(confirmed ?? words(.initiativeUnconfirmed))\
            \(if: isDue, " · <strong class=\"mark\">\(words(.initiativeDue))</strong>")\
            \(if: initiative.withdrawal != nil, " · <strong class=\"mark\">\(words(.initiativeWithdrawnMark))</strong>")</p>
            """
    }

    private func space(_ line: SpaceLine, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let facts = [
            line.takesPart ? nil : words(.spacesOpen),
            line.newest.map { words(.spacesNewest, ["day": $0.description]) },
            line.open > 0 ? words(.spacesSteps, ["count": words.number(line.open)]) : nil,
        ].compactMap(\.self).joined(separator: " · ")
        return """
            <li>\(setting.link(SpacePage.path(line.initiative.id), line.initiative[.name]))\(if: !facts.isEmpty, "<p class=\"quiet\">\(facts)</p>")</li>

            """
    }

    private func own(_ initiative: Initiative, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let step: HTML = """
            \(HTML.hidden("version", String(initiative.version)))<button class="second">\(words(.initiativeConfirm))</button>
            """
        return """
            <li>\(link(initiative, setting))
            \(if: initiative.withdrawal == nil, setting.form("desk/landscape/initiatives/\(initiative.id)/confirmations", isStep: true, step))</li>

            """
    }

    private func proposed(_ line: InitiativeDesk.Proposed, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let name = line.proposal.changes[.name] ?? line.initiative[.name]
        let state: InitiativesPhrase =
            switch line.proposal.state {
            case .open, .replaced: .proposalOpen
            case .accepted: .proposalAccepted
            case .refused: .proposalRefused
            }
        return """
            <li><a href="\(setting.path("desk/landscape/initiatives/\(line.initiative.id)"))">\(name)</a>
            <p class="quiet">\(line.proposal.at.day.description) · \(words(state))</p>
            \(line.proposal.reason.map { "<p>\(words(.evaluationSaid, ["name": words(.initiativeReason), "text": $0]))</p>" })</li>

            """
    }

    private func waiting(_ line: InitiativeDesk.Proposed, _ setting: StaffFrame, _ region: RegionLookup) -> HTML {
        let words = setting.words
        let (proposal, initiative) = (line.proposal, line.initiative)
        let name = initiative[.name].isEmpty ? proposal.changes[.name] ?? "" : initiative[.name]
        let from = desks.first { $0.id == proposal.desk }?.name ?? words(.planNobody)
        let hidden = HTML.hidden("version", String(initiative.version))
        let path = "desk/landscape/initiative-proposals/\(proposal.id)"
        let fields = Initiative.Field.allCases.filter { proposal.changes[$0] != nil && $0 != .member }
        // Of what was nothing before, there is no before.
        let isNew = initiative.version == 0
        func row(_ field: Initiative.Field) -> HTML {
            let (before, after) = (initiative[field], proposal.changes[field] ?? "")
            return """
                <tr><th scope="row">\(words.initiative(field))</th>
                \(if: !isNew, "<td><del>\(shown(field, before, words, region))</del></td>")
                <td><ins>\(shown(field, after, words, region))</ins></td></tr>

                """
        }
        let refusal: HTML = """
            \(hidden)<div><label for="f-\(proposal.id.description)">\(words(.initiativeReason))</label>
            <input id="f-\(proposal.id.description)" name="reason" maxlength="1000" autocomplete="off"></div>
            <p class="tools"><button class="second">\(words(.initiativeRefuse))</button></p>
            """
        return """
            <article class="card"><h3>\(name)</h3>
            <p class="quiet">\(from) · \(proposal.at.day.description)\(if: isNew, " · \(words(.initiativeIsNew))")</p>
            \(HTML.wide(name, """
            <table><thead><tr><th scope="col">\(words(.diffField))</th>\(if: !isNew, "<th scope=\"col\">\(words(.diffBefore))</th>")<th scope="col">\(words(.diffAfter))</th></tr></thead>
            <tbody>\(fields, row)</tbody></table>
            """))
            \(setting.form("\(path)/acceptance", isStep: true, "\(hidden)<button>\(words(.initiativeAccept))</button>"))
            \(setting.form("\(path)/refusal", refusal))</article>

            """
    }

    private func shown(
        _ field: Initiative.Field, _ text: String, _ words: Words, _ region: RegionLookup
    ) -> String {
        if text.isEmpty { return "–" }
        switch field {
        case .place: return region.place(text, words.language) ?? text
        case .principles:
            let ids = text.split(separator: " ").map(String.init)
            return principles.filter { ids.contains($0.id) }.map(\.title).joined(separator: "; ")
        default: return words.initiative(field, text)
        }
    }
}
