/*
 * skewer-launch JAVA JVM-ARGUMENTS... serve OPTIONS...
 *
 * The first process of skewer and the only one that may run as root. It starts the supervisor, which decides everything, and
 * then does for it the few things that need privileges or that a JVM cannot do well: start processes whose descriptors,
 * identity and environment are known (process.c), bind sockets (binding.c), tell when a process ended.
 *
 * It trusts the supervisor with nothing else: programs are always JAVA of its own command line, roles are those of roles.h,
 * signals go only to processes it started, and a packet is checked whole before anything happens.
 *
 * Every process it starts is confined (jail.c, privilege.c, landlock.c) to what its role may touch (roles.h, view.c). Directories are
 * learned from the command line before the supervisor runs, and the one that stands in the configuration in a request that is answered
 * once. A layer of confinement that this system does not have is missing on purpose, because the configuration names it, or ends the start.
 *
 * Root it is until the first role is asked for; then it becomes an ordinary user in a user namespace of its own (descend.c), in which it
 * can still start processes.
 *
 * Life: nothing outlives the launcher, because every process asks the kernel to be killed when it dies. When the supervisor
 * ends the launcher kills what is left, removes the pidfile and the unix sockets, and ends with the supervisor's exit code.
 * SIGTERM, SIGINT, SIGHUP and SIGUSR1 become messages: the supervisor knows the order in which to stop.
 */
#include "jail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define PRIVATE 0700
#define EXIT_SIGNALLED 128

#ifdef __APPLE__
#define PACKETS SOCK_DGRAM /* no SOCK_SEQPACKET there; the supervisor's end is seen by its exit */
#else
#define PACKETS SOCK_SEQPACKET
#endif

struct options {
    const char *user;
    const char *group;
    const char *range;
    const char *pidfile;
    const char *store;
    const char *config;
    const char *own_log;
    bool test;
    bool local_syslog;
};

static struct directories directories;
static const struct role supervisor_role = {0, "supervisor", NETWORK_HOST, DISK_SUPERVISOR};

static struct launcher launcher = {.control = -1};
static pid_t supervisor;
static int signals[2]; /* a pipe: the handler writes numbers into it, the loop reads them */

static _Noreturn void die(int code, const char *text)
{
    fprintf(stderr, "skewer-launch: %s\n", text);
    exit(code);
}

static void check(int result, const struct failure *failure)
{
    if (result < 0) {
        die(EXIT_USAGE, failure->text);
    }
}

/* Receives one packet. Without room for control data the kernel itself drops descriptors that come along. */
static void receive(void)
{
    static uint8_t packet[PROTOCOL_PACKET_BYTES_MAX];
    struct iovec part = {.iov_base = packet, .iov_len = sizeof packet};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t length = recvmsg(launcher.control, &message, MSG_DONTWAIT);
    if (length > 0) {
        request_answer(&launcher, packet, (size_t) length, (message.msg_flags & MSG_TRUNC) != 0);
    } else if (length == 0 || (errno != EINTR && errno != EAGAIN)) {
        close(launcher.control); /* the supervisor closed its end and is about to exit */
        launcher.control = -1;
    }
}

/* ---- Signals and ends of processes ---- */

static void on_signal(int number)
{
    int error = errno;
    uint8_t byte = (uint8_t) number;
    ssize_t ignored = write(signals[1], &byte, 1);
    (void) ignored; /* full: as many signals as that are waiting already */
    errno = error;
}

