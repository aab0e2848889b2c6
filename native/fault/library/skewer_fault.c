/*
 * A C library that fails on demand, for experiments. It is preloaded into every JVM of a daemon under test (faulty-java.c) and obeys a page
 * of numbers that the test writes and this process can only read.
 *
 * It makes no system call that the true function would not make, so the filters of the roles, the jail and Landlock stay as they are: what is
 * tested is the daemon as it is installed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define VISIBLE __attribute__((visibility("default")))
#define PAGE_BYTES 4096

/* The same order as in FaultyLibrary.java. */
struct orders {
    _Atomic int64_t clock_offset_s; /* how far the wall clock is off */
    _Atomic int64_t short_writes;   /* not 0: a write takes a part of what it is given */
    _Atomic int64_t failed_syncs;   /* each process lets one sync fail when this has grown */
    _Atomic int64_t names_fail;     /* not 0: no name can be looked up */
};

static struct orders none;
static struct orders *orders = &none;
static _Atomic int64_t obeyed_syncs;
static _Atomic uint32_t dice = 2463534242U;

static int (*true_clock_gettime)(clockid_t, struct timespec *);
static int (*true_getaddrinfo)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

__attribute__((constructor)) static void find_orders(void)
{
    const char *path = getenv("SKEWER_FAULTS");
    *(void **) &true_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    *(void **) &true_getaddrinfo = dlsym(RTLD_NEXT, "getaddrinfo");
    int number = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (number < 0) {
        return;
    }
    void *page = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, number, 0);
    close(number);
    if (page != MAP_FAILED) {
        orders = page;
        obeyed_syncs = orders->failed_syncs;
    }
}

VISIBLE int clock_gettime(clockid_t id, struct timespec *now)
{
    /* Other constructors may ask before ours ran. */
    int result = true_clock_gettime == NULL ? (int) syscall(SYS_clock_gettime, id, now) : true_clock_gettime(id, now);
    if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) {
        now->tv_sec += orders->clock_offset_s;
    }
    return result;
}

VISIBLE int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    (void) zone;
    struct timespec time;
    int result = clock_gettime(CLOCK_REALTIME, &time);
    now->tv_sec = time.tv_sec;
    now->tv_usec = time.tv_nsec / 1000;
    return result;
}

VISIBLE time_t time(time_t *place)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (place != NULL) {
        *place = now.tv_sec;
    }
    return now.tv_sec;
}

static size_t part_of(size_t count)
{
    uint32_t number = dice; /* xorshift; a lost update does no harm */
    number ^= number << 13;
    number ^= number >> 17;
    number ^= number << 5;
    dice = number;
    return orders->short_writes != 0 && count > 1 ? 1 + number % (count - 1) : count;
}

VISIBLE ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t place)
{
    return syscall(SYS_pwrite64, file, bytes, part_of(count), place);
}

VISIBLE ssize_t pwrite(int file, const void *bytes, size_t count, off_t place)
{
    return pwrite64(file, bytes, count, place);
}

VISIBLE int fdatasync(int file)
{
    int64_t wanted = orders->failed_syncs;
    int64_t obeyed = obeyed_syncs;
    if (wanted > obeyed && atomic_compare_exchange_strong(&obeyed_syncs, &obeyed, wanted)) {
        errno = EIO;
        return -1;
    }
    return (int) syscall(SYS_fdatasync, file);
}

VISIBLE int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    if (orders->names_fail != 0 || true_getaddrinfo == NULL) {
        return EAI_AGAIN;
    }
    return true_getaddrinfo(name, service, hints, found);
}
