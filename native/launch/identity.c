#include "jail.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOGIN_NAME_BYTES 256

#ifdef __APPLE__
typedef int group_number; /* getgrouplist there speaks int */
#else
typedef gid_t group_number;
#endif

static bool given(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* A number of all digits that fits and is not the "unchanged" of setresuid. */
static bool to_number(const char *text, uint32_t *number)
{
    if (strlen(text) > 10 || strspn(text, "0123456789") != strlen(text)) {
        return false;
    }
    unsigned long long value = strtoull(text, NULL, 10);
    if (value >= UINT32_MAX) {
        return false;
    }
    *number = (uint32_t) value;
    return true;
}

static int list_groups(struct identity *identity, const char *name, struct failure *failure)
{
    if (name[0] == '\0') {
        identity->group_count = 0;
        return 0;
    }
    group_number found[GROUPS_MAX];
    int count = GROUPS_MAX;
    if (getgrouplist(name, (group_number) identity->gid, found, &count) < 0) {
        return fail(failure, E2BIG, "user %s has more than %d groups", name, GROUPS_MAX);
    }
    for (int i = 0; i < count; i++) {
        if (found[i] == 0) {
            return fail(failure, EINVAL, "--uid %s: is a member of root's group", name);
        }
        identity->groups[i] = (gid_t) found[i];
    }
    identity->group_count = (size_t) count;
    return 0;
}

static int resolve(struct identity *identity, const char *user, const char *group, struct failure *failure)
{
    memset(identity, 0, sizeof *identity);
    identity->uid = geteuid();
    identity->gid = getegid();
    char name[LOGIN_NAME_BYTES] = "";
    if (given(user)) {
        uint32_t number = 0;
        const struct passwd *entry = to_number(user, &number) ? getpwuid(number) : getpwnam(user);
        if (entry != NULL) {
            identity->uid = entry->pw_uid;
            identity->gid = entry->pw_gid;
            snprintf(name, sizeof name, "%s", entry->pw_name);
        } else if (to_number(user, &number)) {
            identity->uid = number;
            if (!given(group) && number != geteuid()) {
                return fail(failure, EINVAL, "--uid %s: there is no such user, so --gid is needed", user);
            }
        } else {
            return fail(failure, EINVAL,
                        "--uid %s: there is no such user; make it: "
                        "useradd --system --home-dir /var/lib/skewer --shell /usr/sbin/nologin %s",
                        user, user);
        }
    }
    if (given(group)) {
        uint32_t number = 0;
        const struct group *entry = to_number(group, &number) ? NULL : getgrnam(group);
        if (entry != NULL) {
            identity->gid = entry->gr_gid;
        } else if (to_number(group, &number)) {
            identity->gid = number;
        } else {
            return fail(failure, EINVAL, "--gid %s: there is no such group", group);
        }
    }
    if (geteuid() != 0) {
        /* The user's own primary group need not be the group that the launcher was started with. */
        if (identity->uid != geteuid()) {
            return fail(failure, EPERM, "--uid %s: only root can become another user", user);
        }
        if (given(group) && identity->gid != getegid()) {
            return fail(failure, EPERM, "--gid %s: only root can become another group", group);
        }
        identity->gid = getegid();
        return 0;
    }
    if (!given(user) && !given(group)) {
        return 0;
    }
    if (given(user) && identity->uid == 0) {
        return fail(failure, EINVAL, "--uid %s: names root; give an unprivileged user", user);
    }
    if (identity->gid == 0) {
        return fail(failure, EINVAL, "--%s %s: the group is root's; give another one with --gid", given(group) ? "gid" : "uid", given(group) ? group : user);
    }
    identity->change = true;
    return list_groups(identity, name, failure);
}

/* Both numbers, and a minus between them. */
static bool to_range(const char *text, uint32_t *first, uint32_t *last)
{
    char copy[32];
    if (snprintf(copy, sizeof copy, "%s", text) >= (int) sizeof copy) {
        return false;
    }
    char *minus = strchr(copy, '-');
    if (minus == NULL) {
        return false;
    }
    *minus = '\0';
    return to_number(copy, first) && to_number(minus + 1, last) && copy[0] != '\0' && minus[1] != '\0';
}

int users_resolve(struct users *users, const char *user, const char *group, const char *range, struct failure *failure)
{
    uint32_t first = 0;
    uint32_t last = 0;
    users->first = 0;
    if (resolve(&users->supervisor, user, group, failure) < 0) {
        return -1;
    }
    if (!given(range)) {
        return 0;
    }
    if (geteuid() != 0) {
        return fail(failure, EPERM, "--uid-range %s: only root can become other users", range);
    }
    if (!given(user)) {
        return fail(failure, EINVAL, "--uid-range %s: --uid is needed too, for the process that is of no role", range);
    }
    if (!to_range(range, &first, &last) || first == 0 || last < first || last - first < ROLE_USERS - 1) {
        return fail(failure, EINVAL, "--uid-range %.40s: must be at least %d numbers of users, like 64000-%d", range, ROLE_USERS, 64000 + ROLE_USERS - 1);
    }
    if (users->supervisor.uid >= first && users->supervisor.uid <= last) {
        return fail(failure, EINVAL, "--uid-range %s: holds the user of --uid, who must be another one", range);
    }
    users->first = first;
    return 0;
}

/* Files for people are of their group; nothing else of a role is for anybody else. */
void users_identity(const struct users *users, const struct role *role, struct identity *identity)
{
    if (users->first == 0) {
        *identity = users->supervisor;
        return;
    }
    memset(identity, 0, sizeof *identity);
    identity->change = true;
    identity->own = true;
    identity->uid = users->first + role->user;
    identity->gid = role->disk == DISK_LOG ? users->supervisor.gid : (gid_t) identity->uid;
}

static int verify(const struct identity *identity, struct failure *failure)
{
#ifdef __linux__
    uid_t real_uid, effective_uid, saved_uid;
    gid_t real_gid, effective_gid, saved_gid;
    if (getresuid(&real_uid, &effective_uid, &saved_uid) < 0 || getresgid(&real_gid, &effective_gid, &saved_gid) < 0) {
        return fail(failure, errno, "cannot read its identity");
    }
    bool right = real_uid == identity->uid && effective_uid == identity->uid && saved_uid == identity->uid
            && real_gid == identity->gid && effective_gid == identity->gid && saved_gid == identity->gid;
#else
    bool right = getuid() == identity->uid && geteuid() == identity->uid && getgid() == identity->gid
            && getegid() == identity->gid;
#endif
    if (!right) {
        return fail(failure, EPERM, "did not become user %u", (unsigned) identity->uid);
    }
    if (identity->uid != 0 && (setuid(0) == 0 || seteuid(0) == 0)) {
        return fail(failure, EPERM, "could become root again");
    }
    return 0;
}

int identity_become(const struct identity *identity, struct failure *failure)
{
    if (!identity->change) {
        return 0;
    }
    if (setgroups(identity->group_count, identity->groups) < 0) {
        return fail(failure, errno, "cannot set its groups");
    }
#ifdef __linux__
    bool done = setresgid(identity->gid, identity->gid, identity->gid) == 0
            && setresuid(identity->uid, identity->uid, identity->uid) == 0;
#else
    bool done = setgid(identity->gid) == 0 && setuid(identity->uid) == 0;
#endif
    if (!done) {
        return fail(failure, errno, "cannot become user %u", (unsigned) identity->uid);
    }
    return verify(identity, failure);
}
