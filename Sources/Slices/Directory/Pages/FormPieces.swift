import Kernel
import Web

/// A form's faults, summed up at the top and said again at each field.
struct FormFaults {
    let problems: Problems
    /// What each field is called on the page; faults of the form as a whole have no label.
    let labels: [String: String]

    private static let sentences: [String: DirectoryPhrase] = [
        "required": .problemRequired, "too-long": .problemTooLong, "not-a-number": .problemNumber,
        "not-an-address": .problemAddress, "not-an-email": .problemEmail,
        "changed-meanwhile": .problemChanged, "right-and-wrong": .problemRightAndWrong,
        "nothing-said": .problemNothingSaid, "unknown-receipt": .answerUnknown,
    ]

    func summary(_ setting: PageSetting) -> HTML {
        guard !problems.isEmpty else { return "" }
        return """
            <div class="alert" role="alert"><h2>\(setting.words(.problemTitle))</h2><ul>\(problems.faults, { line($0, setting) })</ul></div>
            """
    }

    private func line(_ fault: (field: String, code: String), _ setting: PageSetting) -> HTML {
        let sentence = Self.sentence(fault.code, setting)
        guard let label = labels[fault.field] else { return "<li>\(sentence)</li>" }
        return "<li><a href=\"#\(Self.id(fault.field))\">\(label)</a>: \(sentence)</li>"
    }

    func error(_ field: String, _ setting: PageSetting) -> HTML? {
        problems.faults.first { $0.field == field }.map { fault in
            "<p class=\"error\" id=\"\(Self.id(field))-error\">\(Self.sentence(fault.code, setting))</p>"
        }
    }

    /// Attributes that tie an input to its hint and its fault.
    func ties(_ field: String, hint: String? = nil) -> HTML {
        let isWrong = problems.faults.contains { $0.field == field }
        let ids = [hint, isWrong ? "\(Self.id(field))-error" : nil].compactMap(\.self)
        return """
            \(if: !ids.isEmpty, " aria-describedby=\"\(ids.joined(separator: " "))\"")\(if: isWrong, " aria-invalid=\"true\"")
            """
    }

    static func id(_ field: String) -> String { "f-\(field)" }

    private static func sentence(_ code: String, _ setting: PageSetting) -> String {
        setting.words(sentences[code] ?? .problemRequired)
    }
}
