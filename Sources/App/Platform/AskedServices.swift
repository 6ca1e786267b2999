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
            find: { id, language in
                try await directory.seen(.service, Identifier(id.uuid)).flatMap { asked($0, language) }
            },
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
        var ids: [Identifier<Record>] = []
        for page in 1...pagesLookedThrough {
            question.page = page
            let results = directory.find(question).results
            ids += results.map(\.card).filter { $0.kind == .service }.map(\.id)
            if results.count < Question.perPage { break }
        }
        return try await directory.services(ids).compactMap { asked($0, language) }
    }

    /// Nil for a service of no organization: nobody would answer.
    private static func asked(_ service: Projected<Listing>, _ language: Language) -> ServiceLookup.Found? {
        guard let organization = service.organization else { return nil }
        return ServiceLookup.Found(
            id: Identifier(service.id.uuid), name: service.text("name", in: language) ?? "",
            recipient: Identifier(organization.record.id.uuid),
            organization: organization.text("name", in: language) ?? "")
    }
}
