import Kernel
import Storage

/// Rows of indicators and what was measured, inside a transaction. No rules.
struct EvaluationStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    // MARK: Indicators

    func indicators() throws -> [Indicator] {
        try whole(transaction.rows("SELECT * FROM indicator ORDER BY number"))
    }

    func indicator(_ id: Identifier<Indicator>) throws -> Indicator? {
        try whole(transaction.rows("SELECT * FROM indicator WHERE id = \(id)")).first
    }

    private func whole(_ rows: [Row]) throws -> [Indicator] {
        var texts: [String: [Indicator.Field: String]] = [:]
        let ids = try rows.map { try $0.text("id") }
        for row in try transaction.rows("SELECT * FROM indicator_field WHERE indicator_id IN (\(list: ids))") {
            guard let field = Indicator.Field(rawValue: try row.text("field")) else { continue }
            texts[try row.text("indicator_id"), default: [:]][field] = try row.text("body")
        }
        return try rows.map { row in
            Indicator(
                id: try row.identifier("id"), number: try row.integer("number"), version: try row.integer("version"),
                texts: texts[try row.text("id")] ?? [:])
        }
    }

    func lastNumber() throws -> Int {
        try transaction.row("SELECT COALESCE(MAX(number), 0) AS last FROM indicator")?.integer("last") ?? 0
    }

    func add(_ indicator: Indicator) throws {
        try transaction.run(
            "INSERT INTO indicator (id, number, version) VALUES (\(indicator.id), \(indicator.number), \(indicator.version))"
        )
        try write(indicator)
    }

    /// Stores an indicator as its next version.
    func update(_ indicator: Indicator) throws {
        try transaction.run("UPDATE indicator SET version = \(indicator.version + 1) WHERE id = \(indicator.id)")
        try transaction.run("DELETE FROM indicator_field WHERE indicator_id = \(indicator.id)")
        try write(indicator)
    }

    private func write(_ indicator: Indicator) throws {
        for field in Indicator.Field.allCases where !indicator[field].isEmpty {
            try transaction.run(
                """
                INSERT INTO indicator_field (indicator_id, field, body)
                VALUES (\(indicator.id), \(field.rawValue), \(indicator[field]))
                """)
        }
    }

    // MARK: Measurements

    /// Of one indicator or of all, the oldest first.
    func measurements(of id: Identifier<Indicator>? = nil) throws -> [Measurement] {
        let rows =
            if let id {
                try transaction.rows("SELECT * FROM measurement WHERE indicator_id = \(id) ORDER BY on_day, at, id")
            } else {
                try transaction.rows("SELECT * FROM measurement ORDER BY on_day, at, id")
            }
        return try rows.map(Self.measurement)
    }

    func measurement(_ id: Identifier<Measurement>) throws -> Measurement? {
        try transaction.row("SELECT * FROM measurement WHERE id = \(id)").map(Self.measurement)
    }

    private static func measurement(_ row: Row) throws -> Measurement {
        guard let day = row.day("on_day") else { throw StorageFailure.unexpectedColumn("measurement") }
        var measurement = Measurement(
            id: try row.identifier("id"), indicator: try row.identifier("indicator_id"), day: day)
        (measurement.value, measurement.outOf) = (row.optionalText("value_text"), row.optionalText("out_of"))
        measurement.isReached = row["is_reached"] == .null ? nil : try row.integer("is_reached") == 1
        measurement.reach = row.optionalText("reach").flatMap(Measurement.Reach.init)
        (measurement.body, measurement.source) = (try row.text("body"), try row.text("source"))
        measurement.uses = try row.text("uses").split(separator: " ").compactMap {
            Measurement.Use(rawValue: String($0))
        }
        (measurement.agreedOn, measurement.desk) = (row.day("agreed_on"), try row.text("desk"))
        measurement.isWithdrawn = try row.integer("is_withdrawn") == 1
        measurement.reason = row.optionalText("reason")
        return measurement
    }

    func add(_ measurement: Measurement, at now: Instant) throws {
        try transaction.run(
            """
            INSERT INTO measurement (id, indicator_id, on_day, value_text, out_of, is_reached, reach, body, source, uses,
                agreed_on, desk, at, is_withdrawn)
            VALUES (\(measurement.id), \(measurement.indicator), \(measurement.day), \(measurement.value),
                \(measurement.outOf), \(measurement.isReached), \(measurement.reach?.rawValue), \(measurement.body),
                \(measurement.source), \(measurement.uses.map(\.rawValue).joined(separator: " ")),
                \(measurement.agreedOn), \(measurement.desk), \(now), 0)
            """)
    }

    /// What was told is gone for good; what was counted stays, marked, for who keeps it.
    func withdraw(_ measurement: Measurement, reason: String?) throws {
        if measurement.isTold {
            try transaction.run(
                """
                UPDATE measurement SET is_withdrawn = 1, body = '', source = '', uses = '', reach = NULL
                WHERE id = \(measurement.id)
                """)
        } else {
            try transaction.run(
                "UPDATE measurement SET is_withdrawn = 1, reason = \(reason) WHERE id = \(measurement.id)")
        }
    }

    // MARK: History

    /// The newest first.
    func changes(of id: Identifier<Indicator>) throws -> [IndicatorChange] {
        try transaction.rows("SELECT * FROM indicator_change WHERE indicator_id = \(id) ORDER BY number DESC").map {
            row in
            IndicatorChange(
                at: Instant(seconds: Int64(try row.integer("at"))), actor: try row.text("actor"),
                desk: try row.text("desk"), what: try row.text("what"), before: try row.text("before_text"),
                after: try row.text("after_text"))
        }
    }

    func add(_ changes: [IndicatorChange], to id: Identifier<Indicator>) throws {
        var number =
            try transaction.row(
                "SELECT COALESCE(MAX(number), 0) AS last FROM indicator_change WHERE indicator_id = \(id)")?
            .integer("last") ?? 0
        for change in changes {
            number += 1
            try transaction.run(
                """
                INSERT INTO indicator_change (indicator_id, number, at, actor, desk, what, before_text, after_text)
                VALUES (\(id), \(number), \(change.at), \(change.actor), \(change.desk), \(change.what),
                    \(change.before), \(change.after))
                """)
        }
    }
}
