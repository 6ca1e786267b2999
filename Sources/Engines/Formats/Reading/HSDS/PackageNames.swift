/// The names that `datapackage.json` gives to the files of a data package. Source: Frictionless Data, Tabular Data Package.
struct PackageNames {
    private var names: [String: String] = [:]

    init(_ files: InputFiles, limits: ReadingLimits) throws {
        guard files.isPackage, files.names.contains(Self.file) else { return }
        var bytes: [UInt8] = []
        try files.each(where: { $0 == Self.file }) { bytes = try $0.whole(upTo: limits.record) }
        let package = try? JSONParser.value(of: bytes, depth: limits.depth)
        for resource in package?.members?["resources"]?.elements ?? [] {
            guard let name = resource.members?["name"]?.text, let path = resource.members?["path"]?.text else {
                continue
            }
            names[path.split(separator: "/").last.map(String.init) ?? path] = name
        }
    }

    static let file = "datapackage.json"

    /// The name of the table in `file`: its own when that says a table, else the one of the package.
    func table(in file: String) -> String {
        TableNames.kind(file) != nil || OlderTable.named(file) != nil ? file : names[file] ?? file
    }
}
