/// The rules forbid it. `code` is stable and public; the sentence a person reads comes from the strings.
package protocol Refusal: Error, Sendable, CustomStringConvertible {
    var code: String { get }
    var status: Int { get }
}

/// A fault of what lies below the rules, such as a database that is away. Its sentence is for the operator's log and holds
/// nothing that was stored or asked; a visitor is told its code.
package protocol Outage: Error, Sendable, CustomStringConvertible {
    /// Stable, with a sentence in the strings; nil when it does not end by itself, so that nobody is told to try again.
    var code: String? { get }
}

/// The faults of one form or command, all at once: field name to a stable code such as `not-a-number`.
package struct Problems: Error, Sendable, Equatable {
    package private(set) var faults: [(field: String, code: String)] = []

    package init() {}
    package init(_ field: String, _ code: String) { faults = [(field, code)] }

    package mutating func add(_ field: String, _ code: String) { faults.append((field, code)) }

    package var isEmpty: Bool { faults.isEmpty }

    /// Throws itself when anything was added.
    package func check() throws(Problems) { if !isEmpty { throw self } }

    package static func == (left: Self, right: Self) -> Bool {
        left.faults.elementsEqual(right.faults) { $0 == $1 }
    }
}
