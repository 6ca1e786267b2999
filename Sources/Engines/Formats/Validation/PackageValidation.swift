import Foundation

extension Validation {
    /// A zip bomb blows up by more; text of a directory by less than a tenth of it.
    private static var limits: ReadingLimits {
        var limits = ReadingLimits.usual
        (limits.unpacked, limits.freelyUnpacked) = (4 << 30, 1 << 20)
        return limits
    }

    /// Checks a folder or zip file with a tabular data package, or with bare tables named as those of HSDS.
    mutating func check(package url: URL) throws {
        place = Place(file: url.lastPathComponent, isTable: true)
        do {
            try check(InputFiles(url, limits: Self.limits), at: url)
        } catch let fault as ReadingFault where fault.code == "empty" {
            throw ValidationFault(fault.detail)
        } catch let fault as ReadingFault {
            place = Place(file: url.lastPathComponent, isTable: true)
            add(.unreadable, .error, nil, nil, fault.detail)
        }
    }

    private mutating func check(_ package: InputFiles, at url: URL) throws {
        var files: [(kind: RecordKind, name: String)] = []
        if package.names.contains(PackageDescription.fileName) {
            var bytes: [UInt8] = []
            try package.each(where: { $0 == PackageDescription.fileName }) { bytes = try $0.whole(upTo: 16 << 20) }
            files = tables(of: bytes)
        } else {
            for name in package.names.sorted() where name.hasSuffix(".csv") {
                place = Place(file: name, isTable: true)
                if let kind = Self.kind(named: name) { files.append((kind, name)) } else { unknownTable() }
            }
            guard !files.isEmpty else {
                throw ValidationFault("\(url.path) has neither a datapackage.json nor tables of HSDS.")
            }
            place = Place(file: PackageDescription.fileName, isTable: true)
            add(.unreadable, .error, nil, nil, "The folder has tables but no datapackage.json.")
        }
        for file in files {
            place = Place(file: file.name, isTable: true)
            let name = file.name.split(separator: "/").last.map(String.init) ?? file.name
            var isThere = false
            try package.each(where: { $0 == name && !isThere }) { bytes in
                isThere = true
                try check(table: bytes, file.kind)
            }
            if !isThere { add(.unreadable, .error, file.kind, nil, "The table cannot be opened.") }
        }
        place.isTable = true
    }

    private mutating func unknownTable() {
        add(.unknownTable, .warning, nil, nil, "HSDS 3 has no table of this name.")
    }

    /// The tables that the description names; a path out of the folder is none.
    private mutating func tables(of bytes: [UInt8]) -> [(kind: RecordKind, name: String)] {
        place = Place(file: PackageDescription.fileName, isTable: true)
        guard let resources = (try? JSONValue.parse(bytes))?["resources"]?.array else {
            add(.unreadable, .error, nil, nil, "datapackage.json is not JSON with a list of resources.")
            return []
        }
        var files: [(kind: RecordKind, name: String)] = []
        for resource in resources {
            place.file = PackageDescription.fileName
            guard let path = resource["path"]?.text, !path.hasPrefix("/"), !path.split(separator: "/").contains("..")
            else {
                add(.unreadable, .error, nil, nil, "A resource has no path within the package.")
                continue
            }
            place.file = path
            guard let kind = Self.kind(named: path) ?? resource["name"]?.text.flatMap(Self.kind(named:)) else {
                unknownTable()
                continue
            }
            files.append((kind, path))
        }
        return files
    }

    private mutating func check(table bytes: ByteStream, _ kind: RecordKind) throws {
        do {
            var rows = StrictRows(bytes)
            guard let header = try rows.next()?.fields else {
                add(.wrongColumns, .error, kind, nil, "The table has no heading.")
                return
            }
            check(header: header, kind)
            while let row = try rows.next() {
                place.line = row.line
                guard row.fields.count == header.count else {
                    add(
                        .wrongColumns, .error, kind, nil,
                        "The row has \(row.fields.count) cells under \(header.count) headings.")
                    continue
                }
                check(top: .object(Self.members(header, row.fields, kind)), kind, at: "")
            }
        } catch let fault as StrictRows.Fault {
            place.line = fault.line
            add(.unreadable, .error, kind, nil, fault.description)
        }
    }

    private mutating func check(header: [String], _ kind: RecordKind) {
        place.line = 1
        let parts = ObjectRules.all[ObjectRules.place(kind)].parts
        if Set(header).count != header.count {
            add(.wrongColumns, .error, kind, nil, "Two columns have the same heading.")
        }
        for name in header where parts[name] == nil {
            add(.unknownField, .warning, kind, name, "\(kind.rawValue) has no field of this name in HSDS.")
        }
    }

    /// The row as the record it stands for: an empty cell is a field that is not there, a number is one.
    private static func members(_ header: [String], _ cells: [String], _ kind: RecordKind) -> [String: JSONValue] {
        let parts = ObjectRules.all[ObjectRules.place(kind)].parts
        var members: [String: JSONValue] = [:]
        for (name, cell) in zip(header, cells) where !cell.isEmpty {
            switch parts[name] {
            case .field(let field, _) where field.form == .number:
                members[name] = Double(cell).map(JSONValue.number) ?? .text(cell)
            case .id, .field: members[name] = .text(cell)
            case .member, nil: break
            }
        }
        return members
    }
}
