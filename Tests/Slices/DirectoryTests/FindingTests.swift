import Formats
import Foundation
import Kernel
import Support
import Testing

@testable import Directory

@Suite struct FindingTests {
    private func names(_ text: String, near: String = "") async throws -> [String] {
        try await Town().directory.find(Question(text: text, near: near)).results.map { $0.card.name(in: .english) }
    }

    @Test func `nowhere to sleep tonight in Terrace gives housing and the lines that serve Terrace`() async throws {
        let findings = try await Town().directory.find(Question(text: "nowhere to sleep tonight terrace"))
        #expect(findings.place?.name == "Terrace")
        #expect(findings.results.allSatisfy { $0.card.facets.contains("need:housing") })
        #expect(findings.always.contains { $0.card.phone == "1-833-900-1010" })
        #expect(findings.always.contains { $0.card.phone == "211" })
    }

    @Test(arguments: [
        ("counseling victoria", "Peers Victoria Resources Society"), ("j'ai faim", "Greater Vancouver Food Box"),
        ("nulle part où dormir", "Covenant House Vancouver"), ("covenent house", "Covenant House Vancouver"),
        ("yuusnewas", "Yúusnewas"), ("Yúusnewas", "Yúusnewas"), ("hotlin", "Canadian Human Trafficking Hotline"),
    ]) func `plain words, French, misspellings and bare letters find`(_ words: String, _ name: String) async throws {
        #expect(try await names(words).contains(name))
    }

    @Test(arguments: ["musqueam", "xʷməθkʷəy̓əm", "XWMETHKWEYEM", "xʷməθkwəy̓əm"])
    func `a Nation is found by its own letters and without them`(_ name: String) async throws {
        let findings = try await Town().directory.find(Question(text: "", near: name))
        #expect(findings.place?.name == "Musqueam")
        #expect(findings.results.first?.kilometres != nil)
    }

