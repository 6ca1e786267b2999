package import Kernel

/// A project of coded texts as REFI-QDA 1.0 exchanges it: who coded, the codebook, the texts with what was marked in them, and
/// notes. Ids are the GUIDs of the file and stay the same from one program to the next.
package struct CodingProject: Sendable, Hashable {
    /// 128 bits that a file writes as hexadecimal digits, with or without braces.
    package typealias GUID = Identifier<CodingProject>

    /// Who coded, under the name that the file gives.
    package struct User: Sendable, Hashable {
        package var id: GUID
        package var name: String

        package init(id: GUID, name: String) { (self.id, self.name) = (id, name) }
    }

    /// One code of the codebook, under `parent` where it has one.
    package struct Code: Sendable, Hashable {
        package var id: GUID
        package var parent: GUID?
        package var name: String
        package var description: String?
        /// False for a code that only groups others.
        package var isCodable = true
        /// `#rgb` or `#rrggbb`.
        package var color: String?
        package var notes: [GUID] = []

        package init(id: GUID, name: String) { (self.id, self.name) = (id, name) }
    }

    /// One code given to one selection by one coder.
    package struct Coding: Sendable, Hashable {
        package var id: GUID
        package var code: GUID
        package var user: GUID?
        /// As xsd:dateTime writes it.
        package var made: String?
        package var notes: [GUID] = []

        package init(id: GUID, code: GUID) { (self.id, self.code) = (id, code) }
    }

    /// A stretch of a text, in Unicode code points counted from 0; `end` is the first that does not belong to it.
    package struct Selection: Sendable, Hashable {
        package var id: GUID
        package var name: String?
        package var start: Int
        package var end: Int
        package var description: String?
        package var user: GUID?
        package var made: String?
        package var codings: [Coding] = []
        package var notes: [GUID] = []

        package init(id: GUID, start: Int, end: Int) { (self.id, self.start, self.end) = (id, start, end) }
    }

    /// A plain text with what was marked in it.
    package struct Source: Sendable, Hashable {
        package var id: GUID
        package var name: String
        package var description: String?
        /// Line ends as the file has them; a byte order mark is no part of it.
        package var text: String
        package var user: GUID?
        package var made: String?
        package var selections: [Selection] = []
        package var notes: [GUID] = []

        package init(id: GUID, name: String, text: String) { (self.id, self.name, self.text) = (id, name, text) }
    }

    /// A memo; what it is about points to it.
    package struct Note: Sendable, Hashable {
        package var id: GUID
        package var name: String
        package var text: String
        package var user: GUID?
        package var made: String?

        package init(id: GUID, name: String, text: String) { (self.id, self.name, self.text) = (id, name, text) }
    }

    package var name: String
    /// The program that wrote the file.
    package var origin: String?
    package var description: String?
    package var users: [User] = []
    /// Each code after the one it stands under.
    package var codes: [Code] = []
    package var sources: [Source] = []
    package var notes: [Note] = []
    /// Notes about the project as a whole.
    package var ownNotes: [GUID] = []

    package init(name: String) { self.name = name }
}

/// What stood in a file and is not carried further, by the word of the format (`Case`, `PDFSource`), with how many there were.
package struct NotCarried: Sendable, Hashable {
    package var counts: [String: Int] = [:]

    package init() {}

    package mutating func add(_ what: String, _ count: Int = 1) {
        if count > 0 { counts[what, default: 0] += count }
    }

    /// By word; empty when everything was carried.
    package var list: [(what: String, count: Int)] { counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
}

/// Why a file of coding is refused. `code` is stable; `what` names the thing and `place` where it stands.
package struct QDAFault: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case notAProject = "not-a-project"
        case notACodebook = "not-a-codebook"
        case unreadable, encrypted
        case notXML = "not-xml"
        case tooLarge = "too-large"
        case zipBomb = "zip-bomb"
        case unsafeName = "unsafe-name"
        case entities
        case outside
        case missingFile = "missing-file"
        case notText = "not-text"
        case badId = "bad-id"
        case twice
        case cycle
        case missingCode = "missing-code"
        case missingParent = "missing-parent"
        case badPosition = "bad-position"
        case beyond
        case noName = "no-name"
        case missingColumn = "missing-column"
        case wrongColumns = "wrong-columns"
        case repeatedColumn = "repeated-column"
        case tooDeep = "too-deep"
        /// Two codes of one name under the same code.
        case twin
        /// A name or a text of a code that is longer than what is kept.
        case tooLong = "too-long"
    }

    package let code: Code
    package let what: String
    package let place: String

    package init(_ code: Code, _ what: String, at place: String = "") {
        (self.code, self.what, self.place) = (code, String(what.prefix(200)), String(place.prefix(200)))
    }

    package var description: String {
        switch code {
        case .notAProject: "\(what) is no REFI-QDA project: it has no project.qde with a Project in it."
        case .notACodebook: "\(what) is no REFI-QDA codebook."
        case .unreadable: "\(what) is broken and cannot be read."
        case .encrypted: "\(what) is encrypted."
        case .notXML: "\(what) is no well-formed XML (line \(place))."
        case .tooLarge: "\(what) is larger than what is read."
        case .zipBomb: "\(what) unpacks to far more than its size, which real work does not."
        case .unsafeName: "\(what) has an entry whose name leads outside of it."
        case .entities: "\(what) declares entities, which are not taken."
        case .outside: "The source “\(what)” lies outside of the file, at \(place); export it with its sources inside."
        case .missingFile: "The text of the source “\(what)” is not in the file, where \(place) should be."
        case .notText: "\(what) is no text in UTF-8."
        case .badId: "A \(what) has no id of the form of a GUID (line \(place))."
        case .twice: "The id \(what) stands twice (line \(place))."
        case .cycle: "The code “\(what)” stands under itself."
        case .missingCode:
            "The selection \(what) of the source “\(place)” points to a code that the codebook does not have."
        case .missingParent: "The code “\(what)” stands under \(place), which the codebook does not have."
        case .badPosition:
            "The selection \(what) of the source “\(place)” has no start and end in numbers, start first."
        case .beyond: "The selection \(what) lies beyond the end of the source \(place)."
        case .noName: "A code has no name (line \(place))."
        case .missingColumn: "The table has no column “\(what)”."
        case .wrongColumns: "Line \(place) of \(what) has more or fewer fields than its header."
        case .repeatedColumn: "The column “\(what)” stands twice."
        case .tooDeep: "The code “\(what)” has more than \(Codebook.deepest - 1) codes above it."
        case .twin: "The code “\(what)” stands twice in the same place."
        case .tooLong: "The code “\(what)” has a \(place) that is longer than what is kept."
        }
    }
}
