import Glibc

/// The parser that this run is for, named by the environment.
private let target: Target = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = Target(rawValue: name) else {
        let known = Target.allCases.map(\.rawValue).joined(separator: ", ")
        print("FUZZ_TARGET is \"\(name)\"; expected one of \(known)")
        exit(2)
    }
    return target
}()

/// Seconds of processor time that one input may take. The libraries' branch counters make everything slower, and it
/// still has to hold.
private let limitSeconds = 1.0

private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// One input.
private let runOne: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt = { start, count in
    // libFuzzer lends the bytes for the length of the call.
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let begun = processorSeconds()
    target.run(bytes)
    let taken = processorSeconds() - begun
    require(taken <= limitSeconds, "\(count) bytes took \(taken) s")
    return 0
}

/// libFuzzer with a main function of one's own; the package manager gives every executable one.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ runOne: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@main
enum Fuzz {
    static func main() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(runDriver(&count, &arguments, runOne))
    }
}

/// Ends the process, which libFuzzer reports together with the input.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    guard !condition else { return }
    fatalError("\(target.rawValue): \(message())")
}
