import Foundation
import Kernel
import Testing

@testable import Landscape

extension Landscape {
    /// The drafts that a keeper is shown.
    func drafts() async throws -> [Finding] {
        try await findings(DeskFilter(), for: .commandLine("keeper"), of: nil).findings
    }
}

@Suite struct LandscapeTests {
    @Test func `each noun of the landscape has its texts in every language`() throws {
        for folder in Landscape.strings {
            for language in ["en", "fr"] {
                #expect(FileManager.default.fileExists(atPath: folder.appending(path: "\(language).po").path))
            }
        }
    }
}
