import Kernel
import Web

/// The form of an initiative, new or to be changed.
struct InitiativeForm {
    let id: Identifier<Initiative>
    /// Of what sending it makes: sent twice it is one.
    let proposal: Identifier<InitiativeProposal>
    let version: Int
    let isNew: Bool
    let draft: InitiativeDraft
    let principles: [Principle]
    /// The organizations that the coordinator may write for; nil for who writes for the own one.
    let desks: [(id: String, name: String)]?
    var problems = Problems()
    /// What its own desk or the coordinator may do with it as it stands; nil for anybody else.
    var shown: InitiativeShown?
    /// What is like it, once it was looked for and before it is sent again.
    var like: LikeFound?

    private static let path = "desk/landscape/initiatives"

    func html(_ setting: StaffFrame, _ region: RegionLookup) -> HTML {
        let words = setting.words
        var texts = Dictionary(uniqueKeysWithValues: draft.texts.map { ($0.key.rawValue, $0.value) })
        if let place = texts["place"] { texts["place"] = region.place(place, words.language) ?? place }
        // What the list of organizations says is not typed as well.
        if desks != nil, texts["member"]?.isEmpty == false { texts["organization"] = "" }
        var labels = Dictionary(
            uniqueKeysWithValues: Initiative.Field.allCases.map { ($0.rawValue, words.initiative($0)) })
        labels["organization"] = words(desks == nil ? .initiativeOrganization : .initiativeOtherOrganization)
        labels["reason"] = words(.initiativeWithdrawReason)
        let rows = FormRows(texts, labels: labels, problems, words)
        return setting.page(
            words(isNew ? .initiativeNew : .initiativeChange), path: isNew ? "\(Self.path)/new" : "\(Self.path)/\(id)",
            """
            \(rows.faults.summary())<p class="lead">\(words(.initiativeFormLead))</p>
            \(like.map { known($0, setting) })
            \(setting.form(isNew ? Self.path : "\(Self.path)/\(id)", """
            \(HTML.hidden("id", id.description))\(HTML.hidden("proposal", proposal.description))\(HTML.hidden("version", String(version)))
            \(if: like != nil, HTML.hidden("seen", draft.proposal.mark))
            \(rows.input("name"))\(organization(rows, words))
            <div class="fields">\(choice(.state, rows, words))\(choice(.sector, rows, words))\(choice(.kind, rows, words))\(choice(.focus, rows, words))</div>
            \(rows.input("theme"))
            <div class="fields">\(choice(.province, rows, words))\(rows.input("place", hint: words(.initiativePlaceHint)))</div>
            \(rows.area("does"))
            \(recipe(rows, words))
            \(rows.area("meetings", hint: words(.initiativeMeetingsHint)))
            \(checklist(rows, words))
            \(choice(.small, rows, words))\(rows.area("review", hint: words(.initiativeReviewHint)))
            <p class="tools"><button>\(words(like == nil ? .initiativeSend : .initiativeSendStill))</button></p>
            """))
            \(shown?.html(setting, rows))
            """)
    }

    private func organization(_ rows: FormRows, _ words: Words) -> HTML {
        guard let desks else {
            let name = draft.texts[.organization] ?? ""
            return """
                <dl class="facts"><div><dt>\(words.initiative(.organization))</dt><dd>\(name)</dd></div></dl>
                """
        }
        return """
            <div class="fields">\(rows.choice("member", desks.map { (value: $0.id, name: $0.name) }))
            \(rows.input("organization", hint: words(.initiativeOtherOrganizationHint)))</div>
            """
    }

    private func recipe(_ rows: FormRows, _ words: Words) -> HTML {
        """
        <fieldset><legend>\(words(.initiativeRecipe))</legend>
        <div class="fields">\(rows.input("cost-low", hint: words(.actionCostHint)))\(rows.input("cost-high"))</div>
        \(rows.area("steps", rows: 5, hint: words(.initiativeStepsHint)))
        \(rows.input("contact", hint: words(.initiativeContactHint)))\(rows.input("languages"))
        \(rows.area("result"))\(rows.input("link"))</fieldset>
        """
    }

    private func checklist(_ rows: FormRows, _ words: Words) -> HTML {
        guard !principles.isEmpty else { return "" }
        let chosen = Set((draft.texts[.principles] ?? "").split(separator: " ").map(String.init))
        func box(_ principle: Principle) -> HTML {
            """
            <p><label><input type="checkbox" name="principles" value="\(principle.id)"\(if: chosen.contains(principle.id), " checked")> <span lang="en">\(principle.title)</span></label></p>

            """
        }
        return """
            <fieldset id="f-principles"><legend>\(words(.initiativePrinciples))</legend>\(rows.faults.error("principles"))
            \(principles, box)</fieldset>
            """
    }

    /// Nothing of it keeps anybody from going on.
    private func known(_ like: LikeFound, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        return """
            <div class="note" role="status"><h2>\(words(.proposeFound))</h2><p>\(words(.initiativeLikeLead))</p>
            \(like.list(setting))</div>
            """
    }

    private func choice(_ field: Initiative.Field, _ rows: FormRows, _ words: Words) -> HTML {
        rows.choice(field.rawValue, words.choices(field))
    }
}
