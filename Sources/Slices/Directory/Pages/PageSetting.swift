import Foundation
import Kernel
import Search
import Web

/// What every page of the Directory is drawn with: the words, the frame, and the names of terms and places.
struct PageSetting: Sendable {
    let words: Words
    let frame: PageFrame
    let vocabulary: Vocabulary
    let gazetteer: Gazetteer
    /// When the node last heard from its database, if it is out of touch with it.
    var staleSince: Instant?

    var language: Language { words.language }

    func path(_ rest: String) -> String { "/\(language.code)/\(rest)" }

    func term(_ facet: String) -> String { vocabulary.name(facet, in: language) ?? facet }

    func page(
        _ title: DirectoryPhrase, path: String?, scripts: [String] = [], styles: [String] = [],
        isInstallable: Bool = false, _ main: HTML
    ) -> HTML {
        frame.page(
            words, title: words(title), path: path, scripts: scripts, styles: styles, isInstallable: isInstallable,
            "\(staleness)\(main)")
    }

    /// On the clock of most of the region's places.
    private var staleness: HTML? {
        guard let staleSince, let zone = gazetteer.zone else { return nil }
        let clock = staleSince.wallClock(in: zone)
        let text = words(.staleSince, ["date": date(clock.day), "time": time(clock.minute)])
        return "<p class=\"alert\" role=\"status\">\(text)</p>"
    }

    // MARK: Days and times

    /// `March 3, 2026` or `3 mars 2026`.
    func date(_ day: Day) -> String {
        let month = Self.months[language == .french ? "fr" : "en"]?[day.month - 1] ?? ""
        return language == .french ? "\(day.day) \(month) \(day.year)" : "\(month) \(day.day), \(day.year)"
    }

    /// `5:30 p.m.` or `17 h 30`, from minutes after midnight.
    func time(_ minute: Int) -> String {
        let (hour, rest) = (minute / 60 % 24, minute % 60)
        let minutes = rest < 10 ? "0\(rest)" : "\(rest)"
        if language == .french { return rest == 0 ? "\(hour) h" : "\(hour) h \(minutes)" }
        let half = hour % 12 == 0 ? 12 : hour % 12
        return "\(half)\(rest == 0 ? "" : ":\(minutes)") \(hour < 12 ? "a.m." : "p.m.")"
    }

    func weekday(_ day: Day) -> String { Self.weekday(day.weekday, in: language) }

    /// The name of a weekday; 0 is Monday.
    static func weekday(_ number: Int, in language: Language) -> String {
        weekdays[language == .french ? "fr" : "en"]?[number] ?? ""
    }

    /// `May 2026` or `mai 2026`.
    func month(_ day: Day) -> String {
        "\(Self.months[language == .french ? "fr" : "en"]?[day.month - 1] ?? "") \(day.year)"
    }

    private static let months = symbols { $0.monthSymbols }
    private static let weekdays = symbols { formatter in
        let names = formatter.weekdaySymbols
        return names.isEmpty ? [] : Array(names.dropFirst()) + [names[0]]
    }

    private static func symbols(_ read: (DateFormatter) -> [String]) -> [String: [String]] {
        var symbols: [String: [String]] = [:]
        for code in ["en", "fr"] {
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "\(code)_CA")
            symbols[code] = read(formatter)
        }
        return symbols
    }

    // MARK: Texts of listings

    /// What a card says it is, marked as English where nobody translated it.
    func summary(_ card: Card) -> HTML {
        let text = card.summary(in: language)
        return "<p\(if: isForeign(card.hasSummary(in: language)), " lang=\"en\"")>\(text)</p>"
    }

    /// A text of a record, marked as English where nobody translated it; nil when there is none.
    func text(_ field: String, of listing: Projected<Listing>) -> HTML? { text(field, of: listing.value) }

    func text(_ field: String, of listing: Listing) -> HTML? {
        guard let text = listing.text(field, in: language) else { return nil }
        let isTranslated = listing.translations[field]?[language] != nil
        return isForeign(isTranslated) ? "<span lang=\"en\">\(text)</span>" : "\(text)"
    }

    private func isForeign(_ isTranslated: Bool) -> Bool {
        !isTranslated && language != .mirrored && !language.code.hasPrefix("en")
    }

    // MARK: Pieces used on several pages

    /// `Open until 5 p.m.`; hours in the service's own time zone.
    func opening(_ status: OpeningStatus, zone: Zone?) -> String {
        switch status {
        case .unknown: return words(DirectoryPhrase.openUnknown)
        case .open(nil): return words(DirectoryPhrase.openAlways)
        case .open(let until?):
            guard let zone else { return words(DirectoryPhrase.openNow) }
            return words(DirectoryPhrase.openUntil, ["time": time(until.wallClock(in: zone).minute)])
        case .closed(nil): return words(DirectoryPhrase.openClosed)
        case .closed(let opens?):
            guard let zone else { return words(DirectoryPhrase.openClosed) }
            let clock = opens.wallClock(in: zone)
            return words(
                DirectoryPhrase.openClosedUntil, ["day": weekday(clock.day), "time": time(clock.minute)])
        }
    }

    /// How far a listing can be trusted, from its last check or its source's date.
    func standing(checkedOn: Day?, asOf: String, today: Day) -> String {
        if let checkedOn {
            let phrases: [Freshness: DirectoryPhrase] = [.ageing: .whyAgeing, .old: .whyOld]
            let phrase = phrases[Freshness(checkedOn: checkedOn, today: today)] ?? .whyChecked
            return words(phrase, ["date": date(checkedOn)])
        }
        if asOf.count >= 4 { return words(DirectoryPhrase.whyReported, ["year": String(asOf.prefix(4))]) }
        return words(DirectoryPhrase.whyUnchecked)
    }

    /// A number to press. The mark says in words whether two people checked it.
    func phone(_ number: String, isConfirmed: Bool) -> HTML {
        let dialled = CallLine(name: "", number: number).dialled
        let mark = words(isConfirmed ? DirectoryPhrase.whyConfirmed : DirectoryPhrase.whyUnconfirmed)
        return """
            <p class="call"><a href="tel:\(dialled)">\(words(.serviceCall, ["number": number]))</a> \
            <span class="mark\(if: isConfirmed, " good")">\(mark)</span></p>
            """
    }

    /// What to call when a listing has no checked number of its own.
    func wayIn(_ lines: [CallLine]) -> HTML {
        """
        <section class="note"><p>\(words(.serviceNoContact))</p>
        <ul>\(lines, { line in
        "<li>\(line.name == line.number ? words(WebPhrase.lineWithoutName) : line.name) <a href=\"tel:\(line.dialled)\"><bdi>\(line.number)</bdi></a></li>" })</ul></section>
        """
    }
}

extension Words {
    func callAsFunction(_ phrase: DirectoryPhrase) -> String { self(phrase, count: nil, [:]) }
    func callAsFunction(_ phrase: DirectoryPhrase, _ arguments: KeyValuePairs<String, String>) -> String {
        self(phrase, count: nil, arguments)
    }
}
