import ArgumentParser
import Glibc
import PlanetaryFrames
import Rasters
import Tiler

struct SurveyInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Draft survey files of rasters from what is believed of them.",
        discussion: """
            Each raster gets a file of its name that ends in .yaml, beside it; of a raster on a server it goes to the \
            working directory. What the raster says itself stands in comments with its origin, and FILL IN marks what \
            no raster can say. An existing file is left as it is unless --force is given.
            """)

    @Argument(help: "Rasters.")
    var files: [String]

    @OptionGroup var source: InputOptions

    @Option(
        name: .shortAndLong,
        help: "Where the draft goes: a file, a folder (of several rasters), or - for standard output.")
    var output: String?

    @Flag(help: "Replace existing files.")
    var force = false

    func run() throws {
        RasterSource.prepareReading(cacheBytes: 64 << 20)
        let catalogue = try source.catalogue()
        let isFolder = output.map { FileProbe.isFolder($0) } ?? false
        if files.count > 1, let output, output != "-", !isFolder {
            throw ValidationError(
                "--output \(output) is no folder, and there are \(files.count) rasters; name an existing folder"
            )
        }
        var failed = false
        var written: Set<String> = []
        for file in files {
            do {
                try draft(file, isFolder: isFolder, catalogue, &written)
            } catch {
                failed = true
                Console.tell("Error: \(error)\n")
            }
        }
        if failed { throw ExitCode.failure }
    }

    private func draft(
        _ file: String, isFolder: Bool, _ catalogue: BodyCatalogue, _ written: inout Set<String>
    ) throws {
        guard ![".yaml", ".yml"].contains(where: { file.lowercased().hasSuffix($0) }) else {
            throw CommandError("\(file): it is a survey file already; expected a raster")
        }
        let target = target(file, isFolder: isFolder)
        let draft = try SurveyDraft(
            of: file, input: spelling(file, from: target), body: source.body, crs: source.crs,
            bands: source.bands, catalogue: catalogue)
        guard let target else {
            print(draft.text, terminator: "")
            return
        }
        guard written.insert(target).inserted else {
            throw CommandError(
                "\(file): its survey file would be \(target), which was just written for another raster; draft it by "
                    + "itself with --output")
        }
        try write(draft.text, to: target)
        print("\(target): \(draft.map)")
        for warning in draft.warnings { Console.tell("Warning: \(file): \(warning)\n") }
        if !draft.longitudeSystems.isEmpty {
            Console.tell(
                "\(target): say longitude_system before it is built: \(draft.longitudeSystems.joined(separator: ", "))\n"
            )
        }
    }

    /// The path of the survey file; nil for standard output.
    private func target(_ file: String, isFolder: Bool) -> String? {
        if output == "-" { return nil }
        let name = file.split(separator: "/").last.map(String.init) ?? file
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        let survey = (stem.isEmpty ? name : stem) + ".yaml"
        if let output { return isFolder ? (output.hasSuffix("/") ? output : output + "/") + survey : output }
        guard !isRemote(file), let slash = file.lastIndex(of: "/") else { return survey }
        return String(file[...slash]) + survey
    }

    private func isRemote(_ file: String) -> Bool { file.hasPrefix("/vsi") || file.contains("://") }

    /// The raster as its survey file spells it: relative where both lie in one folder, absolute otherwise.
    private func spelling(_ file: String, from target: String?) -> String {
        if isRemote(file) || file.hasPrefix("/") && target == nil { return file }
        func folder(_ path: String) -> String {
            path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        }
        func absolute(_ path: String) -> String {
            guard let real = realpath(path, nil) else { return path }
            defer { free(real) }
            return String(cString: real)
        }
        let base = absolute(target.map { folder($0) } ?? ".")
        let place = absolute(folder(file))
        let name = file.split(separator: "/").last.map(String.init) ?? file
        if place == base { return name }
        let root = base == "/" ? base : base + "/"
        if place.hasPrefix(root) { return place.dropFirst(root.count) + "/" + name }
        return (place == "/" ? "" : place) + "/" + name
    }

    /// Writes a new file, or replaces one in one piece with --force.
    private func write(_ text: String, to path: String) throws {
        var status = stat()
        // A device or a pipe, such as /dev/stdout, takes what comes.
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG, status.st_mode & S_IFMT != S_IFDIR {
            return try MocFile.write(Array(text.utf8), to: path)
        }
        if force { return try MocFile.write(Array(text.utf8), to: path) }
        // Made and found absent in one step: nothing that somebody else writes meanwhile is lost.
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard file >= 0 else {
            if errno == EEXIST {
                throw CommandError("\(path) exists already; replace it with --force, or say another --output")
            }
            throw CommandError("Cannot write \(path): \(String(cString: strerror(errno)))")
        }
        close(file)
        do {
            try MocFile.write(Array(text.utf8), to: path)
        } catch {
            unlink(path)
            throw error
        }
    }
}
