// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

func base(_ name: String, _ uses: [Target.Dependency] = [], copies: [String] = []) -> Target {
    .target(
        name: name, dependencies: uses, path: "Sources/Base/\(name)",
        resources: copies.map { .copy($0) }, swiftSettings: house)
}

func engine(_ name: String, _ uses: [Target.Dependency] = [], copies: [String] = []) -> Target {
    .target(
        name: name, dependencies: ["Kernel"] + uses, path: "Sources/Engines/\(name)",
        resources: copies.map { .copy($0) }, swiftSettings: house)
}

func slice(_ name: String, _ uses: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: ["Kernel", "Storage", "Search", "Web", hummingbird, nio] + uses,
        path: "Sources/Slices/\(name)", resources: [.copy("Strings")], swiftSettings: house)
}

func library(_ name: String, debian: String) -> Target {
    .systemLibrary(name: name, path: "Sources/Base/\(name)", providers: [.apt([debian])])
}

func tests(_ name: String, of folder: String, _ uses: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: uses, path: "Tests/\(folder)/\(name)", swiftSettings: house)
}

let package = Package(
    name: "waymark",
    products: [.executable(name: "waymark", targets: ["Waymark"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        library("CStemmer", debian: "libstemmer-dev"),
        library("CQREncode", debian: "libqrencode-dev"),
        library("CDeflate", debian: "libdeflate-dev"),
        library("CArchive", debian: "libarchive-dev"),
        library("CExpat", debian: "libexpat1-dev"),
        library("CPostgres", debian: "libpq-dev"),
        library("CSodium", debian: "libsodium-dev"),
        base("Kernel"),
        base("Storage", ["Kernel", grdb, sqlite, crypto]),
        base("PostgresStorage", ["Storage", "CPostgres"]),
        base("Search", ["Kernel", "CStemmer", "CDeflate"]),
        base(
            "Web", ["Kernel", hummingbird, httpTypes, nio, nioHTTP, nioHTTPTypes, crypto, "CDeflate", "CQREncode"],
            copies: ["Strings", "Assets"]),
        engine("Formats", [crypto, yams, "CArchive", "CExpat"]),
        engine("Sealing", [crypto, "CSodium"], copies: ["WordLists"]),
        slice("Directory", ["Formats", yams]),
        slice("Accounts", ["Sealing", crypto]),
        slice("Intake", ["Formats", "Sealing", crypto]),
        slice("Landscape", ["Formats", "Sealing", crypto]),
        .target(
            name: "Platform",
            dependencies: [
                "Kernel", "Storage", "PostgresStorage", "Search", "Web", "Formats", "Sealing", "Directory",
                "Accounts", "Intake", "Landscape", hummingbird, hummingbirdCore, nio, logging, crypto,
            ],
            path: "Sources/App/Platform", swiftSettings: house),
        .executableTarget(
            name: "Waymark",
            dependencies: [
                "Platform", "Kernel", "Directory", "Accounts", "Intake", "Landscape", "Formats", "Web", arguments,
            ],
            path: "Sources/App/Waymark", swiftSettings: house),
        .target(
            name: "Support",
            dependencies: [
                "Kernel", "Storage", "PostgresStorage", "Web", "Formats", "Sealing", "Directory", "Accounts",
                "Intake", "Landscape", "Platform",
                hummingbird, httpTypes, nio, logging,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            path: "Tests/Support/Support", swiftSettings: house),
        tests("KernelTests", of: "Base", ["Kernel"]),
        tests("StorageTests", of: "Base", ["Kernel", "Storage", "Support"]),
        tests("PostgresStorageTests", of: "Base", ["Kernel", "Storage", "PostgresStorage", "Support"]),
        tests("SearchTests", of: "Base", ["Kernel", "Search"]),
        tests("WebTests", of: "Base", ["Kernel", "Web", "Platform", "Support"]),
        tests("FormatsTests", of: "Engines", ["Kernel", "Formats", "Support"]),
        tests("SealingTests", of: "Engines", ["Kernel", "Sealing", crypto]),
        tests(
            "DirectoryTests", of: "Slices",
            ["Kernel", "Formats", "Search", "Storage", "Web", "Directory", "Platform", "Support", httpTypes, yams]),
        tests(
            "AccountsTests", of: "Slices", ["Kernel", "Sealing", "Storage", "Web", "Accounts", "Platform", "Support"]),
        tests(
            "IntakeTests", of: "Slices",
            [
                "Kernel", "Directory", "Sealing", "Storage", "Web", "Accounts", "Intake", "Platform", "Support", crypto,
                httpTypes,
            ]),
        tests(
            "LandscapeTests", of: "Slices",
            [
                "Kernel", "Formats", "Directory", "Sealing", "Storage", "Web", "Accounts", "Landscape", "Platform",
                "Support", httpTypes,
            ]),
        tests(
            "PlatformTests", of: "App",
            [
                "Kernel", "Formats", "Storage", "Web", "Directory", "Accounts", "Intake", "Landscape", "Platform",
                "Support", hummingbird, httpTypes,
            ]),
    ]
)
