import ArgumentParser
import MOC

struct MocOp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "op", abstract: "Combine or change coverages.",
        discussion: """
            union, intersection and xor take one coverage or more; difference takes from the first all the others. \
            complement, degrade (--order), grow and shrink (--rings) and split take one.

            grow adds the cells of the coverage's order that touch it along an edge or at a corner, shrink removes those \
            that touch what is outside. split writes each connected part: cells that share a part of an edge are \
            connected, with --diagonal also those that meet at a corner. Parts go to NAME-1.SUFFIX, NAME-2.SUFFIX and so on, \
            or as a line each to standard output.

            With --lines the files are texts with a coverage in each line, as a column of a table has them: the first lines             are combined, then the second ones, and so on, and each result is a line. Parts of a line have a tab between them.
            """)

    enum Operation: String, ExpressibleByArgument, CaseIterable {
        case union, intersection, difference, xor, complement, degrade, grow, shrink, split

        var isUnary: Bool {
            switch self {
            case .union, .intersection, .difference, .xor: false
            default: true
            }
        }
    }

    @Argument(help: "union, intersection, difference, xor, complement, degrade, grow, shrink or split.")
    var operation: Operation

    @Argument(help: "The coverages; - for standard input.")
    var files: [String]

    @Option(help: "The order to degrade to, 0 to 29; for the others the order to degrade the result to.")
    var order: OrderArgument?

    @Option(help: "How many rings of cells to add or remove.")
    var rings = 1

    @Flag(help: "Parts that meet at a corner are one.")
    var diagonal = false

    @Flag(help: "Each line of the files is a coverage in ASCII or JSON.")
    var lines = false

    @OptionGroup var input: MocInputOptions
    @OptionGroup var output: MocOutputOptions

    func validate() throws {
        if operation.isUnary, files.count != 1 {
            throw ValidationError("\(operation.rawValue) takes one coverage, but \(files.count) are given")
        }
        if operation == .degrade, order == nil { throw ValidationError("degrade needs --order") }
        guard (0...1_000_000).contains(rings) else {
            throw ValidationError("--rings \(rings): expected 0 to 1000000")
        }
        if files.count(where: { $0 == "-" }) > 1 {
            throw ValidationError("standard input can be read once only")
        }
        let format = try output.chosenFormat()
        if lines, format != .ascii, format != .json {
            throw ValidationError("--lines writes ASCII or JSON: say --format ascii or json")
        }
        if operation == .split, !lines, output.path == nil, format != .ascii, format != .json {
            throw ValidationError("parts in FITS need --output NAME.fits: each becomes a file")
        }
    }

    func run() throws {
        if lines { return try MocLines(operation: self).run() }
        if operation == .split { return try split() }
        var (result, body) = operation == .union ? try union() : try combined()
        if let order { result = result.degraded(to: order.order) }
        try output.write(MOCDocument(.space(result), body: body))
    }

    /// What a single coverage becomes.
    func changed(_ moc: MOC) throws -> MOC {
        switch operation {
        case .complement: moc.complement
        case .grow: try moc.grown(by: rings)
        case .shrink: try moc.shrunk(by: rings)
        default: moc
        }
    }

    /// What two coverages become together.
    func combined(_ first: MOC, _ second: MOC) -> MOC {
        switch operation {
        case .union: first.union(second)
        case .intersection: first.intersection(second)
        case .difference: first.difference(second)
        default: first.symmetricDifference(second)
        }
    }

    /// One file after the other, so that no more than what is needed is in memory.
    private func union() throws -> (MOC, body: String?) {
        var union = MOCUnion()
        var body: String?
        for file in files { union.add(try next(file, &body)) }
        guard let result = union.result else { throw ValidationError("union needs a coverage") }
        return (result, body)
    }

    private func combined() throws -> (MOC, body: String?) {
        var body: String?
        var result = try changed(try next(files[0], &body))
        for file in files.dropFirst() { result = combined(result, try next(file, &body)) }
        return (result, body)
    }

    /// Reads a coverage, which must be of the body of those before it.
    private func next(_ file: String, _ body: inout String?) throws -> MOC {
        let (moc, document) = try input.readSpace(file)
        do {
            body = try MOCDocument.commonBody([body, document.body])
        } catch {
            throw CommandError("\(file): \(error)")
        }
        return moc
    }

    private func split() throws {
        let (moc, document) = try input.readSpace(files[0])
        let format = try output.chosenFormat()
        for (index, part) in try moc.parts(diagonally: diagonal).enumerated() {
            let coarse = order.map { part.degraded(to: $0.order) } ?? part
            let bytes = try output.encode(MOCDocument(.space(coarse), body: document.body), as: format)
            try MocFile.write(bytes, to: output.path.map { numbered($0, index + 1) })
        }
    }

    /// `dir/name.fits` as `dir/name-1.fits`.
    private func numbered(_ path: String, _ number: Int) -> String {
        let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let dot = path[name...].lastIndex(of: ".") ?? path.endIndex
        return path[..<dot] + "-\(number)" + path[dot...]
    }
}
