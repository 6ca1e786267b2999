package import Kernel

/// What the landscape asks of the Directory: names of needs and places, and how many services anybody may see. Never a
/// coordinate of a listing, never a count of what is withheld.
package struct RegionLookup: Sendable {
    /// A part of the region that gaps are counted in.
    package struct Area: Sendable, Equatable {
        package let id: String
        package let name: String
        /// Where it is drawn on the map of the region: its largest town. Nil where none has a position.
        package let point: Point?

        package init(id: String, name: String, point: Point?) {
            self.id = id
            self.name = name
            self.point = point
        }
    }

    /// In the units of `/map/base.svg`.
    package struct Point: Sendable, Equatable {
        package let x: Int
        package let y: Int

        package init(x: Int, y: Int) {
            self.x = x
            self.y = y
        }
    }

    let needs: @Sendable (Language) -> [(id: String, name: String)]
    /// The name of a place by its id; nil for none of the gazetteer.
    let place: @Sendable (String, Language) -> String?
    /// The id of a place by its name or its id.
    let placeCalled: @Sendable (String) -> String?
    /// The areas that a place lies in, itself first.
    let around: @Sendable (String) -> [String]
    /// All places that lie in an area, and itself.
    let inside: @Sendable (String) -> [String]
    /// A Nation or a community of few people, or of nobody knows how many.
    let isSmall: @Sendable (String) -> Bool
    /// A Nation of the gazetteer is named in the text.
    let namesNation: @Sendable (String) -> Bool
    /// The largest parts of the region.
    let areas: @Sendable (Language) -> [Area]
    /// How many listed services serve an area or lie in it, for one need or for any.
    let services: @Sendable (_ need: String?, _ area: String) -> Int
    /// The id of the whole region, such as `ca-bc`.
    let whole: String
    let mapHeight: Int

    package init(
        needs: @escaping @Sendable (Language) -> [(id: String, name: String)],
        place: @escaping @Sendable (String, Language) -> String?, placeCalled: @escaping @Sendable (String) -> String?,
        around: @escaping @Sendable (String) -> [String], inside: @escaping @Sendable (String) -> [String],
        isSmall: @escaping @Sendable (String) -> Bool, namesNation: @escaping @Sendable (String) -> Bool,
        areas: @escaping @Sendable (Language) -> [Area],
        services: @escaping @Sendable (String?, String) -> Int, whole: String, mapHeight: Int
    ) {
        self.needs = needs
        self.place = place
        self.placeCalled = placeCalled
        self.around = around
        self.inside = inside
        self.isSmall = isSmall
        self.namesNation = namesNation
        self.areas = areas
        self.services = services
        self.whole = whole
        self.mapHeight = mapHeight
    }
}
