import Synchronization

/// Values made once per key and kept while what they were made from is the same.
package final class Kept<Key: Hashable & Sendable, Source: Equatable & Sendable, Value: Sendable>: Sendable {
    private let values = Mutex<[Key: (source: Source, value: Value)]>([:])

    package init() {}

    /// The kept value for `key`, or the one that `make` gives now. Keys must be few: none is ever forgotten.
    package func value(_ key: Key, as source: Source, make: () -> Value) -> Value {
        if let kept = values.withLock({ $0[key] }), kept.source == source { return kept.value }
        let value = make()
        values.withLock { $0[key] = (source, value) }
        return value
    }
}
