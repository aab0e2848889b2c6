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

/* Directories of the system, into which no messages go; also what lies below them, except where they are one level only. */
static const char *const forbidden[] = {"/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/sbin", "/sys", "/usr"};
static const char *const forbidden_itself[] = {"/", "/home", "/opt", "/root", "/run", "/srv", "/tmp", "/var", "/var/lib", "/var/log",
        "/var/tmp"};

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

int directory_create(const char *path, const struct identity *owner, struct failure *failure)
{
    char part[PATH_MAX];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part) {
        return fail(failure, ENAMETOOLONG, "%.100s: the name is too long", path);
    }
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0') {
            continue;
        }
        memcpy(part, path, i);
        part[i] = '\0';
        if (privilege_make_directory(part, owner) < 0 && errno != EEXIST) {
            return fail(failure, errno, "%.150s: cannot be made: %s", part, strerror(errno));
        }
    }
    return 0;
}

/* The path with its parent made real: the last part stays what it is, so that a link there is seen. */
static int to_real_parent(const char *path, char *real, struct failure *failure)
{
    char copy[PATH_MAX];
    if (snprintf(copy, sizeof copy, "%s", path) >= (int) sizeof copy) {
        return fail(failure, ENAMETOOLONG, "%.100s: the name is too long", path);
    }
    size_t length = strlen(copy);
    while (length > 1 && copy[length - 1] == '/') {
        copy[--length] = '\0';
    }
    char *slash = strrchr(copy, '/');
    const char *name = slash == NULL ? copy : slash + 1;
    if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        /* No name of its own, so no link either: "/" or "." or "dir/..". */
        return realpath(copy, real) == NULL ? fail(failure, errno, "%.150s: %s", path, strerror(errno)) : 0;
    }
    char parent[PATH_MAX] = ".";
    if (slash != NULL) {
        snprintf(parent, sizeof parent, "%.*s", slash == copy ? 1 : (int) (slash - copy), copy);
    }
    char real_parent[PATH_MAX];
    if (realpath(parent, real_parent) == NULL) {
        return fail(failure, errno, "%.150s: %s", path, strerror(errno));
    }
    const char *join = strcmp(real_parent, "/") == 0 ? "" : "/";
    if (snprintf(real, PATH_MAX, "%.2000s%s%.2000s", real_parent, join, name) >= PATH_MAX) {
        return fail(failure, ENAMETOOLONG, "%.100s: the name is too long", path);
    }
    return 0;
}

int directory_claim(struct directory *directory, const char *path, const struct identity *owner, const char *what, struct failure *failure)
{
    struct stat status;
    char real[PATH_MAX];
    if (to_real_parent(path, real, failure) < 0) {
        return -1;
    }
    int number = open(real, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
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
        return fail(failure, EPERM, "%s %.80s belongs to user %u, but the store runs as user %u; to give it all of it: chown -R %u:%u %.80s", what,
                path, (unsigned) status.st_uid, (unsigned) owner->uid, (unsigned) owner->uid, (unsigned) owner->gid, path);
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

int directory_claim_log(struct directories *all, const char *path, const struct identity *owner, struct failure *failure)
{
    char real[PATH_MAX];
    if (path[0] != '/') {
        return fail(failure, EINVAL, "is no absolute path");
    }
    if (realpath(path, real) == NULL) {
        /* Missing, or partly: what is made now belongs to the user of skewer and nobody else can reach it. */
        if (directory_create(path, owner, failure) < 0) {
            return -1;
        }
        if (realpath(path, real) == NULL) {
            return fail(failure, errno, "%s", strerror(errno));
        }
    }
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
        if (is_below(real, forbidden[i])) {
            return fail(failure, EPERM, "is a directory of the system");
        }
    }
    for (size_t i = 0; i < sizeof forbidden_itself / sizeof forbidden_itself[0]; i++) {
        if (strcmp(real, forbidden_itself[i]) == 0) {
            return fail(failure, EPERM, "is a directory of the system: name one below it");
        }
    }
    const char *const own[] = {all->config.path, all->store.path, all->installation, all->java_home};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (own[i][0] != '\0' && (is_below(real, own[i]) || is_below(own[i], real))) {
            return fail(failure, EPERM, "and %.120s must not lie in each other", own[i]);
        }
    }
    if (directory_claim(&all->log, real, NULL, "directory", failure) < 0) {
        return -1;
    }
    if (strlen(path) >= sizeof all->log_as_named) {
        return fail(failure, ENAMETOOLONG, "has too long a name");
    }
    snprintf(all->log_as_named, sizeof all->log_as_named, "%s", path);
    return 0;
}
