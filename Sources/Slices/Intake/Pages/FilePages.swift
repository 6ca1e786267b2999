import Kernel
import Web

/// The file as its person sees it: every part, who may read what, who read what, and the ways to change each.
struct FilePage {
    let view: FileView
    let names: RecipientNames
    var note: String?
    var alert: String?
    let today: Day
    let asked: AskedSection

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let live = view.grants.filter { $0.isLive(on: today) }
        let past = view.grants.filter { !$0.isLive(on: today) }
        return setting.page(
            """
            <h1>\(words(.fileTitle))</h1>
            \(HTML.alert(alert))\(setting.note(note))
            \(view.parts.filter { $0.kind != .document }, { part($0, setting) })
            <section><h2>\(words(.fileMore))</h2><div class="row">
            \(PartKind.asked.filter { view[$0] == nil }, { setting.step("parts/form", words.name($0), ["kind": $0.rawValue]) })</div></section>
            \(DocumentsSection(parts: view.parts).html(setting))
            \(asked.html(setting))
            <section><h2>\(words(.fileWho))</h2>
            \(if: live.isEmpty, "<p>\(words(.fileNobody))</p>")
            <ul class="plain">\(live, { grant($0, setting) })\(past, { ended($0, setting) })</ul>
            \(setting.step("grants/form", words(.fileGive), isSecond: false))</section>
            <section><h2>\(words(.fileReadings))</h2>
            \(if: view.readings.isEmpty, "<p>\(words(.fileNoReading))</p>")
            <ul class="plain">\(view.readings, { reading($0, setting) })</ul></section>
            <p class="quiet">\(words(.fileKept, ["date": "\(view.keptUntil)"]))</p>
            \(setting.step("deletion/form", words(.fileDelete)))
            """)
    }

    private func part(_ part: Part, _ setting: IntakeSetting) -> HTML {
        let (words, name) = (setting.words, setting.words.name(part.kind))
        let fields: KeyValuePairs = ["kind": part.kind.rawValue]
        return """
            <section class="card"><h2>\(name)</h2>
            \(setting.said(part.kind, part.answers))
            <div class="row">\(setting.step("parts/form", words(.fileChange), fields, named: name))
            \(setting.step("parts/removal", words(.fileRemove), fields, named: name))</div></section>

            """
    }

    private func grant(_ grant: Grant, _ setting: IntakeSetting) -> HTML {
        let name = names[grant.recipient, setting]
        let sentence = setting.words(
            .fileMayRead, ["name": name, "parts": parts(grant, setting), "date": "\(grant.endsOn)"])
        return """
            <li class="card"><p>\(sentence)</p><p class="quiet">\(setting.words(.confirmWhy, ["purpose": setting.words.name(grant.purpose)]))</p>
            \(setting.step("grants/end", setting.words(.fileRevoke), ["grant": grant.id.description], named: name))</li>

            """
    }

    private func ended(_ grant: Grant, _ setting: IntakeSetting) -> HTML {
        let sentence = setting.words(
            .fileCouldRead,
            [
                "name": names[grant.recipient, setting], "parts": parts(grant, setting),
                "date": "\(grant.endedOn ?? grant.endsOn)",
            ])
        return "<li class=\"quiet\">\(sentence)</li>"
    }

    private func parts(_ grant: Grant, _ setting: IntakeSetting) -> String {
        let there = view.parts.filter { grant.parts.contains($0.id) }.map(setting.label)
        let gone = there.count < grant.parts.count ? [setting.words(.someGone)] : []
        return (there + gone).joined(separator: ", ")
    }

    private func reading(_ reading: Reading, _ setting: IntakeSetting) -> HTML {
        let sentence = setting.words(
            .fileReading,
            [
                "time": String("\(reading.at)".prefix(16)).replacing("T", with: " ") + " UTC",
                "name": names[reading.recipient, setting],
                "role": setting.words.text(key: "role.\(reading.role)") ?? reading.role,
                "part": setting.words.name(reading.kind),
            ])
        return "<li>\(sentence)</li>"
    }
}

/// The names of organizations that stand in a file, in the language of its page.
struct RecipientNames: Sendable {
    let names: [Identifier<Recipient>: String]

    subscript(_ id: Identifier<Recipient>, _ setting: IntakeSetting) -> String {
        names[id] ?? setting.words(.somePlace)
    }
}

/// One part, to be changed.
struct PartPage {
    let kind: PartKind
    /// The version the person saw; 0 for a new part.
    let version: Int
    let answers: Answers
    var problems = Problems()
    /// What somebody else wrote meanwhile; nil inside for a part that they removed.
    var theirs: Part??
    /// Why it was not kept, in one sentence.
    var fault: String?

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let faults = setting.faults(problems, [kind])
        return setting.page(
            """
            <h1>\(words.name(kind))</h1>
            \(HTML.alert(fault))\(faults.summary())\(theirs.map { conflict($0, setting) })
            <p>\(words(.newLead))</p>
            \(setting.form("parts", """
            \(HTML.hidden("kind", kind.rawValue))\(HTML.hidden("version", "\(version)"))
            \(setting.fields(kind, answers, faults))
            <p class="tools"><button>\(words(.partGo))</button></p>
            """))
            \(setting.step("file", words(.back)))
            """)
    }

    private func conflict(_ theirs: Part?, _ setting: IntakeSetting) -> HTML {
        let words = setting.words
        return """
            <div class="alert" role="alert"><p>\(words(.partConflict))</p></div>
            <section><h2>\(words(.partTheirs))</h2>
            \(theirs.map { setting.said(kind, $0.answers) } ?? "<p>\(words(.partTheirsGone))</p>")</section>
            <h2>\(words(.partYours))</h2>
            """
    }
}

/// Asks once.
struct DeletionPage {
    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        return setting.page(
            """
            <h1>\(words(.deleteTitle))</h1>
            <p class="lead">\(words(.deleteLead))</p><p>\(words(.deleteCannot))</p>
            \(setting.step("file", words(.back), isSecond: false))
            \(setting.step("deletion", words(.deleteGo)))
            """)
    }
}
