import ArgumentParser
import HEALPix
import MOC
import PlanetaryFrames

/// How coverages are read.
struct MocInputOptions: ParsableArguments {
    @Option(help: "The body, such as mars, where the file does not name it.")
    var body: String?

    @Flag(
        help:
            "Merge cells that overlap and read what there is of a file that is cut short, and tell it, rather than refuse."
    )
    var robust = false

    @Flag(help: "Cells in texts without a letter for their axis are times, as mocpy writes them.")
    var time = false

    /// The path name of the body that was said, in whatever spelling.
    func namedBody() throws -> String? {
        try body.map { try BodyCatalogue.standard().body(named: $0).pathName }
    }

    /// Reads a file, or standard input for -; what was repaired is told.
    func read(_ path: String) throws -> MOCDocument {
        let bytes = try MocFile.read(path)
        var document: MOCDocument
        do {
            document = try MOCDocument(reading: bytes, accepting: robust ? .all : [], isTime: time)
        } catch {
            throw CommandError("\(path): \(error)" + hint(bytes))
        }
        for repair in document.repairs { Console.tell("\(path): \(repair)\n") }
        if let named = try namedBody() {
            do {
                document.body = try MOCDocument.commonBody([document.body, named])
            } catch {
                throw CommandError("\(path): \(error)")
            }
        }
        return document
    }

    /// What to do about a mistake that can be put up with.
    private func hint(_ bytes: [UInt8]) -> String {
        guard !robust, (try? MOCDocument(reading: bytes, accepting: .all, isTime: time)) != nil else {
            return ""
        }
        return " With --robust it is read all the same."
    }

    /// Reads a file that covers space alone.
    func readSpace(_ path: String) throws -> (moc: MOC, document: MOCDocument) {
        let document = try read(path)
        do {
            return (try document.coverage.ofSpace(), document)
        } catch {
            throw CommandError("\(path): \(error)")
        }
    }
}

/// How coverages are written.
struct MocOutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The file to write; standard output when not given, or -.")
    var output: String?

    @Option(
        help: "fits, fits-range, fits-v1, ascii or json; by default what the file's suffix says, or ascii.")
    var format: FormatArgument?

    @Option(
        help:
            "celestial writes COORDSYS = 'C', which mocpy and Aladin want; body writes the name of the body.")
    var frame = Frame.celestial

    enum Frame: String, ExpressibleByArgument, CaseIterable {
        case celestial
        case body
    }

    /// The file to write; nil for standard output.
    var path: String? { output == "-" ? nil : output }

    func chosenFormat() throws -> MOCFormat {
        if let format { return format.format }
        guard let path else { return .ascii }
        guard let format = MOCFormat(suffixOf: path) else {
            throw ValidationError(
                "\(path): its suffix is not .fits, .txt, .ascii, .moc or .json; say the form with --format")
        }
        return format
    }

    func encode(_ document: MOCDocument, as format: MOCFormat) throws -> [UInt8] {
        var bytes = try document.encoded(as: format, isBodyFramed: frame == .body)
        if format == .ascii || format == .json { bytes.append(0x0A) }
        return bytes
    }

    func write(_ document: MOCDocument) throws {
        try MocFile.write(try encode(document, as: try chosenFormat()), to: path)
    }
}

/// A form of coverages as an argument.
struct FormatArgument: ExpressibleByArgument {
    let format: MOCFormat

    init?(argument: String) {
        guard let format = MOCFormat(rawValue: argument) else { return nil }
        self.format = format
    }
}

/// An order of cells as an argument.
struct OrderArgument: ExpressibleByArgument {
    let order: Order

    init?(argument: String) {
        guard let value = Int(argument), let order = Order(value) else { return nil }
        self.order = order
    }
}
