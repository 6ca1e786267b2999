import CPostgres
import Storage

/// Object ids of the types we send or read, from PostgreSQL's catalogue `pg_type`.
enum PostgresType {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let oid: Oid = 26
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let numeric: Oid = 1700

    /// What a value is sent as. Text and null take the type that the statement needs there.
    static func sent(_ value: SQLValue) -> Oid {
        switch value {
        case .null, .text: 0
        case .integer: int8
        case .real: float8
        case .blob: bytea
        }
    }
}

/// Values as libpq takes them: text with a zero at its end, bytes as they are.
struct PostgresParameters {
    private var bytes: [UInt8] = []
    private var starts: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue]) throws {
        for value in values {
            try value.refuseZero()
            switch value {
            case .null: append(nil)
            case .integer(let number): append(String(number).utf8)
            // SQLite keeps what is no number as null.
            case .real(let number): append(number.isNaN ? nil : "\(number)".utf8)
            case .text(let text): append(text.utf8)
            case .blob(let blob):
                append(nil)
                (starts[starts.count - 1], lengths[lengths.count - 1]) = (bytes.count, Int32(blob.count))
                formats[formats.count - 1] = 1
                bytes += blob + [0]
            }
        }
    }

    private mutating func append(_ text: String.UTF8View?) {
        starts.append(text == nil ? nil : bytes.count)
        lengths.append(0)
        formats.append(0)
        guard let text else { return }
        bytes.append(contentsOf: text)
        bytes.append(0)
    }

    typealias Sending<Result> = (
        _ count: Int32, _ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]
    ) -> Result

    func send<Result>(_ body: Sending<Result>) -> Result {
        bytes.withUnsafeBytes { raw in
            let base = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = starts.map { start in start.flatMap { base?.advanced(by: $0) } }
            return body(Int32(values.count), values, lengths, formats)
        }
    }
}

/// One answer of libpq, freed with this value.
final class PostgresResult {
    private let result: OpaquePointer

    init(_ result: OpaquePointer) { self.result = result }
    deinit { PQclear(result) }

    var status: ExecStatusType { PQresultStatus(result) }
    var state: String { PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? "" }
    /// What was done, such as `UPDATE` or `COMMIT`.
    var tag: String { String(cString: PQcmdStatus(result)) }
    var changed: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    var rows: [Row] {
        let width = PQnfields(result)
        let columns = (0..<width).map { String(cString: PQfname(result, $0)) }
        let types = (0..<width).map { PQftype(result, $0) }
        return (0..<PQntuples(result)).map { row in
            Row(columns: columns, values: (0..<width).map { value(row, $0, types[Int($0)]) })
        }
    }

    private func value(_ row: Int32, _ column: Int32, _ type: Oid) -> SQLValue {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
        let raw = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        let text = String(decoding: raw, as: UTF8.self)
        switch type {
        case PostgresType.int8, PostgresType.int4, PostgresType.int2, PostgresType.oid:
            return Int64(text).map(SQLValue.integer) ?? .text(text)
        case PostgresType.float8, PostgresType.float4: return Double(text).map(SQLValue.real) ?? .text(text)
        // SUM and AVG of whole numbers.
        case PostgresType.numeric:
            return Int64(text).map(SQLValue.integer) ?? Double(text).map(SQLValue.real) ?? .text(text)
        case PostgresType.bool: return .integer(text == "t" ? 1 : 0)
        case PostgresType.bytea: return .blob(Self.bytes(hex: raw))
        default: return .text(text)
        }
    }

    /// `\x` and two digits for each byte.
    private static func bytes(hex: UnsafeRawBufferPointer) -> [UInt8] {
        func digit(_ byte: UInt8) -> UInt8 { byte < 58 ? byte &- 48 : (byte | 32) &- 87 }
        return stride(from: 2, to: hex.count - 1, by: 2).map { digit(hex[$0]) << 4 | digit(hex[$0 + 1]) }
    }
}
