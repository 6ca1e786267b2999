import Synchronization

/// How many requests there were and how long they took, by method, route pattern and class of status, for the metrics. Like
/// the log it can hold no path, query or address.
package final class RequestCounts: Sendable {
    package struct Kind: Hashable, Comparable, Sendable {
        package let method: String
        package let pattern: String
        /// `2xx`.
        package let status: String

        package static func < (left: Self, right: Self) -> Bool {
            (left.pattern, left.method, left.status) < (right.pattern, right.method, right.status)
        }
    }

    package struct Count: Sendable {
        package var requests = 0
        package var milliseconds = 0
        /// Those that took no longer than each of `bounds`, not counted again in the next.
        package var classes = [Int](repeating: 0, count: bounds.count + 1)
    }

    /// Milliseconds.
    package static let bounds = [1, 5, 10, 50, 100, 500, 1000, 5000]
    private static let methods: Set<String> = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "-"]

    private let counts = Mutex<[Kind: Count]>([:])

    func add(method: String, pattern: String, status: Int, microseconds: Int) {
        // Anybody can invent methods, but not fill our memory with them.
        let method = Self.methods.contains(method) ? method : "other"
        let kind = Kind(method: method, pattern: pattern, status: "\(status / 100)xx")
        let place = Self.bounds.firstIndex { microseconds <= $0 * 1000 } ?? Self.bounds.count
        counts.withLock { counts in
            counts[kind, default: Count()].requests += 1
            counts[kind]?.milliseconds += microseconds / 1000
            counts[kind]?.classes[place] += 1
        }
    }

    package var all: [(kind: Kind, count: Count)] {
        counts.withLock { $0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
