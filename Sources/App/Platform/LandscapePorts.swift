import Accounts
import Directory
import Kernel
import Landscape

/// What Landscape asks of the other slices.
extension Platform {
    static func colleagues(_ accounts: Accounts, _ directory: Directory) -> Colleagues {
        Colleagues(
            people: {
                try await accounts.activeWorkers().map { worker in
                    Colleagues.Person(
                        worker: worker.id.description, name: worker.name, role: worker.role.rawValue,
                        desk: worker.desk.description)
                }
            },
            desks: { language in
                var desks: [(id: String, name: String)] = []
                for desk in try await accounts.desks() {
                    guard let name = try await directory.organizationName(desk.description, in: language) else {
                        continue
                    }
                    desks.append((desk.description, name))
                }
                return desks.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
            })
    }

    /// Services of the Directory that anybody may see, for who is about to begin something like them.
    static func programs(_ directory: Directory) -> ProgramLookup {
        ProgramLookup { text, language in
            var question = Question()
            question.text = text
            let ids = directory.find(question).results.map(\.card).filter { $0.kind == .service }.map(\.id)
            return try await directory.services(Array(ids.prefix(ProgramLookup.most))).compactMap { service in
                guard let name = service.text("name", in: language) else { return nil }
                return ProgramLookup.Program(
                    id: service.id.description, name: name,
                    organization: service.organization?.text("name", in: language))
            }
        }
    }
}
