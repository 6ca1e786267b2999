import Kernel

extension CodebookSheet {
    /// The codebook as people open it in a spreadsheet; `read` takes it back equal. An apostrophe disarms what a spreadsheet
    /// would run, and one more stands before a text that begins with an apostrophe itself.
    package static func written(_ codes: [CodingProject.Code]) -> [UInt8] {
        var table = CSVText(guardsFormulas: true)
        table.row(columns)
        for code in codes {
            let text = CodeText(code.description ?? "")
            table.row(
                [
                    code.id.description, code.name, code.parent?.description ?? "", text.definition, text.whenToUse,
                    text.whenNot, text.example, code.color ?? "", code.isCodable ? "yes" : "no",
                ].map { looksGuarded($0) ? "'\($0)" : $0 })
        }
        return table.bytes
    }

    /// True for what `unguarded` would take an apostrophe from: apostrophes before something that a spreadsheet would run.
    private static func looksGuarded(_ text: String) -> Bool {
        text.first == "'" && CSVText.looksLikeFormula(String(text.drop { $0 == "'" }))
    }

    /// The text without the apostrophe that disarmed it.
    static func unguarded(_ text: String) -> String { looksGuarded(text) ? String(text.dropFirst()) : text }
}
