package import Formats
package import Kernel
package import Web

extension DirectoryRoutes {
    /// What anybody finds for a question, as the list of results shows it, `limit` of them; for pages of other parts.
    /// - Parameter note: what is known besides of a service.
    package func items(
        _ question: Question, _ words: Words, limit: Int, note: (Identifier<Record>) -> String?
    ) -> [HTML] {
        let (findings, setting) = (directory.find(question), setting(words))
        return findings.results.filter { $0.card.kind == .service }.prefix(limit).map { result in
            var item = ResultItem(result: result, question: question, place: findings.place, isListed: true)
            item.note = note(result.card.id)
            return item.html(setting)
        }
    }
}
