/*
 * Namespaces, and a file system that consists of nothing but the view of the role.
 *
 * The order in the new process, which clone(2) put into new namespaces and which is the first of its pid namespace: map its user
 * when it had no privileges, stop mounts from spreading, put an empty file system in memory over /tmp and make it the root with
 * the old root below /old, bind each place of the view from there, mount a private /proc, detach /old, make the root read-only.
 * All of it disappears with the last process inside: nothing is left behind, whatever killed it.
 *
 * The host keeps its name inside: messages that lack one are given it.
 *
 * What was claimed when the launcher started is compared with what got mounted (device and inode), so a directory that was swapped
 * meanwhile is refused.
 */
#include "jail.h"

#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define OLD "/old"
#define NAMESPACES (CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS)
#define PRIVATE_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

static int cannot(struct failure *failure, const char *what, const char *path)
{
    int error = errno;
    return fail(failure, error, "cannot be confined: %s %.120s: %s", what, path, strerror(error));
}

static int write_file(const char *path, const char *text)
{
    int number = open(path, O_WRONLY | O_CLOEXEC);
    if (number < 0) {
        return -1;
    }
    ssize_t length = (ssize_t) strlen(text);
    bool done = write(number, text, (size_t) length) == length;
    int error = errno;
    close(number);
    errno = error;
    return done ? 0 : -1;
}

/* Inside, the only user and the only group are those of outside, so owners of files read the same on both sides. */
static int map_user(const struct identity *outside, struct failure *failure)
{
    char line[64];
    /* The launcher hides itself from processes of its user, and this one inherited that: then its own files in /proc are not its own. */
    if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0) {
        return cannot(failure, "opening", "/proc/self");
    }
    snprintf(line, sizeof line, "%u %u 1\n", (unsigned) outside->uid, (unsigned) outside->uid);
    if (write_file("/proc/self/setgroups", "deny") < 0 || write_file("/proc/self/uid_map", line) < 0) {
        return cannot(failure, "mapping user", "/proc/self/uid_map");
    }
    snprintf(line, sizeof line, "%u %u 1\n", (unsigned) outside->gid, (unsigned) outside->gid);
    return write_file("/proc/self/gid_map", line) < 0 ? cannot(failure, "mapping group", "/proc/self/gid_map") : 0;
}

static int move_root(struct failure *failure)
{
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
        return cannot(failure, "separating", "/");
    }
    if (mount("skewer", "/tmp", "tmpfs", PRIVATE_FLAGS, "mode=755,size=1m") < 0) {
        return cannot(failure, "mounting", "/tmp");
    }
    if (chdir("/tmp") < 0 || mkdir("old", 0700) < 0 || syscall(SYS_pivot_root, ".", "old") < 0 || chdir("/") < 0) {
        return cannot(failure, "moving", "the root");
    }
    return 0;
}

/* Makes all directories above the path. */
static int make_parents(const char *path)
{
    char part[PATH_MAX];
    for (size_t i = 1; path[i] != '\0'; i++) {
        if (path[i] == '/') {
            memcpy(part, path, i);
            part[i] = '\0';
            if (mkdir(part, 0755) < 0 && errno != EEXIST) {
                return -1;
            }
        }
    }
    return 0;
}

/* /lib -> usr/lib and its like: the loader of the C library is asked for by such a path. */
static int copy_links(struct failure *failure)
{
    static const char *const links[] = {"/lib", "/lib64", "/lib32", "/bin", "/sbin"};
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        char from[64];
        char target[256];
        snprintf(from, sizeof from, OLD "%s", links[i]);
        ssize_t length = readlink(from, target, sizeof target - 1);
        if (length > 0) {
            target[length] = '\0';
            if (symlink(target, links[i]) < 0 && errno != EEXIST) {
                return cannot(failure, "linking", links[i]);
            }
        }
    }
    return 0;
}

/* In a user namespace flags of the mount below must be kept, or the kernel refuses. */
static unsigned long flags_of(const char *path)
{
    struct statvfs status;
    unsigned long flags = 0;
    if (statvfs(path, &status) == 0) {
        flags |= (status.f_flag & ST_RDONLY) != 0 ? MS_RDONLY : 0;
        flags |= (status.f_flag & ST_NOSUID) != 0 ? MS_NOSUID : 0;
        flags |= (status.f_flag & ST_NODEV) != 0 ? MS_NODEV : 0;
        flags |= (status.f_flag & ST_NOEXEC) != 0 ? MS_NOEXEC : 0;
        flags |= (status.f_flag & ST_NOATIME) != 0 ? MS_NOATIME : 0;
        flags |= (status.f_flag & ST_NODIRATIME) != 0 ? MS_NODIRATIME : 0;
        flags |= (status.f_flag & ST_RELATIME) != 0 ? MS_RELATIME : 0;
    }
    return flags;
}

static unsigned long flags_for(enum access access)
{
    switch (access) {
    case SEEN_EXECUTE:
        return MS_RDONLY | MS_NOSUID | MS_NODEV;
    case SEEN_WRITE:
        return MS_NOSUID | MS_NODEV | MS_NOEXEC;
    case SEEN_DEVICE:
        return MS_NOSUID | MS_NOEXEC;
    default:
        return MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
    }
}

