/*
 * Sockets that need the launcher's privileges.
 *
 * The supervisor chooses the path of a unix socket and the launcher may be root, so nothing here may be led astray by a
 * link that changes under its feet: the directory is opened once, all that is done to the socket is done in it, and the mode
 * comes from the umask at creation, never from a chmod of a path. No call binds in an opened directory, so the launcher, which
 * works in /, goes there for the moment.
 */
#include "launch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 4096
#define SOCKETS_MAX 64
#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

struct made {
    int directory;
    char name[sizeof ((struct sockaddr_un *) 0)->sun_path];
    dev_t device;
    ino_t inode;
};

static struct made made_sockets[SOCKETS_MAX];
static size_t made_count;

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
};

static int refuse(const struct binding *binding, int error, struct failure *failure)
{
    bool low = (binding->family == FAMILY_IPV4 || binding->family == FAMILY_IPV6) && binding->port < 1024;
    if (error == EADDRINUSE) {
        return fail(failure, error, "is in use");
    }
    if (error == EADDRNOTAVAIL) {
        return fail(failure, error, "is not an address of this host");
    }
    if (error == EACCES && low) {
        return fail(failure, error, "needs root, because the port is below 1024");
    }
    return fail(failure, error, "cannot be bound: %s", strerror(error));
}

/* Returns the length of the address, or 0 when the request makes no sense. */
static socklen_t to_address(const struct binding *binding, union address *address)
{
    memset(address, 0, sizeof *address);
    const struct text *text = &binding->address;
    switch (binding->family) {
    case FAMILY_IPV4:
        if (text->length != sizeof address->v4.sin_addr) {
            return 0;
        }
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons(binding->port);
        memcpy(&address->v4.sin_addr, text->bytes, text->length);
        return sizeof address->v4;
    case FAMILY_IPV6:
        if (text->length != sizeof address->v6.sin6_addr) {
            return 0;
        }
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = htons(binding->port);
        address->v6.sin6_scope_id = binding->scope;
        memcpy(&address->v6.sin6_addr, text->bytes, text->length);
        return sizeof address->v6;
    case FAMILY_UNIX_PATH:
        if (text->length == 0 || text->length >= sizeof address->local.sun_path || text->bytes[0] != '/'
                || text->bytes[text->length - 1] == '/' || memchr(text->bytes, '\0', text->length) != NULL) {
            return 0;
        }
        address->local.sun_family = AF_UNIX;
        memcpy(address->local.sun_path, text->bytes, text->length);
        return sizeof address->local;
#ifdef __linux__
    case FAMILY_UNIX_ABSTRACT:
        if (text->length == 0 || text->length >= sizeof address->local.sun_path) {
            return 0;
        }
        address->local.sun_family = AF_UNIX;
        memcpy(address->local.sun_path + 1, text->bytes, text->length);
        return (socklen_t) (offsetof(struct sockaddr_un, sun_path) + 1 + text->length);
#endif
    default:
        return 0;
    }
}

static int open_socket(int family, int type)
{
#ifdef SOCK_CLOEXEC
    return socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
#else
    int number = socket(family, type, 0);
    if (number >= 0) {
        fcntl(number, F_SETFD, FD_CLOEXEC);
        fcntl(number, F_SETFL, O_NONBLOCK);
    }
    return number;
#endif
}

/* Removes what an earlier process left. A socket that somebody still listens on, and anything else, stays. In the directory. */
static int remove_stale(const struct made *place, const union address *address, int type)
{
    struct stat status;
    if (fstatat(place->directory, place->name, &status, AT_SYMLINK_NOFOLLOW) < 0) {
        return errno == ENOENT ? 0 : errno;
    }
    if (!S_ISSOCK(status.st_mode)) {
        return EEXIST;
    }
    int probe = open_socket(AF_UNIX, type);
    if (probe < 0) {
        return errno;
    }
    int connected = connect(probe, &address->any, sizeof address->local);
    int error = connected == 0 ? 0 : errno;
    close(probe);
    if (error != ECONNREFUSED) {
        return EADDRINUSE;
    }
    return unlinkat(place->directory, place->name, 0) < 0 && errno != ENOENT ? errno : 0;
}

static int open_place(const char *path, struct made *place)
{
    char directory[sizeof place->name];
    const char *slash = strrchr(path, '/');
    size_t length = slash == path ? 1 : (size_t) (slash - path);
    memcpy(directory, path, length);
    directory[length] = '\0';
    snprintf(place->name, sizeof place->name, "%s", slash + 1);
    place->directory = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return place->directory < 0 ? errno : 0;
}

static int bind_in_directory(int number, const struct binding *binding, struct made *place, int type)
{
    union address address = {.local = {.sun_family = AF_UNIX}};
    struct stat status;
    memcpy(address.local.sun_path, place->name, sizeof place->name);
    int error = remove_stale(place, &address, type);
    if (error != 0) {
        return error;
    }
    mode_t before = umask((mode_t) (~binding->mode & 0777));
    int bound = bind(number, &address.any, sizeof address.local);
    error = errno;
    umask(before);
    if (bound < 0) {
        return error;
    }
    if (fstatat(place->directory, place->name, &status, AT_SYMLINK_NOFOLLOW) < 0) {
        return errno;
    }
    place->device = status.st_dev;
    place->inode = status.st_ino;
    return 0;
}

static int bind_path(int number, const struct binding *binding, const union address *address, int type)
{
    if (made_count == SOCKETS_MAX) {
        return EMFILE;
    }
    struct made *place = &made_sockets[made_count];
    int error = open_place(address->local.sun_path, place);
    if (error != 0) {
        return error;
    }
    error = fchdir(place->directory) < 0 ? errno : bind_in_directory(number, binding, place, type);
    if (chdir("/") < 0 && error == 0) {
        error = errno;
    }
    if (error != 0) {
        close(place->directory);
        return error;
    }
    made_count++;
    return 0;
}

int binding_open(const struct binding *binding, struct failure *failure)
{
    union address address;
    socklen_t length = to_address(binding, &address);
    if (length == 0 || (binding->kind != BIND_STREAM && binding->kind != BIND_DATAGRAM) || binding->mode > 0777) {
        return fail(failure, EINVAL, "is not an address that can be bound");
    }
    int type = binding->kind == BIND_STREAM ? SOCK_STREAM : SOCK_DGRAM;
    int number = open_socket(address.any.sa_family, type);
    if (number < 0) {
        return refuse(binding, errno, failure);
    }
    int yes = 1;
    int error = 0;
    if (binding->family == FAMILY_IPV6 && setsockopt(number, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) < 0) {
        error = errno;
    } else if (type == SOCK_STREAM && address.any.sa_family != AF_UNIX
            && setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0) {
        error = errno;
    } else if (binding->family == FAMILY_UNIX_PATH) {
        error = bind_path(number, binding, &address, type);
    } else if (bind(number, &address.any, length) < 0) {
        error = errno;
    }
    if (error == 0 && type == SOCK_STREAM && listen(number, BACKLOG) < 0) {
        error = errno;
    }
    if (error != 0) {
        close(number);
        return refuse(binding, error, failure);
    }
    return number;
}

bool binding_any(void)
{
    return made_count > 0;
}

void binding_unlink_all(void)
{
    while (made_count > 0) {
        struct made *place = &made_sockets[--made_count];
        struct stat status;
        if (fstatat(place->directory, place->name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISSOCK(status.st_mode)
                && status.st_dev == place->device && status.st_ino == place->inode) {
            unlinkat(place->directory, place->name, 0);
        }
        close(place->directory);
    }
}
