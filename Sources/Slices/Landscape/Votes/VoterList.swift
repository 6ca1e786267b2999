import Foundation
import Kernel

/// Whom the lines of a form name as voters, group by group: a person by what they sign in with, or everybody of a desk by its
/// name. A person named alone is in that group, whatever group the desk is in.
struct VoterList: Sendable {
    /// By worker.
    private(set) var voters: [Voter] = []
    /// Lines that name nobody.
    private(set) var unknown: [String] = []
    /// Who stands in more than one group.
    private(set) var twice: [String] = []

    init() {}

    /// - Parameter texts: one name a line.
    init(
        _ texts: [VoterGroup: String], people: [Colleagues.Person], desks: [(id: String, name: String)]
    ) {
        let byName = Dictionary(grouping: people) { Vote.folded($0.name) }
        let desksByName = Dictionary(grouping: desks) { Vote.folded($0.name) }
        let byDesk = Dictionary(grouping: people, by: \.desk)
        var (alone, together): ([String: Set<VoterGroup>], [String: Set<VoterGroup>]) = ([:], [:])
        for group in VoterGroup.allCases {
            for line in (texts[group] ?? "").split(separator: "\n") {
                let name = line.trimmingCharacters(in: .whitespaces)
                if name.isEmpty { continue }
                let persons = byName[Vote.folded(name)] ?? []
                let team = (desksByName[Vote.folded(name)] ?? []).flatMap { byDesk[$0.id] ?? [] }
                for person in persons { alone[person.worker, default: []].insert(group) }
                if persons.isEmpty { for person in team { together[person.worker, default: []].insert(group) } }
                if persons.isEmpty, team.isEmpty { unknown.append(String(name.prefix(80))) }
            }
        }
        for person in people.sorted(by: { $0.worker < $1.worker }) {
            guard let groups = alone[person.worker] ?? together[person.worker] else { continue }
            if groups.count > 1 { twice.append(person.name) }
            if let group = groups.min() { voters.append(Voter(worker: person.worker, desk: person.desk, group: group)) }
        }
    }
}
