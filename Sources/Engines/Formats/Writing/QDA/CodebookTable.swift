import Kernel

extension CodebookSheet {
    /// The codebook as people open it in a spreadsheet; `read` takes it back.
    package static func written(_ codes: [CodingProject.Code]) -> [UInt8] {
        var table = CSVText(guardsFormulas: true)
        table.row(columns)
        for code in codes {
            let text = CodeText(code.description ?? "")
            table.row([
                code.id.description, code.name, code.parent?.description ?? "", text.definition, text.whenToUse,
                text.whenNot, text.example, code.color ?? "", code.isCodable ? "yes" : "no",
            ])
        }
        return table.bytes
    }
}
