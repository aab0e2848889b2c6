/*
 * Starting a process so that nothing of the launcher leaks into it.
 *
 * Between fork and exec, in this order: own session (a terminal's Ctrl-C reaches the launcher only), signals as they are by
 * default, descriptors exactly 0, 1, 2 and 3, the jail (jail.c), limits, the identity without capabilities, no new privileges,
 * death with the launcher, Landlock, the coarse filter. The death signal comes after the change of identity, which clears it, and
 * then the parent is looked at once more: it may have died before.
 * What fails is told through a pipe that the exec closes, so the launcher knows that the program really runs.
 */
#include "jail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#define CONTROL_DESCRIPTOR 3
#define REPORT_DESCRIPTOR 4
#define FIRST_FREE_DESCRIPTOR 10
/* Without close_range the launcher itself has far fewer, and what it inherited seldom has more. */
#define OPEN_MAX_ASSUMED 65536

static char timezone_entry[256];
static char *environment[6];

/* TZ, or what /etc/localtime links to: inside a jail there is no such file. */
static const char *zone_of_host(void)
{
    static const char marker[] = "/zoneinfo/";
    static char target[PATH_MAX];
    const char *zone = getenv("TZ");
    if (zone != NULL) {
        return zone;
    }
    ssize_t length = readlink("/etc/localtime", target, sizeof target - 1);
    if (length <= 0) {
        return NULL;
    }
    target[length] = '\0';
    const char *found = strstr(target, marker);
    return found == NULL ? NULL : found + sizeof marker - 1;
}

void process_prepare_environment(void)
{
    static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    static char lang[] = "LANG=C.UTF-8";
    /* The compilers of a JVM take and free megabytes. With an arena for each thread, and a limit that grows, the C library keeps all of it. */
    static char one_arena[] = "MALLOC_ARENA_MAX=1";
    static char early_trim[] = "MALLOC_TRIM_THRESHOLD_=131072";
    size_t count = 0;
    environment[count++] = path;
    environment[count++] = lang;
    environment[count++] = one_arena;
    environment[count++] = early_trim;
    const char *zone = zone_of_host();
    if (zone != NULL && strlen(zone) + sizeof "TZ=" <= sizeof timezone_entry) {
        snprintf(timezone_entry, sizeof timezone_entry, "TZ=%s", zone);
        environment[count++] = timezone_entry;
    }
    environment[count] = NULL;
}

static void default_signals(void)
{
    for (int number = 1; number < NSIG; number++) {
        signal(number, SIG_DFL); /* fails for SIGKILL, SIGSTOP and those of the C library, rightly */
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void close_from(unsigned first)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, first, ~0U, 0) == 0) {
        return;
    }
#endif
    long limit = sysconf(_SC_OPEN_MAX);
    if (limit < 0 || limit > OPEN_MAX_ASSUMED) {
        limit = OPEN_MAX_ASSUMED;
    }
    for (long number = first; number < limit; number++) {
        close((int) number);
    }
}

static int arrange_descriptors(const struct start *start, int report, struct failure *failure)
{
    /* First out of the way: each of the two may be where the other one has to go. */
    int control = fcntl(start->control, F_DUPFD_CLOEXEC, FIRST_FREE_DESCRIPTOR);
    int pipe_end = fcntl(report, F_DUPFD_CLOEXEC, FIRST_FREE_DESCRIPTOR);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    bool done = control >= 0 && pipe_end >= 0 && nothing >= 0
            && dup2(nothing, STDIN_FILENO) >= 0
            && (!start->close_stdout || dup2(nothing, STDOUT_FILENO) >= 0)
            && dup2(control, CONTROL_DESCRIPTOR) >= 0 && dup2(pipe_end, REPORT_DESCRIPTOR) >= 0
            && fcntl(REPORT_DESCRIPTOR, F_SETFD, FD_CLOEXEC) >= 0;
    if (!done) {
        return fail(failure, errno, "cannot arrange its descriptors");
    }
    close_from(REPORT_DESCRIPTOR + 1);
    return 0;
}

/* Dies with the launcher. It may be dead already: then nobody holds the other end of the pipe. */
static int bind_to_parent(int report, struct failure *failure)
{
#ifdef __linux__
    int signal_set = 0;
    if (privilege_renounce(failure) < 0) {
        return -1;
    }
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || prctl(PR_GET_PDEATHSIG, &signal_set, 0, 0, 0) < 0 || signal_set != SIGKILL) {
        return fail(failure, EPERM, "cannot bind its life to the launcher");
    }
