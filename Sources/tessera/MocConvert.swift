import ArgumentParser
import MOC

struct MocConvert: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write a coverage in another form.",
        discussion: """
            Coverages of time, and of space and time, are converted as well; times are TCB, as they were. Keywords of a \
            FITS file that say something else are kept from FITS to FITS.
            """)

    @Argument(help: "The coverage; - for standard input.")
    var file: String

    @OptionGroup var input: MocInputOptions
    @OptionGroup var output: MocOutputOptions

    func validate() throws { _ = try output.chosenFormat() }

    func run() throws {
        try output.write(try input.read(file))
    }
}
