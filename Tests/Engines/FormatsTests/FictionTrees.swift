import Formats
import Kernel

/// Trees of fictional services with every field and every member, and texts that break careless writers.
struct FictionTrees {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    static let nasty = [
        "plain", "quote \" and comma, and semicolon; and \\ backslash", "line\nfeed", "return\rand\r\nboth",
        "tab\there",
        "\"\u{301}quote with an accent", "xʷməθkʷəy̓əm", "👩🏽‍⚕️ emoji 🏳️‍🌈", "nul\u{0}byte", "bell\u{7}", "=1+1",
        "+1-250-555-0101",
        "-2", "@SUM(A1)", " =cmd|' /C calc'!A0", "＝1", "\u{feff}bom", "</script><b>", "BEGIN:VCARD\r\nFN:x", " spaces ",
        String(repeating: "long – ", count: 40), "\u{2028}separator", "#hash", "é", "e\u{301}", "",
    ]

    mutating func roll(_ sides: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(sides))
    }

    mutating func text() -> String {
        Self.nasty[roll(Self.nasty.count)] + (roll(3) == 0 ? Self.nasty[roll(Self.nasty.count)] : "")
    }

    /// A service; `depth` levels of members under it.
    mutating func service(_ number: Int, depth: Int = 4) -> RecordTree {
        tree(.service, "s\(number)", depth: depth, under: [])
    }

    private mutating func tree(_ kind: RecordKind, _ name: String, depth: Int, under parents: [RecordKind])
        -> RecordTree
    {
        var values: [String: FieldValue] = [:]
        for field in kind.object.fields where !field.isReference && (field.isRequired || roll(4) > 0) {
            values[field.name] = value(field)
        }
        if kind == .phone { values["number"] = .text("250-555-01\(10 + roll(90))") }
        if kind == .attribute { values["link_entity"] = nil }
        if kind == .location, roll(5) == 0 { values["latitude"] = nil }
        var tree = RecordTree(Record(kind, id: .named("writing/\(kind.rawValue)/\(name)"), values))
        for member in kind.object.members where !parents.contains(member.kind) && member.kind != .metadata {
            let count = member.isList ? (depth > 0 ? roll(3) : 0) : 1
            for index in 0..<count {
                let child = self.tree(
                    member.kind, "\(name)/\(member.name)\(index)", depth: depth - 1, under: parents + [kind])
                tree.members[member.name, default: []].append(child)
            }
        }
        return tree
    }

    private mutating func value(_ field: HSDSField) -> FieldValue {
        if let listed = field.values.first { return .text(listed) }
        switch (field.form, field.moment, field.name) {
        case (_, _, "latitude"): return .number(Double(roll(1_800_000)) / 10_000 - 90)
        case (_, _, "longitude"): return .number(Double(roll(3_600_000)) / 10_000 - 180)
        case (.number, _, _): return .number(Double(roll(100)) / 4)
        case (.uri, _, _): return .text("https://example.org/\(roll(1000))?a=1,2;b#c")
        case (.email, _, _): return .text("someone\(roll(100))@example.org")
        case (_, .day, _): return .text("2025-01-\(10 + roll(19))")
        case (_, .time, _): return .text("09:\(10 + roll(49))")
        case (_, .instant, _): return .text("2025-01-15T10:30:45.123Z")
        default: return .text(field.isRequired ? "x" + text() : text())
        }
    }
}

/// A strict reader of RFC 4180 for tests alone: everything at once, nothing forgiven.
struct StrictTable {
    let rows: [[String]]

    struct Fault: Error {}

    init(_ bytes: [UInt8]) throws {
        var rows: [[String]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            var cells: [String] = []
            while true {
                let (cell, end) = try Self.cell(&rest)
                cells.append(cell)
                if end { break }
            }
            rows.append(cells)
        }
        self.rows = rows
        guard rows.allSatisfy({ $0.count == rows.first?.count }) else { throw Fault() }
    }

    /// The cell at the beginning, and true when the row ends behind it.
    private static func cell(_ rest: inout ArraySlice<UInt8>) throws -> (String, Bool) {
        var bytes: [UInt8] = []
        if rest.first == UInt8(ascii: "\"") {
            rest.removeFirst()
            while true {
                guard let byte = rest.popFirst() else { throw Fault() }
                if byte != UInt8(ascii: "\"") {
                    bytes.append(byte)
                } else if rest.first == UInt8(ascii: "\"") {
                    bytes.append(rest.removeFirst())
                } else {
                    break
                }
            }
        } else {
            while let byte = rest.first, byte != UInt8(ascii: ","), byte != 0x0d {
                guard byte != UInt8(ascii: "\""), byte != 0x0a else { throw Fault() }
                bytes.append(rest.removeFirst())
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Fault() }
        switch rest.popFirst() {
        case UInt8(ascii: ","): return (text, false)
        case 0x0d where rest.popFirst() == 0x0a: return (text, true)
        default: throw Fault()
        }
    }
}
