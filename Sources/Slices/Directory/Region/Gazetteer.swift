package import Kernel
import Search

/// Places by all their names, with what they lie in. A place without a coordinate still answers with its region.
package struct Gazetteer: Sendable {
    package struct Place: Decodable, Sendable, Hashable {
        package let id: String
        package let name: String
        let nameFr: String?
        package let kind: String
        let otherNames: [String]
        let region: String?
        let alsoIn: [String]?
        let latitude: Double?
        let longitude: Double?
        let timeZone: String?
        let population: Int?

        /// Names of places stay as they are, but for the few with an official French one.
        package func name(in language: Language) -> String { language == .french ? nameFr ?? name : name }

        /// A Nation, or a community of fewer than 500 people or of unknown size, in which few words tell who is meant.
        package var isSmallCommunity: Bool { ["place", "nation"].contains(kind) && (population ?? 0) < 500 }

        /// The middle of the place, as its source states it; never an address.
        package var coordinate: Coordinate? {
            guard let latitude, let longitude else { return nil }
            return Coordinate(latitude: latitude, longitude: longitude)
        }
    }

    package let places: [Place]
    /// The time zone of most places.
    package let zone: Zone?
    private let byId: [String: Place]
    private let byName: [String: [Place]]
    private let longestName: Int
    /// Names long enough to be told from other words when misspelled, by their number of words.
    private let longNames: [Int: [String]]

    init(places: [Place]) {
        self.places = places
        let zones = Dictionary(grouping: places.compactMap(\.timeZone)) { $0 }.mapValues(\.count)
        zone = zones.max { ($0.value, $1.key) < ($1.value, $0.key) }.flatMap { Zone(identifier: $0.key) }
        byId = Dictionary(places.map { ($0.id, $0) }) { first, _ in first }
        var byName: [String: [Place]] = [:]
        for place in places {
            for name in Set(([place.name] + place.otherNames).map(Self.folded)) where !name.isEmpty {
                byName[name, default: []].append(place)
            }
        }
        self.byName = byName.mapValues { $0.sorted(by: Self.isBetter) }
        let long = byName.filter { $0.key.utf8.count >= 6 && $0.value[0].kind != "country" }.keys.sorted()
        longNames = Dictionary(grouping: long) { $0.split(separator: " ").count }
        longestName = byName.keys.map { $0.split(separator: " ").count }.max() ?? 1
    }

    package subscript(_ id: String) -> Place? { byId[id] }

    /// The place of that name, in any spelling the file knows. Of several, one with a position, then the largest.
    package func place(named name: String) -> Place? { byName[Self.folded(name)]?.first }

    /// The places a typed word may have meant, when none has the name: the same beginning, or one letter off.
    package func suggestions(for name: String) -> [Place] {
        let folded = Self.folded(name)
        guard folded.utf8.count >= 3 else { return [] }
        let near = byName.filter { $0.key.hasPrefix(folded) || isOneEditApart(Array($0.key.utf8), Array(folded.utf8)) }
        var seen: Set<String> = []
        return near.values.compactMap(\.first).sorted(by: Self.isBetter).filter { seen.insert($0.id).inserted }
            .prefix(5).map(\.self)
    }

    /// True where one of a text's words, or some after another, are the name of a Nation.
    package func namesNation(_ text: String) -> Bool {
        let words = SearchText.words(of: text)
        return words.indices.contains { start in
            (1...longestName).contains { length in
                start + length <= words.count
                    && byName[words[start..<start + length].joined(separator: " ")]?.first?.kind == "nation"
            }
        }
    }

    /// The longest place name among `words`, and where it stands.
    func place(in words: [String]) -> (place: Place, range: Range<Int>)? {
        for length in stride(from: min(longestName, words.count), to: 0, by: -1) {
            for start in 0...(words.count - length) {
                let name = words[start..<start + length].joined(separator: " ")
                if let place = byName[name]?.first, place.kind != "country" { return (place, start..<start + length) }
            }
        }
        return nil
    }

    /// The name nearest to `words`, of as many words and the same first letter, at most `limit` edits away; of several,
    /// the best known place.
    func nearest(to words: ArraySlice<String>, limit: Int) -> (place: Place, name: String, edits: Int)? {
        let typed = words.joined(separator: " ")
        var best: (place: Place, name: String, edits: Int)?
        for name in longNames[words.count] ?? [] {
            guard let edits = SearchText.edits(typed, name, limit: limit), let place = byName[name]?.first,
                typed.utf8.first == name.utf8.first,
                best.map({ edits < $0.edits || edits == $0.edits && Self.isBetter(place, $0.place) }) ?? true
            else { continue }
            best = (place, name, edits)
        }
        return best
    }

    /// The place whose middle is nearest to `point` and at most so many kilometres away.
    func nearest(to point: Coordinate, within kilometres: Double) -> Place? {
        let near = places.compactMap { place in
            place.coordinate.map { (place: place, far: $0.kilometres(to: point)) }
        }
        return near.filter { $0.far <= kilometres && $0.place.timeZone != nil }.min { $0.far < $1.far }?.place
    }

    /// The areas a place lies in, itself first: its region, that one's region, and what it also belongs to.
    package func areas(around id: String) -> [String] {
        var areas: [String] = []
        var open = [id]
        while let next = open.popLast() {
            guard !areas.contains(next) else { continue }
            areas.append(next)
            if let place = byId[next] { open += [place.region].compactMap(\.self) + (place.alsoIn ?? []) }
        }
        return areas
    }

    /// The region a person would name: the nearest larger area.
    func region(of place: Place) -> Place? { place.region.flatMap { byId[$0] } }

    static func folded(_ name: String) -> String { SearchText.words(of: name).joined(separator: " ") }

    private static func isBetter(_ left: Place, _ right: Place) -> Bool {
        let leftRank = (left.coordinate == nil ? 1 : 0, -(left.population ?? 0))
        let rightRank = (right.coordinate == nil ? 1 : 0, -(right.population ?? 0))
        return leftRank == rightRank ? left.id < right.id : leftRank < rightRank
    }
}

/// True when one letter was left out, added, changed, or swapped with its neighbour.
func isOneEditApart(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard abs(left.count - right.count) <= 1 else { return false }
    var start = 0
    while start < min(left.count, right.count), left[start] == right[start] { start += 1 }
    var leftEnd = left.count
    var rightEnd = right.count
    while leftEnd > start, rightEnd > start, left[leftEnd - 1] == right[rightEnd - 1] {
        (leftEnd, rightEnd) = (leftEnd - 1, rightEnd - 1)
    }
    let (restLeft, restRight) = (leftEnd - start, rightEnd - start)
    if max(restLeft, restRight) <= 1 { return true }
    return restLeft == 2 && restRight == 2
        && left[start] == right[start + 1] && left[start + 1] == right[start]
}
