import CPostgres
import Storage

/// The connection is of no more use: whoever hears this drops it.
struct LostConnection: Error {
    var failure = StorageFailure.away(reason: "the connection broke")
}

/// What PostgreSQL and libpq complain of, in our own words: theirs may hold values, and a host that is half a password.
enum PostgresFault {
    /// - Parameter state: the five characters of SQLSTATE (PostgreSQL's manual, appendix A).
    static func failure(state: String) -> any Error {
        switch state {
        case "53100": StorageFailure.full
        case "25006": LostConnection(failure: .readOnly)
        case "55P03": StorageFailure.busy
        case "57014": StorageFailure.tooSlow
        case "53300": LostConnection(failure: .away(reason: "it takes no more connections"))
        case "57P01", "57P02", "57P03": LostConnection(failure: .away(reason: "it is starting or stopping"))
        // A plan or a statement that the server no longer has: a new connection prepares it again.
        case "0A000", "26000": LostConnection(failure: .away(reason: "its tables have just changed"))
        default: state.hasPrefix("08") ? LostConnection() : StorageFailure.statement(code: state)
        }
    }

    /// Why no connection came about. libpq has no code for it; it writes English unless told otherwise.
    static func failureToConnect(_ connection: OpaquePointer?) -> StorageFailure {
        let words = connection.flatMap { PQerrorMessage($0) }.map { String(cString: $0) } ?? ""
        let reason = reasons.first { words.contains($0.words) }?.reason
        return .away(reason: reason ?? "no connection came about; see the log of PostgreSQL")
    }

    private static let reasons: [(words: String, reason: String)] = [
        ("too many clients", "it takes no more connections"),
        ("connection slots", "it takes no more connections"),
        ("too many connections", "it takes no more connections"),
        ("No space left on device", "its disk is full"),
        ("password authentication failed", "it refuses the user or the password"),
        ("no password supplied", "it asks for a password and none is set"),
        ("authentication failed", "it refuses the user"),
        ("no pg_hba.conf entry", "its pg_hba.conf lets nobody in from here with this user, database and encryption"),
        ("certificate", "its TLS certificate cannot be verified"),
        ("does not support SSL", "it does not offer TLS and sslmode demands it"),
        ("SSL error", "TLS with it failed"),
        ("database \"", "there is no database of that name"),
        ("role \"", "it does not know the user"),
        ("starting up", "it is starting or stopping"),
        ("shutting down", "it is starting or stopping"),
        ("recovery mode", "it is starting or stopping"),
        ("read-only", "none of its hosts takes changes"),
        ("hot standby mode", "none of its hosts takes changes"),
        ("could not translate host name", "nobody knows the name of its host"),
        ("Connection refused", "nothing answers at its host and port"),
        ("No such file or directory", "nothing answers at its socket"),
        ("timeout expired", "its host does not answer"),
        ("No route to host", "its host cannot be reached"),
        ("Network is unreachable", "its host cannot be reached"),
        ("closed the connection unexpectedly", "what answers at its host and port hangs up"),
        ("invalid", "its address holds a setting that libpq does not take"),
    ]
}
