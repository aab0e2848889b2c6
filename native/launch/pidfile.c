/*
 * The pidfile belongs to whoever holds a lock on it, so one that a dead process left is simply taken over. It is replaced by
 * a rename: a reader sees the old pid or the new one, never half of it.
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

static char pidfile_path[PATH_MAX];
static int pidfile = -1;

static bool is_at(const char *path, int number)
{
    struct stat here, there;
    return fstat(number, &here) == 0 && lstat(path, &there) == 0 && here.st_dev == there.st_dev
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

int pidfile_claim(const char *path, struct failure *failure)
{
    /* Room for the suffix of the new file. Absolute, because it is removed at the end, wherever that is. */
    char here[PATH_MAX] = "";
    if (path[0] != '/' && getcwd(here, sizeof here) == NULL) {
        return fail(failure, errno, "pidfile %s: %s", path, strerror(errno));
    }
    int length = snprintf(pidfile_path, sizeof pidfile_path - 8, "%s%s%s", here, here[0] == '\0' ? "" : "/", path);
    if (length < 0 || (size_t) length >= sizeof pidfile_path - 8) {
        return fail(failure, ENAMETOOLONG, "pidfile %.100s: the name is too long", path);
    }
    for (;;) {
        int number = open(pidfile_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (number < 0) {
            return fail(failure, errno, "pidfile %s: %s", path, strerror(errno));
        }
        if (flock(number, LOCK_EX | LOCK_NB) < 0) {
            return refuse_held(path, number, failure);
        }
        if (is_at(pidfile_path, number)) {
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
    char fresh_path[PATH_MAX];
    char content[16];
    snprintf(fresh_path, sizeof fresh_path, "%.*s.new", (int) sizeof fresh_path - 8, pidfile_path);
    int length = snprintf(content, sizeof content, "%ld\n", (long) getpid());
    unlink(fresh_path); /* only the holder of the lock comes here: what stands there was left by a crash */
    int fresh = open(fresh_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fresh < 0 || flock(fresh, LOCK_EX | LOCK_NB) < 0 || write(fresh, content, (size_t) length) != length
            || rename(fresh_path, pidfile_path) < 0) {
        int error = errno;
        if (fresh >= 0) {
            close(fresh);
            unlink(fresh_path);
        }
        return fail(failure, error, "pidfile %.150s: %s", pidfile_path, strerror(error));
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
    if (pidfile >= 0 && is_at(pidfile_path, pidfile)) {
        unlink(pidfile_path);
    }
    if (pidfile >= 0) {
        close(pidfile);
        pidfile = -1;
    }
}
