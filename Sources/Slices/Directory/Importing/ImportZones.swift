import Formats
import Kernel
import Storage

/// Hours by the wall clock without the name of a zone, from files of one region, whose writers saw no need to say it.
extension Importer {
    /// The source of a zone that no file said.
    static let assumedZone = "assumed from the place"

    /// Gives the hours of this run that name no zone the clock of their place, where the gazetteer knows the place and
    /// everybody may see it. Its source says that it is assumed.
    mutating func assumeZones() throws {
        guard hasZonelessHours else { return }
        var count = 0
        var last: Identifier<Record>?
        var announced: Set<RecordKey> = []
        repeat {
            let zoneless = try imports.zonelessHours(of: run, after: last, limit: 500)
            last = zoneless.last?.id
            let assumed = try zoneless.filter(assumeZone(of:))
            try announce(store.owners(of: assumed).filter { announced.insert(RecordKey($0)).inserted })
            count += assumed.count
        } while last != nil
        if count == 0 { return }
        note(.noticed, "\(count) schedules name no zone; the clock of their place is assumed", .schedule, at: nil)
    }

    /// False when the zone of its place is not known.
    private func assumeZone(of schedule: Record) throws -> Bool {
        guard let field = schedule.kind.object.field("zone"), let zone = try zone(of: schedule) else { return false }
        try store.set(field, of: schedule, to: .text(zone))
        try store.write(Fact(source: Self.assumedZone, asOf: now.day.description), "zone", of: schedule.id)
        return true
    }

    /// The one zone of all places where the hours are kept; nil when there is none or more than one.
    private func zone(of schedule: Record) throws -> String? {
        var ids = [schedule.reference("location_id")].compactMap(\.self)
        let joints = try schedule.reference("service_at_location_id").map {
            try store.records(.serviceAtLocation, where: "id", in: [$0.description])
        }
        let places = try schedule.reference("service_id").map {
            try store.records(.serviceAtLocation, where: "service_id", in: [$0.description])
        }
        ids += ((joints ?? []) + (places ?? [])).compactMap { $0.reference("location_id") }
        let locations = try store.records(.location, where: "id", in: ids.map(\.description))
        let zones = Set(try locations.map(zone(at:)))
        return zones.count == 1 ? zones.first ?? nil : nil
    }

    private func zone(at location: Record) throws -> String? {
        let addresses = try store.records(.address, where: "location_id", in: [location.id.description])
        let hidden = try store.annotations(of: ([location] + addresses).map(\.id.description)).audiences
        guard hidden.values.allSatisfy({ $0.values.allSatisfy { $0 == .everyone } }) else { return nil }
        if let latitude = location.number("latitude"), let longitude = location.number("longitude"),
            let point = Coordinate(latitude: latitude, longitude: longitude)
        {
            return gazetteer.nearest(to: point, within: 50)?.timeZone
        }
        let city = addresses.first { ($0["state_province"] ?? "BC").uppercased() == "BC" }?["city"]
        return city.flatMap(gazetteer.place(named:))?.timeZone
    }
}
