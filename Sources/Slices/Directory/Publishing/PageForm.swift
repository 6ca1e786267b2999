import Formats
import Kernel
import Storage

/// What the page of a listing shows to everybody, as bytes: so that pages come from the node's own file and go on while the
/// database is away. Made of a projection and read back as one.
struct PageForm: Sendable {
    let kind: RecordKind
    let id: Identifier<Record>
    /// Of a service, for the page of its organization.
    let organization: Identifier<Record>?
    let json: [UInt8]

    /// A form as it stands in the file.
    struct Bytes {
        let json: [UInt8]

        init(_ row: Row) throws { json = try row.bytes("json") }

        /// - Throws: when they are not those of a form; the file is damaged then.
        func listing() throws -> Listing { try PageForm.listing(JSONValue.parse(json)) }
    }

    init(_ listing: Projected<Listing>) {
        let page = listing.ofPage
        (kind, id, organization) = (page.record.kind, page.id, page.record.reference("organization_id"))
        var json = JSONText()
        Self.write(page.value, &json)
        self.json = json.bytes
    }

    private static func write(_ listing: Listing, _ json: inout JSONText) {
        json.object { json in
            json.member("kind", listing.record.kind.rawValue)
            json.member("id", listing.record.id.description)
            json.map("values", listing.record.values) { value, json in
                switch value {
                case .text(let text): json.text(text)
                case .number(let number): json.number(number)
                }
            }
            json.map("facts", listing.facts, write)
            json.map("translations", listing.translations) { translations, json in
                json.object { json in
                    for (language, translation) in translations.sorted(by: { $0.key.code < $1.key.code }) {
                        json.key(language.code)
                        json.texts([translation.standing.rawValue, translation.text])
                    }
                }
            }
            if let steward = listing.steward {
                json.key("steward")
                json.texts([steward.permission.rawValue, steward.name])
            }
            json.map("members", listing.members.filter { !$0.value.isEmpty }) { members, json in
                json.array { json in members.forEach { write($0, &json) } }
            }
            if listing.hoursAreUntold { json.member("hours_untold", "yes") }
            guard !listing.changes.isEmpty else { return }
            json.key("changes")
            json.array { json in
                for change in listing.changes {
                    json.texts([change.kind.rawValue, change.field, change.day.description])
                }
            }
        }
    }

    private static func write(_ fact: Fact, _ json: inout JSONText) {
        json.object { json in
            json.member("standing", fact.standing.rawValue)
            json.member("source", fact.source)
            json.member("as_of", fact.asOf)
            json.member("checked_on", fact.checkedOn?.description)
            json.member("checked_by", fact.checkedBy)
            json.member("second_checked_on", fact.secondCheckedOn?.description)
            json.member("second_checked_by", fact.secondCheckedBy)
        }
    }

    // MARK: Reading

    private static func listing(_ json: JSONValue) throws -> Listing {
        guard let kind = json["kind"]?.text.flatMap(RecordKind.init),
            let id = json["id"]?.text.flatMap(Identifier<Record>.init)
        else { throw StorageFailure.unexpectedColumn("page_form.json") }
        var listing = Listing(Record(kind, id: id))
        listing.record.values = members(json, "values").compactMapValues { value in
            value.text.map(FieldValue.text) ?? value.number.map(FieldValue.number)
        }
        listing.facts = members(json, "facts").mapValues(fact)
        listing.translations = members(json, "translations").mapValues { languages in
            var translations: [Language: Translation] = [:]
            for (language, pair) in languages.object ?? [:] {
                guard let (standing, text) = twoTexts(pair) else { continue }
                let known = Translation.Standing(rawValue: standing) ?? .machine
                translations[Language(language)] = Translation(text: text, standing: known)
            }
            return translations
        }
        listing.steward = json["steward"].flatMap(twoTexts).map { permission, name in
            Steward(name: name, permission: Steward.Permission(rawValue: permission) ?? .ask)
        }
        listing.members = try members(json, "members").mapValues { try ($0.array ?? []).map(Self.listing) }
        listing.hoursAreUntold = json["hours_untold"] != nil
        listing.changes = (json["changes"]?.array ?? []).compactMap { change in
            guard let texts = change.array?.compactMap(\.text), texts.count == 3,
                let kind = RecordKind(rawValue: texts[0]),
                let day = Day(texts[2])
            else { return nil }
            return DatedChange(kind: kind, field: texts[1], day: day)
        }
        return listing
    }

    private static func members(_ json: JSONValue, _ name: String) -> [String: JSONValue] { json[name]?.object ?? [:] }

    private static func twoTexts(_ pair: JSONValue) -> (String, String)? {
        guard let texts = pair.array?.compactMap(\.text), texts.count == 2 else { return nil }
        return (texts[0], texts[1])
    }

    private static func fact(_ json: JSONValue) -> Fact {
        Fact(
            source: json["source"]?.text, asOf: json["as_of"]?.text,
            checkedOn: json["checked_on"]?.text.flatMap(Day.init),
            checkedBy: json["checked_by"]?.text, secondCheckedOn: json["second_checked_on"]?.text.flatMap(Day.init),
            secondCheckedBy: json["second_checked_by"]?.text,
            standing: json["standing"]?.text.flatMap(Fact.Standing.init) ?? .conflict)
    }
}

extension JSONText {
    /// The members in the order of their names; nothing at all when there are none.
    fileprivate mutating func map<Value>(
        _ name: String, _ values: [String: Value], _ write: (Value, inout JSONText) -> Void
    ) {
        guard !values.isEmpty else { return }
        key(name)
        object { json in
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                json.key(name)
                write(value, &json)
            }
        }
    }

    fileprivate mutating func texts(_ texts: [String]) {
        array { json in texts.forEach { json.text($0) } }
    }
}
