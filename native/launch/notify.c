#include "launch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

void notify(const char *text)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path == NULL || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof address.sun_path) {
        return;
    }
    size_t length = strlen(path);
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') {
        address.sun_path[0] = '\0';
    }
    int number = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (number < 0) {
        return;
    }
    socklen_t size = (socklen_t) (offsetof(struct sockaddr_un, sun_path) + length);
    ssize_t ignored = sendto(number, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *) &address, size);
    (void) ignored; /* nobody to tell about it */
    close(number);
}
