package import Kernel
package import Web

/// A document as its parts, before it is a page or a text file.
package struct ScanReport: Sendable {
    package enum Block: Sendable, Equatable {
        /// Level 1 is the title.
        case heading(Int, String)
        case paragraph(String)
        case list([String])
        case table([String], [[String]])
    }

    package private(set) var blocks: [Block] = []
    package let language: Language

    init(_ language: Language) { self.language = language }

    package mutating func add(_ block: Block) { blocks.append(block) }

    /// As CommonMark with pipe tables: every sign that means something is escaped, so that no text changes the form.
    package var markdown: String {
        blocks.map { block in
            switch block {
            case .heading(let level, let text): String(repeating: "#", count: level) + " " + Self.escaped(text)
            case .paragraph(let text): Self.escaped(text)
            case .list(let items): items.map { "* " + Self.escaped($0) }.joined(separator: "\n")
            case .table(let head, let rows):
                ([head, head.map { _ in "---" }].enumerated().map { index, cells in
                    "| " + cells.map { index == 0 ? Self.escaped($0) : $0 }.joined(separator: " | ") + " |"
                }
                    + rows.map { "| " + $0.map(Self.escaped).joined(separator: " | ") + " |" })
                    .joined(separator: "\n")
            }
        }.joined(separator: "\n\n") + "\n"
    }

    private static let special = Set("\\`*_{}[]()<>#+-!|~$^@&'\":".unicodeScalars)

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\r" {
                escaped += " "
                continue
            }
            // Letters and spaces mean nothing by themselves; a number with a point begins a list.
            if special.contains(scalar) || scalar == "." && escaped.allSatisfy(\.isNumber) && !escaped.isEmpty {
                escaped += "\\"
            }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }

    /// A page by itself, with no link to a site and nothing from another host.
    package var document: HTML {
        var title = ""
        if case .heading(_, let text) = blocks.first { title = text }
        return """
            <!doctype html>
            <html lang="\(language.code)"><head><meta charset="utf-8"><title>\(title)</title>
            <style>body{font:11pt/1.4 "Noto Sans",sans-serif}table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:2pt 4pt;text-align:start;vertical-align:top;overflow-wrap:anywhere}thead{display:table-header-group}tr{break-inside:avoid}</style>
            </head><body><h1>\(title)</h1>
            \(html)</body></html>

            """
    }

    /// The parts below the title, for a page that has one already.
    var html: HTML {
        var html = HTML()
        var name = ""
        for block in blocks.dropFirst() {
            if case .heading(_, let text) = block { name = text }
            switch block {
            case .heading(2, let text): html += "<h2>\(text)</h2>\n"
            case .heading(_, let text): html += "<h3>\(text)</h3>\n"
            case .paragraph(let text): html += "<p>\(text)</p>\n"
            case .list(let items): html += "<ul>\(items, { "<li>\($0)</li>" })</ul>\n"
            case .table(let head, let rows):
                html += """
                    <div class="scroll" role="region" aria-label="\(name)" tabindex="0"><table><thead><tr>\(head, { "<th scope=\"col\">\($0)</th>" })</tr></thead>
                    <tbody>\(rows, { row in "<tr>\(row, { "<td>\($0)</td>" })</tr>\n" })</tbody></table></div>

                    """
            }
        }
        return html
    }
}

/// The whole scan as one page.
struct ReportPage {
    let report: ScanReport

    func html(_ setting: ScanSetting) -> HTML {
        setting.page(setting.words(.scanReport), path: "report", "\(report.html)")
    }
}