    @Test(arguments: ["Hazelton", "Atlin", "Dease Lake", "Lytton", "Klemtu", "Gingolx", "Telegraph Creek"])
    func `a place without a position answers with its region, never with nothing`(_ name: String) async throws {
        let town = try await Town()
        let findings = town.directory.find(Question(text: "", near: name))
        #expect(findings.place?.name == name)
        #expect(findings.results.first?.servesPlace == true)
        #expect(
            try await town.browser.get("/en/find?near=\(name.replacing(" ", with: "+"))").body.contains("\(name) is in")
        )
    }

    @Test(arguments: [
        ("nowhere to sleep shelterr terace", "Terrace"), ("food near kamlops", "Kamloops"), ("vancuver", "Vancouver"),
        ("counselling prince gorge", "Prince George"), ("help abbotsfrod", "Abbotsford"),
        ("quelle aide à surey", "Surrey"),
    ]) func `a misspelled place among the words is read as the place`(_ text: String, _ name: String) async throws {
        let town = try await Town()
        let findings = town.directory.find(Question(text: text))
        #expect(findings.place?.name == name)
        #expect(findings.placeReadFrom != nil)
        let page = try await town.browser.post("/en/find", [("q", text)]).body
        #expect(page.contains("” as \(name)."))
        #expect(page.contains("Search for exactly what I typed"))
    }

    @Test(arguments: [
        "covenent house", "hotlin", "trial next week", "houses", "counceling", "qqqqzzzz", "my kidney hurts",
    ])
    func `a word that is no place stays a word`(_ text: String) async throws {
        #expect(try await Town().directory.find(Question(text: text)).place == nil)
    }

    @Test(arguments: [
        "survey", "my landlord evicted me", "university counselling", "gangs", "cours à l'université", "une carrière",
    ])
    func `a common word that is spelled almost like a place is no place`(_ text: String) async throws {
        let town = try await Town()
        let findings = town.directory.find(Question(text: text))
        #expect(findings.place == nil && findings.corrections.isEmpty)
        let page = try await town.browser.post("/en/find", [("q", text)]).body
        #expect(!page.contains("” as "))
    }

    @Test(arguments: [
        ("shelter in survey", "Surrey"), ("food near terraced", "Terrace"), ("aide près de victoire", "Victoria"),
    ])
    func `the same word after in or near is the place`(_ text: String, _ name: String) async throws {
        #expect(try await Town().directory.find(Question(text: text)).place?.name == name)
    }

    @Test func `every plain word would be read as a place without its entry`() throws {
        let data = try DataSet(folder: Town.root.appending(path: "Data/bc"))
        #expect(data.thesaurus.plainWords.count > 100)
        for word in data.thesaurus.plainWords {
            let near = data.gazetteer.nearest(to: [word][...], limit: word.utf8.count >= 8 ? 2 : 1)
            #expect(near != nil && data.gazetteer.place(named: word) == nil, "\(word)")
        }
    }

    @Test func `who asks for exactly what was typed gets no other spelling`() async throws {
        let town = try await Town()
        var question = Question(text: "shelterr terace")
        question.isExact = true
        let findings = town.directory.find(question)
        #expect(findings.place == nil && findings.corrections.isEmpty && findings.total == 0)
        let page = try await town.browser.post("/en/find", [("q", question.text), ("exact", "1")]).body
        #expect(!page.contains("Search for exactly what I typed"))
    }

    @Test func `an unknown place is named, and the results stay`() async throws {
        let findings = try await Town().directory.find(Question(text: "food", near: "Vancuver"))
        #expect(findings.nearIsUnknown)
        #expect(findings.suggestions.contains { $0.name == "Vancouver" })
        #expect(!findings.results.isEmpty)
    }

    @Test func `few results come with the lines that always help`() async throws {
        let findings = try await Town().directory.find(Question(text: "qqqqzzzz"))
        #expect(findings.total == 0)
        #expect(findings.always.contains { $0.card.phone == "1-833-900-1010" })
    }

    @Test func `pages of results neither repeat nor lose one`() async throws {
        let town = try await Town()
        var question = Question(text: "", near: "Vancouver")
        var seen: [Identifier<Record>] = []
        let total = town.directory.find(question).total
        for page in 1...(total / Question.perPage + 1) {
            question.page = page
            seen += town.directory.find(question).results.map(\.card.id)
        }
        #expect(seen.count == total)
        #expect(Set(seen).count == total)
    }

    @Test func `open now is told by the wall clock of the service`() async throws {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar Lantern House", opens: "09:00", closes: "17:00"))
        var question = Question(text: "cedar")
        question.open = "now"
        #expect(town.directory.find(question).total == 1)
        let night = try await Town(loadsRegion: false, now: Instant(seconds: Town.noon.seconds + 9 * 3600))
        try await night.store(Fiction.service("Cedar Lantern House", opens: "09:00", closes: "17:00"))
        #expect(night.directory.find(question).total == 0)
        question.open = ""
        #expect(night.directory.find(question).results.first?.opening != .unknown)
    }

    @Test func `unknown hours are never called closed`() async throws {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar Lantern House"))
        let page = try await town.browser.get("/en/find?q=cedar").body
        #expect(!page.contains("Closed"))
        let service = try #require(town.directory.find(Question(text: "cedar")).results.first)
        #expect(try await town.browser.get("/en/services/\(service.card.id)").body.contains("Hours not known"))
    }

    @Test func `filters add up`() async throws {
        let directory = try await Town().directory
        var question = Question(text: "")
        question.need = "housing"
        let housing = directory.find(question).total
        question.population = "youth"
        let both = directory.find(question).total
        #expect(housing > both && both > 0)
        question.isPeerLed = true
        #expect(directory.find(question).total <= both)
    }

    @Test(arguments: ["someone is selling my friend", "i am scared need a hotline", "on me vend"])
    func `words of danger put the confirmed line before everything else`(_ words: String) async throws {
        let town = try await Town()
        let findings = town.directory.find(Question(text: words))
        #expect(findings.linesComeFirst)
        let page = try await town.browser.post("/en/find", [("q", words)]).body
        let line = try #require(page.range(of: "<h3><a href=\"/en/services/\(findings.always[0].card.id)"))
        let first = try #require(findings.results.first)
        let result = try #require(page.range(of: "<h3><a href=\"/en/\(first.card.kind.rawValue)s/\(first.card.id)"))
        #expect(line.lowerBound < result.lowerBound)
        #expect(findings.always.contains { $0.card.phoneIsConfirmed })
    }
}
