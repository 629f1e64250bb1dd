// CPU time of each step of an event loop (from the return of one wait to the call of the next) and of each job of the cooperative pool.
// Loaded before everything else (LD_PRELOAD); the test builds it.
// Each step over SERIN_STEPS_LIMIT_MS is written to the file SERIN_STEPS_OUT, with the stack of the moment in which it passed the limit;
// at the end of the process a line with the numbers of steps, the longest of each kind, and how many were too long.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define THREADS 512
#define FRAMES 64

enum { NONE, LOOP, JOB, KINDS };

struct thread {
    _Atomic int is_used, kind, is_asked;
    pthread_t thread;
    clockid_t clock;
    _Atomic long long start;
    void *stack[FRAMES];
    int depth;
};

static struct thread threads[THREADS];
static _Atomic int thread_count;
static __thread struct thread *own;
static int out = STDERR_FILENO;
static long long limit = 20 * 1000000ll;
static _Atomic long long longest[KINDS];
static _Atomic long counts[KINDS], over[KINDS];

static long long nanoseconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void begin(int kind) {
    if (!own) {
        own = &threads[atomic_fetch_add(&thread_count, 1) % THREADS];
        own->thread = pthread_self();
        pthread_getcpuclockid(own->thread, &own->clock);
        atomic_store(&own->is_used, 1);
    }
    atomic_store(&own->is_asked, 0);
    own->depth = 0;
    atomic_store(&own->start, nanoseconds(CLOCK_THREAD_CPUTIME_ID));
    atomic_store(&own->kind, kind);
}

static void end(void) {
    struct thread *t = own;
    int kind = t ? atomic_exchange(&t->kind, NONE) : NONE;
    if (kind == NONE) return;
    long long took = nanoseconds(CLOCK_THREAD_CPUTIME_ID) - atomic_load(&t->start);
    atomic_fetch_add(&counts[kind], 1);
    long long before = atomic_load(&longest[kind]);
    while (took > before && !atomic_compare_exchange_weak(&longest[kind], &before, took)) {}
    if (took <= limit) return;
    atomic_fetch_add(&over[kind], 1);
    char line[120];
    int size = snprintf(line, sizeof line, "over: %s %.1f ms\n", kind == LOOP ? "loop" : "job", took / 1e6);
    if (write(out, line, size) == size && t->depth) backtrace_symbols_fd(t->stack, t->depth, out);
}

static void take_stack(int signal) {
    (void)signal;
    struct thread *t = own;
    if (t && atomic_load(&t->kind) != NONE && !t->depth) t->depth = backtrace(t->stack, FRAMES);
}

// Looks at all threads now and then, and asks the one that is over the limit where it is.
static void *watch(void *unused) {
    (void)unused;
    for (;;) {
        usleep(4000);
        int n = atomic_load(&thread_count);
        for (int i = 0; i < n && i < THREADS; i++) {
            struct thread *t = &threads[i];
            if (!atomic_load(&t->is_used) || atomic_load(&t->kind) == NONE || atomic_load(&t->is_asked)) continue;
            if (nanoseconds(t->clock) - atomic_load(&t->start) <= limit) continue;
            atomic_store(&t->is_asked, 1);
            pthread_kill(t->thread, SIGUSR2);
        }
    }
    return NULL;
}

static void summary(void) {
    char line[240];
    int size = snprintf(
        line, sizeof line, "all: loop %ld steps, longest %.1f ms, %ld over; job %ld, longest %.1f ms, %ld over\n",
        counts[LOOP], longest[LOOP] / 1e6, over[LOOP], counts[JOB], longest[JOB] / 1e6, over[JOB]
    );
    if (write(out, line, size) != size) return;
}

static __attribute__((constructor)) void start(void) {
    const char *path = getenv("SERIN_STEPS_OUT"), *milliseconds = getenv("SERIN_STEPS_LIMIT_MS");
    if (path) out = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (milliseconds) limit = atoll(milliseconds) * 1000000ll;
    // The first call loads a library, which a handler must not do.
    void *frames[2];
    backtrace(frames, 2);
    struct sigaction action = {.sa_handler = take_stack, .sa_flags = SA_RESTART};
    sigaction(SIGUSR2, &action, NULL);
    pthread_t thread;
    if (pthread_create(&thread, NULL, watch, NULL) == 0) pthread_detach(thread);
    atexit(summary);
}

#define REAL(ret, name, ...) static ret (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, #name)

int epoll_wait(int d, struct epoll_event *events, int n, int timeout) {
    REAL(int, epoll_wait, int, struct epoll_event *, int, int);
    end();
    int count = real(d, events, n, timeout);
    begin(LOOP);
    return count;
}

int epoll_pwait(int d, struct epoll_event *events, int n, int timeout, const sigset_t *mask) {
    REAL(int, epoll_pwait, int, struct epoll_event *, int, int, const sigset_t *);
    end();
    int count = real(d, events, n, timeout, mask);
    begin(LOOP);
    return count;
}

// The cooperative pool runs its jobs through these two.
struct job { void (*run)(void *); void *context; };

static void measured(void *pointer) {
    struct job job = *(struct job *)pointer;
    free(pointer);
    begin(JOB);
    job.run(job.context);
    end();
}

static struct job *wrapped(void *context, void (*run)(void *)) {
    struct job *job = malloc(sizeof *job);
    if (!job) abort();
    *job = (struct job){run, context};
    return job;
}

void dispatch_async_f(void *queue, void *context, void (*run)(void *)) {
    REAL(void, dispatch_async_f, void *, void *, void (*)(void *));
    real(queue, wrapped(context, run), measured);
}

void dispatch_after_f(unsigned long long when, void *queue, void *context, void (*run)(void *)) {
    REAL(void, dispatch_after_f, unsigned long long, void *, void *, void (*)(void *));
    real(when, queue, wrapped(context, run), measured);
}
