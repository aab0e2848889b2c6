/*
 * Directories that the operator or the supervisor names. Each is looked at once, and what it was then (device and inode) is
 * compared with what was mounted: swapping it for a link or for another directory in between is found out.
 */
#include "jail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

#define ROOT 0
#define PRIVATE 0700
#define MADE_MAX 64

/*
 * Where no output goes (docs/operating-confined.md says the same): trees of the system, and directories that hold those of many.
 */
static const char *const forbidden[] = {"/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/root", "/run", "/sbin",
        "/snap", "/sys", "/usr", "/var/backups", "/var/mail", "/var/spool"};
static const char *const forbidden_itself[] = {"/", "/home", "/media", "/mnt", "/opt", "/srv", "/tmp", "/var", "/var/cache", "/var/lib", "/var/log",
        "/var/tmp"};
/* A directory that is there may be used, but root makes none: users and packages would take it for theirs. */
static const char *const made_by_their_owners[] = {"/home", "/var/cache", "/var/lib"};

/*
 * What this start made, in that order. The configuration, which may be what root without --uid is allowed by, is read by the supervisor, whose jail
 * has these directories already. So they are made first, and a start that was refused takes them away: root's would be in the way of the right start.
 */
static struct {
    int parent;
    char name[NAME_MAX + 1];
    dev_t device;
    ino_t inode;
} made[MADE_MAX];
static size_t made_count;

#define EACH(name, list) for (size_t name = 0; name < sizeof(list) / sizeof(list)[0]; name++)

