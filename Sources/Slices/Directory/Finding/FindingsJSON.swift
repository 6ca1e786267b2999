import Formats
import Kernel

extension Findings {
    /// The answer for programs, paged as HSDS pages are; unknown is absent.
    func json(_ gazetteer: Gazetteer, in language: Language) -> [UInt8] {
        let pages = (total + Question.perPage - 1) / Question.perPage
        var json = JSONText()
        json.object { json in
            json.key("total_items")
            json.integer(total)
            json.key("total_pages")
            json.integer(pages)
            json.key("page_number")
            json.integer(question.page)
            json.key("size")
            json.integer(results.count)
            json.key("first_page")
            json.boolean(question.page == 1)
            json.key("last_page")
            json.boolean(question.page >= pages)
            json.key("empty")
            json.boolean(results.isEmpty)
            if let place {
                json.member("place", place.name)
            }
            json.key("contents")
            json.array { json in
                for result in results { Self.write(result, language, gazetteer, &json) }
            }
            json.key("always")
            json.array { json in
                for result in always { Self.write(result, language, gazetteer, &json) }
            }
        }
        return json.bytes
    }

    private static func write(
        _ result: Result, _ language: Language, _ gazetteer: Gazetteer, _ json: inout JSONText
    ) {
        let card = result.card
        json.object { json in
            json.member("kind", card.kind.rawValue)
            json.member("id", card.id.description)
            json.member("name", card.name(in: language))
            json.member("organization", card.organization.isEmpty ? nil : card.organization)
            json.member("description", card.summary(in: language))
            if !card.phone.isEmpty {
                json.member("phone", card.phone)
                json.key("phone_confirmed")
                json.boolean(card.phoneIsConfirmed)
            }
            list("places", card.places.compactMap { gazetteer[$0]?.name }, &json)
            list("areas", card.areas.compactMap { gazetteer[$0]?.name }, &json)
            list("terms", card.facets, &json)
            list("matched", result.matched, &json)
            json.member("checked_on", card.checkedOn?.description)
            json.member("as_of", card.asOf.isEmpty ? nil : card.asOf)
            if let kilometres = result.kilometres {
                json.key("distance_km")
                json.number((kilometres * 10).rounded() / 10)
            }
            switch result.opening {
            case .unknown: break
            case .open: json.member("open", "open")
            case .closed: json.member("open", "closed")
            }
        }
    }

    private static func list(_ name: String, _ items: [String], _ json: inout JSONText) {
        guard !items.isEmpty else { return }
        json.key(name)
        json.array { json in
            for item in items { json.text(item) }
        }
    }
}
