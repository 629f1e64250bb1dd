// A disk that fails: while the file named by SERIN_DISK_FAULT exists, nothing below SERIN_DISK_ROOT can be written or synced, as on
// a disk whose controller went away. Loaded before everything else (LD_PRELOAD); the test that uses it builds it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(ret, name, ...) static ret (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, #name)

// Whether the file behind an open descriptor cannot be written now.
static int fails(int descriptor) {
    const char *fault = getenv("SERIN_DISK_FAULT"), *root = getenv("SERIN_DISK_ROOT");
    if (!fault || !root || access(fault, F_OK) != 0) return 0;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t count = readlink(link, path, sizeof path - 1);
    if (count <= 0) return 0;
    path[count] = 0;
    if (strncmp(path, root, strlen(root)) != 0 || strstr(path, "-shm")) return 0;
    errno = EIO;
    return 1;
}

ssize_t write(int d, const void *b, size_t n) { REAL(ssize_t, write, int, const void *, size_t); return fails(d) ? -1 : real(d, b, n); }
ssize_t pwrite(int d, const void *b, size_t n, off_t o) { REAL(ssize_t, pwrite, int, const void *, size_t, off_t); return fails(d) ? -1 : real(d, b, n, o); }
ssize_t pwrite64(int d, const void *b, size_t n, off64_t o) { REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t); return fails(d) ? -1 : real(d, b, n, o); }
int fsync(int d) { REAL(int, fsync, int); return fails(d) ? -1 : real(d); }
int fdatasync(int d) { REAL(int, fdatasync, int); return fails(d) ? -1 : real(d); }
int ftruncate(int d, off_t n) { REAL(int, ftruncate, int, off_t); return fails(d) ? -1 : real(d, n); }
int ftruncate64(int d, off64_t n) { REAL(int, ftruncate64, int, off64_t); return fails(d) ? -1 : real(d, n); }
