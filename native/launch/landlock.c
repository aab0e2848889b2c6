/*
 * Landlock: the same view once more, enforced by another part of the kernel, and the only one where namespaces cannot be made.
 * Numbers are written out: the headers of the C library are often older than the kernel.
 */
#include "jail.h"

#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALL_CREATE_RULESET 444
#define CALL_ADD_RULE 445
#define CALL_RESTRICT_SELF 446
#define QUERY_VERSION 1
#define RULE_PATH_BENEATH 1

#define EXECUTE (1u << 0)
#define WRITE_FILE (1u << 1)
#define READ_FILE (1u << 2)
#define READ_DIR (1u << 3)
#define REMOVE_DIR (1u << 4)
#define REMOVE_FILE (1u << 5)
#define MAKE_DIR (1u << 7)
#define MAKE_REG (1u << 8)
#define REFER (1u << 13)    /* 2 */
#define TRUNCATE (1u << 14) /* 3 */
#define IOCTL_DEV (1u << 15) /* 5 */
#define NET_BIND 1u         /* 4 */
#define NET_CONNECT 2u      /* 4 */
#define SCOPE_ABSTRACT_UNIX 1u /* 6 */
#define SCOPE_SIGNAL 2u        /* 6 */

/* All rights on files that an ABI knows. */
static const uint64_t file_rights[] = {0, 0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff};

struct ruleset {
    uint64_t files;
    uint64_t network;
    uint64_t scoped;
};

struct __attribute__((packed)) beneath {
    uint64_t allowed;
    int32_t parent;
};

int landlock_abi(void)
{
    long abi = syscall(CALL_CREATE_RULESET, NULL, 0, QUERY_VERSION);
    return abi < 0 ? 0 : (int) abi;
}

/* What was claimed at the start must be what is allowed now: without namespaces nobody else compares it. */
static int allow(int rules, const char *path, const struct place *place, uint64_t rights, struct failure *failure)
{
    struct stat status;
    int number = open(path, O_PATH | O_CLOEXEC);
    if (number < 0 || fstat(number, &status) < 0) {
        int error = errno;
        if (number >= 0) {
            close(number);
        }
        return error == ENOENT ? 0 : fail(failure, error, "cannot be confined: Landlock: %.120s: %s", path, strerror(error));
    }
    if (place != NULL && place->claimed && (status.st_dev != place->device || status.st_ino != place->inode)) {
        close(number);
        return fail(failure, ESTALE, "cannot be confined: %.150s is not the directory any more that it was when skewer started", path);
    }
    if (!S_ISDIR(status.st_mode)) {
        rights &= EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV;
    }
    struct beneath rule = {.allowed = rights, .parent = number};
    long result = syscall(CALL_ADD_RULE, rules, RULE_PATH_BENEATH, &rule, 0);
    int error = errno;
    close(number);
    return result < 0 ? fail(failure, error, "cannot be confined: Landlock: %.120s: %s", path, strerror(error)) : 0;
}

static uint64_t rights_for(enum access access)
{
    switch (access) {
    case SEEN_READ:
        return READ_FILE | READ_DIR;
    case SEEN_EXECUTE:
        return READ_FILE | READ_DIR | EXECUTE;
    case SEEN_WRITE:
        return READ_FILE | READ_DIR | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE;
    case SEEN_DEVICE:
        return READ_FILE | WRITE_FILE;
    default:
        return 0;
    }
}

static int add_rules(int rules, uint64_t handled, const struct view *view, struct failure *failure)
{
    for (size_t i = 0; i < view->count; i++) {
        const struct place *place = &view->places[i];
        uint64_t rights = rights_for(place->access) & handled;
        if (rights != 0 && allow(rules, place->path, place, rights, failure) < 0) {
            return -1;
        }
    }
    if (view->scratch && allow(rules, SCRATCH, NULL, rights_for(SEEN_WRITE) & handled, failure) < 0) {
        return -1;
    }
    return allow(rules, "/proc", NULL, READ_FILE | READ_DIR, failure);
}

int landlock_restrict(const struct view *view, const struct role *role, struct failure *failure)
{
    int abi = landlock_abi();
    struct ruleset wanted = {.files = file_rights[abi < 5 ? abi : 5]};
    size_t size = sizeof wanted.files;
    if (abi >= 4) {
        wanted.network = role->network == NETWORK_HOST ? 0 : role->network == NETWORK_OUTGOING ? NET_BIND : NET_BIND | NET_CONNECT;
        size = offsetof(struct ruleset, scoped);
    }
    if (abi >= 6) {
        wanted.scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
        size = sizeof wanted;
    }
    int rules = (int) syscall(CALL_CREATE_RULESET, &wanted, size, 0);
    if (rules < 0) {
        return fail(failure, errno, "cannot be confined: Landlock: %s", strerror(errno));
    }
    int result = add_rules(rules, wanted.files, view, failure);
    if (result == 0 && syscall(CALL_RESTRICT_SELF, rules, 0) < 0) {
        result = fail(failure, errno, "cannot be confined: Landlock: %s", strerror(errno));
    }
    close(rules);
    return result;
}
#endif
