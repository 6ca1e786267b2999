import ArgumentParser
import Formats
import Foundation
import Kernel
import Landscape
import Platform

/// The coding of texts: list the studies, read one from a file, write one out.
struct CodingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coding", abstract: "Read and write coded texts as REFI-QDA, and codebooks as tables.",
        subcommands: [CodingList.self, CodingImport.self, CodingExport.self])

    static let largest = 256 << 20
}

struct CodingList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the studies, the newest first: id, day, name.")

    func run() async throws {
        for study in try await Start(settings()).platform().landscape.studies() {
            printText("\(study.id)  \(study.openedOn)  \(study.name)")
        }
    }
}

struct CodingImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read a project (.qdpx) as a new study, or a codebook (.qdc, .csv) into one.",
        discussion: """
            All of it is kept or none. What the file has and we do not carry, such as cases, pictures or links, is counted by \
            name. Prints the id of the study.
            """)
    @Argument(help: "The file.") var path: String
    @Option(help: "The study that a codebook goes into; needed for .qdc and .csv.") var study: String?
    @Flag(help: "Say what is in it and keep nothing.") var dryRun = false
    @OptionGroup var desk: RoleOption

    func run() async throws {
        let file = URL(filePath: path)
        let size = (try? file.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
        guard size <= CodingCommand.largest else { throw QDAFault(.tooLarge, file.lastPathComponent) }
        guard let bytes = try? Data(contentsOf: file) else { throw ValidationError("\(path) cannot be read.") }
        let asker = StudyActor(actor: desk.actor, worker: nil)
        let landscape = try await Start(settings()).platform().landscape
        let counts: CarriedCounts
        if ["qdc", "csv"].contains(file.pathExtension.lowercased()) {
            guard let study = study.flatMap(Identifier<Study>.init) else {
                throw ValidationError("A codebook goes into a study: say which with --study.")
            }
            counts = try await landscape.takeCodebook(
                Array(bytes), named: file.lastPathComponent, into: study, keeps: !dryRun, by: asker)
        } else {
            counts = try await landscape.takeProject(
                Array(bytes), named: file.lastPathComponent, keeps: !dryRun, by: asker)
        }
        say(
            """
            \(counts.coders) coders, \(counts.codes) codes (\(counts.known) known), \(counts.sources) texts, \
            \(counts.highlights) highlights, \(counts.marks) codes given, \(counts.notes) notes\
            \(dryRun ? "; nothing was kept." : ".")
            """)
        for (what, count) in counts.left.list { say("not carried: \(count) × \(what)") }
        if let study = counts.study { printText(study.description) }
    }
}

struct CodingExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a study to a file: .qdpx whole, .qdc or .csv its codebook.",
        discussion: "Only what its coders have finished goes out.")
    @Argument(help: "The id of the study, as `coding list` prints it.") var study: String
    @Argument(help: "The file, which ends in .qdpx, .qdc or .csv.") var path: String
    @OptionGroup var desk: RoleOption

    func run() async throws {
        let file = URL(filePath: path)
        guard let form = StudyFile(rawValue: file.pathExtension.lowercased()) else {
            throw ValidationError(
                "The file ends in one of \(StudyFile.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        guard let id = Identifier<Study>(study) else {
            throw ValidationError("“\(study.prefix(40))” is no id of a study.")
        }
        let landscape = try await Start(settings()).platform().landscape
        let project = try await landscape.project(of: id, for: StudyActor(actor: desk.actor, worker: nil))
        let output = try OutputFile(file, mark: "\(World.live.newUUID())", isPrivate: true)
        try output.write(form.bytes(of: project, at: World.live.now()))
        try output.keep()
    }
}
