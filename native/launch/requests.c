/*
 * What the supervisor may ask for. Every request is read to its last byte before anything happens.
 */
#include "jail.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* People of the group read what the file destination writes. */
#define READABLE_BY_GROUP 0750

static const struct role roles[] = {
#define ROLE(user, name, network, disk) {user, name, network, disk},
    SKEWER_ROLES(ROLE)
#undef ROLE
};

const struct role *role_of_disk(enum disk disk)
{
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (roles[i].disk == disk) {
            return &roles[i];
        }
    }
    return NULL;
}

static int malformed(struct failure *failure)
{
    return fail(failure, EPROTO, "is not a well formed request");
}

static const struct role *find_role(struct text name)
{
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (strlen(roles[i].name) == name.length && memcmp(roles[i].name, name.bytes, name.length) == 0) {
            return &roles[i];
        }
    }
    return NULL;
}

/* Copies the arguments of a request behind argv[0]. Returns 0, or -1 when they are not well formed. */
static int read_arguments(struct reader *in, char **argv)
{
    static char copies[PROTOCOL_PACKET_BYTES_MAX]; /* enough: a length takes two bytes in the packet, a NUL one here */
    char *at = copies;
    uint32_t count = read_number(in, 2);
    if (in->broken || count > PROTOCOL_ARGUMENTS_MAX) {
        return -1;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct text argument = read_text(in);
        if (in->broken || memchr(argument.bytes, '\0', argument.length) != NULL) {
            return -1;
        }
        memcpy(at, argument.bytes, argument.length);
        at[argument.length] = '\0';
        argv[i + 1] = at;
        at += argument.length + 1;
    }
    argv[count + 1] = NULL;
    return read_to_end(in) ? 0 : -1;
}

static int start_role(struct launcher *launcher, const struct role *role, uint32_t flags, char **argv, struct failure *failure, int *far_end)
{
    size_t slot = 0;
    while (slot < CHILDREN_MAX && launcher->children[slot] != 0) {
        slot++;
    }
    if (slot == CHILDREN_MAX) {
        return fail(failure, EAGAIN, "cannot be started: %d processes are running", CHILDREN_MAX);
    }
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) {
        return fail(failure, errno, "cannot be started: %s", strerror(errno));
    }
    char title[32];
    struct identity identity;
    users_identity(&launcher->users, role, &identity);
    snprintf(title, sizeof title, "skewer-%s", role->name);
    argv[0] = title;
    struct start start = {
            .role = role,
            .directories = launcher->directories,
            .layers = launcher->layers,
            .jail_flags = launcher->jail_flags,
            .program = launcher->java,
            .argv = argv,
            .control = ends[1],
            .close_stdout = (flags & SPAWN_KEEP_STDOUT) == 0,
            .identity = &identity,
    };
    pid_t pid = process_start(&start, failure);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return -1;
    }
    launcher->children[slot] = pid;
    *far_end = ends[0];
    return pid;
}

/*
 * One function for each request: reads the rest of it, does it, writes what the answer has behind its head, and leaves a descriptor that is to go
 * along. Returns -1 when nothing was done.
 */
typedef int (*action)(struct launcher *launcher, struct reader *in, struct writer *out, int *descriptor, struct failure *failure);

static int spawn(struct launcher *launcher, struct reader *in, struct writer *out, int *descriptor, struct failure *failure)
{
    static char *argv[PROTOCOL_ARGUMENTS_MAX + 2];
    uint32_t flags = read_number(in, 4);
    struct text name = read_text(in);
    if (read_arguments(in, argv) < 0 || (flags & ~(uint32_t) SPAWN_KEEP_STDOUT) != 0) {
        return malformed(failure);
    }
    const struct role *role = find_role(name);
    if (!launcher->prepared) {
        return fail(failure, EPROTO, "cannot be started before the confinement is prepared");
    }
    if (role == NULL) {
        return fail(failure, EINVAL, "is not a role");
    }
    if (!launcher->descended) {
        descend(launcher);
        launcher->descended = true;
    }
    pid_t pid = start_role(launcher, role, flags, argv, failure, descriptor);
    write_number(out, (uint32_t) pid, 4);
    return pid < 0 ? -1 : 0;
}

static int open_binding(struct launcher *launcher, struct reader *in, struct writer *out, int *descriptor, struct failure *failure)
{
    (void) out;
    struct binding binding = {
            .kind = (uint8_t) read_number(in, 1),
            .family = (uint8_t) read_number(in, 1),
            .port = (uint16_t) read_number(in, 2),
            .mode = (uint16_t) read_number(in, 2),
            .scope = read_number(in, 4),
    };
    binding.address = read_text(in);
    if (!read_to_end(in)) {
        return malformed(failure);
    }
    if (launcher->descended) {
        return fail(failure, EPROTO, "cannot be bound any more: processes were started");
    }
    *descriptor = binding_open(&binding, failure);
    return *descriptor < 0 ? -1 : 0;
}

