package import Formats
package import Kernel

/// The forms in which a study leaves.
package enum StudyFile: String, Sendable, CaseIterable {
    case qdpx, qdc, csv

    var type: String {
        switch self {
        case .qdpx: "application/zip"
        case .qdc: "application/xml; charset=utf-8"
        case .csv: "text/csv; charset=utf-8"
        }
    }

    /// The file of a project; of its codebook alone for all but `qdpx`.
    /// - Parameter now: stands in the archive of a `qdpx`.
    package func bytes(of project: CodingProject, at now: Instant) throws -> [UInt8] {
        switch self {
        case .qdpx: try QDAWriter.project(project, time: now)
        case .qdc: QDAWriter.codebook(project.codes)
        case .csv: CodebookSheet.written(project.codes)
        }
    }
}
