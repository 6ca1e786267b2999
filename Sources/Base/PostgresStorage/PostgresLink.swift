import CPostgres
import Glibc
import Storage

/// One connection of libpq, used by one thread at a time. Waits with `poll`, so that a silent server is noticed.
final class PostgresLink {
    private struct Text: Hashable {
        let sql: String
        let types: [Oid]
    }

    private static let keptStatements = 512
    private static let batch = 512

    private let connection: OpaquePointer
    private let silence: Int32
    private var prepared: [Text: String] = [:]
    private var preparedCount = 0

    init(_ address: PostgresAddress, _ limits: PostgresLimits) throws {
        silence = Int32(limits.statement + 5) * 1000
        let settings = [
            // What the address says itself stands above these, but for the last one.
            ("connect_timeout", "\(limits.connect)"), ("keepalives_idle", "10"), ("keepalives_interval", "5"),
            ("keepalives_count", "3"), ("tcp_user_timeout", "20000"), ("application_name", "waymark"),
            ("dbname", address.url), ("client_encoding", "UTF8"),
        ]
        guard let connection = Self.connect(settings) else { throw PostgresFault.failureToConnect(nil) }
        guard PQstatus(connection) == CONNECTION_OK else {
            defer { PQfinish(connection) }
            throw PostgresFault.failureToConnect(connection)
        }
        self.connection = connection
        PQsetnonblocking(connection, 1)
        try prepareSession(limits)
    }

    deinit { PQfinish(connection) }

    var socket: Int32 { PQsocket(connection) }

    private static func connect(_ settings: [(String, String)]) -> OpaquePointer? {
        let keys = settings.map { UnsafePointer(strdup($0.0)) } + [nil]
        let values = settings.map { UnsafePointer(strdup($0.1)) } + [nil]
        defer { for text in keys + values { free(UnsafeMutableRawPointer(mutating: text)) } }
        return PQconnectdbParams(keys, values, 1)
    }

    /// Order of text must be that of bytes, as in SQLite; the server must notice by itself when this program is gone.
    private func prepareSession(_ limits: PostgresLimits) throws {
        guard PQserverVersion(connection) >= 140_000 else {
            throw StorageFailure.unfit(reason: "it is older than version 14")
        }
        try execute(
            """
            SET client_min_messages = error; SET statement_timeout = \(limits.statement * 1000);
            SET lock_timeout = \(limits.lock * 1000); SET idle_in_transaction_session_timeout = 60000;
            SET client_connection_check_interval = 5000; SET tcp_keepalives_idle = 10;
            SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET standard_conforming_strings = on;
            SET bytea_output = hex; SET extra_float_digits = 1
            """)
        let row = try rows(
            """
            SELECT pg_encoding_to_char(encoding) AS encoding, datcollate, datctype, current_schema() AS schema
            FROM pg_database WHERE datname = current_database()
            """
        ).first
        let plain = ["C", "POSIX"]
        guard let row, row.optionalText("encoding") == "UTF8", plain.contains(row.optionalText("datcollate") ?? ""),
            plain.contains(row.optionalText("datctype") ?? "")
        else {
            throw StorageFailure.unfit(
                reason: "it must be made with createdb --template=template0 --encoding=UTF8 --locale=C")
        }
        guard row.optionalText("schema") != nil else {
            throw StorageFailure.unfit(reason: "its search_path names no schema that is there")
        }
    }

    // MARK: Statements

    /// Statements without values, one after the other in one message. The last one's tag.
    @discardableResult
    func execute(_ text: String) throws -> String {
        try require(PQsendQuery(connection, text))
        return try results().last?.tag ?? ""
    }

    func rows(_ statement: SQL) throws -> [Row] { try answer(statement)?.rows ?? [] }

    func run(_ statement: SQL) throws -> Int { try answer(statement)?.changed ?? 0 }

    private func answer(_ statement: SQL) throws -> PostgresResult? {
        let (text, values) = statement.rendered { "$\($0)" }
        let parameters = try PostgresParameters(values)
        let name = try prepare(text, values.map(PostgresType.sent))
        try require(send(name, parameters))
        return try results().last
    }

