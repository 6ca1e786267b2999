package import Kernel

/// One row of a scan: what exists, what is missing, what stands in the way, or what could be done, with who said so.
package struct Finding: Sendable, Equatable {
    package enum Focus: String, Sendable, CaseIterable {
        case prevention, intervention
        case survivorSupports = "survivor_supports"
    }

    package enum Kind: String, Sendable, CaseIterable { case existing, gap, barrier, opportunity }

    /// Only a published finding is seen by visitors. A merged one leads to another and is counted there.
    package enum State: String, Sendable, CaseIterable { case draft, published, merged, withdrawn }

    /// Where it came from: the scan as printed, a note of a workshop, coded text, a form of staff, a file.
    package enum Origin: String, Sendable, CaseIterable { case baseline, workshop, coding, entry, file }

    /// Where it stands in the document it was printed in.
    package struct Printed: Sendable, Equatable {
        package var document: String
        package var table: Int?
        package var title: String?
        package var section: String?
        /// The heading it was printed under, where that is not the one of its kind.
        package var under: String?

        package init(
            document: String, table: Int? = nil, title: String? = nil, section: String? = nil, under: String? = nil
        ) {
            self.document = document
            self.table = table
            self.title = title
            self.section = section
            self.under = under
        }
    }

    /// What somebody holds about a contested finding: never "recommended", always with author, date and source.
    package struct Position: Sendable, Equatable {
        package var author: String
        /// As the source dates it: a year, a month or a day.
        package var date: String?
        package var source: String
        package var text: String

        package init(author: String, date: String?, source: String, text: String) {
            self.author = author
            self.date = date
            self.source = source
            self.text = text
        }
    }

    package let id: Identifier<Finding>
    package let scan: Identifier<Scan>
    /// The name of the row in its scan, such as `fnd-t01-01`; unique in it.
    package var code: String
    /// The place of the row among those of its scan, from 1.
    package var number: Int
    package var focus: Focus
    package var theme: String
    package var subtheme: String?
    package var kind: Kind
    package var text: String
    /// In which it is written.
    package var language = Language.english
    /// Names and figures as the row gives them, in its order.
    package var facts: [String] = []
    /// Ids of the gazetteer, sorted; empty where no place was said.
    package var places: [String] = []
    /// Needs of the vocabulary such as `need:housing`, sorted; our reading, not the source's.
    package var needs: [String] = []
    package var printed: Printed
    /// What a reader should know of the row, as the data says it.
    package var flag: String?
    /// Said to be about a small community, which no place that it names tells.
    package var isSmall = false
    /// Who of the community looked whether it could harm, and when; nil for nobody.
    package var review: String?
    /// Positions differ; both stand beside it, in the order of their dates.
    package var isContested = false
    package var positions: [Position] = []
    package var state = State.draft
    /// The finding that it was merged into.
    package var mergedInto: Identifier<Finding>?
    /// The finding of an earlier scan that it says something new about.
    package var continues: Identifier<Finding>?
    package var origin: Origin
    /// The id of the note or highlight it was made from.
    package var originId: String?

    package init(
        id: Identifier<Finding>, scan: Identifier<Scan>, code: String, number: Int, focus: Focus, theme: String,
        subtheme: String? = nil, kind: Kind, text: String, printed: Printed, origin: Origin
    ) {
        self.id = id
        self.scan = scan
        self.code = code
        self.number = number
        self.focus = focus
        self.theme = theme
        self.subtheme = subtheme
        self.kind = kind
        self.text = text
        self.printed = printed
        self.origin = origin
    }

    /// Nothing about a small community goes out before somebody of it looked whether it could harm. What was printed is out.
    func awaitsReview(_ region: RegionLookup) -> Bool {
        review == nil && origin != .baseline
            && (isSmall || (places + facts.compactMap(region.placeCalled)).contains(where: region.isSmall)
                || ([text] + facts).contains(where: region.namesNation))
    }

    /// The most bytes of its text; a longer one is a document, not a finding.
    package static let longestText = 4000
}

/// One look at the whole field, such as the one of 2024 that later ones are compared with.
package struct Scan: Sendable, Equatable {
    package let id: Identifier<Scan>
    /// Short and in addresses, such as `2024`.
    package let code: String
    package let title: String
    /// As it dates itself: a year, a month or a day.
    package let published: String
    package let isBaseline: Bool
    /// Of the file it was loaded from: another one is not loaded over it. Nil where it is written here.
    package let digest: String?

    package init(
        id: Identifier<Scan>, code: String, title: String, published: String, isBaseline: Bool, digest: String?
    ) {
        self.id = id
        self.code = code
        self.title = title
        self.published = published
        self.isBaseline = isBaseline
        self.digest = digest
    }
}
