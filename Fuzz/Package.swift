// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that building the product never builds the fuzzer. Fuzz/run builds it with
// -sanitize=fuzzer, which brings the main function and counts the branches of all modules.
let package = Package(
    name: "tessera-fuzz",
    dependencies: [.package(name: "tessera", path: "..")],
    targets: [
        .executableTarget(
            name: "fuzz",
            dependencies: [.product(name: "TesseraParsers", package: "tessera")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
