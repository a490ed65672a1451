internal import CCFITSIO
import Glibc

typealias FITSFilePointer = UnsafeMutablePointer<fitsfile>

/// Turns a CFITSIO status into an error and empties CFITSIO's message stack, which is shared by all threads.
func check(_ status: Int32, _ operation: String) throws(FITSError) {
    guard status != 0 else { return }
    let reason = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(FLEN_STATUS) + 1) { text in
        text.initialize(repeating: 0)
        ffgerr(status, text.baseAddress)
        return String(cString: text.baseAddress!)
    }
    ffcmsg()
    throw .library(operation: operation, status: Int(status), reason: reason)
}

/// Opens FITS bytes for reading, lends the handle to `body` and closes it.
func withFITSFile<Result>(
    _ bytes: [UInt8], _ body: (FITSFilePointer) throws(FITSError) -> Result
) throws(FITSError) -> Result {
    guard bytes.count >= 2880 else {
        throw .malformed("there are \(bytes.count) bytes where a header alone takes 2880")
    }
    guard bytes.starts(with: "SIMPLE  =".utf8) else {
        throw .malformed("it does not begin with the card SIMPLE; uncompress it first if it is compressed")
    }
    // CFITSIO reads whole blocks, past the end of memory where the last one is incomplete.
    let excess = bytes.count % 2880
    let blocks = excess == 0 ? bytes : bytes + [UInt8](repeating: 0, count: 2880 - excess)
    return try blocks.withUnsafeBufferPointer { (raw) throws(FITSError) in
        // CFITSIO takes a mutable pointer for every mode, but with READONLY it never writes through it.
        var address = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(raw.baseAddress))
        var size = raw.count
        // CFITSIO keeps both addresses until the file is closed, hence the nested scopes.
        return try withUnsafeMutablePointer(to: &address) { (addressPointer) throws(FITSError) in
            try withUnsafeMutablePointer(to: &size) { (sizePointer) throws(FITSError) in
                var status: Int32 = 0
                var file: FITSFilePointer?
                ffomem(&file, "memory", READONLY, addressPointer, sizePointer, 0, nil, &status)
                try check(status, "open the file")
                guard let file else { throw .malformed("CFITSIO gave no handle") }
                defer {
                    var closing: Int32 = 0
                    ffclos(file, &closing)
                }
                return try body(file)
            }
        }
    }
}

/// Makes a FITS file in memory with `fill`, closes it and returns its bytes.
///
/// - Parameter expectedSize: Bytes to take at the start; the file may become larger.
func makeFITSFile(
    expectedSize: Int, _ fill: (FITSFilePointer) throws(FITSError) -> Void
) throws(FITSError) -> [UInt8] {
    // CFITSIO takes what lies in a buffer for HDUs of an older file, so that none may be used twice;
    // it starts without one and asks for all of it at the first write.
    var address: UnsafeMutableRawPointer?
    var size = 0
    defer { free(address) }
    // CFITSIO keeps both addresses until the file is closed, hence the nested scopes.
    let length = try withUnsafeMutablePointer(to: &address) { (addressPointer) throws(FITSError) in
        try withUnsafeMutablePointer(to: &size) { (sizePointer) throws(FITSError) in
            var status: Int32 = 0
            var file: FITSFilePointer?
            ffimem(&file, addressPointer, sizePointer, expectedSize, { realloc($0, $1) }, &status)
            try check(status, "create a file in memory")
            guard let file else { throw .malformed("CFITSIO gave no handle") }
            var length: Int64 = 0
            do throws(FITSError) {
                try fill(file)
                ffflus(file, &status)
                ffghadll(file, nil, nil, &length, &status)
                try check(status, "finish the file")
            } catch {
                var closing: Int32 = 0
                ffclos(file, &closing)
                ffcmsg()
                throw error
            }
            ffclos(file, &status)
            try check(status, "close the file")
            return Int(length)
        }
    }
    return [UInt8](UnsafeRawBufferPointer(start: address, count: length))
}
