/// Memory that an encoder keeps between pictures; it only grows.
struct ScratchBytes: ~Copyable {
    private var storage = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 0)

    deinit { storage.deallocate() }

    /// At least `count` bytes; what they hold is whatever was left there, zeros at first.
    ///
    /// The pointer is good until the next call, and as long as the scratch itself is alive.
    mutating func reserve(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        if storage.count < count {
            storage.deallocate()
            storage = .allocate(capacity: count)
            storage.initialize(repeating: 0)
        }
        return storage.baseAddress!
    }
}
