// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that building the product never builds the benchmarks.
let package = Package(
    name: "tessera-benchmarks",
    dependencies: [.package(name: "tessera", path: "..")],
    targets: [
        .executableTarget(
            name: "kernels",
            dependencies: [.product(name: "TesseraKernels", package: "tessera")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]),
        .executableTarget(
            name: "maps",
            dependencies: [.product(name: "TesseraMaps", package: "tessera")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]),
        .executableTarget(
            name: "coverages",
            dependencies: [.product(name: "TesseraCoverages", package: "tessera")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]),
        .executableTarget(
            name: "shapes",
            dependencies: [.product(name: "TesseraCoverages", package: "tessera")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