static void catch_signals(void)
{
    static const int caught[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGUSR1};
    if (pipe(signals) < 0) {
        die(EXIT_FAILURE, "no pipe for signals");
    }
    for (int i = 0; i < 2; i++) {
        fcntl(signals[i], F_SETFL, O_NONBLOCK);
        fcntl(signals[i], F_SETFD, FD_CLOEXEC);
    }
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof caught / sizeof caught[0]; i++) {
        struct sigaction before;
        sigaction(caught[i], NULL, &before);
        if (caught[i] != SIGCHLD && before.sa_handler == SIG_IGN) {
            continue; /* nohup and shells without job control want it so */
        }
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
        sigfillset(&action.sa_mask);
        sigaction(caught[i], &action, NULL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void tell_exit(pid_t pid, int status)
{
    struct writer out;
    write_head(&out, EVENT_EXITED, 0);
    write_number(&out, (uint32_t) pid, 4);
    write_number(&out, WIFSIGNALED(status) ? HOW_SIGNALLED : HOW_EXITED, 1);
    write_number(&out, (uint32_t) (WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)), 4);
    if (launcher.control >= 0) {
        send_packet(launcher.control, &out, -1);
    }
}

/* Collects ended processes. Returns the launcher's exit code when the supervisor was among them, else -1. */
static int reap(void)
{
    int code = -1;
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == supervisor) {
            code = WIFSIGNALED(status) ? EXIT_SIGNALLED + WTERMSIG(status) : WEXITSTATUS(status);
            continue;
        }
        for (size_t i = 0; i < CHILDREN_MAX; i++) {
            if (launcher.children[i] == pid) {
                launcher.children[i] = 0;
                tell_exit(pid, status);
            }
        }
    }
    return code;
}

static void forward(int number)
{
    if (number == SIGTERM || number == SIGINT) {
        notify("STOPPING=1");
    }
    if (launcher.control < 0) {
        kill(supervisor, number);
        return;
    }
    struct writer out;
    write_head(&out, EVENT_SIGNAL, 0);
    write_number(&out, (uint32_t) number, 4);
    send_packet(launcher.control, &out, -1);
}

/* Returns the launcher's exit code when the supervisor ended, else -1. */
static int drain_signals(void)
{
    uint8_t numbers[64];
    ssize_t count;
    while ((count = read(signals[0], numbers, sizeof numbers)) > 0) {
        for (ssize_t i = 0; i < count; i++) {
            if (numbers[i] != SIGCHLD) {
                forward(numbers[i]);
            }
        }
    }
    return reap();
}

static int serve_supervisor(void)
{
    for (;;) {
        struct pollfd ready[2] = {{.fd = signals[0], .events = POLLIN}, {.fd = launcher.control, .events = POLLIN}};
        if (poll(ready, 2, -1) < 0 && errno != EINTR) {
            die(EXIT_FAILURE, "poll failed");
        }
        int code = drain_signals();
        if (code >= 0) {
            return code;
        }
        if (launcher.control >= 0 && ready[1].revents != 0) {
            receive();
        }
    }
}

static void end_children(void)
{
    for (size_t i = 0; i < CHILDREN_MAX; i++) {
        if (launcher.children[i] != 0) {
            kill(launcher.children[i], SIGKILL);
        }
    }
    for (size_t i = 0; i < CHILDREN_MAX; i++) {
        while (launcher.children[i] != 0 && waitpid(launcher.children[i], NULL, 0) < 0 && errno == EINTR) {
        }
    }
}

/* ---- Start ---- */

/* Takes `--name value` and `--name=value`. Returns how many arguments it took. */
static int take_option(char **argument, const char *name, const char **value)
{
    size_t length = strlen(name);
    if (strncmp(*argument, name, length) != 0) {
        return 0;
    }
    if ((*argument)[length] == '=') {
        *value = *argument + length + 1;
        return 1;
    }
    if ((*argument)[length] == '\0' && argument[1] != NULL) {
        *value = argument[1];
        return 2;
    }
    return 0;
}

static void read_options(char **argument, struct options *options)
{
    while (*argument != NULL && strcmp(*argument, "serve") != 0) {
        argument++;
    }
    if (*argument == NULL) {
        die(EXIT_USAGE, "the command line must be: skewer-launch JAVA JVM-ARGUMENTS... serve OPTIONS...");
    }
    while (*argument != NULL) {
        int taken = take_option(argument, "--uid", &options->user);
        taken = taken > 0 ? taken : take_option(argument, "--gid", &options->group);
        taken = taken > 0 ? taken : take_option(argument, "--uid-range", &options->range);
        taken = taken > 0 ? taken : take_option(argument, "--pidfile", &options->pidfile);
        taken = taken > 0 ? taken : take_option(argument, "--store", &options->store);
        taken = taken > 0 ? taken : take_option(argument, "--config", &options->config);
        taken = taken > 0 ? taken : take_option(argument, "--logfilename", &options->own_log);
        options->test = options->test || strcmp(*argument, "--test") == 0;
        options->local_syslog = options->local_syslog || strcmp(*argument, "--syslog") == 0;
        argument += taken > 0 ? taken : 1;
    }
}

