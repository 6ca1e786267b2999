import Kernel
import Web

/// The way to take an initiative off the public pages, or to put it back.
struct InitiativeShown {
    private let initiative: Initiative
    private let mayRestore: Bool
    /// Who took it off.
    private let desk: String

    /// Nil for who may do neither.
    init?(_ initiative: Initiative, _ signedIn: SignedIn, desks: [(id: String, name: String)]) {
        guard initiative.version > 0, initiative.mayWithdraw(signedIn) else { return nil }
        self.initiative = initiative
        mayRestore = initiative.mayRestore(signedIn)
        let id = initiative.withdrawal?.desk ?? ""
        desk = desks.first { $0.id == id }?.name ?? id
    }

    func html(_ setting: StaffFrame, _ rows: FormRows) -> HTML {
        let words = setting.words
        let path = "desk/landscape/initiatives/\(initiative.id)"
        guard let withdrawal = initiative.withdrawal else {
            let form: HTML = """
                \(rows.input("reason"))<p class="tools"><button class="second">\(words(.initiativeWithdraw))</button></p>
                """
            return """
                <section><h2>\(words(.initiativeWithdraw))</h2><p>\(words(.initiativeWithdrawLead))</p>
                \(setting.form("\(path)/withdrawal", form))</section>
                """
        }
        let said = words(
            .initiativeWithdrawn, ["day": withdrawal.day.description, "desk": desk, "reason": withdrawal.reason])
        let step: HTML = "<button class=\"second\">\(words(.initiativeRestore))</button>"
        return """
            <section><h2>\(words(.initiativeWithdrawnMark))</h2><p>\(said)</p>
            \(if: mayRestore, setting.form("\(path)/restoration", isStep: true, step))\
            \(if: !mayRestore, "<p>\(words(.initiativeRestoreOwn))</p>")</section>
            """
    }
}