static bool is_below(const char *path, const char *top)
{
    size_t length = strlen(top);
    return strncmp(path, top, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* Without an owner: only whether everybody could. */
static bool may_be_changed_by_strangers(const struct stat *status, const struct identity *owner)
{
    if (owner == NULL) {
        return (status->st_mode & S_IWOTH) != 0;
    }
    bool group_is_ours = status->st_gid == ROOT || status->st_gid == getegid() || status->st_gid == owner->gid;
    bool owner_is_ours = status->st_uid == ROOT || status->st_uid == geteuid() || status->st_uid == owner->uid;
    return (status->st_mode & S_IWOTH) != 0 || ((status->st_mode & S_IWGRP) != 0 && !group_is_ours) || !owner_is_ours;
}

/*
 * Where a path leads, though its last parts may be missing; of what is there, only the last part is left a link when links are not followed.
 * Makes nothing. The beginning of what comes out that is there has the length `there`.
 */
static int resolve(const char *path, bool follow, char *real, size_t *there, struct failure *failure)
{
    char copy[PATH_MAX];
    char next[PATH_MAX];
    char *rest = NULL;
    bool missing = false;
    if (path[0] == '\0' || snprintf(copy, sizeof copy, "%s", path) >= (int) sizeof copy) {
        return fail(failure, EINVAL, "%.100s: is no path", path);
    }
    if (realpath(path[0] == '/' ? "/" : ".", real) == NULL) {
        return fail(failure, errno, "%.150s: %s", path, strerror(errno));
    }
    *there = strlen(real);
    for (char *part = strtok_r(copy, "/", &rest), *after; part != NULL; part = after) {
        struct stat status;
        bool dots = strcmp(part, ".") == 0 || strcmp(part, "..") == 0;
        after = strtok_r(NULL, "/", &rest);
        if (snprintf(next, sizeof next, "%s/%s", strcmp(real, "/") == 0 ? "" : real, part) >= (int) sizeof next) {
            return fail(failure, ENAMETOOLONG, "%.100s: the name is too long", path);
        }
        bool found = !missing && lstat(next, &status) == 0;
        if (missing && dots) {
            return fail(failure, EINVAL, "%.100s: goes back from what is not there", path);
        }
        if (!missing && !found && errno != ENOENT) {
            return fail(failure, errno, "%.150s: %s", path, strerror(errno));
        }
        missing = missing || !found;
        if (!found || !(follow || dots || after != NULL)) {
            memcpy(real, next, sizeof next);
        } else if (realpath(next, real) == NULL) {
            return fail(failure, errno, "%.150s: %s", path, strerror(errno));
        }
        *there = missing ? *there : strlen(real);
    }
    return 0;
}

void directories_keep(void)
{
    while (made_count > 0) {
        close(made[--made_count].parent);
    }
}

void directories_remove(void)
{
    while (made_count > 0) {
        struct stat status;
        made_count--;
        if (fstatat(made[made_count].parent, made[made_count].name, &status, AT_SYMLINK_NOFOLLOW) == 0
                && status.st_dev == made[made_count].device && status.st_ino == made[made_count].inode) {
            unlinkat(made[made_count].parent, made[made_count].name, AT_REMOVEDIR); /* not when something is in it */
        }
        close(made[made_count].parent);
    }
}

static void remember(int parent, const char *name, int number)
{
    struct stat status;
    if (made_count == MADE_MAX || strlen(name) > NAME_MAX || fstat(number, &status) < 0) {
        return;
    }
    strcpy(made[made_count].name, name);
    made[made_count].device = status.st_dev;
    made[made_count].inode = status.st_ino;
    made[made_count].parent = fcntl(parent, F_DUPFD_CLOEXEC, 0);
    made_count += made[made_count].parent >= 0 ? 1 : 0;
}

/* The mode is what was asked for, whatever the umask: UMask=0077 of the units is meant for files that nobody names. */
static int make_part(int parent, const char *name, const struct identity *owner, mode_t mode)
{
    mode_t before = umask(0);
    int result = privilege_make_directory(parent, name, owner, mode);
    int error = errno;
    umask(before);
    errno = error;
    return result;
}

/* Opens what a path without links leads to, part by part, so that none can come in between; makes what is missing when it has an owner. */
static int open_parts(const char *real, const struct identity *owner, mode_t mode)
{
    char copy[PATH_MAX];
    char *rest = NULL;
    snprintf(copy, sizeof copy, "%s", real);
    int at = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    for (char *part = strtok_r(copy, "/", &rest); at >= 0 && part != NULL; part = strtok_r(NULL, "/", &rest)) {
        int next = openat(at, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0 && errno == ENOENT && owner != NULL && make_part(at, part, owner, mode) == 0) {
            next = openat(at, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (next >= 0) {
                remember(at, part, next);
            }
        }
        int error = errno;
        close(at);
        errno = error;
        at = next;
    }
    return at;
}

static int make(const char *real, const struct identity *owner, mode_t mode, struct failure *failure)
{
    int number = open_parts(real, owner, mode);
    if (number < 0) {
        return fail(failure, errno, "%.150s: cannot be made: %s", real, strerror(errno));
    }
    close(number);
    return 0;
}

int directory_create(const char *path, const struct identity *owner, struct failure *failure)
{
    char real[PATH_MAX];
    size_t there;
    if (resolve(path, false, real, &there, failure) < 0) {
        return -1;
    }
    return real[there] == '\0' ? 0 : make(real, owner, PRIVATE, failure);
}

/* Says how to give a directory away, when there is room for the whole command: half of one could give away something else. */
static int refuse_owner(const char *what, const char *path, uid_t is, const struct identity *owner, struct failure *failure)
{
    char quoted[FAILURE_TEXT_BYTES];
    char command[FAILURE_TEXT_BYTES];
    size_t length = 0;
    for (const char *at = path; *at != '\0' && length < sizeof quoted - 5; at++) {
        length += (size_t) snprintf(quoted + length, sizeof quoted - length, *at == '\'' ? "'\\''" : "%c", *at);
    }
    quoted[length] = '\0';
    fail(failure, EPERM, "%s %.80s belongs to user %u, but the store runs as user %u", what, path, (unsigned) is, (unsigned) owner->uid);
    int needed = snprintf(command, sizeof command, "; to give it all of it: chown -R %u:%u '%s'", (unsigned) owner->uid, (unsigned) owner->gid, quoted);
    if (length < sizeof quoted - 5 && needed > 0 && strlen(failure->text) + (size_t) needed < sizeof failure->text) {
        strcat(failure->text, command);
    }
    return -1;
}

int directory_claim(struct directory *directory, const char *path, const struct identity *owner, const char *what, struct failure *failure)
{
    struct stat status;
    char real[PATH_MAX];
    size_t there;
    if (resolve(path, false, real, &there, failure) < 0) {
        return -1;
    }
    int number = open_parts(real, NULL, PRIVATE);
    int opened = number < 0 ? -1 : fstat(number, &status);
    int error = errno;
    if (number >= 0) {
        close(number);
    }
    if (opened < 0) {
        const char *why = error == ENOTDIR || error == ELOOP ? "must be a directory, and no symbolic link" : strerror(error);
        return fail(failure, error, "%s %.150s %s", what, path, why);
    }
    if (owner != NULL && owner->own && status.st_uid != owner->uid) {
        return refuse_owner(what, path, status.st_uid, owner, failure);
    }
    if (may_be_changed_by_strangers(&status, owner)) {
        return fail(failure, EPERM, "%s %.150s must belong to root or to the user of skewer, and others must not be able to write to it", what, path);
    }
    memcpy(directory->path, real, sizeof real);
    directory->device = status.st_dev;
    directory->inode = status.st_ino;
    return 0;
}

int file_check(const char *path, const struct identity *owner, struct failure *failure)
{
    struct stat status;
    if (lstat(path, &status) < 0) {
        return 0; /* missing, which the reader says */
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(failure, EPERM, "%.180s must be a file, and no symbolic link", path);
    }
    if (may_be_changed_by_strangers(&status, owner)) {
        return fail(failure, EPERM, "%.180s must belong to root or to the user of skewer, and others must not be able to write to it", path);
    }
    return 0;
}

static int check_place(const struct directories *all, const char *real, struct failure *failure)
{
    EACH(i, forbidden) {
        if (is_below(real, forbidden[i])) {
            return fail(failure, EPERM, "is a directory of the system");
        }
    }
    EACH(i, forbidden_itself) {
        if (strcmp(real, forbidden_itself[i]) == 0) {
            return fail(failure, EPERM, "is a directory of the system: name one below it");
        }
    }
    const char *const own[] = {all->config.path, all->store.path, all->installation, all->java_home};
    EACH(i, own) {
        if (own[i][0] != '\0' && (is_below(real, own[i]) || is_below(own[i], real))) {
            return fail(failure, EPERM, "and %.120s must not lie in each other", own[i]);
        }
    }
    return 0;
}

/* Root reaches what the user of skewer does not, and what it makes is that user's. */
static int check_making(const char *there, const struct identity *owner, struct failure *failure)
{
    struct stat status;
    if (stat(there, &status) < 0) {
        return fail(failure, errno, "%s", strerror(errno));
    }
    if (geteuid() != ROOT || status.st_uid == owner->uid) {
        return 0;
    }
    bool others = status.st_uid != ROOT;
    EACH(i, made_by_their_owners) {
        others = others || is_below(there, made_by_their_owners[i]);
    }
    return others ? fail(failure, EPERM, "is not there, and skewer makes none in %.100s", there) : 0;
}

int directory_claim_output(struct directories *all, struct directory *claimed, const char *path, const struct identity *owner, mode_t mode,
        struct failure *failure)
{
    char real[PATH_MAX];
    char existing[PATH_MAX];
    size_t there;
    if (resolve(path, true, real, &there, failure) < 0 || check_place(all, real, failure) < 0) {
        return -1;
    }
    if (real[there] != '\0') {
        snprintf(existing, sizeof existing, "%.*s", (int) there, real);
        if (check_making(existing, owner, failure) < 0 || make(real, owner, mode, failure) < 0) {
            return -1;
        }
    }
    return directory_claim(claimed, real, NULL, "directory", failure);
}
