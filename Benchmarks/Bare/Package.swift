// swift-tools-version: 6.2
import PackageDescription

// What pages and notes are measured against: the bare web framework, and the bare primitives of a file of a person. A package of
// its own, so that the program never builds it.
let package = Package(
    name: "bare",
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    ],
    targets: [
        .systemLibrary(name: "CSodium"),
        .systemLibrary(name: "CSQLite"),
        .executableTarget(name: "Bare", dependencies: [.product(name: "Hummingbird", package: "hummingbird")]),
        .executableTarget(
            name: "BareIntake", dependencies: ["CSodium", "CSQLite", .product(name: "Crypto", package: "swift-crypto")]),
    ]
)