    /// Sends a batch of rows at once and then reads what became of them. A column has the type of its first value.
    func run(_ statement: SQL, each rows: [[SQLValue]]) throws -> Int {
        guard let width = rows.first?.count else { return 0 }
        let (text, _) = statement.rendered { "$\($0)" }
        let types = (0..<width).map { column -> Oid in
            rows.lazy.map { PostgresType.sent($0[column]) }.first { $0 != 0 } ?? 0
        }
        let name = try prepare(text, types)
        var changed = 0
        for start in stride(from: 0, to: rows.count, by: Self.batch) {
            let parameters = try rows[start..<min(start + Self.batch, rows.count)].map(PostgresParameters.init)
            try require(PQenterPipelineMode(connection))
            for parameters in parameters { try require(send(name, parameters)) }
            try require(PQpipelineSync(connection))
            let answers = try pipelined()
            try require(PQexitPipelineMode(connection))
            try refuse(answers)
            changed += answers.reduce(0) { $0 + $1.changed }
        }
        return changed
    }

    private func send(_ name: String, _ parameters: PostgresParameters) -> Int32 {
        parameters.send { PQsendQueryPrepared(connection, name, $0, $1, $2, $3, 0) }
    }

    private func prepare(_ sql: String, _ types: [Oid]) throws -> String {
        let text = Text(sql: sql, types: types)
        if let name = prepared[text] { return name }
        if prepared.count >= Self.keptStatements {
            try execute("DEALLOCATE ALL")
            prepared = [:]
        }
        preparedCount += 1
        let name = "w\(preparedCount)"
        try require(PQsendPrepare(connection, name, sql, Int32(types.count), types))
        try results()
        prepared[text] = name
        return name
    }

    // MARK: Waiting

    /// Waits until something was said on the channels this connection listens to.
    func waitForNotice() throws -> [String] {
        var notices: [String] = []
        while notices.isEmpty {
            try wait(for: Int16(POLLIN), milliseconds: -1)
            try require(PQconsumeInput(connection))
            while let notice = PQnotifies(connection) {
                if let extra = notice.pointee.extra { notices.append(String(cString: extra)) }
                PQfreemem(notice)
            }
        }
        return notices
    }

    @discardableResult
    private func results() throws -> [PostgresResult] {
        try flush()
        var answers: [PostgresResult] = []
        while let answer = try next() { answers.append(answer) }
        try refuse(answers)
        return answers
    }

    /// The answers up to the mark at the end of the batch; each is followed by nothing.
    private func pipelined() throws -> [PostgresResult] {
        try flush()
        var answers: [PostgresResult] = []
        while true {
            guard let answer = try next() else {
                guard PQstatus(connection) == CONNECTION_OK else { break }
                continue
            }
            if answer.status == PGRES_PIPELINE_SYNC { return answers }
            answers.append(answer)
        }
        try refuse(answers)
        throw LostConnection()
    }

    private func refuse(_ answers: [PostgresResult]) throws {
        for answer in answers where ![PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(answer.status) {
            if PQstatus(connection) == CONNECTION_BAD, !answer.state.hasPrefix("57P") { throw LostConnection() }
            throw PostgresFault.failure(state: answer.state)
        }
    }

    private func next() throws -> PostgresResult? {
        while PQisBusy(connection) == 1 {
            try wait(for: Int16(POLLIN), milliseconds: silence)
            if PQconsumeInput(connection) == 0 { break }
        }
        return PQgetResult(connection).map(PostgresResult.init)
    }

    private func flush() throws {
        while true {
            let left = PQflush(connection)
            if left == 0 { return }
            // What the server said before it hung up is read with the answers.
            if left < 0 { return }
            try wait(for: Int16(POLLIN | POLLOUT), milliseconds: silence)
            if PQconsumeInput(connection) == 0 { return }
        }
    }

    private func wait(for events: Int16, milliseconds: Int32) throws {
        var descriptor = pollfd(fd: socket, events: events, revents: 0)
        while true {
            let ready = poll(&descriptor, 1, milliseconds)
            if ready > 0 { return }
            if ready == 0 { throw LostConnection(failure: .away(reason: "it does not answer")) }
            if errno != EINTR { throw LostConnection() }
        }
    }

    private func require(_ done: Int32) throws { if done == 0 { throw LostConnection() } }
}
