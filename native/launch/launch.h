/* What the files of the launcher share. The launcher has one thread; nothing here is safe for more. */
#ifndef SKEWER_LAUNCH_H
#define SKEWER_LAUNCH_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol.h"

#define GROUPS_MAX 1024
#define CHILDREN_MAX 64
#define FAILURE_TEXT_BYTES 256

/* Why something was not done: an errno, and the end of a sentence for the operator. */
struct failure {
    int error;
    char text[FAILURE_TEXT_BYTES];
};

/* Records the failure and returns -1, so that `return fail(...)` reads well. */
int fail(struct failure *failure, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- packet.c: reading and writing packets within their bounds ---- */

struct reader {
    const uint8_t *at;
    const uint8_t *end;
    bool broken; /* something was asked for that is not there: all values read are worthless */
};

struct text {
    const char *bytes;
    uint16_t length;
};

uint32_t read_number(struct reader *in, int bytes);
struct text read_text(struct reader *in);
/* True when every byte was there and none is left. */
bool read_to_end(const struct reader *in);

struct writer {
    uint8_t bytes[PROTOCOL_HEAD_BYTES + 16 + FAILURE_TEXT_BYTES];
    size_t length;
};

void write_number(struct writer *out, uint32_t number, int bytes);
void write_head(struct writer *out, uint8_t type, uint32_t request);
void write_text(struct writer *out, const char *text);
/* Sends one packet with a descriptor, or none when it is negative. A peer that is gone is no error: its end is seen elsewhere. */
void send_packet(int socket, const struct writer *out, int descriptor);

/* ---- identity.c: who the supervisor and the roles are ---- */

struct role;

struct identity {
    bool change; /* false: all processes stay what the launcher is */
    bool own;    /* of one role only: out of --uid-range */
    uid_t uid;
    gid_t gid;
    size_t group_count;
    gid_t groups[GROUPS_MAX];
};

/* Who is who: the supervisor, and the roles, which are the same user unless each has its own in a range. */
struct users {
    struct identity supervisor;
    uid_t first; /* of the range; 0: there is none */
};

/* Resolves names or numbers, and a range like 64000-64015; NULL or "" means not given. */
int users_resolve(struct users *users, const char *user, const char *group, const char *range, struct failure *failure);
/* Fills in who runs a role. */
void users_identity(const struct users *users, const struct role *role, struct identity *identity);
/* Becomes the identity for good and verifies it. In the child only. */
int identity_become(const struct identity *identity, struct failure *failure);

/* ---- process.c: starting processes ---- */

struct directories;

struct start {
    const struct role *role;
    const struct directories *directories;
    uint32_t layers; /* of confinement, to be in force before the program runs */
    unsigned long jail_flags;
    const char *program;
    char *const *argv;
    int control; /* becomes descriptor 3 */
    bool close_stdout;
    const struct identity *identity;
};

/* The environment of every process: prepared once, from nothing but TZ. */
void process_prepare_environment(void);
/* Returns the pid after the program was executed, or -1. */
pid_t process_start(const struct start *start, struct failure *failure);

/* ---- binding.c: sockets that need the launcher's privileges ---- */

struct binding {
    uint8_t kind;
    uint8_t family;
    uint16_t port;
    uint16_t mode;
    uint32_t scope;
    struct text address;
};

/* Returns a bound, non-blocking socket (listening when it is a stream), or -1. */
int binding_open(const struct binding *binding, struct failure *failure);
/* Whether there is one to remove. */
bool binding_any(void);
/* Removes the unix sockets made here that are still in their place. */
void binding_unlink_all(void);

/* ---- pidfile.c ---- */

/* Locks the pidfile, so that a second launcher is refused before it starts anything. */
int pidfile_claim(const char *path, struct failure *failure);
/* Writes the pid of this process, in one step for every reader. */
int pidfile_write(struct failure *failure);
bool pidfile_held(void);
void pidfile_remove(void);

/* ---- notify.c ---- */

/* Tells the service manager, when there is one that wants to know. See sd_notify(3). */
void notify(const char *text);

/* ---- requests.c: what the supervisor may ask for ---- */

struct launcher {
    uint32_t layers; /* of confinement: those available, and from PREPARE on those in force */
    bool prepared;
    struct directories *directories;
    unsigned long jail_flags; /* for clone(2), with the layer of namespaces */
    const char *java; /* the only program that is ever executed */
    struct users users;
    int control; /* packets from and to the supervisor, -1 when it closed its end */
    pid_t children[CHILDREN_MAX]; /* running roles, 0 in free places */
    bool descended;               /* or had no need or no way to */
    char *title;                  /* the launcher's own name on its command line */
};

/* Does what one packet asks for and answers it. */
void request_answer(struct launcher *launcher, const uint8_t *packet, size_t length, bool truncated);
void request_print_roles(void);

/* ---- descend.c ---- */

/*
 * Gives up root and every capability outside of a user namespace of skewer's own, where there is a user to become. Before the first role, after
 * the last socket that needs privileges: binding is over in any case. A launcher that has to stay root says so; one that fails half-way ends.
 */
void descend(const struct launcher *launcher);
/* At the end: waits until the files that only root could remove are gone. */
void descend_await_remover(void);

#endif
