import Foundation
import Kernel

/// A place as a point on the unit sphere: distances without trigonometry, to about one metre.
struct SpherePoint {
    static let size = 12
    static let earth = 6371.0

    let x: Float
    let y: Float
    let z: Float

    init(_ coordinate: Coordinate) {
        let latitude = coordinate.latitude * .pi / 180
        let longitude = coordinate.longitude * .pi / 180
        x = Float(cos(latitude) * cos(longitude))
        y = Float(cos(latitude) * sin(longitude))
        z = Float(sin(latitude))
    }

    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        x = Float(bitPattern: bytes.number(offset, as: UInt32.self))
        y = Float(bitPattern: bytes.number(offset + 4, as: UInt32.self))
        z = Float(bitPattern: bytes.number(offset + 8, as: UInt32.self))
    }

    func append(to bytes: inout [UInt8]) {
        for value in [x, y, z] { bytes.appendNumber(value.bitPattern) }
    }

    /// The square of the straight line through the sphere, in radii.
    @inline(__always)
    func squaredChord(to other: SpherePoint) -> Float {
        let (dx, dy, dz) = (x - other.x, y - other.y, z - other.z)
        return dx * dx + dy * dy + dz * dz
    }

    /// Kilometres along the surface for a squared chord.
    static func kilometres(_ squaredChord: Float) -> Double {
        2 * earth * asin(min(1, Double(squaredChord).squareRoot() / 2))
    }

    /// The squared chord of a distance, two metres generous; endless for half the globe and more.
    static func squaredChord(_ kilometres: Double) -> Float {
        guard kilometres < .pi * earth, !kilometres.isNaN else { return .infinity }
        let chord = 2 * sin(max(0, kilometres) / earth / 2) + 3e-7
        return Float(chord * chord)
    }
}
