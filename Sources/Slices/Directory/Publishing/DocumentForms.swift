import Formats
import Kernel
import Storage

/// How much of a record an answer holds.
enum DocumentForm: Sendable, Hashable {
    case list, full
    /// An organization with the full form of each of its services.
    case fullWithServices
    /// Id and moment of the last change.
    case minimal
}

/// Reads documents as bytes and puts those together that hold others.
struct DocumentForms {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    /// In the order of `numbers`; what is gone meanwhile is left out.
    func bytes(_ numbers: some Collection<Int>, _ kind: RecordKind, _ form: DocumentForm) throws -> [[UInt8]] {
        let numbers = Array(numbers)
        let found: [Int: [UInt8]] =
            switch (form, kind) {
            case (.minimal, _): try minimal(numbers)
            case (.list, .serviceAtLocation): try places(numbers, lists(numbers), lists)
            case (.list, _): try lists(numbers)
            case (_, .serviceAtLocation): try places(numbers, fulls(numbers)) { try fulls($0, without: .places) }
            case (.fullWithServices, .organization): try withServices(numbers)
            case (.full, _), (.fullWithServices, _): try fulls(numbers)
            }
        return numbers.compactMap { found[$0] }
    }

    private func lists(_ numbers: [Int]) throws -> [Int: [UInt8]] {
        try found("SELECT number, json FROM list_form WHERE number IN (\(list: numbers))")
    }

    private func found(_ statement: SQL) throws -> [Int: [UInt8]] {
        var found: [Int: [UInt8]] = [:]
        for row in try transaction.rows(statement) { found[try row.integer("number")] = try row.bytes("json") }
        return found
    }

    private enum Cut { case organization, places }

    private func fulls(_ numbers: [Int], without cut: Cut? = nil) throws -> [Int: [UInt8]] {
        guard let cut else {
            return try found("SELECT number, json FROM full_form WHERE number IN (\(list: numbers))")
        }
        var found: [Int: [UInt8]] = [:]
        for row in try transaction.rows("SELECT * FROM full_form WHERE number IN (\(list: numbers))") {
            var json = try row.bytes("json")
            let (from, to) =
                cut == .organization ? ("organization_from", "organization_to") : ("places_from", "places_to")
            json.removeSubrange(try row.integer(from)..<row.integer(to))
            found[try row.integer("number")] = json
        }
        return found
    }

    /// Services at locations, each with its service.
    private func places(
        _ numbers: [Int], _ places: [Int: [UInt8]], _ forms: ([Int]) throws -> [Int: [UInt8]]
    ) throws -> [Int: [UInt8]] {
        var services: [Int: Int] = [:]
        for row in try transaction.rows("SELECT number, service FROM document WHERE number IN (\(list: numbers))") {
            services[try row.integer("number")] = try row.integer("service")
        }
        let found = try forms(Set(services.values).sorted())
        var whole: [Int: [UInt8]] = [:]
        for (number, place) in places {
            guard let service = services[number].flatMap({ found[$0] }) else { continue }
            whole[number] = place.dropLast() + Self.serviceKey + service + [0x7d]
        }
        return whole
    }

    private func withServices(_ numbers: [Int]) throws -> [Int: [UInt8]] {
        var organizations = try fulls(numbers)
        for number in numbers {
            let run = try transaction.rows(
                """
                SELECT s.number AS number FROM published p CROSS JOIN document s ON s.organization = p.id
                CROSS JOIN published q ON q.number = s.number
                WHERE p.number = \(number) AND s.service = s.number ORDER BY q.id
                """
            ).map { try $0.integer("number") }
            guard let organization = organizations[number], !run.isEmpty else { continue }
            var whole = organization.dropLast() + Self.servicesKey
            for (place, numbers) in run.chunks(of: 256).enumerated() {
                let services = try fulls(numbers, without: .organization)
                let joined = numbers.compactMap { services[$0] }.joined(separator: [0x2c])
                whole += (place > 0 ? [0x2c] : []) + joined
            }
            organizations[number] = whole + [0x5d, 0x7d]
        }
        return organizations
    }

    /// The standard speaks of `modified_date` and defines `last_modified`; both are there.
    private func minimal(_ numbers: [Int]) throws -> [Int: [UInt8]] {
        var found: [Int: [UInt8]] = [:]
        for chunk in numbers.chunks(of: 512) {
            for row in try transaction.rows(
                "SELECT number, id, modified FROM published WHERE removed = 0 AND number IN (\(list: chunk))")
            {
                let moment = Instant(seconds: Int64(try row.integer("modified")))
                let json = """
                    {"id":"\(try row.text("id"))","last_modified":"\(moment)","modified_date":"\(moment)"}
                    """
                found[try row.integer("number")] = Array(json.utf8)
            }
        }
        return found
    }

    private static let serviceKey = Array(",\"service\":".utf8)
    private static let servicesKey = Array(",\"services\":[".utf8)
}
