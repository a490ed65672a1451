// Linux system calls that the Glibc module does not show to Swift: they need _GNU_SOURCE, or have no
// wrapper in glibc at all.
#pragma once
#include <sys/types.h>

/// Exchange two existing paths in one step (renameat2 with RENAME_EXCHANGE).
/// Returns 0, or the errno; EINVAL, ENOSYS or EOPNOTSUPP where the file system cannot do it.
int tessera_exchange_paths(const char *first, const char *second);

/// Open `path` read-only below the directory `dirfd`; nothing on the way may lead out of it.
/// Symbolic links are followed only as far as they stay below `dirfd`. `flags` are added to
/// O_RDONLY | O_CLOEXEC | O_NONBLOCK (so that a FIFO cannot hold the caller up).
/// With `cached_only` other than 0 the call never waits for the disk and gives -EAGAIN instead.
/// Returns a file descriptor, or -errno (-EXDEV when the path leads out).
int tessera_open_beneath(int dirfd, const char *path, int flags, int cached_only);

/// The same for kernels without openat2: walks the path and refuses every symbolic link (-ELOOP).
int tessera_open_without_links(int dirfd, const char *path, int flags);

/// Read at `offset` only what the page cache holds (preadv2 with RWF_NOWAIT).
/// Returns the bytes read (0 at the end of the file), or -errno; -EAGAIN when the disk would be needed,
/// -EOPNOTSUPP or -ENOSYS where this cannot be asked.
ssize_t tessera_read_cached(int fd, void *buffer, size_t count, off_t offset);

/// Wait until all files of the file system that `fd` lies on are on the disk (syncfs). Returns 0, or the errno.
int tessera_synchronise(int fd);

/// Fix what glibc's allocator keeps of freed memory: at most `arenas` arenas for all threads, pieces of `apart` bytes and
/// more in mappings of their own, and at most `kept` bytes free at the end of an arena (mallopt). Returns 0, or -1 where
/// the allocator takes no such advice.
int tessera_limit_allocator(int arenas, int apart, int kept);
