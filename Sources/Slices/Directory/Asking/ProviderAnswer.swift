import Formats
import Kernel
import Web

/// What a provider sent back: everything is right, or what is not.
struct ProviderAnswer: Sendable {
    private let saysAllIsRight: Bool
    private let restIsRight: Bool
    private let fingerprint: String
    /// By form name, as typed; a field that was not sent is as it was.
    let typed: [String: String]
    let note: String

    static let longestValue = 4000
    static let longestNote = 1000

    init(form: FormFields) {
        saysAllIsRight = form.value("answer") == "right"
        restIsRight = form.value("rest") != nil
        fingerprint = form.value("seen") ?? ""
        note = form.value("note") ?? ""
        var typed: [String: String] = [:]
        for field in form.fields where field.name.contains(".") { typed[field.name] = form.value(field.name) ?? "" }
        self.typed = typed
    }

    /// All is right, or all but what was corrected.
    var confirmsTheRest: Bool { saysAllIsRight || restIsRight }

    /// What stands in the form's field after a fault: nothing that was typed is lost.
    func value(of field: AskedField) -> String { typed[field.name] ?? field.value }

    private func corrected(_ asked: AskedListing) -> [AskedField] {
        asked.fields.filter { field in
            guard let typed = typed[field.name] else { return false }
            return Self.plain(typed) != Self.plain(field.value)
        }
    }

    /// Browsers write a line's end in their own way.
    private static func plain(_ text: String) -> String {
        text.replacing("\r\n", with: "\n").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// By form name; `answer` for the answer as a whole.
    func problems(with asked: AskedListing) -> Problems {
        var problems = Problems()
        if fingerprint != asked.fingerprint { problems.add("answer", "changed-meanwhile") }
        let corrected = corrected(asked)
        let isSilent = corrected.isEmpty && note.isEmpty
        if saysAllIsRight, !isSilent { problems.add("answer", "right-and-wrong") }
        if !saysAllIsRight, isSilent, !restIsRight { problems.add("answer", "nothing-said") }
        if note.unicodeScalars.count > Self.longestNote { problems.add("note", "too-long") }
        for field in corrected {
            if let code = Self.fault(typed[field.name] ?? "", in: field) { problems.add(field.name, code) }
        }
        return problems
    }

    private static func fault(_ text: String, in field: AskedField) -> String? {
        if text.isEmpty { return field.isRequired ? "required" : nil }
        if text.unicodeScalars.count > longestValue { return "too-long" }
        if field.kind == .phone, PhoneDigits(text) == nil, !(3...6).contains(text.count { $0.isNumber }) {
            return "not-a-number"
        }
        switch field.form {
        case .uri where !text.hasPrefix("https://") && !text.hasPrefix("http://"): return "not-an-address"
        case .email where text.split(separator: "@", omittingEmptySubsequences: false).count != 2: return "not-an-email"
        default: return nil
        }
    }

    // MARK: What it comes to

    func drafts(about asked: AskedListing) -> [ProposalDraft] {
        var drafts = corrected(asked).map { field -> ProposalDraft in
            let text = typed[field.name].flatMap { $0.isEmpty ? nil : $0 }
            guard field.topic == .value else {
                return ProposalDraft(
                    field.kind, field.record, about: field.topic, then: field.value, to: text, from: .provider)
            }
            return ProposalDraft(field.kind, field.record, field: field.field, to: text, from: .provider)
        }
        if !note.isEmpty {
            drafts.append(
                ProposalDraft(asked.scope.record.kind, asked.scope.id, about: .note, from: .provider, note: note))
        }
        return drafts
    }

    /// Every listing asked about as a whole, and every number by itself, but for what was corrected.
    func confirmed(of asked: AskedListing) -> [(RecordKind, Identifier<Record>, String)] {
        let wrong = Set(corrected(asked).map(\.name))
        let listings = asked.parts.map { ($0.listing.record.kind, $0.listing.id, "") }
        let numbers = asked.fields.filter { $0.kind == .phone && !wrong.contains($0.name) }
        return listings + numbers.map { ($0.kind, $0.record, $0.field) }
    }
}