static int verify_claim(const struct place *place, struct failure *failure)
{
    struct stat status;
    if (!place->claimed) {
        return 0;
    }
    if (stat(place->path, &status) < 0 || status.st_dev != place->device || status.st_ino != place->inode) {
        return fail(failure, ESTALE, "cannot be confined: %.150s is not the directory any more that it was when skewer started", place->source);
    }
    return 0;
}

static int bind_place(const struct place *place, struct failure *failure)
{
    struct stat status;
    char from[PATH_MAX + sizeof OLD];
    snprintf(from, sizeof from, OLD "%s", place->source);
    if (place->access == SEEN_EMPTY) {
        return mount("skewer", place->path, "tmpfs", PRIVATE_FLAGS | MS_RDONLY, "mode=755,size=4k") < 0 && errno != ENOENT
                ? cannot(failure, "hiding", place->path)
                : 0;
    }
    if (stat(from, &status) < 0 || make_parents(place->path) < 0) {
        return cannot(failure, "finding", place->source);
    }
    if (S_ISDIR(status.st_mode)) {
        if (mkdir(place->path, 0755) < 0 && errno != EEXIST) {
            return cannot(failure, "making", place->path);
        }
    } else if (access(place->path, F_OK) < 0) { /* else it lies in what is mounted already */
        int number = open(place->path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0444);
        if (number < 0) {
            return cannot(failure, "making", place->path);
        }
        close(number);
    }
    if (mount(from, place->path, NULL, MS_BIND, NULL) < 0) {
        return cannot(failure, "mounting", place->path);
    }
    unsigned long flags = MS_REMOUNT | MS_BIND | flags_of(place->path) | flags_for(place->access);
    if (place->access == SEEN_DEVICE) {
        flags &= ~(unsigned long) MS_NODEV;
    }
    if (mount(NULL, place->path, NULL, flags, NULL) < 0) {
        return cannot(failure, "restricting", place->path);
    }
    unsigned long wanted = flags_for(place->access);
    if ((flags_of(place->path) & wanted) != wanted) {
        return fail(failure, EPERM, "cannot be confined: %.120s was not restricted", place->path);
    }
    return verify_claim(place, failure);
}

/* Only processes of this namespace, nothing about the system; where the kernel is older than 5.8, everything, read-only. */
static int mount_proc(struct failure *failure)
{
    if (mkdir("/proc", 0555) < 0 && errno != EEXIST) {
        return cannot(failure, "making", "/proc");
    }
    unsigned long flags = PRIVATE_FLAGS | MS_RDONLY;
    if (mount("proc", "/proc", "proc", flags, "hidepid=2,subset=pid") < 0 && mount("proc", "/proc", "proc", flags, "hidepid=2") < 0) {
        return cannot(failure, "mounting", "/proc");
    }
    return 0;
}

static int mount_scratch(struct failure *failure)
{
    if (mkdir(SCRATCH, 0700) < 0 || mount("skewer", SCRATCH, "tmpfs", PRIVATE_FLAGS, "mode=777") < 0) {
        return cannot(failure, "mounting", SCRATCH);
    }
    return 0;
}

/* The kernel names a process after the last part of what is executed. */
static int link_title(const struct view *view, struct failure *failure)
{
    char path[sizeof view->title + 1];
    if (view->program == NULL) {
        return 0;
    }
    snprintf(path, sizeof path, "/%s", view->title);
    return symlink(view->program, path) < 0 ? cannot(failure, "linking", path) : 0;
}

static int close_root(struct failure *failure)
{
    if (umount2(OLD, MNT_DETACH) < 0 || rmdir(OLD) < 0) {
        return cannot(failure, "leaving", "the old root");
    }
    if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | PRIVATE_FLAGS, NULL) < 0) {
        return cannot(failure, "restricting", "/");
    }
    unsigned long wanted = MS_RDONLY | PRIVATE_FLAGS;
    return (flags_of("/") & wanted) == wanted ? 0 : fail(failure, EPERM, "cannot be confined: the root was not restricted");
}

int jail_enter(const struct view *view, unsigned long flags, const struct identity *outside, struct failure *failure)
{
    if ((flags & CLONE_NEWUSER) != 0 && map_user(outside, failure) < 0) {
        return -1;
    }
    umask(022);
    if (move_root(failure) < 0 || copy_links(failure) < 0) {
        return -1;
    }
    for (size_t i = 0; i < view->count; i++) {
        if (bind_place(&view->places[i], failure) < 0) {
            return -1;
        }
    }
    if (link_title(view, failure) < 0 || mount_proc(failure) < 0 || (view->scratch && mount_scratch(failure) < 0)) {
        return -1;
    }
    return close_root(failure);
}

bool jail_can_make(unsigned long flags)
{
    struct identity self = {.uid = geteuid(), .gid = getegid()};
    struct failure failure;
    static const struct view nothing;
    pid_t pid = (pid_t) syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) {
        _exit(jail_enter(&nothing, flags, &self, &failure) == 0 ? 0 : 1);
    }
    int status = 1;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return pid > 0 && status == 0;
}

unsigned long jail_flags(void)
{
    if (jail_can_make(NAMESPACES | CLONE_NEWNET)) {
        return NAMESPACES;
    }
    return jail_can_make(NAMESPACES | CLONE_NEWNET | CLONE_NEWUSER) ? NAMESPACES | CLONE_NEWUSER : 0;
}
#endif
