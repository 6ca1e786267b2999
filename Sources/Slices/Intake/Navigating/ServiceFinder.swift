package import Kernel
package import Web

/// What a navigator looks for with somebody beside them. Kept nowhere.
package struct NeedsQuestion: Sendable {
    /// Ids of needs, such as `need:housing`.
    package var needs: [String] = []
    package var near = ""
    /// Kilometres; nil for any distance.
    package var within: Int?
    package var language = ""
    package var isAfterHours = false

    init() {}

    init(_ form: FormFields, _ finder: ServiceFinder, _ language: Language, needs: Set<String>) {
        self.needs = form.values("need").filter(needs.contains)
        near = String((form.value("near") ?? "").prefix(100))
        within = form.value("within").flatMap(Int.init).flatMap { finder.distances.contains($0) ? $0 : nil }
        self.language =
            form.value("language").flatMap { code in finder.languages(language).first { $0.code == code }?.code } ?? ""
        isAfterHours = form.value("open") == "after-hours"
    }
}

/// What the page of several needs asks of the Directory.
package struct ServiceFinder: Sendable {
    static let perNeed = 4

    /// Kilometres that can be chosen.
    let distances: [Int]
    /// Languages that at least one service is given in.
    let languages: @Sendable (Language) -> [(code: String, name: String)]
    /// The nearest services for one of the needs, each with what `note` says of it.
    let items:
        @Sendable (_ need: String, NeedsQuestion, Words, _ limit: Int, _ note: (Identifier<AskedService>) -> String?) ->
            [HTML]

    package init(
        distances: [Int], languages: @escaping @Sendable (Language) -> [(code: String, name: String)],
        items: @escaping @Sendable (String, NeedsQuestion, Words, Int, (Identifier<AskedService>) -> String?) -> [HTML]
    ) {
        self.distances = distances
        self.languages = languages
        self.items = items
    }
}
