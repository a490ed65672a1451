internal import CGDAL

/// GDAL's process-wide state: the drivers, configuration and captured messages.
public enum GDALLibrary {
    private static let registered: Void = {
        GDALAllRegister()
        // PAM sidecars are an input here, never an output beside somebody's data.
        CPLSetConfigOption("GDAL_PAM_ENABLE", "YES")
        CPLSetConfigOption("GTIFF_REPORT_COMPD_CS", "NO")
        // To libjpeg a file that ends too early is worth a warning, and the rest of the picture is grey.
        CPLSetConfigOption("GDAL_ERROR_ON_LIBJPEG_WARNING", "TRUE")
        NetworkSettings.apply()
    }()

    /// Registers every driver, once per process.
    public static func register() {
        _ = registered
    }

    /// GDAL's release, such as "3.6.2".
    public static var version: String {
        String(cString: GDALVersionInfo("RELEASE_NAME"))
    }

    /// Sets the size of GDAL's process-wide block cache.
    /// - Parameter bytes: the limit in bytes.
    public static func setBlockCacheLimit(bytes: Int) {
        GDALSetCacheMax64(GIntBig(bytes))
    }

    /// Sets a configuration option for the whole process, before any dataset is opened.
    public static func setOption(_ key: String, _ value: String) {
        CPLSetConfigOption(key, value)
    }
}

/// Collects GDAL's failure messages of one call on one thread.
private final class MessageLog {
    var failures: [String] = []
}

/// Runs `body` with GDAL's messages of this thread kept off standard error.
/// - Returns: what `body` returned, and the messages of severity failure or worse joined by "; ".
func capturingMessages<T>(_ body: () -> T) -> (result: T, message: String) {
    let log = MessageLog()
    let handler: CPLErrorHandler = { severity, _, text in
        guard severity.rawValue >= CE_Failure.rawValue, let text, let user = CPLGetErrorHandlerUserData()
        else { return }
        // The log outlives the handler: it is popped below before `log` goes out of scope.
        Unmanaged<MessageLog>.fromOpaque(user).takeUnretainedValue().failures
            .append(String(cString: text))
    }
    CPLErrorReset()
    CPLPushErrorHandlerEx(handler, Unmanaged.passUnretained(log).toOpaque())
    let result = withExtendedLifetime(log) { body() }
    CPLPopErrorHandler()
    return (result, log.failures.joined(separator: "; "))
}
