import Foundation
import Kernel

/// Squares of a quarter degree under which documents are listed by their points, so that a search around a place
/// looks only at what is near. Numbered row by row from the south-west.
enum PlaceCell {
    private static let perDegree = 4.0
    private static let columns = 1440
    private static let rows = 720

    static func word(of place: Coordinate) -> [UInt8] { word(row(place.latitude), column(place.longitude)) }

    /// All documents that have a point within so many kilometres, and some that are a little farther away;
    /// nil when the circle is too large for this to help.
    static func documents(within kilometres: Double, of place: Coordinate, in cells: Lexicon, count: Int)
        -> DocumentSet?
    {
        guard kilometres <= 1000 else { return nil }
        let reach = max(0, kilometres) / 111 + 0.01
        let (south, north) = (place.latitude - reach, place.latitude + reach)
        var set = DocumentSet(count: count)
        let shrink = cos(min(90, max(abs(south), abs(north))) * .pi / 180)
        let width = shrink > 0.02 ? reach / shrink : 360
        for row in row(south)...row(north) {
            for range in columnRanges(from: place.longitude - width, to: place.longitude + width) {
                add(row, range, of: cells, to: &set, count)
            }
        }
        return set
    }

    private static func add(
        _ row: Int, _ range: ClosedRange<Int>, of cells: Lexicon, to set: inout DocumentSet, _ count: Int
    ) {
        let last = word(row, range.upperBound)
        var number = cells.firstNumber(notBefore: word(row, range.lowerBound))
        while number < cells.count, last.withUnsafeBytes({ compareBytes(cells.word(number), $0) <= 0 }) {
            set.formUnion(packed: cells.list(number), documents: count)
            number += 1
        }
    }

    /// One range, or two where the box crosses the 180th meridian.
    private static func columnRanges(from west: Double, to east: Double) -> [ClosedRange<Int>] {
        if east - west >= 360 { return [0...columns - 1] }
        if west < -180 { return [0...column(east), column(west + 360)...columns - 1] }
        if east > 180 { return [column(west)...columns - 1, 0...column(east - 360)] }
        return [column(west)...column(east)]
    }

    private static func row(_ latitude: Double) -> Int { min(rows - 1, max(0, Int((latitude + 90) * perDegree))) }

    private static func column(_ longitude: Double) -> Int {
        min(columns - 1, max(0, Int((longitude + 180) * perDegree)))
    }

    private static func word(_ row: Int, _ column: Int) -> [UInt8] {
        let number = UInt32(row * columns + column)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
