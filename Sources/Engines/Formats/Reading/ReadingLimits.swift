/// How much of a file a reader takes before it refuses the file. Sizes are bytes.
package struct ReadingLimits: Sendable {
    /// One field of a table or one text of an XML element.
    package var field = 1 << 20
    /// One JSON record with all that hangs under it, or one XML record.
    package var record = 16 << 20
    package var columns = 1000
    /// Nesting of JSON and XML.
    package var depth = 64
    /// All that a file or the entries of an archive unpack to: a feed that never ends is refused here.
    package var unpacked = 20 << 30
    /// How many times its own size an archive may unpack to, once it has given `freelyUnpacked`.
    package var ratio = 200
    package var freelyUnpacked = 100 << 20
    /// What is remembered of one table to complete another, such as the eligibility of HSDS 1.1.
    package var remembered = 64 << 20

    package static let usual = ReadingLimits()
}
