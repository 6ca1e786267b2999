import Formats
import Kernel
import Web

/// All codes of a study, and the form for one more.
struct CodebookPage {
    let open: OpenStudy
    let mayKeep: Bool
    var typed: StudyCode?
    var problems = Problems()
    var alert: String?
    var counts: CarriedCounts?
    var kept = false

    private var path: String { "\(StaffFrame.coding)/\(open.study.id)" }

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = CodeForm.faults(problems, words)
        return setting.page(
            words(.codingCodebook), path: "\(path)/codes",
            """
            \(HTML.alert(alert))\(faults.summary())<p class="lead">\(words(.codingCodebookLead))</p>\(counts.map { setting.counts($0, kept: kept) })
            <p>\(setting.link(path, open.study.name))</p>
            \(if: open.codes.isEmpty, "<p>\(words(.codingNoCodes))</p>")
            <ul class="plain">\(open.codes, { code($0, setting) })</ul>
            \(if: open.mayRead, "<section><h2>\(words(.codingAddCode))</h2>\(CodeForm(open: open, code: typed, isNew: true).html(setting, faults))</section>")
            \(if: mayKeep, "<section><h2>\(words(.codingCodebookImport))</h2><p>\(words(.codingCodebookImportLead))</p>\(setting.upload("\(path)/codebooks", words(.codingFile), accept: ".qdc,.csv", faults))</section>")
            """)
    }

    private func code(_ code: StudyCode, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let parts: [(CodingPhrase, String)] = [
            (.codingWhenToUse, code.text.whenToUse), (.codingWhenNot, code.text.whenNot),
            (.codingExample, code.text.example),
        ]
        let kept = open.codes.first { $0.id == code.mergedInto }
        return """
            <li class="card" id="c-\(code.id.description)"><h2>\(setting.swatch(code.color))\(open.trail(of: code))</h2>
            \(if: !code.text.definition.isEmpty, "<p>\(code.text.definition)</p>")
            <dl>\(parts.filter { !$0.1.isEmpty }, { "<dt>\(words($0.0))</dt><dd>\($0.1)</dd>" })</dl>
            <p class="quiet">\(words(.codingUses, ["count": words.number(open.uses[code.id] ?? 0)]))\(if: !code.isCodable, " · \(words(.codingGroups))")\(code.retiredOn.map { day -> HTML in " · \(words(.codingRetired, ["date": "\(day)"]))" })</p>
            \(kept.map { kept -> HTML in "<p>\(words(.codingMergedInto)) <a href=\"#c-\(kept.id.description)\">\(open.trail(of: kept))</a></p>" })
            \(if: code.mergedInto == nil && open.mayRead, "<p>\(setting.link("\(path)/codes/\(code.id)", words(.codingEditNamed, ["name": code.name])))</p>")</li>

            """
    }
}

/// One code to change, retire or merge. What somebody else changed in the meantime stands beside what was typed.
struct StudyCodePage {
    let open: OpenStudy
    let code: StudyCode
    let mayKeep: Bool
    /// What stands there now, where the form was made before it.
    var newer: StudyCode?
    var problems = Problems()
    var alert: String?

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let path = "\(StaffFrame.coding)/\(open.study.id)"
        let faults = CodeForm.faults(problems, words)
        let others = open.codes.filter { $0.isOffered && $0.id != code.id }
        return setting.page(
            words(.codingEditNamed, ["name": code.name]), path: "\(path)/codes/\(code.id)",
            """
            \(HTML.alert(alert))\(faults.summary())<p>\(setting.link("\(path)/codes", words(.codingCodebook)))</p>
            \(newer.map { now($0, words) })
            \(if: open.mayRead, CodeForm(open: open, code: code, isNew: false).html(setting, faults))
            \(if: mayKeep && code.retiredOn == nil, "<section><h2>\(words(.codingRetireTitle))</h2><p>\(words(.codingRetireLead))</p>\(setting.form("\(path)/codes/\(code.id)/retirement", isStep: true, "<button class=\"second\">\(words(.codingRetireGo))</button>"))</section>")
            \(if: mayKeep && code.mergedInto == nil && !others.isEmpty, "<section><h2>\(words(.codingMergeTitle))</h2><p>\(words(.codingMergeLead))</p>\(setting.form("\(path)/codes/\(code.id)/merge", "\(setting.choice("kept", words(.codingMergeKept), others.map { ($0.id.description, open.trail(of: $0)) }, "", faults))<p class=\"tools\"><button class=\"second\">\(words(.codingMergeGo))</button></p>"))</section>")
            """)
    }

    private func now(_ newer: StudyCode, _ words: Words) -> HTML {
        """
        <section class="note"><h2>\(words(.codingNow))</h2><p>\(newer.name)</p><blockquote>\(newer.text.joined ?? "")</blockquote></section>
        """
    }
}

/// The fields of a code.
struct CodeForm {
    let open: OpenStudy
    let code: StudyCode?
    let isNew: Bool

    static func faults(_ problems: Problems, _ words: Words) -> FormFaults {
        FormFaults(
            problems,
            labels: [
                "name": words(.codingCodeName), "parent": words(.codingParent), "definition": words(.codingDefinition),
                "use": words(.codingWhenToUse), "not": words(.codingWhenNot), "example": words(.codingExample),
                "color": words(.codingColor), "file": words(.codingFile), "kept": words(.codingMergeKept),
            ], words)
    }

    func html(_ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        let above = open.codes.filter { $0.id != code?.id && $0.mergedInto == nil }
        let parents =
            [(value: "", name: words(.codingTop))] + above.map { ($0.id.description, open.trail(of: $0)) }
        let known = isNew ? nil : code
        return setting.form(
            "\(StaffFrame.coding)/\(open.study.id)/codes",
            """
            \(known.map { "\(HTML.hidden("code", $0.id.description))\(HTML.hidden("version", "\($0.version)"))" })
            <div class="fields">\(setting.field("name", words(.codingCodeName), code?.name ?? "", faults))
            \(setting.choice("parent", words(.codingParent), parents, code?.parent?.description ?? "", faults))</div>
            \(setting.area("definition", words(.codingDefinition), code?.text.definition ?? "", faults))
            \(setting.area("use", words(.codingWhenToUse), code?.text.whenToUse ?? "", faults, rows: 2))
            \(setting.area("not", words(.codingWhenNot), code?.text.whenNot ?? "", faults, rows: 2))
            \(setting.area("example", words(.codingExample), code?.text.example ?? "", faults, rows: 2))
            <div><label for="f-color">\(words(.codingColor))</label>\(faults.error("color"))<input id="f-color" name="color" value="\(code?.color ?? "")" maxlength="7" size="8" pattern="#[0-9A-Fa-f]{6}|#[0-9A-Fa-f]{3}"\(faults.ties("color", hint: "color-hint"))><p class="hint" id="color-hint">\(words(.codingColorHint))</p></div>
            \(HTML.tick(.checkbox, "groups", "1", words(.codingGroupsOnly), code.map { !$0.isCodable } ?? false))
            <p class="tools"><button>\(words(.codingCodeGo))</button></p>
            """)
    }
}
