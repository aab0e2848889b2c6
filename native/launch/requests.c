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

static void answer_error(const struct launcher *launcher, uint32_t request, const struct failure *failure)
{
    struct writer out;
    write_head(&out, ANSWER_ERROR, request);
    write_number(&out, (uint32_t) failure->error, 4);
    write_text(&out, failure->text);
    send_packet(launcher->control, &out, -1);
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
            .close_stdin = true,
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

static void on_spawn(struct launcher *launcher, struct reader *in, uint32_t request)
{
    static char *argv[PROTOCOL_ARGUMENTS_MAX + 2];
    struct failure failure;
    uint32_t flags = read_number(in, 4);
    struct text name = read_text(in);
    if (read_arguments(in, argv) < 0 || (flags & ~(uint32_t) SPAWN_KEEP_STDOUT) != 0) {
        fail(&failure, EPROTO, "is not a well formed request");
        answer_error(launcher, request, &failure);
        return;
    }
    const struct role *role = find_role(name);
    int far_end = -1;
    if (!launcher->prepared) {
        fail(&failure, EPROTO, "cannot be started before the confinement is prepared");
        answer_error(launcher, request, &failure);
        return;
    }
    if (role == NULL) {
        fail(&failure, EINVAL, "is not a role");
        answer_error(launcher, request, &failure);
        return;
    }
    if (!launcher->descended && descend(launcher, &failure) < 0) {
        answer_error(launcher, request, &failure);
        return;
    }
    launcher->descended = true;
    pid_t pid = start_role(launcher, role, flags, argv, &failure, &far_end);
    if (pid < 0) {
        answer_error(launcher, request, &failure);
        return;
    }
    struct writer out;
    write_head(&out, ANSWER_SPAWNED, request);
    write_number(&out, (uint32_t) pid, 4);
    send_packet(launcher->control, &out, far_end);
    close(far_end);
}

static void on_bind(const struct launcher *launcher, struct reader *in, uint32_t request)
{
    struct failure failure;
    struct binding binding = {
            .kind = (uint8_t) read_number(in, 1),
            .family = (uint8_t) read_number(in, 1),
            .port = (uint16_t) read_number(in, 2),
            .mode = (uint16_t) read_number(in, 2),
            .scope = read_number(in, 4),
    };
    binding.address = read_text(in);
    if (!read_to_end(in)) {
        fail(&failure, EPROTO, "is not a well formed request");
        answer_error(launcher, request, &failure);
        return;
    }
    int number = binding_open(&binding, &failure);
    if (number < 0) {
        answer_error(launcher, request, &failure);
        return;
    }
    struct writer out;
    write_head(&out, ANSWER_BOUND, request);
    send_packet(launcher->control, &out, number);
    close(number);
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
    };
    for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++) {
        if (((launcher->layers | absent) & layers[i].layer) == 0) {
            return fail(failure, ENOSYS, "is not possible: %s. To run without that layer, name \"%s\" in confinement.absent", layers[i].why, layers[i].name);
        }
    }
    return 0;
}

static int prepare(struct launcher *launcher, struct reader *in, struct failure *failure)
{
    char path[PATH_MAX];
    uint32_t absent = read_number(in, 4);
    struct text directory = read_text(in);
    if (!read_to_end(in) || (absent & ~(uint32_t) LAYERS_ALL) != 0 || directory.length >= sizeof path
            || memchr(directory.bytes, '\0', directory.length) != NULL) {
        return fail(failure, EPROTO, "is not a well formed request");
    }
    if (launcher->prepared) {
        return fail(failure, EPROTO, "was prepared already");
    }
    memcpy(path, directory.bytes, directory.length);
    path[directory.length] = '\0';
    struct failure reason;
    struct identity writer;
    users_identity(&launcher->users, role_of_disk(DISK_LOG), &writer);
    if (directory.length > 0 && directory_claim_log(launcher->directories, path, &writer, &reason) < 0) {
        return fail(failure, reason.error, "is not possible: the file destination's directory %.80s: %.150s", path, reason.text);
    }
    if (require_layers(launcher, absent, failure) < 0) {
        return -1;
    }
    launcher->layers &= ~absent;
    launcher->prepared = true;
    return 0;
}

static void on_prepare(struct launcher *launcher, struct reader *in, uint32_t request)
{
    struct failure failure;
    if (prepare(launcher, in, &failure) < 0) {
        answer_error(launcher, request, &failure);
        return;
    }
    struct writer out;
    write_head(&out, ANSWER_PREPARED, request);
    write_number(&out, launcher->layers, 4);
    send_packet(launcher->control, &out, -1);
}

static void on_alive(const struct launcher *launcher, struct reader *in, uint32_t request)
{
    struct failure failure;
    if (!read_to_end(in)) {
        fail(&failure, EPROTO, "is not a well formed request");
        answer_error(launcher, request, &failure);
        return;
    }
    notify("READY=1\nWATCHDOG=1");
    struct writer out;
    write_head(&out, ANSWER_HEARD, request);
    send_packet(launcher->control, &out, -1);
}

static void on_kill(const struct launcher *launcher, struct reader *in, uint32_t request)
{
    struct failure failure;
    uint32_t pid = read_number(in, 4);
    uint32_t number = read_number(in, 4);
    if (!read_to_end(in) || number >= NSIG) {
        fail(&failure, EPROTO, "is not a well formed request");
        answer_error(launcher, request, &failure);
        return;
    }
    for (size_t i = 0; i < CHILDREN_MAX; i++) {
        /* A pid in the table was not reaped yet, so it cannot belong to anybody else. */
        if (pid != 0 && (uint32_t) launcher->children[i] == pid && kill(launcher->children[i], (int) number) == 0) {
            struct writer out;
            write_head(&out, ANSWER_KILLED, request);
            send_packet(launcher->control, &out, -1);
            return;
        }
    }
    fail(&failure, ESRCH, "is not a running process of this launcher");
    answer_error(launcher, request, &failure);
}

void request_answer(struct launcher *launcher, const uint8_t *packet, size_t length, bool truncated)
{
    struct failure failure;
    struct reader in = {.at = packet, .end = packet + length};
    uint32_t type = read_number(&in, 1);
    uint32_t version = read_number(&in, 1);
    uint32_t reserved = read_number(&in, 2);
    uint32_t request = read_number(&in, 4);
    if (in.broken || truncated || version != PROTOCOL_VERSION || reserved != 0) {
        fail(&failure, EPROTO, "is not a packet of this protocol");
        answer_error(launcher, in.broken ? 0 : request, &failure);
    } else if (type == REQUEST_SPAWN) {
        on_spawn(launcher, &in, request);
    } else if (type == REQUEST_BIND) {
        on_bind(launcher, &in, request);
    } else if (type == REQUEST_KILL) {
        on_kill(launcher, &in, request);
    } else if (type == REQUEST_ALIVE) {
        on_alive(launcher, &in, request);
    } else if (type == REQUEST_PREPARE) {
        on_prepare(launcher, &in, request);
    } else {
        fail(&failure, EPROTO, "is not a request");
        answer_error(launcher, request, &failure);
    }
}

void request_print_roles(void)
{
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        puts(roles[i].name);
    }
}
