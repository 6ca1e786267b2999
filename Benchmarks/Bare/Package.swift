// swift-tools-version: 6.2
import PackageDescription

// The bare web framework that pages are measured against; a package of its own, so that the program never builds it.
let package = Package(
    name: "bare",
    dependencies: [.package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1")],
    targets: [
        .executableTarget(name: "Bare", dependencies: [.product(name: "Hummingbird", package: "hummingbird")])
    ]
)
