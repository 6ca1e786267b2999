import Foundation

extension Validation {
    /// Checks a folder with a tabular data package, or with bare tables named as those of HSDS.
    mutating func check(package folder: URL) throws {
        let description = folder.appending(path: PackageDescription.fileName)
        var files: [(kind: RecordKind, name: String)] = []
        if let bytes = try? Data(contentsOf: description) {
            files = tables(of: Array(bytes), in: folder)
        } else {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            for name in names where name.hasSuffix(".csv") {
                place = Place(file: name, isTable: true)
                if let kind = Self.kind(named: name) { files.append((kind, name)) } else { unknownTable() }
            }
            guard !files.isEmpty else {
                throw ValidationFault("\(folder.path) has neither a datapackage.json nor tables of HSDS.")
            }
            place = Place(file: PackageDescription.fileName, isTable: true)
            add(.unreadable, .error, nil, nil, "The folder has tables but no datapackage.json.")
        }
        for file in files { check(table: folder.appending(path: file.name), file.name, file.kind) }
        place.isTable = true
    }

    private mutating func unknownTable() {
        add(.unknownTable, .warning, nil, nil, "HSDS 3 has no table of this name.")
    }

    /// The tables that the description names; a path out of the folder is none.
    private mutating func tables(of bytes: [UInt8], in folder: URL) -> [(kind: RecordKind, name: String)] {
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

    private mutating func check(table url: URL, _ name: String, _ kind: RecordKind) {
        place = Place(file: name, isTable: true)
        do {
            var rows = try TableRows(file: url)
            guard let header = try rows.next() else {
                add(.wrongColumns, .error, kind, nil, "The table has no heading.")
                return
            }
            check(header: header.cells, kind)
            while let row = try rows.next() {
                place.line = row.line
                guard row.cells.count == header.cells.count else {
                    add(
                        .wrongColumns, .error, kind, nil,
                        "The row has \(row.cells.count) cells under \(header.cells.count) headings.")
                    continue
                }
                check(top: .object(Self.members(header.cells, row.cells, kind)), kind, at: "")
            }
        } catch {
            let detail = (error as? TableFault)?.description ?? "The table cannot be opened."
            place.line = (error as? TableFault)?.line
            add(.unreadable, .error, kind, nil, detail)
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

    // MARK: Zip

    mutating func check(zip url: URL, workFolder: URL) throws {
        place = Place(file: url.lastPathComponent, isTable: true)
        defer { try? FileManager.default.removeItem(at: workFolder) }
        do {
            try FileManager.default.createDirectory(at: workFolder, withIntermediateDirectories: true)
            let folder = try ZipFile.unpack(url, into: workFolder)
            try check(package: folder)
        } catch let fault as ZipFault {
            add(.unreadable, .error, nil, nil, fault.description)
        }
    }
}
