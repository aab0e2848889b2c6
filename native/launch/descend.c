/*
 * Leaving root for good.
 *
 * When the first role is asked for, every directory is known and every socket is bound: what is left to do is making jails and becoming
 * the users of the roles. A user namespace that knows only these users is enough for that. So the launcher moves into one and becomes
 * the supervisor's user there. What it holds inside is worth nothing outside: for the host it is an ordinary user without capabilities.
 *
 * Whether all of it works here (distributions can forbid such namespaces) is tried in a process that ends, because there is no way back.
 * When it does not work the launcher stays what it was, says why, and `skewer status` shows it. When it worked in the trial and does not
 * afterwards, the launcher ends, and all with it.
 *
 * The pidfile and the unix sockets may lie where only root can remove them, and a launcher that is killed removes nothing. For that a process
 * stays what the launcher was: it does nothing but wait for its end, whatever ended it, listens to nobody, and is there only when there is something
 * to remove.
 */
#include "jail.h"

#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The kernel takes less than a page, in one write. */
#define MAP_BYTES 4096

struct map {
    char lines[MAP_BYTES];
    size_t length;
    bool full;
};

static int remover = -1; /* the remover's end of this is closed when it has done its work */

static void add(struct map *map, uint32_t first, uint32_t count)
{
    int length = snprintf(map->lines + map->length, sizeof map->lines - map->length, "%u %u %u\n", first, first, count);
    map->full = map->full || length < 0 || map->length + (size_t) length >= sizeof map->lines;
    map->length += map->full ? 0 : (size_t) length;
}

static bool in_range(const struct users *users, uint32_t number)
{
    return users->first != 0 && number - users->first < ROLE_USERS;
}

static void map_users(const struct users *users, struct map *map)
{
    memset(map, 0, sizeof *map);
    add(map, users->supervisor.uid, 1);
    if (users->first != 0) {
        add(map, users->first, ROLE_USERS);
    }
}

static void map_groups(const struct users *users, struct map *map)
{
    const struct identity *supervisor = &users->supervisor;
    memset(map, 0, sizeof *map);
    if (users->first != 0) {
        add(map, users->first, ROLE_USERS);
    }
    if (!in_range(users, supervisor->gid)) {
        add(map, supervisor->gid, 1);
    }
    for (size_t i = 0; i < supervisor->group_count; i++) {
        gid_t group = supervisor->groups[i];
        bool there = group == supervisor->gid || in_range(users, group);
        for (size_t j = 0; j < i && !there; j++) {
            there = supervisor->groups[j] == group;
        }
        if (!there) {
            add(map, group, 1);
        }
    }
}

static int write_map(pid_t pid, const char *name, const struct map *map)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/%s", (long) pid, name);
    int number = open(path, O_WRONLY | O_CLOEXEC);
    ssize_t written = number < 0 ? -1 : write(number, map->lines, map->length);
    if (number >= 0) {
        close(number);
    }
    return written == (ssize_t) map->length ? 0 : -1;
}

/* The maps must be written from outside of the namespace, by a process that waits for it: the answer is its exit code. */
static pid_t start_mapper(const struct users *users, const int begin[2])
{
    pid_t whose = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        struct map uids, gids;
        char byte;
        close(begin[1]); /* or it would wait for itself when the launcher gives up */
        map_users(users, &uids);
        map_groups(users, &gids);
        bool done = !uids.full && !gids.full && read(begin[0], &byte, 1) == 1 && write_map(whose, "uid_map", &uids) == 0
                && write_map(whose, "gid_map", &gids) == 0;
        _exit(done ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    return pid;
}

static bool ended_well(pid_t pid)
{
    int status = EXIT_FAILURE;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return pid > 0 && status == 0;
}

static int enter_namespace(const struct users *users, struct failure *failure)
{
    int begin[2];
    if (pipe(begin) < 0) {
        return fail(failure, errno, "%s", strerror(errno));
    }
    pid_t mapper = start_mapper(users, begin);
    close(begin[0]);
    bool entered = mapper > 0 && unshare(CLONE_NEWUSER) == 0;
    int error = errno;
    bool told = entered && write(begin[1], "", 1) == 1;
    close(begin[1]);
    bool mapped = ended_well(mapper);
    if (!entered) {
        return fail(failure, error, "no user namespace can be made: %s", strerror(error));
    }
    return told && mapped ? 0 : fail(failure, EPERM, "the users cannot be mapped into a user namespace");
}

static int become(const struct users *users, struct failure *failure)
{
    const struct identity *self = &users->supervisor;
    if (enter_namespace(users, failure) < 0 || identity_become(self, failure) < 0) {
        return -1;
    }
    return privilege_keep_for_jails(failure);
}

/* Where parts of /proc are covered the kernel lets no user namespace mount its own. The launcher's own view is its own business. */
static void uncover_proc(void)
{
    if (unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == 0) {
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL); /* what it was is good enough, or the trial fails */
    }
}

