#define _GNU_SOURCE
#include "CSystemShims.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef RESOLVE_CACHED
#define RESOLVE_CACHED 0x20
#endif

int tessera_exchange_paths(const char *first, const char *second) {
    return renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE) == 0 ? 0 : errno;
}

int tessera_synchronise(int fd) {
    return syncfs(fd) == 0 ? 0 : errno;
}

int tessera_open_without_links(int dirfd, const char *path, int flags) {
    int parent = dirfd;
    for (;;) {
        while (*path == '/') path++;
        const char *slash = strchr(path, '/');
        size_t length = slash ? (size_t)(slash - path) : strlen(path);
        char component[256];
        int result;
        if (length == 0 || length >= sizeof component) {
            result = length == 0 ? -ENOENT : -ENAMETOOLONG;
        } else {
            memcpy(component, path, length);
            component[length] = 0;
            if (strcmp(component, "..") == 0) {
                result = -EXDEV;
            } else {
                int how = slash ? O_PATH | O_DIRECTORY : flags | O_RDONLY | O_NONBLOCK;
                result = openat(parent, component, how | O_CLOEXEC | O_NOFOLLOW);
                if (result < 0) result = -errno;
            }
        }
        if (parent != dirfd) close(parent);
        if (result < 0 || !slash) return result;
        parent = result;
        path = slash + 1;
    }
}

int tessera_open_beneath(int dirfd, const char *path, int flags, int cached_only) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (unsigned)(flags | O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | (cached_only ? RESOLVE_CACHED : 0);
    // The kernel answers EAGAIN as well when a rename elsewhere raced with the walk: then ask again.
    for (int attempt = 0;; attempt++) {
        long fd = syscall(SYS_openat2, dirfd, path, &how, sizeof how);
        if (fd >= 0) return (int)fd;
        if (errno == EAGAIN && !cached_only && attempt < 32) continue;
        if (cached_only && errno == EINVAL) return -EAGAIN;
        if (errno != ENOSYS && errno != EPERM) return -errno;
        return cached_only ? -EAGAIN : tessera_open_without_links(dirfd, path, flags);
    }
}

ssize_t tessera_read_cached(int fd, void *buffer, size_t count, off_t offset) {
    struct iovec part = {.iov_base = buffer, .iov_len = count};
    ssize_t got = preadv2(fd, &part, 1, offset, RWF_NOWAIT);
    return got >= 0 ? got : -errno;
}

int tessera_limit_allocator(int arenas, int apart, int kept) {
    int taken = mallopt(M_ARENA_MAX, arenas) && mallopt(M_MMAP_THRESHOLD, apart) && mallopt(M_TRIM_THRESHOLD, kept);
    return taken ? 0 : -1;
}
