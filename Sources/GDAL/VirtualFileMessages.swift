internal import CGDAL

/// What GDAL said in the course of one operation on a file.
///
/// Of failures in the network GDAL returns little and tells most in warnings and in notes for debugging: the status of
/// an answer, and what an object store wrote about an error.
struct FileMessages {
    private(set) var failures: [String] = []
    private var warnings: [String] = []
    private var notes: [String] = []
    private var code: Int32 = 0
    private var words = ""

    private final class Log {
        var failures: [String] = []
        var warnings: [String] = []
        var notes: [String] = []
    }

    /// Runs `body` with GDAL's messages of this thread, notes for debugging included, collected and kept off standard
    /// error.
    static func capturing<T>(_ body: () -> T) -> (result: T, messages: FileMessages) {
        GDALLibrary.register()
        let log = Log()
        let handler: CPLErrorHandler = { severity, _, text in
            guard let text, let user = CPLGetErrorHandlerUserData() else { return }
            // The log outlives the handler: it is popped below before `log` goes out of scope.
            let log = Unmanaged<Log>.fromOpaque(user).takeUnretainedValue()
            let message = String(cString: text)
            switch severity {
            case CE_Debug: log.notes.append(message)
            case CE_Warning: log.warnings.append(message)
            case CE_Failure, CE_Fatal: log.failures.append(message)
            default: break
            }
        }
        CPLErrorReset()
        VSIErrorReset()
        CPLPushErrorHandlerEx(handler, Unmanaged.passUnretained(log).toOpaque())
        CPLSetThreadLocalConfigOption("CPL_DEBUG", "ON")
        let result = withExtendedLifetime(log) { body() }
        CPLSetThreadLocalConfigOption("CPL_DEBUG", nil)
        CPLPopErrorHandler()
        var messages = FileMessages()
        messages.failures = log.failures
        messages.warnings = log.warnings
        messages.notes = log.notes.filter(isOfNetwork)
        messages.code = VSIGetLastErrorNo()
        messages.words = VSIGetLastErrorMsg().map { String(cString: $0) } ?? ""
        return (result, messages)
    }

    /// Notes of the file systems on the network begin with these; the others are none of a failure's.
    private static func isOfNetwork(_ note: String) -> Bool {
        ["S3: ", "GS: ", "AZURE: ", "ADLS: ", "OSS: ", "SWIFT: ", "VSICURL: ", "WEBHDFS: "]
            .contains { note.hasPrefix($0) }
    }

    /// Whether a server said in so many words that there is no such file.
    var saysAbsent: Bool {
        if code == VSIE_AWSObjectNotFound { return true }
        // That the bucket is not there is a mistake, and not an empty store.
        guard code == VSIE_HttpError || code == VSIE_AWSError else { return false }
        return words.hasPrefix("HTTP response code: 404") || words.hasPrefix("HTTP response code: 410")
            || notes.contains { $0.hasSuffix("response_code=404") || $0.hasSuffix("response_code=410") }
    }

    /// Whether nothing was said at all.
    var isEmpty: Bool {
        failures.isEmpty && warnings.isEmpty && notes.isEmpty && code == VSIE_None && words.isEmpty
    }

    /// Whether nothing was said but that there is no such file.
    var isSilent: Bool {
        failures.isEmpty && warnings.isEmpty
            && notes.allSatisfy { note in
                ["response_code=404", "is not a object", "is not a file"].contains { note.hasSuffix($0) }
            }
    }

    /// Whether the store will say the same however often it is asked.
    var isRefusal: Bool {
        let text = (failures + warnings + notes).joined() + words
        return [
            "AccessDenied", "Forbidden", "NoSuchBucket", "InvalidAccessKeyId", "SignatureDoesNotMatch",
            "not defined",
        ]
        .contains { text.contains($0) }
    }

    /// The most telling of all, for people: empty when there is nothing.
    var reason: String {
        var parts: [String] = []
        func add(_ text: String) {
            if !text.isEmpty, !parts.contains(where: { $0.contains(text) }) { parts.append(text) }
        }
        for failure in failures { add(failure) }
        add(words)
        for warning in warnings where !warning.contains("Retrying again") { add(warning) }
        if warnings.contains(where: { $0.contains("Retrying again") }), parts.count < 2 {
            add(warnings.last ?? "")
        }
        for note in notes where !note.contains(" is not a ") && !note.contains("GetFileSize(") {
            add(Self.answer(in: note))
        }
        return parts.joined(separator: "; ")
    }

    /// Code and message out of the XML that object stores answer with; else the first of the text.
    private static func answer(in note: String) -> String {
        let text = note.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? note
        let parts = ["Code", "Message"].compactMap { element(String($0), in: text) }
        return parts.isEmpty ? String(text.prefix(200)) : parts.joined(separator: ", ")
    }

    private static func element(_ name: String, in text: String) -> String? {
        let pieces = text.split(separator: "<" + name + ">", maxSplits: 1)
        guard pieces.count == 2 else { return nil }
        return pieces[1].split(separator: "<", maxSplits: 1).first.map(String.init)
    }
}
