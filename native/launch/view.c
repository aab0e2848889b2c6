/*
 * What a process sees of the host's file system: the JVM, skewer itself, the C library, four devices, and what its role
 * needs beyond that. Everything else does not exist for it. The list serves two layers: jail.c mounts it, landlock.c allows it.
 */
#include "jail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The C library, and what JVMs and their native libraries are linked with. */
static const char *const library_directories[] = {"/lib64", "/usr/lib64", "/lib", "/usr/lib", "/lib/x86_64-linux-gnu",
        "/usr/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu"};
static const char *const libraries[] = {"ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libc.so.6", "libm.so.6", "libdl.so.2",
        "libpthread.so.0", "librt.so.1", "libz.so.1", "libgcc_s.so.1", "libstdc++.so.6", "ld-musl-x86_64.so.1", "ld-musl-aarch64.so.1"};
static const char *const resolver_libraries[] = {"libresolv.so.2", "libnss_files.so.2", "libnss_dns.so.2"};
static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"};

/* Names, addresses and certificates, for roles that go out. */
static const char *const resolver_files[] = {"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf",
        "/etc/gai.conf", "/etc/services", "/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted"};

#define EACH(name, list) for (size_t name = 0; name < sizeof(list) / sizeof(list)[0]; name++)

static struct place *add(struct view *view, const char *source, const char *path, enum access access, struct failure *failure)
{
    if (view->count == PLACES_MAX || strlen(source) >= PATH_MAX || strlen(path) >= PATH_MAX) {
        fail(failure, E2BIG, "would see too many files");
        return NULL;
    }
    struct place *place = &view->places[view->count++];
    memset(place, 0, sizeof *place);
    strcpy(place->source, source);
    strcpy(place->path, path);
    place->access = access;
    return place;
}

/* Adds what exists, and follows links: resolv.conf is one more often than not. */
static int add_if_there(struct view *view, const char *path, enum access access, struct failure *failure)
{
    char real[PATH_MAX];
    if (realpath(path, real) == NULL) {
        return 0;
    }
    return add(view, real, path, access, failure) == NULL ? -1 : 0;
}

static int add_directory(struct view *view, const struct directory *directory, const char *path, enum access access, struct failure *failure)
{
    if (directory->path[0] == '\0') {
        return 0;
    }
    struct place *place = add(view, directory->path, path, access, failure);
    if (place == NULL) {
        return -1;
    }
    place->claimed = true;
    place->device = directory->device;
    place->inode = directory->inode;
    return 0;
}

static int add_libraries(struct view *view, const char *const *names, size_t count, struct failure *failure)
{
    EACH(i, library_directories) {
        struct stat status;
        if (lstat(library_directories[i], &status) < 0 || S_ISLNK(status.st_mode)) {
            continue; /* jail.c makes the links of the top level again */
        }
        char parent[PATH_MAX];
        snprintf(parent, sizeof parent, "%s", library_directories[i]);
        char *slash = strrchr(parent + 1, '/');
        if (slash != NULL) {
            *slash = '\0';
            if (lstat(parent, &status) == 0 && S_ISLNK(status.st_mode)) {
                continue; /* the same directory again, behind /lib -> usr/lib */
            }
        }
        for (size_t name = 0; name < count; name++) {
            char path[PATH_MAX];
            snprintf(path, sizeof path, "%s/%s", library_directories[i], names[name]);
            if (add_if_there(view, path, SEEN_EXECUTE, failure) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int add_installation(struct view *view, const char *installation, struct failure *failure)
{
    static const struct {
        const char *name;
        enum access access;
    } parts[] = {{"lib", SEEN_READ}, {"classes", SEEN_READ}, {"cache", SEEN_READ}, {"native", SEEN_EXECUTE}};
    EACH(i, parts) {
        char path[PATH_MAX + 16];
        snprintf(path, sizeof path, "%s/%s", installation, parts[i].name);
        if (add_if_there(view, path, parts[i].access, failure) < 0) {
            return -1;
        }
    }
    return 0;
}

static int add_of_supervisor(struct view *view, const struct directories *directories, struct failure *failure)
{
    if (add_directory(view, &directories->config, directories->config.path, SEEN_READ, failure) < 0) {
        return -1;
    }
    const char *config = directories->config.path;
    const char *store = directories->store.path;
    size_t length = strlen(config);
    if (length > 0 && strncmp(store, config, length) == 0 && store[length] == '/'
            && add(view, store, store, SEEN_EMPTY, failure) == NULL) {
        return -1;
    }
    if (directories->local_syslog && add_if_there(view, "/dev/log", SEEN_SOCKET, failure) < 0) {
        return -1;
    }
    return add_directory(view, &directories->own_log, directories->own_log.path, SEEN_WRITE, failure);
}

static int add_of_role(struct view *view, const struct role *role, const struct directories *directories, struct failure *failure)
{
    switch (role->disk) {
    case DISK_NONE:
        return 0;
    case DISK_STORE:
        view->scratch = directories->scratch;
        return view->scratch ? 0 : add_directory(view, &directories->store, directories->store.path, SEEN_WRITE, failure);
    case DISK_LOG:
        return add_directory(view, &directories->log, directories->log_as_named, SEEN_WRITE, failure);
    case DISK_SUPERVISOR:
        return add_of_supervisor(view, directories, failure);
    }
    return -1;
}

int view_of(struct view *view, const struct role *role, const struct directories *directories, struct failure *failure)
{
    bool outgoing = role->network != NETWORK_NONE;
    view->count = 0;
    view->scratch = false;
    EACH(i, devices) {
        if (add_if_there(view, devices[i], SEEN_DEVICE, failure) < 0) {
            return -1;
        }
    }
    if (add(view, directories->java_home, directories->java_home, SEEN_EXECUTE, failure) == NULL
            || add_installation(view, directories->installation, failure) < 0
            || add_libraries(view, libraries, sizeof libraries / sizeof libraries[0], failure) < 0
            || add_if_there(view, "/etc/ld.so.cache", SEEN_READ, failure) < 0) {
        return -1;
    }
    if (outgoing) {
        if (add_libraries(view, resolver_libraries, sizeof resolver_libraries / sizeof resolver_libraries[0], failure) < 0) {
            return -1;
        }
        EACH(i, resolver_files) {
            if (add_if_there(view, resolver_files[i], SEEN_READ, failure) < 0) {
                return -1;
            }
        }
    }
    return add_of_role(view, role, directories, failure);
}
