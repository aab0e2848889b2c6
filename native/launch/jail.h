/* What the files about confinement share: which layers there are, what a process sees of the file system, how it gets there. */
#ifndef SKEWER_JAIL_H
#define SKEWER_JAIL_H

#include "launch.h"
#include "roles.h"

#include <limits.h>

/* In the view of one process: longest list, of a role with outgoing network, has about 50. */
#define PLACES_MAX 96

/* Where the store of `serve --test` lies, in memory, in its own process only. */
#define SCRATCH "/scratch"

enum access {
    SEEN_READ,    /* read, not execute */
    SEEN_EXECUTE, /* read and execute: programs and libraries */
    SEEN_WRITE,   /* read and write, not execute */
    SEEN_DEVICE,  /* /dev/null and its like */
    SEEN_SOCKET,  /* a unix socket to send to */
    SEEN_EMPTY    /* hidden under an empty directory */
};

/* Something of the host that a process sees, at the same path. */
struct place {
    char source[PATH_MAX]; /* without symbolic links */
    char path[PATH_MAX];   /* where it is seen: differs from the source when that was found through a link */
    enum access access;
    bool claimed;          /* the one below is what must lie there: checked once, swapped never */
    dev_t device;
    ino_t inode;
};

struct view {
    struct place places[PLACES_MAX];
    size_t count;
    bool scratch; /* has SCRATCH */
    char title[64]; /* a link of this name in the root leads to the program, so that the kernel knows the process by it */
    const char *program;
};

struct role {
    uint32_t user; /* its number in --uid-range */
    const char *name;
    enum network network;
    enum disk disk;
};

/* A directory named by the operator, checked. Empty path: there is none. */
struct directory {
    char path[PATH_MAX];
    dev_t device;
    ino_t inode;
};

/* All directories that any role may see. */
struct directories {
    struct directory store;
    struct directory config;
    struct directory log;         /* of the file destination; known after PREPARE */
    char log_as_named[PATH_MAX];  /* the same, as the configuration has it */
    struct directory own_log;     /* of --logfilename */
    bool scratch;                 /* --test: the store lives in memory */
    bool local_syslog;
    char java_home[PATH_MAX];
    char installation[PATH_MAX];
};

/* The first role that has it. */
const struct role *role_of_disk(enum disk disk);

/* ---- directory.c ---- */

/* Makes a directory that the operator names, unless it is there, owned by who will use it. */
int directory_create(const char *path, const struct identity *owner, struct failure *failure);
/*
 * Refuses links, files, and what others than root, the launcher's user and the owner (if given) could change; what is for one role's own
 * user must belong to it. Fills in the real path.
 */
int directory_claim(struct directory *directory, const char *path, const struct identity *owner, const char *what, struct failure *failure);
/*
 * For a directory that is written to: refuses those of the system and of skewer itself as well, and only then makes it for its owner when it is
 * missing, with that mode. Links on the way are followed.
 */
int directory_claim_output(struct directories *all, struct directory *claimed, const char *path, const struct identity *owner, mode_t mode,
        struct failure *failure);
/* What was made is wanted: it stays whatever happens from here on. */
void directories_keep(void);
/* Removes what was made and is empty, unless it was to be kept. */
void directories_remove(void);
/* Refuses links and a file that others could change; one that does not exist is fine. */
int file_check(const char *path, const struct identity *owner, struct failure *failure);

/* ---- view.c ---- */

int view_of(struct view *view, const struct role *role, const struct directories *directories, struct failure *failure);

/* ---- jail.c: namespaces and the file system in them. Linux only, as all below ---- */

/* The flags for clone(2), or 0 when this system does not let the launcher make namespaces. */
unsigned long jail_flags(void);
/* Tries it. */
bool jail_can_make(unsigned long flags);
/* In the new process: builds the root that consists of the view only, and moves into it. */
int jail_enter(const struct view *view, unsigned long flags, const struct identity *outside, struct failure *failure);

/* ---- landlock.c ---- */

int landlock_abi(void);
int landlock_restrict(const struct view *view, const struct role *role, struct failure *failure);

/* ---- privilege.c; the first also elsewhere than on Linux ---- */

/* mkdirat(2) of a directory that belongs to the owner from its first moment. */
int privilege_make_directory(int parent, const char *name, const struct identity *owner, mode_t mode);

/* No program that is executed from here on can give more rights, whatever its set-uid bits. */
int privilege_renounce(struct failure *failure);
/* What the launcher itself needs later; everything else is dropped at once. */
int privilege_reduce(struct failure *failure);
/* What making jails and ending processes needs, in a user namespace. */
int privilege_keep_for_jails(struct failure *failure);
/* What removing files needs; the rest is dropped for good, and the coarse filter installed where there are filters. */
int privilege_keep_for_removal(bool filtered, struct failure *failure);
/* Drops every capability for good, becomes the identity, and verifies both. In the child only. */
int privilege_drop(const struct identity *identity, struct failure *failure);
int privilege_limits(const struct identity *identity, struct failure *failure);
/* Whether the kernel has seccomp filters. */
bool filter_is_known(void);
/* The coarse filter: what no role ever needs. The tight one comes from the process itself when it is warm. */
int filter_install(struct failure *failure);

#endif
