import Foundation
import Kernel

/// A place as a point on the unit sphere, so that SQLite can compare distances without trigonometry.
struct UnitVector: Sendable, Hashable {
    let x: Double
    let y: Double
    let z: Double

    /// In degrees.
    init(latitude: Double, longitude: Double) {
        let (latitude, longitude) = (latitude * .pi / 180, longitude * .pi / 180)
        x = cos(latitude) * cos(longitude)
        y = cos(latitude) * sin(longitude)
        z = sin(latitude)
    }

    init(_ coordinate: Coordinate) { self.init(latitude: coordinate.latitude, longitude: coordinate.longitude) }

    /// The square of the straight line through a sphere of 6,371 km for a way of so many metres along it, a millimetre
    /// generous.
    static func squaredChord(metres: Double) -> Double {
        let angle = min(.pi, (metres + 0.001) / 6_371_000)
        return 4 * sin(angle / 2) * sin(angle / 2)
    }
}
