import Foundation
import Kernel
import Testing

@testable import Search

@Suite struct WordTests {
    private let town: SearchIndex

    init() throws {
        town = try index([
            document(1, "Harbour Shelter", text: "beds for men", facets: ["need:housing"]),
            document(2, "Maison d'Hébergement", text: "Logement pour les familles", facets: ["need:housing"]),
            document(3, "xʷməθkʷəy̓əm Health", text: "Musqueam clinic"),
            document(4, "Food Bank", text: "groceries and meals", facets: ["need:food"]),
            document(5, "Legal Aid Society", text: "help with tenancy"),
            document(6, "Counselling Centre", text: "talk about grief, sleep and worry"),
            document(7, "Emergency Department", text: "hospital"),
        ])
    }

    @Test(arguments: [
        ("shelter", "Harbour Shelter"), ("SHELTERS", "Harbour Shelter"), ("sheltering", "Harbour Shelter"),
        ("hebergement", "Maison d'Hébergement"), ("HÉBERGEMENTS", "Maison d'Hébergement"),
        ("d’hébergement", "Maison d'Hébergement"), ("logements", "Maison d'Hébergement"),
        ("xʷməθkʷəy̓əm", "xʷməθkʷəy̓əm Health"), ("xwmethkweyem", "xʷməθkʷəy̓əm Health"),
        ("grocery", "Food Bank"), ("hárbour", "Harbour Shelter"), ("counsel", "Counselling Centre"),
    ])
    func `a word is found in its other forms and writings`(text: String, name: String) {
        #expect(town.names(text) == [name])
    }

    @Test func `the name counts more than the text`() throws {
        let index = try index([document(1, "Clinic", text: "food"), document(2, "Food", text: "clinic")])
        #expect(index.names("food") == ["Food", "Clinic"])
        #expect(index.names("clinic") == ["Clinic", "Food"])
    }

    @Test func `an exact word ranks above its stem`() throws {
        let index = try index([document(1, "Houses"), document(2, "Housing")])
        #expect(index.names("housing") == ["Housing", "Houses"])
        #expect(index.names("houses") == ["Houses", "Housing"])
    }

    @Test func `the last word may be unfinished`() {
        #expect(town.names("emerg") == ["Emergency Department"])
        #expect(town.names("em").isEmpty)
    }

    @Test func `a misspelt word still finds its shelter`() {
        let answer = town.answer(SearchQuery("shleter men", today: today))
        #expect(answer.hits.map(\.card.first) == ["Harbour Shelter"])
        #expect(answer.hits.first?.matched == ["shleter", "men"])
        #expect(answer.corrections.map(\.from) == ["shleter"])
        #expect(answer.corrections.map(\.to) == ["shelter"])
        #expect(town.names("councelling grief") == ["Counselling Centre"])
    }

    @Test func `corrections are words of the texts and never mere stems`() throws {
        let index = try index([document(1, "Emergencies")])
        #expect(index.answer(SearchQuery("emergenc x", today: today)).hits.map(\.card.first) == ["Emergencies"])
        for text in ["zzzzzz", "emergxxxy", "12345", "qq"] {
            let answer = index.answer(SearchQuery(text, today: today))
            #expect(answer.total == 0 && answer.corrections.isEmpty)
        }
        #expect(index.answer(SearchQuery("emergensies", today: today)).corrections.map(\.to) == ["emergencies"])
    }

    @Test func `small words are ignored while others remain`() {
        #expect(town.names("I need a shelter for the night") == ["Harbour Shelter"])
        #expect(town.names("and") == ["Food Bank", "Counselling Centre"])
        #expect(town.names("de la maison") == ["Maison d'Hébergement"])
    }

    @Test func `words nobody has find nothing rather than everything`() {
        #expect(town.names("qqqqqq").isEmpty)
        #expect(town.names("...").count == 7)
        #expect(town.names("").count == 7)
    }

    @Test func `synonyms are found at a lower rank`() {
        let synonyms = SearchSynonyms(groups: [["ER", "emergency department"], ["shelter", "refuge", "hébergement"]])
        #expect(town.names("er") { $0.synonyms = synonyms } == ["Emergency Department"])
        #expect(town.names("refuges") { $0.synonyms = synonyms } == ["Harbour Shelter", "Maison d'Hébergement"])
        #expect(town.names("shelter") { $0.synonyms = synonyms } == ["Harbour Shelter", "Maison d'Hébergement"])
        #expect(town.names("department") { $0.synonyms = synonyms } == ["Emergency Department"])
    }

    @Test func `a phrase with synonyms is one thing asked for`() throws {
        let index = try index([document(1, "Emergency Department"), document(2, "ER"), document(3, "Department Store")])
        let synonyms = SearchSynonyms(groups: [["ER", "emergency department"]])
        let names = index.names("emergency department") { $0.synonyms = synonyms }
        #expect(Set(names) == ["Emergency Department", "ER"])
        #expect(index.names("er") { $0.synonyms = synonyms } == ["ER", "Emergency Department"])
    }

    @Test func `a concept finds its facets and the phrase itself`() throws {
        let concept = SearchConcept(phrase: "nowhere to sleep", facets: ["need:housing"])
        let answer = town.answer(query("nowhere to sleep") { $0.concepts = [concept] })
        #expect(Set(answer.hits.map(\.card.first)) == ["Harbour Shelter", "Maison d'Hébergement"])
        #expect(answer.hits.allSatisfy { $0.matched == ["nowhere to sleep"] })
        let index = try index([
            document(1, "Nowhere Sleep"), document(2, "Inn", facets: ["need:housing"]), document(3, "Sleep"),
        ])
        #expect(Set(index.names("nowhere to sleep") { $0.concepts = [concept] }) == ["Nowhere Sleep", "Inn"])
    }

    @Test func `a concept whose facets nobody has leaves its words to be looked for`() {
        let concept = SearchConcept(phrase: "food", facets: ["need:unknown"])
        #expect(town.names("food") { $0.concepts = [concept] } == ["Food Bank"])
    }

    @Test func `concepts never share a word and the first one wins`() {
        let concepts = [
            SearchConcept(phrase: "legal aid", facets: ["need:food"]),
            SearchConcept(phrase: "aid", facets: ["need:housing"]),
        ]
        #expect(Set(town.names("legal aid") { $0.concepts = concepts }) == ["Food Bank", "Legal Aid Society"])
    }

    @Test func `matched words come in the order of the query`() {
        let answer = town.answer(SearchQuery("Tenancy Légal unknownword help", today: today))
        #expect(answer.hits.first?.matched == ["Tenancy", "Légal"])
    }

    @Test func `matching far less than the best is noise`() throws {
        let index = try index([document(1, "Amber Lotus Viper"), document(2, "Amber"), document(3, "Lotus Viper")])
        #expect(index.names("amber lotus viper") == ["Amber Lotus Viper", "Lotus Viper"])
    }

    private func query(_ text: String, _ change: (inout SearchQuery) -> Void) -> SearchQuery {
        var query = SearchQuery(text, today: today)
        change(&query)
        return query
    }
}