static void start_supervisor(char **argv)
{
    struct failure failure;
    int ends[2];
    if (socketpair(AF_UNIX, PACKETS, 0, ends) < 0) {
        die(EXIT_FAILURE, "no socket pair for the supervisor");
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    static char title[] = "skewer";
    argv[0] = title;
    struct start start = {
            .role = &supervisor_role,
            .directories = &directories,
            .layers = launcher.layers,
            .jail_flags = launcher.jail_flags,
            .program = launcher.java,
            .argv = argv,
            .control = ends[1],
            .identity = &launcher.users.supervisor,
    };
    supervisor = process_start(&start, &failure);
    close(ends[1]);
    if (supervisor < 0) {
        fprintf(stderr, "skewer-launch: the supervisor %s\n", failure.text);
        pidfile_remove();
        exit(EXIT_FAILURE);
    }
    launcher.control = ends[0];
}

/* ---- Directories and layers ---- */

/* Replaces the value of an option, wherever it stands, by the path as it is seen inside the jail. */
static void replace_value(char **argument, const char *name, const char *path)
{
    size_t length = strlen(name);
    for (; *argument != NULL; argument++) {
        if (strcmp(*argument, name) == 0 && argument[1] != NULL) {
            argument[1] = strdup(path);
        } else if (strncmp(*argument, name, length) == 0 && (*argument)[length] == '=') {
            char *whole = malloc(length + strlen(path) + 2);
            if (whole != NULL) {
                sprintf(whole, "%s=%s", name, path);
                *argument = whole;
            }
        }
    }
}

static void claim_own_log(char **argv, const struct options *options)
{
    struct failure reason;
    struct failure failure;
    char copy[PATH_MAX];
    char path[2 * PATH_MAX];
    snprintf(copy, sizeof copy, "%s", options->own_log);
    char *slash = strrchr(copy, '/');
    const char *name = slash == NULL ? options->own_log : options->own_log + (slash - copy) + 1;
    if (slash != NULL) {
        slash[slash == copy ? 1 : 0] = '\0';
    }
    const char *named = slash == NULL ? "." : copy;
    if (directory_claim_output(&directories, &directories.own_log, named, &launcher.users.supervisor, PRIVATE, &reason) < 0) {
        fail(&failure, reason.error, "the directory of --logfilename, %.80s: %.150s", named, reason.text);
        die(EXIT_USAGE, failure.text);
    }
    snprintf(path, sizeof path, "%s/%s", directories.own_log.path, name);
    replace_value(argv, "--logfilename", path);
}

static void claim_directories(char **argv, const struct options *options)
{
    struct failure failure;
    const char *config = options->config != NULL ? options->config : "/etc";
    const char *store = options->store != NULL ? options->store : "/var/lib/skewer";
    char file[PATH_MAX + 16];
    struct stat status;
    if (stat(config, &status) == 0) { /* else the supervisor says what is missing */
        check(directory_claim(&directories.config, config, &launcher.users.supervisor, "the configuration directory", &failure), &failure);
        snprintf(file, sizeof file, "%s/skewer.toml", directories.config.path);
        check(file_check(file, &launcher.users.supervisor, &failure), &failure);
        replace_value(argv, "--config", directories.config.path);
    }
    directories.scratch = options->test;
    directories.local_syslog = options->local_syslog;
    if (!options->test) {
        struct identity keeper;
        users_identity(&launcher.users, role_of_disk(DISK_STORE), &keeper);
        keeper.own = keeper.change; /* nobody else could have written what is in there */
        check(directory_create(store, &keeper, &failure), &failure);
        check(directory_claim(&directories.store, store, &keeper, "the store's directory", &failure), &failure);
        replace_value(argv, "--store", directories.store.path);
    }
    if (options->own_log != NULL) {
        claim_own_log(argv, options);
    }
}

/* Cuts the last parts of a path off. */
static void cut(char *path, int parts)
{
    while (parts-- > 0) {
        char *slash = strrchr(path, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
    }
}

/* The JVM is two levels above its program, skewer two levels above this one. */
static void find_programs(void)
{
    snprintf(directories.java_home, sizeof directories.java_home, "%s", launcher.java);
    cut(directories.java_home, 2);
    ssize_t length = readlink("/proc/self/exe", directories.installation, sizeof directories.installation - 1);
    if (length > 0) {
        directories.installation[length] = '\0';
        cut(directories.installation, 2);
    }
}

static void find_layers(void)
{
    launcher.layers = launcher.users.supervisor.uid != 0 ? LAYER_UID : 0;
#ifdef __linux__
    struct failure failure;
    launcher.jail_flags = jail_flags();
    launcher.layers |= filter_is_known() ? LAYER_SECCOMP : 0;
    launcher.layers |= launcher.jail_flags != 0 ? LAYER_NAMESPACES : 0;
    launcher.layers |= landlock_abi() > 0 ? LAYER_LANDLOCK : 0;
    check(privilege_reduce(&failure), &failure);
#endif
}

/*
 * Descriptors 0 to 2 must exist: otherwise a socket would take their place and a message for people would go into it. A terminal is usually open for
 * reading, too, on all three: whoever writes to it could read what people type.
 */
static void open_standard_streams(void)
{
    int number;
    do {
        number = open("/dev/null", O_RDWR);
    } while (number >= 0 && number <= STDERR_FILENO);
    if (number >= 0) {
        close(number);
    }
    for (int stream = STDOUT_FILENO; stream <= STDERR_FILENO; stream++) {
        char path[32];
        if (!isatty(stream) || (fcntl(stream, F_GETFL) & O_ACCMODE) == O_WRONLY) {
            continue;
        }
        snprintf(path, sizeof path, "/dev/fd/%d", stream);
        number = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
        if (number < 0 || dup2(number, stream) < 0) {
            die(EXIT_USAGE, "its output is a terminal of another user, which its processes could read: send it elsewhere, like `2>&1 | cat`");
        }
        close(number);
    }
}

int main(int argc, char **argv)
{
    open_standard_streams();
    if (argc == 2 && strcmp(argv[1], "--roles") == 0) {
        request_print_roles();
        return EXIT_SUCCESS;
    }
    if (argc < 3) {
        die(EXIT_USAGE, "the command line must be: skewer-launch JAVA JVM-ARGUMENTS... serve OPTIONS...");
    }
    struct failure failure;
    struct options options = {0};
    read_options(argv + 2, &options);
    launcher.java = strchr(argv[1], '/') != NULL ? realpath(argv[1], NULL) : NULL;
    if (launcher.java == NULL) {
        die(EXIT_USAGE, "JAVA must be the path of the java program");
    }
    check(users_resolve(&launcher.users, options.user, options.group, options.range, &failure), &failure);
    launcher.title = argv[0];
    launcher.directories = &directories;
    find_programs();
    find_layers();
    atexit(directories_remove);
    claim_directories(argv + 2, &options);
    process_prepare_environment();
    catch_signals();
    if (options.pidfile != NULL && options.pidfile[0] != '\0') {
        check(pidfile_claim(options.pidfile, &failure), &failure);
    }
    if (chdir("/") < 0) { /* every path that counts is known by now */
        die(EXIT_FAILURE, "cannot work in /");
    }
    start_supervisor(argv + 1);
    if (pidfile_write(&failure) < 0) {
        fprintf(stderr, "skewer-launch: %s\n", failure.text);
        kill(supervisor, SIGKILL);
        pidfile_remove();
        return EXIT_FAILURE;
    }
    int code = serve_supervisor();
    end_children();
    binding_unlink_all();
    pidfile_remove();
    descend_await_remover();
    return code;
}
