/*
 * The roles that may be started, and what each may touch: the launcher's half of the role table. A role that is not here
 * cannot be spawned, whatever the supervisor asks. `skewer-launch --roles` prints the names so that the other half
 * (io.skewer.cli.role.Role) can be compared.
 *
 * No role has both a disk and the network, except the supervisor, which never sees a message.
 */
#ifndef SKEWER_ROLES_H
#define SKEWER_ROLES_H

enum network {
    NETWORK_NONE,     /* an empty network namespace; sockets bound by the launcher keep working in it */
    NETWORK_OUTGOING, /* the network of the host, resolver and certificates; nothing may be bound */
    NETWORK_HOST      /* as before, and may listen: the metrics page of the supervisor */
};

enum disk {
    DISK_NONE,
    DISK_STORE,     /* the store's directory, writable */
    DISK_LOG,       /* the base directory of the file destination, writable */
    DISK_SUPERVISOR /* the configuration, read-only; the directory of its own log file, writable */
};

/* The user of a role in --uid-range: its number is never given to another role, because files belong to it. Below this. */
#define ROLE_USERS 16

/*       user  name              network           disk */
#define SKEWER_ROLES(ROLE)                                \
    ROLE(0, "store", NETWORK_NONE, DISK_STORE)            \
    ROLE(1, "tcp", NETWORK_NONE, DISK_NONE)               \
    ROLE(2, "udp", NETWORK_NONE, DISK_NONE)               \
    ROLE(3, "relp", NETWORK_NONE, DISK_NONE)              \
    ROLE(4, "forward-file", NETWORK_NONE, DISK_LOG)       \
    ROLE(5, "forward-kafka", NETWORK_OUTGOING, DISK_NONE) \
    ROLE(6, "forward-stderr", NETWORK_NONE, DISK_NONE)

#endif