#endif
    struct pollfd end = {.fd = report};
    if (poll(&end, 1, 0) > 0 && (end.revents & POLLERR) != 0) {
        _exit(EXIT_FAILURE);
    }
    return 0;
}

#ifdef __linux__
static int confine(const struct start *start, unsigned long flags, int report, const struct view *view, struct failure *failure)
{
    bool jailed = flags != 0;
    if ((jailed && jail_enter(view, flags, start->identity, failure) < 0) || privilege_limits(start->identity, failure) < 0
            || privilege_drop(start->identity, failure) < 0 || bind_to_parent(report, failure) < 0) {
        return -1;
    }
    if ((start->layers & LAYER_LANDLOCK) != 0 && landlock_restrict(view, start->role, failure) < 0) {
        return -1;
    }
    return (start->layers & LAYER_SECCOMP) != 0 ? filter_install(failure) : 0;
}
#else
static int confine(const struct start *start, unsigned long flags, int report, const struct view *view, struct failure *failure)
{
    (void) flags;
    (void) view;
    return identity_become(start->identity, failure) < 0 ? -1 : bind_to_parent(report, failure);
}
#endif

static _Noreturn void become_program(const struct start *start, unsigned long flags, const struct view *view, int report)
{
    struct failure failure = {0};
    char title[sizeof view->title + 1];
    snprintf(title, sizeof title, "/%s", view->title);
    const char *program = flags != 0 ? title : start->program;
    default_signals();
    int told = report;
    if (setsid() < 0) {
        fail(&failure, errno, "cannot start its session");
    } else if (arrange_descriptors(start, report, &failure) == 0) {
        told = REPORT_DESCRIPTOR;
        if (confine(start, flags, told, view, &failure) == 0) {
            execve(program, start->argv, environment);
            fail(&failure, errno, "cannot execute %.150s: %s", start->program, strerror(errno));
        }
    }
    ssize_t written = write(told, &failure, sizeof failure);
    _exit(written == (ssize_t) sizeof failure ? 126 : 127);
}

/* Like fork(2), into new namespaces. */
static pid_t fork_into(unsigned long flags)
{
#ifdef __linux__
    if (flags != 0) {
        return (pid_t) syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    }
#endif
    (void) flags;
    return fork();
}

static unsigned long flags_for(const struct start *start)
{
#ifdef __linux__
    if ((start->layers & LAYER_NAMESPACES) != 0) {
        return start->jail_flags | (start->role->network == NETWORK_NONE ? CLONE_NEWNET : 0);
    }
#endif
    (void) start;
    return 0;
}

/* Waits until the child's end of the pipe is closed. Returns 0 when that was the exec. */
static int await_exec(int report, struct failure *failure)
{
    struct failure told;
    size_t length = 0;
    for (;;) {
        ssize_t count = read(report, (char *) &told + length, sizeof told - length);
        if (count > 0) {
            length += (size_t) count;
        } else if (count == 0 || errno != EINTR) {
            break;
        }
    }
    if (length == 0) {
        return 0;
    }
    *failure = told;
    failure->text[sizeof failure->text - 1] = '\0';
    return -1;
}

pid_t process_start(const struct start *start, struct failure *failure)
{
    static struct view view; /* large, and used by one process at a time */
    int report[2];
    if (view_of(&view, start->role, start->directories, failure) < 0) {
        return -1;
    }
    snprintf(view.title, sizeof view.title, "%s", start->argv[0]);
    view.program = start->program;
    unsigned long flags = flags_for(start);
    if (pipe(report) < 0) {
        return fail(failure, errno, "cannot be started: %s", strerror(errno));
    }
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before); /* a signal between fork and exec must not run the launcher's handler */
    pid_t pid = fork_into(flags);
    int error = errno;
    if (pid == 0) {
        close(report[0]);
        become_program(start, flags, &view, report[1]);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (pid < 0) {
        close(report[0]);
        return fail(failure, error, "cannot be started: %s", strerror(error));
    }
    int failed = await_exec(report[0], failure);
    close(report[0]);
    if (failed) {
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
        return -1;
    }
    return pid;
}
