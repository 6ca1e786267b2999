/// A record with all that hangs under it, by HSDS member name; what every writer takes. A writer trusts that whoever made
/// the tree left out what its readers may not see: only a projection makes one outside tests.
package struct RecordTree: Sendable, Hashable {
    package var record: Record
    package var members: [String: [RecordTree]]

    package init(_ record: Record, members: [String: [RecordTree]] = [:]) {
        self.record = record
        self.members = members
    }
}
