package import Kernel

/// What Landscape asks of Accounts: who works at which desk.
package struct Colleagues: Sendable {
    package struct Person: Sendable {
        package let worker: String
        /// What they sign in with, which need not be their name.
        package let name: String
        package let role: String
        package let desk: String

        package init(worker: String, name: String, role: String, desk: String) {
            self.worker = worker
            self.name = name
            self.role = role
            self.desk = desk
        }
    }

    /// Everybody who may come in now.
    let people: @Sendable () async throws -> [Person]
    /// Every desk with the public name of its organization, by name.
    let desks: @Sendable (Language) async throws -> [(id: String, name: String)]

    package init(
        people: @escaping @Sendable () async throws -> [Person],
        desks: @escaping @Sendable (Language) async throws -> [(id: String, name: String)]
    ) {
        self.people = people
        self.desks = desks
    }

    func names() async throws -> [String: String] {
        Dictionary(try await people().map { ($0.worker, $0.name) }) { first, _ in first }
    }
}