static int try_it(const struct users *users, unsigned long flags, struct failure *failure)
{
    int report[2];
    if (pipe(report) < 0) {
        return fail(failure, errno, "%s", strerror(errno));
    }
    pid_t pid = fork();
    if (pid == 0) {
        struct failure why = {0};
        close(report[0]);
        if (become(users, &why) == 0 && jail_can_make(flags | CLONE_NEWNET)) {
            _exit(EXIT_SUCCESS);
        }
        if (why.text[0] == '\0') {
            fail(&why, EPERM, "no jail can be made in a user namespace");
        }
        ssize_t ignored = write(report[1], &why, sizeof why);
        (void) ignored;
        _exit(EXIT_FAILURE);
    }
    close(report[1]);
    struct failure told;
    ssize_t length = read(report[0], &told, sizeof told);
    close(report[0]);
    if (ended_well(pid)) {
        return 0;
    }
    return length == (ssize_t) sizeof told ? fail(failure, told.error, "%.200s", told.text) : fail(failure, EPERM, "the trial failed");
}

static _Noreturn void remove_at_the_end(int end, char *title, bool filtered)
{
    static const char name[] = "skewer-remover";
    char byte;
    pid_t pid = fork();
    if (pid != 0) {
        _exit(pid > 0 ? EXIT_SUCCESS : EXIT_FAILURE); /* so it is no child of the launcher, and nobody has to reap it */
    }
    for (int number = 1; number < NSIG; number++) {
        signal(number, SIG_IGN); /* it ends with the launcher, by itself */
    }
    setsid();
    prctl(PR_SET_NAME, name);
    if (strlen(title) >= strlen(name)) {
        strncpy(title, name, strlen(title)); /* what `ps` shows; the rest is filled with NULs */
    }
    struct failure failure;
    if (privilege_keep_for_removal(filtered, &failure) == 0 && write(end, "", 1) == 1) {
        while (read(end, &byte, 1) < 0 && errno == EINTR) {
        }
        binding_unlink_all();
        pidfile_remove();
    }
    _exit(EXIT_SUCCESS);
}

/* Returns 0 when it is able to do its work, and says so by a byte. */
static int start_remover(const struct launcher *launcher, struct failure *failure)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        return fail(failure, errno, "%s", strerror(errno));
    }
    char byte;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        close(launcher->control);
        remove_at_the_end(ends[1], launcher->title, (launcher->layers & LAYER_SECCOMP) != 0);
    }
    close(ends[1]);
    remover = ends[0];
    ssize_t length;
    do {
        length = read(remover, &byte, 1);
    } while (length < 0 && errno == EINTR);
    return ended_well(pid) && length == 1 ? 0 : fail(failure, EAGAIN, "the process that removes files at the end cannot be started");
}

/* Why root has nowhere to go, or NULL. */
static const char *why_not(const struct launcher *launcher)
{
    if (!launcher->users.supervisor.change || launcher->users.supervisor.uid == 0) {
        return "there is no --uid to become";
    }
    if ((launcher->layers & LAYER_NAMESPACES) == 0) {
        return "without namespaces there is nowhere to go";
    }
    return (launcher->jail_flags & CLONE_NEWUSER) != 0 ? "it can make namespaces only within user namespaces" : NULL;
}

/* It is neither what it was nor what it should be. What it started dies with it. */
static _Noreturn void give_up(const struct failure *failure)
{
    fprintf(stderr, "skewer-launch: cannot give root up: %s\n", failure->text);
    binding_unlink_all();
    pidfile_remove();
    exit(EXIT_FAILURE);
}

void descend(const struct launcher *launcher)
{
    struct failure why = {0};
    bool root = geteuid() == 0;
    const char *reason = root ? why_not(launcher) : NULL;
    bool able = !(binding_any() || pidfile_held()) || start_remover(launcher, &why) == 0;
    if (able && reason != NULL) {
        able = fail(&why, EPERM, "%s", reason) == 0;
    }
    if (root && able) {
        uncover_proc();
        able = try_it(&launcher->users, launcher->jail_flags, &why) == 0;
    }
    if (root && able && become(&launcher->users, &why) < 0) {
        give_up(&why);
    }
    if (!able) {
        fprintf(stderr, "skewer-launch: %s%s\n", root ? "stays root: " : "", why.text); /* at an orderly end it removes files itself */
    }
    if ((!root || !able) && privilege_keep_for_jails(&why) < 0) {
        give_up(&why);
    }
}

void descend_await_remover(void)
{
    char byte;
    if (remover >= 0 && shutdown(remover, SHUT_WR) == 0) {
        while (read(remover, &byte, 1) < 0 && errno == EINTR) {
        }
    }
}
#else
void descend(const struct launcher *launcher)
{
    (void) launcher;
}

void descend_await_remover(void)
{
}
#endif
