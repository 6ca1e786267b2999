import Foundation
import Landscape
import Testing

@Suite struct LandscapeTests {
    @Test func `each noun of the landscape has its texts in every language`() throws {
        for folder in Landscape.strings {
            for language in ["en", "fr"] {
                #expect(FileManager.default.fileExists(atPath: folder.appending(path: "\(language).po").path))
            }
        }
    }
}
