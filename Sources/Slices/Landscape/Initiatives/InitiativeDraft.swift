import Foundation
import Kernel
import Web

/// What was typed into the form of an initiative.
struct InitiativeDraft: Sendable {
    var texts: [Initiative.Field: String] = [:]

    init(_ texts: [Initiative.Field: String]) { self.texts = texts }

    init(_ form: FormFields) {
        for field in Initiative.Field.allCases {
            texts[field] = (form.value(field.rawValue) ?? "").replacing("\r\n", with: "\n")
        }
        texts[.principles] = form.values(Initiative.Field.principles.rawValue).joined(separator: " ")
    }

    /// What it would be, as words to look for the like of.
    var proposal: Proposal {
        var proposal = Proposal()
        proposal.body = [Initiative.Field.name, .does].compactMap { texts[$0] }.joined(separator: " ")
        return proposal
    }

    /// The draft with the organization that it may name: the one it has, else the own. Only the coordinator writes for
    /// others: for one of the network, or for one that has no desk, by its name.
    func settled(
        _ current: Initiative?, desks: [(id: String, name: String)], for signedIn: SignedIn
    ) throws(Problems) -> InitiativeDraft {
        var draft = self
        if !signedIn.actor.may(.keepLandscape) {
            if let current, current.version > 0 {
                (draft.texts[.member], draft.texts[.organization]) = (current[.member], current[.organization])
                return draft
            }
            draft.texts[.member] = signedIn.organization
        }
        guard let member = draft.texts[.member], !member.isEmpty else { return draft }
        guard let desk = desks.first(where: { $0.id == member }) else { throw Problems("member", "unknown-choice") }
        draft.texts[.organization] = desk.name
        return draft
    }

    /// The texts as they are kept: choices that there are, a place of the gazetteer by its id, times in their order.
    /// Throws all faults at once.
    /// - Parameter principles: the ids of those that there are, in their order.
    func checked(
        _ region: RegionLookup, _ clock: LocalTime, principles: [String]
    ) throws(Problems) -> [Initiative.Field: String] {
        var (kept, problems) = (texts, Problems())
        for field in Initiative.Field.allCases {
            let text = texts[field] ?? ""
            if text.isEmpty {
                if field.isRequired { problems.add(field.rawValue, "required") }
            } else if text.count > field.longest {
                problems.add(field.rawValue, "too-long")
            } else if !field.choices.isEmpty, !field.choices.contains(text) {
                problems.add(field.rawValue, "choose-one-of")
            }
        }
        let chosen = Set((kept[.principles] ?? "").split(separator: " ").map(String.init))
        if !chosen.isSubset(of: principles) { problems.add("principles", "unknown-principle") }
        kept[.principles] = principles.filter(chosen.contains).joined(separator: " ")
        place(&kept, region, &problems)
        // Somebody of a small community looks at it before anybody else does.
        let isSmall =
            kept[.small] == "yes" || kept[.place].map(region.isSmall) ?? false
            || [.name, .does].contains { region.namesNation(kept[$0] ?? "") }
        if isSmall, (kept[.review] ?? "").isEmpty { problems.add("review", "small-community") }
        cost(&kept, &problems)
        if let link = kept[.link], !link.isEmpty, !Self.isAddress(link) { problems.add("link", "not-an-address") }
        let times = (kept[.meetings] ?? "").split(separator: "\n").map {
            clock.instant($0.trimmingCharacters(in: .whitespaces))
        }
        if times.contains(nil) { problems.add("meetings", "not-a-time") }
        kept[.meetings] = Set(times.compactMap(\.self)).sorted().map(clock.text).joined(separator: "\n")
        try problems.check()
        return kept.filter { !$0.value.isEmpty }
    }

    private func place(_ kept: inout [Initiative.Field: String], _ region: RegionLookup, _ problems: inout Problems) {
        guard let text = kept[.place], !text.isEmpty else { return }
        guard let id = region.placeCalled(text) else { return problems.add("place", "unknown-place") }
        if region.whole != "ca-\(kept[.province] ?? "")" { problems.add("place", "place-elsewhere") }
        kept[.place] = id
    }

    /// Both empty: unknown, which is not nothing. One of both: that much.
    private func cost(_ kept: inout [Initiative.Field: String], _ problems: inout Problems) {
        func amount(_ field: Initiative.Field) -> Int? {
            let text = (kept[field] ?? "").filter { !" ,$\u{a0}\u{202f}".contains($0) }
            if text.isEmpty { return nil }
            let isPlain = text.utf8.count <= 12 && text.utf8.allSatisfy { 48...57 ~= $0 }
            if !isPlain { problems.add(field.rawValue, "not-an-amount") }
            return isPlain ? Int(text) : nil
        }
        let (low, high) = (amount(.costLow), amount(.costHigh))
        if let low, let high, low > high { problems.add("cost-high", "amounts-turned") }
        kept[.costLow] = (low ?? high).map(String.init) ?? ""
        kept[.costHigh] = (high ?? low).map(String.init) ?? ""
    }

    private static func isAddress(_ text: String) -> Bool {
        guard text.hasPrefix("https://"), !text.contains(where: \.isWhitespace) else { return false }
        return URLComponents(string: text)?.host?.contains(".") == true
    }
}
