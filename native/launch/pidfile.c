/*
 * The pidfile belongs to whoever holds a lock on it, so one that a dead process left is simply taken over. It is replaced by
 * a rename: a reader sees the old pid or the new one, never half of it. Nobody else may open it, or he could hold the lock.
 *
 * Its directory is looked up once: later a link on the way may lead somewhere else, and this is root.
 */
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

static int directory = -1;
static char file_name[NAME_MAX + 1];
static char fresh_name[NAME_MAX + 1]; /* stands beside it until it is renamed */
static int pidfile = -1;

static bool is_at_its_place(int number)
{
    struct stat here, there;
    return fstat(number, &here) == 0 && fstatat(directory, file_name, &there, AT_SYMLINK_NOFOLLOW) == 0 && here.st_dev == there.st_dev
            && here.st_ino == there.st_ino;
}

static int refuse_held(const char *path, int number, struct failure *failure)
{
    char content[16] = {0};
    ssize_t length = read(number, content, sizeof content - 1);
    long pid = length > 0 ? strtol(content, NULL, 10) : 0;
    close(number);
    return fail(failure, EEXIST, "pidfile %s is held by process %ld: skewer runs already", path, pid);
}

static int open_directory(const char *path, struct failure *failure)
{
    char parent[PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    size_t length = slash == NULL ? 1 : slash == path ? 1 : (size_t) (slash - path);
    if (length >= sizeof parent || strlen(name) + sizeof ".new" > sizeof fresh_name) {
        return fail(failure, ENAMETOOLONG, "pidfile %.100s: the name is too long", path);
    }
    if (slash != NULL) {
        memcpy(parent, path, length);
        parent[length] = '\0';
    }
    strcpy(file_name, name);
    snprintf(fresh_name, sizeof fresh_name, "%.*s.new", (int) (sizeof fresh_name - sizeof ".new"), name);
    directory = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return directory < 0 ? fail(failure, errno, "pidfile %.150s: %s", path, strerror(errno)) : 0;
}

int pidfile_claim(const char *path, struct failure *failure)
{
    if (open_directory(path, failure) < 0) {
        return -1;
    }
    for (;;) {
        int number = openat(directory, file_name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (number < 0) {
            return fail(failure, errno, "pidfile %.150s: %s", path, strerror(errno));
        }
        if (flock(number, LOCK_EX | LOCK_NB) < 0) {
            return refuse_held(path, number, failure);
        }
        if (is_at_its_place(number)) {
            pidfile = number;
            return 0;
        }
        close(number); /* its owner replaced or removed it between open and lock */
    }
}

int pidfile_write(struct failure *failure)
{
    if (pidfile < 0) {
        return 0;
    }
    char content[16];
    int length = snprintf(content, sizeof content, "%ld\n", (long) getpid());
    unlinkat(directory, fresh_name, 0); /* only the holder of the lock comes here: what stands there was left by a crash */
    int fresh = openat(directory, fresh_name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fresh < 0 || flock(fresh, LOCK_EX | LOCK_NB) < 0 || write(fresh, content, (size_t) length) != length
            || renameat(directory, fresh_name, directory, file_name) < 0) {
        int error = errno;
        if (fresh >= 0) {
            close(fresh);
            unlinkat(directory, fresh_name, 0);
        }
        return fail(failure, error, "pidfile %.150s: %s", file_name, strerror(error));
    }
    close(pidfile);
    pidfile = fresh;
    return 0;
}

bool pidfile_held(void)
{
    return pidfile >= 0;
}

void pidfile_remove(void)
{
    if (pidfile >= 0 && is_at_its_place(pidfile)) {
        unlinkat(directory, file_name, 0);
    }
    if (pidfile >= 0) {
        close(pidfile);
        pidfile = -1;
    }
}
