package import Kernel

/// One change of one record. Numbers rise by one in the order of commits, without gaps.
package struct Change: Sendable, Equatable {
    package let number: Int
    package let kind: String
    package let record: String
}

/// Numbers every change of a record, for whatever follows the record: search, caches, other nodes.
package struct ChangeSequence {
    private let transaction: any Transaction

    package init(_ transaction: any Transaction) { self.transaction = transaction }

    /// Numbers one change of `record`, inside the transaction that makes it.
    package func append(_ kind: String, _ record: String, at now: Instant) throws {
        try append([(kind, record)], at: now)
    }

    /// Numbers one change of each of `records`, in that order.
    package func append(_ records: [(kind: String, record: String)], at now: Instant) throws {
        if records.isEmpty { return }
        let last = try next("change", in: transaction, by: records.count)
        let first = last - records.count + 1
        let rows = records.enumerated().map { index, changed in
            [(first + index).sqlValue, changed.kind.sqlValue, changed.record.sqlValue, now.sqlValue]
        }
        try transaction.run(
            "INSERT INTO change (number, kind, record, at) VALUES (\(0), \(""), \(""), \(now))", each: rows)
        try transaction.wakeFollowers()
    }

    /// The number of the newest change; 0 when nothing ever changed.
    package func latest() throws -> Int {
        try transaction.row("SELECT value FROM counter WHERE name = 'change'")?.integer("value") ?? 0
    }

    /// Up to `limit` changes after `number`, oldest first.
    package func after(_ number: Int, limit: Int) throws -> [Change] {
        try transaction.rows(
            "SELECT number, kind, record FROM change WHERE number > \(number) ORDER BY number LIMIT \(limit)"
        ).map { Change(number: try $0.integer("number"), kind: try $0.text("kind"), record: try $0.text("record")) }
    }
}

/// The counter's value after it has risen by `step`.
func next(_ counter: String, in transaction: any Transaction, by step: Int = 1) throws -> Int {
    let row = try transaction.row(
        "UPDATE counter SET value = value + \(step) WHERE name = \(counter) RETURNING value")
    guard let row else { throw StorageFailure.unexpectedColumn("counter.value") }
    return try row.integer("value")
}
