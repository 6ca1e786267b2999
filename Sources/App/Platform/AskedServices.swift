import Directory
import Formats
import Intake
import Kernel

extension Platform {
    /// The pages of results that are looked through for services of organizations that read files.
    private static let pagesLookedThrough = 3

    /// Which services can be asked for help: those that everybody sees in the Directory.
    static func services(_ directory: Directory) -> ServiceLookup {
        ServiceLookup(
            named: { text, language in
                var question = Question()
                question.text = text
                return try await found(question, in: directory, language)
            },
            find: { try await service(Identifier($0.uuid), in: directory, $1) },
            like: { id, language in
                let card = try await directory.cards([Identifier(id.uuid)]).first
                guard let need = card?.facets.first(where: { $0.hasPrefix("need:") }) else { return [] }
                var question = Question()
                question.need = need
                return try await found(question, in: directory, language)
            })
    }

    private static func found(
        _ question: Question, in directory: Directory, _ language: Language
    ) async throws -> [ServiceLookup.Found] {
        var question = question
        var found: [ServiceLookup.Found] = []
        for page in 1...pagesLookedThrough {
            question.page = page
            let results = directory.find(question).results
            for card in results.map(\.card) where card.kind == .service {
                if let service = try await service(card.id, in: directory, language) { found.append(service) }
            }
            if results.count < Question.perPage { break }
        }
        return found
    }

    private static func service(
        _ id: Identifier<Record>, in directory: Directory, _ language: Language
    ) async throws -> ServiceLookup.Found? {
        guard let known = try await directory.serviceName(id, in: language) else { return nil }
        return ServiceLookup.Found(
            id: Identifier(id.uuid), name: known.name, recipient: Identifier(known.organization.uuid),
            organization: known.organizationName)
    }
}
