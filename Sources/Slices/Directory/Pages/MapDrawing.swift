import Foundation
import Kernel
import Web

/// The region drawn as a picture in Web Mercator, 700 units wide.
struct MapDrawing: Sendable {
    static let width = 700.0
    private static let west = -139.3
    private static let east = -113.8
    private static let north = 60.1
    private static let south = 48.1
    private static let height = y(south)
    /// The base map as an SVG file.
    let picture: [UInt8]
    /// The base map as GeoJSON, for the moving map.
    let geoJSON: [UInt8]

    init(_ map: BaseMap) {
        picture = Array(Self.svg(map).utf8)
        geoJSON = Self.geoJSON(map)
    }

    /// In the picture's units, for its 700 of width.
    static var pictureHeight: Int { Int(height) }
    var height: Int { Self.pictureHeight }

    func point(_ coordinate: Coordinate) -> (x: Double, y: Double) { Self.point(coordinate) }

    static func point(_ coordinate: Coordinate) -> (x: Double, y: Double) {
        (x(coordinate.longitude), y(coordinate.latitude))
    }

    private static func x(_ longitude: Double) -> Double { (longitude - west) / (east - west) * width }

    private static func y(_ latitude: Double) -> Double {
        let scale = width / ((east - west) * .pi / 180)
        return (mercator(north) - mercator(latitude)) * scale
    }

    private static func mercator(_ latitude: Double) -> Double { log(tan(.pi / 4 + latitude * .pi / 360)) }

    private static func svg(_ map: BaseMap) -> String {
        func path(_ lines: [[[Double]]], closed: Bool) -> String {
            lines.map { line in
                let points = line.filter { $0.count >= 2 }.map { point in
                    String(format: "%.1f %.1f", x(point[0]), y(point[1]))
                }
                return points.isEmpty ? "" : "M" + points.joined(separator: "L") + (closed ? "z" : "")
            }.joined()
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 \(Int(height))">\
            <rect width="700" height="\(Int(height))" fill="#cfe0e8"/>\
            <path d="\(path(map.land.flatMap(\.self), closed: true))" fill="#f4f1e8" stroke="#8a9aa3" stroke-width=".6"/>\
            <path d="\(path(map.lakes.flatMap(\.self), closed: true))" fill="#cfe0e8"/>\
            <path d="\(path(map.borders, closed: false))" fill="none" stroke="#77838a" stroke-dasharray="5 4"/></svg>
            """
    }

    private static func geoJSON(_ map: BaseMap) -> [UInt8] {
        func feature(_ kind: String, _ type: String, _ coordinates: String) -> String {
            "{\"type\":\"Feature\",\"properties\":{\"kind\":\"\(kind)\"},"
                + "\"geometry\":{\"type\":\"\(type)\",\"coordinates\":\(coordinates)}}"
        }
        func text(_ line: [[Double]]) -> String {
            "[" + line.filter { $0.count >= 2 }.map { "[\($0[0]),\($0[1])]" }.joined(separator: ",") + "]"
        }
        func polygon(_ rings: [[[Double]]]) -> String { "[" + rings.map(text).joined(separator: ",") + "]" }
        let features =
            map.land.map { feature("land", "Polygon", polygon($0)) }
            + map.lakes.map { feature("lake", "Polygon", polygon($0)) }
            + map.borders.map { feature("border", "LineString", text($0)) }
        return Array("{\"type\":\"FeatureCollection\",\"features\":[\(features.joined(separator: ","))]}".utf8)
    }
}
