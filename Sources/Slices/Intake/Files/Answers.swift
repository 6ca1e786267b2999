import Foundation
import Kernel
package import Web

/// What a person said to the questions of one part: the question's name to what was typed or ticked.
package struct Answers: Sendable, Equatable {
    package private(set) var values: [String: [String]]

    package init(_ values: [String: [String]] = [:]) { self.values = values.filter { !$0.value.isEmpty } }

    /// The answers to `kind` in a form. A choice that the question does not offer is left out.
    /// - Parameter needs: the ids of needs that can be ticked.
    package init(_ kind: PartKind, form: FormFields, needs: Set<String>) {
        var values: [String: [String]] = [:]
        for question in kind.questions {
            switch question.form {
            case .needs: values[question.name] = form.values(question.name).filter(needs.contains)
            case .several(let offered): values[question.name] = form.values(question.name).filter(offered.contains)
            case .one(let offered):
                values[question.name] = form.value(question.name).map { [$0] }?.filter(offered.contains)
            case .line, .text: values[question.name] = form.value(question.name).map { [$0] }
            }
        }
        self.init(values)
    }

    package var isEmpty: Bool { values.isEmpty }

    func text(_ question: Question) -> String { values[question.name]?.first ?? "" }
    func has(_ question: Question, _ value: String) -> Bool { values[question.name]?.contains(value) ?? false }

    /// Every fault at once, by question.
    func problems(of kind: PartKind) -> Problems {
        var problems = Problems()
        for question in kind.questions {
            let isLong = values[question.name]?.contains { $0.unicodeScalars.count > question.longest } ?? false
            if isLong { problems.add(question.name, "too-long") }
        }
        return problems
    }

    // MARK: As bytes, before they are sealed

    var bytes: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return Array(try encoder.encode(values))
        }
    }

    init(bytes: [UInt8]) throws {
        values = try JSONDecoder().decode([String: [String]].self, from: Data(bytes))
    }
}
