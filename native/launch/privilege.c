/*
 * Capabilities, limits, and the coarse filter. Everything that is given up is read back: a kernel or a container that quietly
 * does something else ends the start of the process.
 */
#include "jail.h"

#ifdef __linux__
#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "policy_launch.h"

#define CAPABILITY_MAX 63
#define WORDS 2
#define OPEN_FILES_MAX 65536
/* Threads of all processes of one user; a JVM here has about 25. */
#define THREADS_MAX 2048
/* Where the user has one process: room for one that ends while its successor starts, on a machine with many processors. */
#define THREADS_MAX_OWN 512

#define BIT(capability) ((uint64_t) 1 << (capability))

/* Makes namespaces; becomes users; drops what it may not keep; ends processes of other users; reaches directories that only those can. */
#define FOR_JAILS (BIT(CAP_SYS_ADMIN) | BIT(CAP_SETUID) | BIT(CAP_SETGID) | BIT(CAP_SETPCAP) | BIT(CAP_KILL) | BIT(CAP_DAC_OVERRIDE))
/* Until all sockets are bound. */
#define FOR_START (FOR_JAILS | BIT(CAP_NET_BIND_SERVICE))

static const unsigned long locked_bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED
        | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;

static struct __user_cap_header_struct head(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    return header;
}

static int set_capabilities(uint64_t wanted)
{
    struct __user_cap_header_struct header = head();
    struct __user_cap_data_struct data[WORDS];
    if (syscall(SYS_capget, &header, data) < 0) {
        return -1;
    }
    for (int i = 0; i < WORDS; i++) {
        uint32_t word = data[i].permitted & (uint32_t) (wanted >> (32 * i));
        data[i].permitted = word;
        data[i].effective = word;
        data[i].inheritable = 0;
    }
    header = head();
    return (int) syscall(SYS_capset, &header, data);
}

static int drop_bounding(uint64_t kept_set)
{
    for (int capability = 0; capability <= CAPABILITY_MAX; capability++) {
        int held = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
        if (held < 0) {
            return 0; /* the kernel knows no more */
        }
        if (held == 1 && (kept_set >> capability & 1) == 0 && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0) {
            return -1;
        }
    }
    return 0;
}

static bool holds_beyond(uint64_t set)
{
    struct __user_cap_header_struct header = head();
    struct __user_cap_data_struct data[WORDS];
    if (syscall(SYS_capget, &header, data) < 0) {
        return true;
    }
    for (int i = 0; i < WORDS; i++) {
        if (((data[i].effective | data[i].permitted) & ~(uint32_t) (set >> (32 * i))) != 0 || data[i].inheritable != 0) {
            return true;
        }
    }
    for (int capability = 0; capability <= CAPABILITY_MAX; capability++) {
        if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) == 1) {
            return true;
        }
    }
    return false;
}

static bool has(int capability)
{
    struct __user_cap_header_struct header = head();
    struct __user_cap_data_struct data[WORDS];
    return syscall(SYS_capget, &header, data) == 0 && (data[capability / 32].effective >> (capability % 32) & 1) != 0;
}

static int keep(uint64_t set, struct failure *failure)
{
    if (has(CAP_SETPCAP) && drop_bounding(set) < 0) {
        return fail(failure, errno, "cannot drop capabilities: %s", strerror(errno));
    }
    if (set_capabilities(set) < 0) {
        return fail(failure, errno, "cannot drop capabilities: %s", strerror(errno));
    }
    return holds_beyond(set) ? fail(failure, EPERM, "still holds capabilities") : 0;
}

int privilege_renounce(struct failure *failure)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) {
        return fail(failure, EPERM, "cannot give up new privileges");
    }
    return 0;
}

int privilege_reduce(struct failure *failure)
{
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return fail(failure, EPERM, "cannot hide itself");
    }
    return privilege_renounce(failure) < 0 ? -1 : keep(FOR_START, failure);
}

int privilege_keep_for_jails(struct failure *failure)
{
    return keep(FOR_JAILS, failure);
}

