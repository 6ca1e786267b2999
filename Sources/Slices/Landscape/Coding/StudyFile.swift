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

    package func bytes(of project: CodingProject, at now: Instant) throws -> [UInt8] {
        switch self {
        case .qdpx: try QDAWriter.project(project, time: now)
        case .qdc: QDAWriter.codebook(project.codes)
        case .csv: CodebookSheet.written(project.codes)
        }
    }
}

/// A plain text that came as a file.
enum PlainUpload {
    /// Nil for what is no UTF-8. A byte order mark is no part of the text.
    static func text(_ bytes: [UInt8]) -> String? {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        return String(validating: bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes, as: UTF8.self)
    }
}
