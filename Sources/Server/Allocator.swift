internal import CSystemShims
internal import Glibc

/// What the C allocator keeps of the memory that maps were made in.
enum Allocator {
    /// Has the allocator give memory back to the system once a map has been sent.
    ///
    /// Left to itself, glibc takes ever larger pieces from its arenas, of which it makes eight for each core, and keeps up to
    /// 64 MB free at the end of each: a server that draws large maps now and then grows for hours, though it holds nothing.
    /// Whoever sets `MALLOC_ARENA_MAX` knows better.
    static func keepLittle() {
        guard getenv("MALLOC_ARENA_MAX") == nil else { return }
        // Pieces of maps of usual sizes stay below, as a mapping of its own costs a fault for each page.
        _ = tessera_limit_allocator(2, 8 << 20, 32 << 20)
    }
}
