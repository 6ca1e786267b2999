import Kernel
import Web

extension Question {
    /// Reads the search form. Unknown names are passed over; a value that no list offers is a bad request.
    init(form: FormFields, vocabulary: Vocabulary, gazetteer: Gazetteer) throws(BadRequest) {
        self.init()
        text = String((form.value("q") ?? "").prefix(300))
        near = String((form.value("near") ?? "").prefix(100))
        need = try Self.term("need", form.value("need"), vocabulary)
        population = try Self.term("population", form.value("for"), vocabulary, field: "for")
        if let asked = form.value("region"), !asked.isEmpty {
            region = try Self.choice("region", asked, from: gazetteer.counted.map(\.id))
        }
        language = try Self.choice("language", form.value("language"), from: LanguageNames.codes)
        open = try Self.choice("open", form.value("open"), from: ["now", "after-hours"])
        within = try Self.number("within", form.value("within"), in: 1...2000)
        page = try Self.number("page", form.fields.last { $0.name == "page" }?.value, in: 1...Self.lastPage) ?? 1
        isOnline = try Self.choice("online", form.value("online"), from: ["1"]) == "1"
        isExact = try Self.choice("exact", form.value("exact"), from: ["1"]) == "1"
        isPeerLed = try Self.choice("peer", form.value("peer"), from: ["1"]) == "1"
    }

    private static func term(
        _ taxonomy: String, _ value: String?, _ vocabulary: Vocabulary, field: String? = nil
    ) throws(BadRequest) -> String {
        guard let value, !value.isEmpty else { return "" }
        guard vocabulary.knows("\(taxonomy):\(value)") else { throw .badValue(field: field ?? taxonomy) }
        return value
    }

    private static func choice(_ field: String, _ value: String?, from known: [String]) throws(BadRequest) -> String {
        guard let value, !value.isEmpty else { return "" }
        guard known.contains(value) else { throw .badValue(field: field) }
        return value
    }

    private static func number(_ field: String, _ value: String?, in range: ClosedRange<Int>) throws(BadRequest) -> Int?
    {
        guard let value, !value.isEmpty else { return nil }
        guard let number = Int(value), range.contains(number) else { throw .badValue(field: field) }
        return number
    }
}
