// swift-tools-version: 6.2
import PackageDescription

/// CI lets no warning pass; a newer compiler with new warnings must not stop anybody else.
let warningsAreErrors = Context.environment["TESSERA_WARNINGS_ARE_ERRORS"] != nil

let strict: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

/// One Swift module of the house; `Sources/<name>` beside `Tests/<name>Tests`.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ room: String, _ more: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(
        name: room + "Tests", dependencies: [.byName(name: room)] + more, resources: resources,
        swiftSettings: strict)
}

func library(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/CLibraries/" + name, pkgConfig: pkgConfig,
        providers: [.apt([apt])])
}

let package = Package(
    name: "tessera",
    products: [
        .executable(name: "tessera", targets: ["tessera"]),
        // What Benchmarks/ measures.
        .library(name: "TesseraKernels", targets: ["FITS", "HEALPix", "Pixels", "Tiles"]),
        .library(name: "TesseraCoverages", targets: ["FITS", "HEALPix", "MOC", "Regions"]),
        .library(name: "TesseraMaps", targets: ["HiPS", "Maps", "PlanetaryFrames"]),
        // What Fuzz/ feeds.
        .library(
            name: "TesseraParsers",
            targets: [
                "FITS", "Features", "HEALPix", "HiPS", "MOC", "Maps", "OGC", "PlanetaryFrames", "Rasters",
                "Regions", "Settings", "Tiles", "XML",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        library("CGDAL", pkgConfig: "gdal", apt: "libgdal-dev"),
        library("CCFITSIO", pkgConfig: "cfitsio", apt: "libcfitsio-dev"),
        library("CPNG", pkgConfig: "libpng", apt: "libpng-dev"),
        library("CTurboJPEG", pkgConfig: "libturbojpeg", apt: "libturbojpeg0-dev"),
        library("CDeflate", pkgConfig: "libdeflate", apt: "libdeflate-dev"),
        library("CWebP", pkgConfig: "libwebp", apt: "libwebp-dev"),
        library("CCURL", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        library("CPROJ", pkgConfig: "proj", apt: "libproj-dev"),
        library("CXML2", pkgConfig: "libxml-2.0", apt: "libxml2-dev"),
        .target(name: "CPNGShims", dependencies: ["CPNG"]),
        .target(name: "CCURLShims", dependencies: ["CCURL"]),
        .target(name: "CGDALShims", dependencies: ["CGDAL"]),
        .target(name: "CKernelShims"),
        .target(name: "CSystemShims"),

        // floor 0
        room("HEALPix"),
        room("Pixels", ["CKernelShims"]),
        room("FITS", ["CCFITSIO"]),
        room("GDAL", ["CGDAL", "CGDALShims"]),
        room("HTTP", ["CCURLShims"]),
        room("XML", ["CXML2"]),
        // floor 1
        room("MOC", ["HEALPix", "FITS"]),
        room("PlanetaryFrames", ["CPROJ"]),
        room("Storage", ["GDAL"]),
        // floor 2
        room("Regions", ["HEALPix", "MOC"]),
        room("Rasters", ["FITS", "GDAL", "HEALPix", "MOC", "PlanetaryFrames", "Pixels"]),
        room("Tiles", ["FITS", "CPNG", "CPNGShims", "CTurboJPEG", "CDeflate", "CWebP"]),
        room("Settings", ["PlanetaryFrames", .product(name: "Yams", package: "Yams")]),
        // floor 3
        room("HiPS", ["HEALPix", "Storage", "Tiles", "CSystemShims"]),
        // floor 4
        room(
            "Tiler",
            [
                "FITS", "HEALPix", "Pixels", "MOC", "PlanetaryFrames", "Rasters", "Tiles", "Settings",
                "HiPS", "Storage",
            ]),
        room(
            "Maps",
            [
                "CKernelShims", "FITS", "HEALPix", "HiPS", "MOC", "Pixels", "PlanetaryFrames", "Storage",
                "Tiles",
            ]),
        room("Lint", ["HEALPix", "Pixels", "FITS", "HTTP", "MOC", "Storage", "Tiles", "HiPS"]),
        room(
            "Features",
            [
                "GDAL", "HEALPix", "HiPS", "MOC", "PlanetaryFrames", "Regions", "Storage", "XML",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        room("Adoption", ["CSystemShims", "HEALPix", "HiPS", "HTTP", "MOC", "Storage", "Tiles"]),
        // floor 5
        room(
            "GridCoverages",
            [
                "FITS", "GDAL", "HEALPix", "HiPS", "Maps", "PlanetaryFrames", "Pixels", "Rasters", "Storage",
                "Tiles",
            ]),
        // floor 6
        room(
            "OGC",
            [
                "XML", "Features", "GridCoverages", "HEALPix", "HiPS", "Maps", "PlanetaryFrames", "Pixels",
                "Tiles",
            ]),
        // floor 7
        room(
            "Server",
            [
                "Features", "GridCoverages", "HEALPix", "HiPS", "MOC", "Maps", "OGC", "PlanetaryFrames",
                "Regions", "Settings", "Storage", "Tiles", "CSystemShims", "XML",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        // floor 8
        .executableTarget(
            name: "tessera",
            dependencies: [
                "Adoption", "FITS", "Features", "HEALPix", "HiPS", "Lint", "MOC", "PlanetaryFrames",
                "Rasters", "Regions",
                "Server", "Settings",
                "Tiler",
                "Tiles",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),

        tests("HEALPix", resources: [.copy("Tables")]),
        tests("Pixels", resources: [.copy("Tables")]),
        tests("XML"),
        tests("FITS", resources: [.copy("Tables")]),
        tests("MOC", ["FITS", "HEALPix"], resources: [.copy("Tables")]),
        tests("Regions", ["HEALPix", "MOC"], resources: [.copy("Tables")]),
        tests("PlanetaryFrames", resources: [.copy("Tables")]),
        tests("Storage", ["GDAL"]),
        tests("Adoption", ["FITS", "HEALPix", "HiPS", "MOC", "Tiles"]),
        tests("Tiles", ["FITS"], resources: [.copy("Tables")]),
        tests("Settings", ["PlanetaryFrames"]),
        tests(
            "GridCoverages",
            [
                "FITS", "GDAL", "HEALPix", "HiPS", "MOC", "Maps", "PlanetaryFrames", "Rasters", "Storage",
                "Tiles",
            ], resources: [.copy("Tables")]),
        tests(
            "OGC",
            [
                "FITS", "Features", "GridCoverages", "HEALPix", "HiPS", "MOC", "Maps", "PlanetaryFrames",
                "Storage", "Tiles", "XML",
            ]),
        tests("HiPS", ["HEALPix", "Tiles"]),
        tests(
            "Features",
            [
                "GDAL", "HEALPix", "HiPS", "MOC", "PlanetaryFrames",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ], resources: [.copy("Samples")]),
        tests(
            "Server",
            [
                "Features", "GDAL", "HiPS", "HEALPix", "MOC", "OGC", "PlanetaryFrames", "Rasters", "Settings",
                "Storage", "Tiles",
                "CSystemShims",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        tests(
            "Rasters", ["HEALPix", "GDAL", "MOC", "PlanetaryFrames", "Pixels", "Regions"],
            resources: [.copy("Tables"), .copy("Samples")]),
        tests(
            "Tiler",
            [
                "HEALPix", "HiPS", "Storage", "GDAL", "Rasters", "Tiles", "FITS", "Settings", "MOC", "Pixels",
                "PlanetaryFrames",
            ], resources: [.copy("Tables")]),
        tests(
            "Maps",
            ["FITS", "HEALPix", "HiPS", "MOC", "Pixels", "PlanetaryFrames", "Storage", "Tiles"]),
        tests(
            "Lint",
            [
                "HEALPix", "FITS", "HTTP", "MOC", "Storage", "Tiles", "HiPS", "GDAL", "Rasters",
                "PlanetaryFrames",
                "Tiler",
            ]),
        .testTarget(
            name: "EndToEndTests", dependencies: ["tessera", "GDAL", "HiPS", "Tiles"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
