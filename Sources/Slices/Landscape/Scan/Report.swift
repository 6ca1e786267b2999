package import Kernel
package import Web

/// A document as its parts, before it is a page or a text file.
package struct ScanReport: Sendable {
    /// Some words, and the language of those that are not in the document's own.
    package struct Passage: Sendable, Equatable, ExpressibleByStringLiteral {
        private let parts: [(text: String, language: Language?)]

        package init(stringLiteral text: String) { self.init(text) }
        init(_ text: String) { parts = [(text, nil)] }
        init(_ text: String, in language: Language?) { parts = [(text, language)] }
        private init(_ parts: [(text: String, language: Language?)]) { self.parts = parts }

        package var text: String { parts.map(\.text).joined() }

        static func + (left: Passage, right: Passage) -> Passage { Passage(left.parts + right.parts) }

        package static func == (left: Passage, right: Passage) -> Bool {
            left.parts.elementsEqual(right.parts) { $0 == $1 }
        }

        /// Marked where it is in another language than the page.
        func html(on page: Language) -> HTML {
            var html = HTML()
            for (text, language) in parts {
                if let language, Self.first(language) != Self.first(page) {
                    html += "<span lang=\"\(language.code)\">\(text)</span>"
                } else {
                    html += "\(text)"
                }
            }
            return html
        }

        private static func first(_ language: Language) -> Substring {
            language == .mirrored ? "en" : language.code.prefix { $0 != "-" }
        }
    }

    package enum Block: Sendable, Equatable {
        /// Level 1 is the title.
        case heading(Int, Passage)
        case paragraph(Passage)
        case list([Passage])
        case table([String], [[Passage]])
    }

    package private(set) var blocks: [Block] = []
    package let language: Language

    init(_ language: Language) { self.language = language }

    package mutating func add(_ block: Block) { blocks.append(block) }

    /// As CommonMark with pipe tables: every sign that means something is escaped, so that no text changes the form.
    package var markdown: String {
        blocks.map { block in
            switch block {
            case .heading(let level, let text): String(repeating: "#", count: level) + " " + Self.escaped(text.text)
            case .paragraph(let text): Self.escaped(text.text)
            case .list(let items): items.map { "* " + Self.escaped($0.text) }.joined(separator: "\n")
            case .table(let head, let rows):
                ([Self.line(head), Self.line(head.map { _ in "---" }, isEscaped: true)]
                    + rows.map { Self.line($0.map(\.text)) }).joined(separator: "\n")
            }
        }.joined(separator: "\n\n") + "\n"
    }

    private static func line(_ cells: [String], isEscaped: Bool = false) -> String {
        "| " + cells.map { isEscaped ? $0 : escaped($0) }.joined(separator: " | ") + " |"
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
        var title = Passage("")
        if case .heading(_, let text) = blocks.first { title = text }
        return """
            <!doctype html>
            <html lang="\(language.code)"><head><meta charset="utf-8"><title>\(title.text)</title>
            <style>body{font:11pt/1.4 "Noto Sans",sans-serif}table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:2pt 4pt;text-align:start;vertical-align:top;overflow-wrap:anywhere}thead{display:table-header-group}tr{break-inside:avoid}</style>
            </head><body><h1>\(title.html(on: language))</h1>
            \(html)</body></html>

            """
    }

    /// The parts below the title, for a page that has one already.
    var html: HTML {
        var html = HTML()
        var name = ""
        for block in blocks.dropFirst() {
            if case .heading(_, let text) = block { name = text.text }
            switch block {
            case .heading(2, let text): html += "<h2>\(text.html(on: language))</h2>\n"
            case .heading(_, let text): html += "<h3>\(text.html(on: language))</h3>\n"
            case .paragraph(let text): html += "<p>\(text.html(on: language))</p>\n"
            case .list(let items): html += "<ul>\(items, { "<li>\($0.html(on: language))</li>" })</ul>\n"
            case .table(let head, let rows):
                html += """
                    \(HTML.wide(name, """
                    <table><thead><tr>\(head, { "<th scope=\"col\">\($0)</th>" })</tr></thead>
                    <tbody>\(rows, { row in "<tr>\(row, { "<td>\($0.html(on: language))</td>" })</tr>\n" })</tbody></table>
                    """))
                    """
            }
        }
        return html
    }
}

/// A whole scan as one page.
struct ReportPage {
    let report: ScanReport
    let choice: ScanChoice

    func html(_ setting: ScanSetting) -> HTML {
        setting.page(
            setting.words(.scanReport), path: "report\(choice.query)",
            """
            \(choice.links("report", setting))<p>\(setting.said(choice.shown.title)), \(choice.shown.published)</p>
            \(report.html)
            """)
    }
}
