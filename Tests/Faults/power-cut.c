// Records what a process asks of the disk below SERIN_POWER_ROOT, in the order in which it was done, into the file SERIN_POWER_TRACE:
// from that the test builds what the disk could hold after a power cut. Loaded before everything else (LD_PRELOAD); the test builds it.
// A record: operation (1 byte), inode, offset (8 bytes each), length of the path and of the payload (4 bytes each), path, payload;
// little endian. Paths are relative to the root. Files are told by inode: a name may change between a write and its sync.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CREATE = 1, WRITE, TRUNCATE, SYNC, SYNC_FOLDER, RENAME, LINK, UNLINK, MAKE_FOLDER };

#define REAL(ret, name, ...) static ret (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, #name)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static char root[PATH_MAX];

static __attribute__((constructor)) void begin(void) {
    const char *wanted = getenv("SERIN_POWER_ROOT"), *path = getenv("SERIN_POWER_TRACE");
    if (!wanted || !path || !realpath(wanted, root)) return;
    REAL(int, open, const char *, int, ...);
    trace = real(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

// The part of an absolute path below the root; null for others, and for SQLite's index in shared memory, which no disk has to hold.
static const char *below(const char *path) {
    size_t length = strlen(root);
    if (trace < 0 || !length || strncmp(path, root, length) != 0 || path[length] != '/') return NULL;
    size_t end = strlen(path);
    if (end > 4 && !strcmp(path + end - 4, "-shm")) return NULL;
    return path + length + 1;
}

// The path of an open descriptor below the root.
static const char *opened(int descriptor, char *buffer) {
    if (trace < 0) return NULL;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t count = readlink(link, buffer, PATH_MAX - 1);
    if (count <= 0) return NULL;
    buffer[count] = 0;
    return below(buffer);
}

// The path below the root of what is named relative to an open folder, or to where the process stands.
static const char *named(int folder, const char *path, char *buffer) {
    if (trace < 0 || !path) return NULL;
    if (path[0] == '/') {
        snprintf(buffer, PATH_MAX, "%s", path);
    } else {
        char link[64], base[PATH_MAX];
        if (folder == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
        else snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t count = readlink(link, base, PATH_MAX - 1);
        if (count <= 0) return NULL;
        base[count] = 0;
        if (snprintf(buffer, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return NULL;
    }
    return below(buffer);
}

static uint64_t inode_of(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 ? (uint64_t)status.st_ino : 0;
}

static uint64_t inode_at(const char *relative) {
    char path[PATH_MAX];
    struct stat status;
    snprintf(path, sizeof path, "%.2000s/%.2000s", root, relative);
    return lstat(path, &status) == 0 ? (uint64_t)status.st_ino : 0;
}

static void record(uint8_t operation, uint64_t inode, uint64_t offset, const char *path, const void *payload, uint32_t size) {
    struct { uint8_t operation; uint64_t inode, offset; uint32_t path, payload; } __attribute__((packed)) head = {
        operation, inode, offset, (uint32_t)strlen(path), size
    };
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, head.path}, {(void *)payload, size}};
    static ssize_t (*real)(int, const struct iovec *, int);
    if (!real) real = dlsym(RTLD_NEXT, "writev");
    size_t wanted = sizeof head + head.path + size;
    // A trace with a hole proves nothing: better no process than one whose trace lies.
    if (real(trace, parts, size ? 3 : 2) != (ssize_t)wanted) abort();
}

// Keeps errno, which the caller reads after the call that was recorded.
#define RECORDED(done, ...) do { if (done) { int kept = errno; __VA_ARGS__; errno = kept; } } while (0)

static int recorded_open(int descriptor, int flags) {
    char buffer[PATH_MAX];
    const char *path;
    if (descriptor >= 0 && (flags & (O_CREAT | O_TRUNC)) && (path = opened(descriptor, buffer))) {
        RECORDED(flags & O_CREAT, record(CREATE, inode_of(descriptor), 0, path, NULL, 0));
        RECORDED(flags & O_TRUNC, record(TRUNCATE, inode_of(descriptor), 0, path, NULL, 0));
    }
    return descriptor;
}

#define OPEN(declared, ...) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | __O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
    pthread_mutex_lock(&lock); \
    int descriptor = recorded_open(real(__VA_ARGS__, flags, mode), flags); \
    pthread_mutex_unlock(&lock); \
    return descriptor;

int open(const char *p, int flags, ...) { REAL(int, open, const char *, int, ...); OPEN(open, p) }
int open64(const char *p, int flags, ...) { REAL(int, open64, const char *, int, ...); OPEN(open64, p) }
int openat(int d, const char *p, int flags, ...) { REAL(int, openat, int, const char *, int, ...); OPEN(openat, d, p) }
int openat64(int d, const char *p, int flags, ...) { REAL(int, openat64, int, const char *, int, ...); OPEN(openat64, d, p) }
int creat(const char *p, mode_t mode) { return open(p, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int mkstemp(char *p) { REAL(int, mkstemp, char *); pthread_mutex_lock(&lock); int d = recorded_open(real(p), O_CREAT); pthread_mutex_unlock(&lock); return d; }
int mkostemp(char *p, int f) { REAL(int, mkostemp, char *, int); pthread_mutex_lock(&lock); int d = recorded_open(real(p, f), O_CREAT); pthread_mutex_unlock(&lock); return d; }

// A write to a file below the root: in the order of the lock, at the place where it went.
static ssize_t written(int descriptor, ssize_t count, off64_t offset, const void *bytes, const char *path) {
    RECORDED(count > 0, record(WRITE, inode_of(descriptor), (uint64_t)offset, path, bytes, (uint32_t)count));
    return count;
}

ssize_t pwrite64(int d, const void *b, size_t n, off64_t o) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    char buffer[PATH_MAX];
    const char *path = opened(d, buffer);
    if (!path) return real(d, b, n, o);
    pthread_mutex_lock(&lock);
    ssize_t count = written(d, real(d, b, n, o), o, b, path);
    pthread_mutex_unlock(&lock);
    return count;
}
ssize_t pwrite(int d, const void *b, size_t n, off_t o) { return pwrite64(d, b, n, o); }

ssize_t write(int d, const void *b, size_t n) {
    REAL(ssize_t, write, int, const void *, size_t);
    char buffer[PATH_MAX];
    const char *path = opened(d, buffer);
    if (!path) return real(d, b, n);
    pthread_mutex_lock(&lock);
    off64_t place = lseek64(d, 0, fcntl(d, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
    ssize_t count = written(d, real(d, b, n), place, b, path);
    pthread_mutex_unlock(&lock);
    return count;
}

ssize_t writev(int d, const struct iovec *v, int n) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    char buffer[PATH_MAX];
    if (!opened(d, buffer)) return real(d, v, n);
    ssize_t all = 0;
    for (int i = 0; i < n; i++) {
        ssize_t count = write(d, v[i].iov_base, v[i].iov_len);
        if (count < 0) return all ? all : -1;
        all += count;
        if ((size_t)count < v[i].iov_len) break;
    }
    return all;
}

static int resized(int descriptor, int result, off64_t size) {
    char buffer[PATH_MAX];
    const char *path;
    if (result == 0 && (path = opened(descriptor, buffer))) RECORDED(1, record(TRUNCATE, inode_of(descriptor), (uint64_t)size, path, NULL, 0));
    return result;
}
int ftruncate64(int d, off64_t n) { REAL(int, ftruncate64, int, off64_t); pthread_mutex_lock(&lock); int r = resized(d, real(d, n), n); pthread_mutex_unlock(&lock); return r; }
int ftruncate(int d, off_t n) { return ftruncate64(d, n); }

// A sync promises only what was written before it began: it is recorded where it began.
static int synced(int descriptor, int (*real)(int)) {
    char buffer[PATH_MAX];
    const char *path = opened(descriptor, buffer);
    if (!path) return real(descriptor);
    struct stat status;
    int is_folder = fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
    pthread_mutex_lock(&lock);
    int result = real(descriptor);
    RECORDED(result == 0, record(is_folder ? SYNC_FOLDER : SYNC, inode_of(descriptor), 0, path, NULL, 0));
    pthread_mutex_unlock(&lock);
    return result;
}
int fsync(int d) { REAL(int, fsync, int); return synced(d, real); }
int fdatasync(int d) { REAL(int, fdatasync, int); return synced(d, real); }

static void moved(uint8_t operation, int from, const char *a, int to, const char *b) {
    char first[PATH_MAX], second[PATH_MAX];
    const char *source = named(from, a, first), *target = named(to, b, second);
    if (source && target) RECORDED(1, record(operation, inode_at(target), 0, source, target, (uint32_t)strlen(target)));
}
static void gone(uint8_t operation, int folder, const char *p) {
    char buffer[PATH_MAX];
    const char *path = named(folder, p, buffer);
    if (path) RECORDED(1, record(operation, 0, 0, path, NULL, 0));
}

#define AND(call, then) pthread_mutex_lock(&lock); int result = call; if (result == 0) then; pthread_mutex_unlock(&lock); return result

int rename(const char *a, const char *b) { REAL(int, rename, const char *, const char *); AND(real(a, b), moved(RENAME, AT_FDCWD, a, AT_FDCWD, b)); }
int renameat(int d, const char *a, int e, const char *b) { REAL(int, renameat, int, const char *, int, const char *); AND(real(d, a, e, b), moved(RENAME, d, a, e, b)); }
int renameat2(int d, const char *a, int e, const char *b, unsigned f) { REAL(int, renameat2, int, const char *, int, const char *, unsigned); AND(real(d, a, e, b, f), moved(RENAME, d, a, e, b)); }
int link(const char *a, const char *b) { REAL(int, link, const char *, const char *); AND(real(a, b), moved(LINK, AT_FDCWD, a, AT_FDCWD, b)); }
int linkat(int d, const char *a, int e, const char *b, int f) { REAL(int, linkat, int, const char *, int, const char *, int); AND(real(d, a, e, b, f), moved(LINK, d, a, e, b)); }
int unlink(const char *a) { REAL(int, unlink, const char *); AND(real(a), gone(UNLINK, AT_FDCWD, a)); }
int unlinkat(int d, const char *a, int f) { REAL(int, unlinkat, int, const char *, int); AND(real(d, a, f), gone(UNLINK, d, a)); }
int rmdir(const char *a) { REAL(int, rmdir, const char *); AND(real(a), gone(UNLINK, AT_FDCWD, a)); }
int remove(const char *a) { REAL(int, remove, const char *); AND(real(a), gone(UNLINK, AT_FDCWD, a)); }
int mkdir(const char *a, mode_t m) { REAL(int, mkdir, const char *, mode_t); AND(real(a, m), gone(MAKE_FOLDER, AT_FDCWD, a)); }
int mkdirat(int d, const char *a, mode_t m) { REAL(int, mkdirat, int, const char *, mode_t); AND(real(d, a, m), gone(MAKE_FOLDER, d, a)); }
