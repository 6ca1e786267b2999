package import Web

/// The pages of Landscape, each noun's own in its folder.
package struct LandscapeRoutes: Sendable {
    private let landscape: Landscape
    private let frame: PageFrame
    private let ways: [StaffWay]

    package init(_ landscape: Landscape, frame: PageFrame, ways: [StaffWay]) {
        self.landscape = landscape
        self.frame = frame
        self.ways = ways
    }

    package func declare(in table: inout RouteTable) {
        ScanRoutes(landscape: landscape, frame: frame).declare(in: &table)
        ScanDeskRoutes(landscape: landscape, frame: frame, ways: ways).declare(in: &table)
        VoteRoutes(landscape: landscape, frame: frame, ways: ways).declare(in: &table)
        PlanRoutes(landscape: landscape, frame: frame, ways: ways).declare(in: &table)
        InitiativeRoutes(landscape: landscape, frame: frame, ways: ways).declare(in: &table)
        SpaceRoutes(landscape: landscape, frame: frame, ways: ways).declare(in: &table)
        EvaluationRoutes(landscape: landscape, frame: frame, ways: ways).declare(in: &table)
        CodingRoutes(landscape, frame: frame, ways: ways).declare(in: &table)
        WorkshopRoutes(landscape: landscape, frame: frame).declare(in: &table)
        WorkshopDeskRoutes(landscape: landscape, frame: frame, ways: ways).declare(in: &table)
    }
}
