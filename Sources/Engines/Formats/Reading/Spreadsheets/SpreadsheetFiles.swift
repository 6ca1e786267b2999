/// Reads any spreadsheet in CSV by a mapping of its columns.
struct SpreadsheetFiles {
    let files: InputFiles
    let mapping: ColumnMapping
    let intake: Intake

    func read() throws {
        let isAlone = !files.isPackage
        try files.each(where: { isAlone || TableNames.isTable($0) }) { bytes in
            guard let columns = columns(of: bytes.name, isAlone: isAlone) else {
                return try intake.fault(
                    "unknown-table", "The mapping says nothing about \(bytes.name), which is left out.",
                    at: Origin(file: bytes.name, line: 1))
            }
            var mapper: SpreadsheetRows?
            try TableReader.read(bytes, intake) { row in
                if mapper == nil { mapper = try SpreadsheetRows(columns, row, intake: intake) }
                try mapper?.take(row)
            }
        }
    }

    /// One mapped file and one file given are meant for each other, whatever their names.
    private func columns(of name: String, isAlone: Bool) -> [ColumnMapping.Column]? {
        if let columns = mapping.files[name] { return columns }
        return isAlone && mapping.files.count == 1 ? mapping.files.first?.value : nil
    }
}

/// Turns rows of one spreadsheet into rows of HSDS tables, one for each model of the mapping.
struct SpreadsheetRows {
    private let columns: [(column: String, targets: [ColumnMapping.Target])]
    private let models: [String]
    private let intake: Intake
    private let words: OlderWords

    init(_ columns: [ColumnMapping.Column], _ first: TableRow, intake: Intake) throws {
        self.intake = intake
        words = OlderWords(intake: intake)
        self.columns = columns.filter { first.header.has($0.name) }.map { ($0.name, $0.targets) }
        var models: [String] = []
        for target in columns.flatMap(\.targets) where !models.contains(target.model) { models.append(target.model) }
        self.models = models
        for column in columns where !first.header.has(column.name) {
            try intake.faultOnce(
                "missing-column",
                "The mapping names the column “\(column.name)”, which \(first.origin.file) does not have.",
                field: column.name, of: first.origin.file, at: Origin(file: first.origin.file, line: 1))
        }
    }

    func take(_ row: TableRow) throws {
        var rows: [String: [String: String]] = [:]
        var broken: Set<String> = []
        for (column, targets) in columns {
            for target in targets {
                guard let value = row[column] else {
                    if target.isRequired, broken.insert(target.model).inserted {
                        try intake.fault(
                            "missing-required",
                            "“\(column)” is empty; the row gives no record of \(target.model).",
                            field: column, at: row.origin)
                    }
                    continue
                }
                let before = target.isAppended ? rows[target.model]?[target.field] : nil
                rows[target.model, default: [:]][target.field] = ListText.joined([before, value], "\n")
            }
        }
        for model in models where !broken.contains(model) {
            if let values = rows[model] { try take(values, model, among: rows, at: row.origin) }
        }
    }

    private func take(
        _ values: [String: String], _ model: String, among rows: [String: [String: String]], at origin: Origin
    ) throws {
        guard let table = OlderTable.named(model) else {
            guard let kind = TableNames.kind(model) else { return }
            var record = RawRecord(kind, id: values["id"], values.mapValues(Optional.init), at: origin)
            record.values["id"] = nil
            record.id = record.id ?? ContentId.of(record)
            try intake.take(record)
            return
        }
        var row = OlderRow(table: table, values: values, origin: origin)
        switch table {
        case .service:
            let eligibility = rows.first { OlderTable.named($0.key) == .eligibility }?.value
            if eligibility?["service_id"] == values["id"] { row.values["eligibility"] = eligibility?["eligibility"] }
        case .regularSchedule:
            if let hours = values["hours_of_operation"] {
                row.values["hours_of_operation"] = nil
                for day in HoursText.days(of: hours) {
                    row.values["weekday"] = day.weekday
                    row.values["opens_at"] = day.opens
                    row.values["closes_at"] = day.closes
                    try words.take(row)
                }
                return
            }
        case .postalAddress, .physicalAddress: row.values.merge(AddressText.parts(of: values)) { $1 }
        default: break
        }
        try words.take(row)
    }
}

/// Hours in one text, such as `Monday: 9:00-17:00 Tuesday: Closed`.
enum HoursText {
    static func days(of text: String) -> [(weekday: String, opens: String?, closes: String?)] {
        let words = text.split { $0.isWhitespace || $0 == "," || $0 == ";" }.map(String.init)
        var days: [(weekday: String, opens: String?, closes: String?)] = []
        for word in words {
            let plain = word.hasSuffix(":") ? String(word.dropLast()) : word
            if WeekdayText.byday(plain) != nil {
                days.append((plain, nil, nil))
            } else if let last = days.indices.last {
                let ends = word.split(separator: "-").map(String.init)
                guard ends.count == 2 else { continue }
                if days[last].opens == nil {
                    (days[last].opens, days[last].closes) = (ends[0], ends[1])
                } else {
                    days.append((days[last].weekday, ends[0], ends[1]))
                }
            }
        }
        return days
    }
}

/// Takes the state and postal code off the end of an address in one text, when the file has no columns for them.
enum AddressText {
    static func parts(of values: [String: String]) -> [String: String] {
        guard let text = values["address_1"], values["postal_code"] == nil, values["state_province"] == nil,
            let comma = text.lastIndex(of: ",")
        else { return [:] }
        let words = text[text.index(after: comma)...].split(separator: " ").map(String.init)
        guard 2...3 ~= words.count, words[0].count == 2, words[0].allSatisfy(\.isUppercase),
            words.dropFirst().allSatisfy({ $0.contains(where: \.isNumber) })
        else { return [:] }
        return [
            "address_1": FieldCheck.tidy(String(text[..<comma])), "state_province": words[0],
            "postal_code": words.dropFirst().joined(separator: " "),
        ]
    }
}
