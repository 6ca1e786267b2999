import Directory
import Intake
import Kernel
import Web

extension Platform {
    /// What staff find for several needs: the answers of the Directory to one need after the other.
    static func finder(_ directory: Directory, _ routes: DirectoryRoutes) -> ServiceFinder {
        ServiceFinder(
            distances: Question.distances, languages: { directory.languageNames(in: $0) },
            items: { need, wish, words, limit, note in
                var question = Question()
                question.need = String(need.dropFirst("need:".count))
                question.near = wish.near
                question.within = wish.within
                question.language = wish.language
                question.open = wish.isAfterHours ? "after-hours" : ""
                return routes.items(question, words, limit: limit) { note(Identifier($0.uuid)) }
            })
    }
}
