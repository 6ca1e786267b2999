import Foundation
import Kernel

/// How near and how fresh a document is, as factors of its score that are at most 1.
struct Ranking {
    private let asksForPlace: Bool
    private let today: Int

    init(_ query: SearchQuery) {
        asksForPlace = query.near != nil || !query.nearAreas.isEmpty
        today = query.today.number
    }

    /// 1 at the place itself and a half at 50 km; 0.35 for serving the area; 0.04 when nothing links it to the place.
    func nearness(_ squaredChord: Float, serves: Bool) -> Double {
        guard asksForPlace else { return 1 }
        let floor = serves ? 0.35 : 0.04
        guard squaredChord < .infinity else { return floor }
        let chord = Double(squaredChord).squareRoot()
        let kilometres = SpherePoint.earth * chord * (1 + chord * chord / 24)
        return max(floor, 1 / (1 + kilometres / 50))
    }

    func freshness(_ day: Int?) -> Double { Freshness(days: day.map { today - $0 }).factor }
}

/// One document that is an answer.
struct Ranked {
    var score: Double
    var segment: Int
    var document: Int
    var units: UInt64
}

/// Keeps the best so many of all that are offered: a heap with the worst kept one on top.
struct BestRanked {
    private let limit: Int
    private let views: [SegmentView]
    private var heap: [Ranked] = []

    init(limit: Int, views: [SegmentView]) {
        self.limit = limit
        self.views = views
    }

    var sorted: [Ranked] { heap.sorted { ranksBefore($0, $1) } }

    /// False when nothing of this score or less would be kept.
    @inline(__always)
    func keeps(_ score: Double) -> Bool { heap.count < limit || limit > 0 && score >= heap[0].score }

    mutating func offer(_ ranked: Ranked) {
        if heap.count < limit {
            heap.append(ranked)
            siftUp()
        } else if keeps(ranked.score), ranksBefore(ranked, heap[0]) {
            heap[0] = ranked
            siftDown()
        }
    }

    private func ranksBefore(_ left: Ranked, _ right: Ranked) -> Bool {
        if left.score != right.score { return left.score > right.score }
        return views[left.segment].key(left.document, sortsBefore: right.document, in: views[right.segment])
    }

    private mutating func siftUp() {
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard ranksBefore(heap[parent], heap[child]) else { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var worst = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if ranksBefore(heap[worst], heap[child]) { worst = child }
            }
            if worst == parent { return }
            heap.swapAt(worst, parent)
            parent = worst
        }
    }
}
