package import Formats
package import Kernel

/// A record with everything said about it and everything under it, as stored. It has no page and no encoding: only its
/// projection has (`Projected`).
package struct Listing: Sendable {
    package var record: Record
    package var audiences: [String: Audience] = [:]
    package var facts: [String: Fact] = [:]
    package var translations: [String: [Language: Translation]] = [:]
    package var steward: Steward?
    /// The node that a followed record was first published by, as it names itself; nil for what is this node's own.
    var origin: String?
    package var members: [String: [Listing]] = [:]
    /// Records that stand nowhere in the listing but are pointed to from it, without what is under them. Filled by the
    /// loader, so that the projection can tell whether a reference says too much.
    var pointed: [Identifier<Record>: Listing] = [:]
    /// Hours are stated here that the viewer may not see, or may see in part alone. Filled by the projection alone.
    var hoursAreUntold = false
    /// What changed and when, without values. Filled by the projection alone.
    var changes: [DatedChange] = []

    package init(_ record: Record) { self.record = record }
}