static int require_layers(const struct launcher *launcher, uint32_t absent, struct failure *failure)
{
    static const struct {
        uint32_t layer;
        const char *name;
        const char *why;
    } layers[] = {
            {LAYER_NAMESPACES, "namespaces", "this system lets neither root nor user namespaces make them"},
            {LAYER_LANDLOCK, "landlock", "the kernel has no Landlock"},
            {LAYER_SECCOMP, "seccomp", "the kernel has no seccomp filters"},
            {LAYER_UID, "uid", "root must be told whom to become, like --uid skewer"},
    };
    for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++) {
        if (((launcher->layers | absent) & layers[i].layer) == 0) {
            return fail(failure, ENOSYS, "is not possible: %s. To run without that layer, name \"%s\" in confinement.absent", layers[i].why, layers[i].name);
        }
    }
    return 0;
}

static int prepare(struct launcher *launcher, struct reader *in, struct writer *out, int *descriptor, struct failure *failure)
{
    (void) descriptor;
    char path[PATH_MAX];
    uint32_t absent = read_number(in, 4);
    struct text directory = read_text(in);
    if (!read_to_end(in) || (absent & ~(uint32_t) LAYERS_ALL) != 0 || directory.length >= sizeof path
            || memchr(directory.bytes, '\0', directory.length) != NULL) {
        return malformed(failure);
    }
    if (launcher->prepared) {
        return fail(failure, EPROTO, "was prepared already");
    }
    memcpy(path, directory.bytes, directory.length);
    path[directory.length] = '\0';
    struct failure reason;
    struct identity writer;
    users_identity(&launcher->users, role_of_disk(DISK_LOG), &writer);
    if (directory.length > 0 && path[0] != '/') {
        return fail(failure, EINVAL, "is not possible: the file destination's directory %.80s is no absolute path", path);
    }
    if (require_layers(launcher, absent, failure) < 0) { /* before anything is made: root's would be in the way of the next start */
        return -1;
    }
    if (directory.length > 0
            && directory_claim_output(launcher->directories, &launcher->directories->log, path, &writer, READABLE_BY_GROUP, &reason) < 0) {
        return fail(failure, reason.error, "is not possible: the file destination's directory %.80s: %.150s", path, reason.text);
    }
    strcpy(launcher->directories->log_as_named, path);
    directories_keep();
    launcher->layers &= ~absent | LAYER_UID; /* whoever is not root stays so */
    launcher->prepared = true;
    write_number(out, launcher->layers, 4);
    return 0;
}

static int alive(struct launcher *launcher, struct reader *in, struct writer *out, int *descriptor, struct failure *failure)
{
    (void) launcher;
    (void) out;
    (void) descriptor;
    if (!read_to_end(in)) {
        return malformed(failure);
    }
    notify("READY=1\nWATCHDOG=1");
    return 0;
}

static int send_signal(struct launcher *launcher, struct reader *in, struct writer *out, int *descriptor, struct failure *failure)
{
    (void) out;
    (void) descriptor;
    uint32_t pid = read_number(in, 4);
    uint32_t number = read_number(in, 4);
    if (!read_to_end(in) || number >= NSIG) {
        return malformed(failure);
    }
    for (size_t i = 0; i < CHILDREN_MAX; i++) {
        /* A pid in the table was not reaped yet, so it cannot belong to anybody else. */
        if (pid != 0 && (uint32_t) launcher->children[i] == pid && kill(launcher->children[i], (int) number) == 0) {
            return 0;
        }
    }
    return fail(failure, ESRCH, "is not a running process of this launcher");
}

static const struct {
    uint32_t type;
    uint8_t answer;
    action act;
} requests[] = {
        {REQUEST_SPAWN, ANSWER_SPAWNED, spawn},
        {REQUEST_BIND, ANSWER_BOUND, open_binding},
        {REQUEST_KILL, ANSWER_KILLED, send_signal},
        {REQUEST_PREPARE, ANSWER_PREPARED, prepare},
        {REQUEST_ALIVE, ANSWER_HEARD, alive},
};

void request_answer(struct launcher *launcher, const uint8_t *packet, size_t length, bool truncated)
{
    struct failure failure;
    struct writer out;
    int descriptor = -1;
    struct reader in = {.at = packet, .end = packet + length};
    uint32_t type = read_number(&in, 1);
    uint32_t version = read_number(&in, 1);
    uint32_t reserved = read_number(&in, 2);
    uint32_t request = read_number(&in, 4);
    size_t i = 0;
    int done = -1;
    while (i < sizeof requests / sizeof requests[0] && requests[i].type != type) {
        i++;
    }
    if (in.broken || truncated || version != PROTOCOL_VERSION || reserved != 0) {
        request = in.broken ? 0 : request;
        fail(&failure, EPROTO, "is not a packet of this protocol");
    } else if (i == sizeof requests / sizeof requests[0]) {
        fail(&failure, EPROTO, "is not a request");
    } else {
        write_head(&out, requests[i].answer, request);
        done = requests[i].act(launcher, &in, &out, &descriptor, &failure);
    }
    if (done < 0) {
        write_head(&out, ANSWER_ERROR, request);
        write_number(&out, (uint32_t) failure.error, 4);
        write_text(&out, failure.text);
    }
    send_packet(launcher->control, &out, descriptor);
    if (descriptor >= 0) {
        close(descriptor);
    }
}

void request_print_roles(void)
{
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        puts(roles[i].name);
    }
}
