/*
 * The roles that may be started. A role that is not in this table cannot be spawned, whatever the supervisor asks:
 * this is the launcher's half of the role table, `skewer-launch --roles` prints it so that the other half can be compared.
 * The confinement of a role will stand in the same line.
 */
#ifndef SKEWER_ROLES_H
#define SKEWER_ROLES_H

#define SKEWER_ROLES(ROLE) \
    ROLE("tcp")            \
    ROLE("udp")            \
    ROLE("relp")           \
    ROLE("store")          \
    ROLE("forward-kafka")  \
    ROLE("forward-file")   \
    ROLE("forward-stderr")

#endif
