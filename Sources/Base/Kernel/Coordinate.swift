import Foundation

/// A position in degrees of WGS 84.
package struct Coordinate: Hashable, Sendable {
    package let latitude: Double
    package let longitude: Double

    /// Nil outside the globe and at null island (0, 0), which in real files means "unknown".
    package init?(latitude: Double, longitude: Double) {
        guard (-90...90).contains(latitude), (-180...180).contains(longitude), (latitude, longitude) != (0, 0)
        else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }

    /// Great-circle distance in kilometres on a sphere of 6,371 km (haversine).
    package func kilometres(to other: Coordinate) -> Double {
        let radians = Double.pi / 180
        let byLatitude = sin((other.latitude - latitude) * radians / 2)
        let byLongitude = sin((other.longitude - longitude) * radians / 2)
        let chord =
            byLatitude * byLatitude
            + cos(latitude * radians) * cos(other.latitude * radians) * byLongitude * byLongitude
        return 2 * 6371 * asin(min(1, chord.squareRoot()))
    }
}
