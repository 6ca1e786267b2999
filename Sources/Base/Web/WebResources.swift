package import Foundation

/// Where the frame's own texts and assets lie.
package enum WebResources {
    package static var strings: URL? { Bundle.module.url(forResource: "Strings", withExtension: nil) }

    package static var assets: [URL] {
        guard let folder = Bundle.module.url(forResource: "Assets", withExtension: nil) else { return [] }
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).sorted { $0.path < $1.path }
    }
}
