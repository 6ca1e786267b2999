/// Dots of a drawn map, pushed apart until none covers another; each keeps the point where it belongs.
struct MapDots {
    struct Dot {
        let home: (x: Double, y: Double)
        let radius: Double
        var x: Double
        var y: Double

        init(x: Double, y: Double, radius: Double) {
            (home, self.x, self.y, self.radius) = ((x, y), x, y, radius)
        }

        /// So far from home that a line must show where that is.
        var needsLine: Bool { abs(x - home.x) + abs(y - home.y) > radius / 2 }
    }

    private(set) var dots: [Dot]

    private static let gap = 2.0
    private static let rounds = 200

    init(_ dots: [Dot]) {
        self.dots = dots
        for _ in 0..<Self.rounds {
            if push() == 0 { break }
        }
    }

    /// Moves every two dots that touch half of their overlap each. How many did.
    private mutating func push() -> Int {
        var touching = 0
        for left in dots.indices {
            for right in dots.indices.dropFirst(left + 1) {
                let wanted = dots[left].radius + dots[right].radius + Self.gap
                let (x, y) = (dots[right].x - dots[left].x, dots[right].y - dots[left].y)
                let distance = (x * x + y * y).squareRoot()
                guard distance < wanted - 0.01 else { continue }
                touching += 1
                let half = (wanted - distance) / 2
                // Two at one point part from west to east.
                let (unitX, unitY) = distance > 0 ? (x / distance, y / distance) : (1, 0)
                dots[left].x -= unitX * half
                dots[left].y -= unitY * half
                dots[right].x += unitX * half
                dots[right].y += unitY * half
            }
        }
        return touching
    }
}