int privilege_keep_for_removal(bool filtered, struct failure *failure)
{
    return keep(BIT(CAP_DAC_OVERRIDE), failure) < 0 || (filtered && filter_install(failure) < 0) ? -1 : 0;
}

/* Changing to the user for files only must not take CAP_DAC_OVERRIDE away for the moment, which is the kernel's habit. */
int privilege_make_directory(int parent, const char *name, const struct identity *owner, mode_t mode)
{
    if (!owner->change) {
        return mkdirat(parent, name, mode);
    }
    uid_t uid = geteuid();
    gid_t gid = getegid();
    prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0);
    setfsgid(owner->gid);
    setfsuid(owner->uid);
    int result = mkdirat(parent, name, mode);
    int error = errno;
    setfsuid(uid);
    setfsgid(gid);
    prctl(PR_SET_SECUREBITS, 0, 0, 0, 0);
    errno = error;
    return result;
}

int privilege_drop(const struct identity *identity, struct failure *failure)
{
    bool could = has(CAP_SETPCAP);
    if (could && (drop_bounding(0) < 0 || prctl(PR_SET_SECUREBITS, locked_bits, 0, 0, 0) < 0)) {
        return fail(failure, errno, "cannot drop capabilities: %s", strerror(errno));
    }
    if (identity_become(identity, failure) < 0) {
        return -1;
    }
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); /* a kernel without them fails, and has none */
    if (set_capabilities(0) < 0) {
        return fail(failure, errno, "cannot drop capabilities: %s", strerror(errno));
    }
    if (holds_beyond(0)) {
        return fail(failure, EPERM, "still holds capabilities");
    }
    if (could && (unsigned long) prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != locked_bits) {
        return fail(failure, EPERM, "did not get the secure bits that were set");
    }
    return 0;
}

static int limit(int resource, rlim_t most)
{
    struct rlimit now;
    if (getrlimit((__rlimit_resource_t) resource, &now) < 0) {
        return -1;
    }
    rlim_t value = now.rlim_max != RLIM_INFINITY && now.rlim_max < most ? now.rlim_max : most;
    struct rlimit wanted = {.rlim_cur = value, .rlim_max = value};
    if (setrlimit((__rlimit_resource_t) resource, &wanted) < 0 || getrlimit((__rlimit_resource_t) resource, &now) < 0) {
        return -1;
    }
    errno = EPERM; /* when it took the call and did something else */
    return now.rlim_cur == value && now.rlim_max == value ? 0 : -1;
}

int privilege_limits(const struct identity *identity, struct failure *failure)
{
    rlim_t threads = identity->own ? THREADS_MAX_OWN : THREADS_MAX;
    if (limit(RLIMIT_CORE, 0) < 0 || limit(RLIMIT_NOFILE, OPEN_FILES_MAX) < 0 || limit(RLIMIT_NPROC, threads) < 0) {
        return fail(failure, errno, "cannot be limited: %s", strerror(errno));
    }
    return 0;
}

/* A kernel that knows filters looks at the program, which is not there. */
bool filter_is_known(void)
{
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL) < 0 && errno == EFAULT;
}

int filter_install(struct failure *failure)
{
    struct sock_fprog program = {
            .len = (unsigned short) (sizeof policy_launch / sizeof policy_launch[0]),
            .filter = (struct sock_filter *) (uintptr_t) policy_launch,
    };
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0) {
        return fail(failure, errno, "cannot install its filter: %s", strerror(errno));
    }
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != SECCOMP_MODE_FILTER) {
        return fail(failure, EPERM, "did not get its filter");
    }
    return 0;
}
#else
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int privilege_make_directory(int parent, const char *name, const struct identity *owner, mode_t mode)
{
    if (mkdirat(parent, name, mode) < 0) {
        return -1;
    }
    return owner->change ? fchownat(parent, name, owner->uid, owner->gid, AT_SYMLINK_NOFOLLOW) : 0;
}
#endif
