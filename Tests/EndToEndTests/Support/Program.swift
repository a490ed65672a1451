import Foundation

/// The built `tessera`, run as a user runs it.
enum Program {
    /// What a finished run left behind.
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The executable that was built with the tests: it lies in the folder of the test bundle.
    static let path: String = {
        // The bundle is the program of this process, or is loaded by a runner that is told its path.
        let candidates = [Bundle.main.executablePath ?? ""] + CommandLine.arguments
        let folders = candidates.compactMap { argument -> String? in
            guard argument.contains(".xctest") else { return nil }
            var url = URL(fileURLWithPath: argument)
            while url.pathComponents.count > 1, url.pathExtension != "xctest" {
                url.deleteLastPathComponent()
            }
            return url.deletingLastPathComponent().path
        }
        let beside = folders + [Bundle.main.bundlePath]
        return beside.map { $0 + "/tessera" }.first { FileManager.default.isExecutableFile(atPath: $0) }
            ?? "tessera"
    }()

    /// Runs to the end.
    /// - Parameter folder: the working directory.
    static func run(_ arguments: [String], in folder: String) async throws -> Outcome {
        let running = try Running(arguments, in: folder)
        let status = await running.waitUntilExit()
        return Outcome(status: status, output: running.output, errors: running.errors)
    }
}

/// A run that may still go on. Output goes to files, so that no pipe can fill up.
final class Running: @unchecked Sendable {
    // Process is not sendable; it is started once, and signalled or waited for by one test.
    private let process = Process()
    private let outputPath: String
    private let errorPath: String

    init(_ arguments: [String], in folder: String) throws {
        let base = NSTemporaryDirectory() + "tessera-run-" + UUID().uuidString
        outputPath = base + ".out"
        errorPath = base + ".err"
        for path in [outputPath, errorPath] { try Data().write(to: URL(fileURLWithPath: path)) }
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: outputPath)
        process.standardError = FileHandle(forWritingAtPath: errorPath)
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        for path in [outputPath, errorPath] { try? FileManager.default.removeItem(atPath: path) }
    }

    var output: String { text(outputPath) }
    var errors: String { text(errorPath) }
    var isRunning: Bool { process.isRunning }

    func terminate() { signal(SIGTERM) }

    func signal(_ number: Int32) {
        kill(process.processIdentifier, number)
    }

    func waitUntilExit() async -> Int32 {
        while process.isRunning { try? await Task.sleep(for: .milliseconds(10)) }
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    private func text(_ path: String) -> String {
        (try? String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)) ?? ""
    }
}
