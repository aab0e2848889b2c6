#include "launch.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

int fail(struct failure *failure, int error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    failure->error = error;
    vsnprintf(failure->text, sizeof failure->text, format, arguments);
    va_end(arguments);
    return -1;
}

uint32_t read_number(struct reader *in, int bytes)
{
    if (in->broken || in->end - in->at < bytes) {
        in->broken = true;
        return 0;
    }
    uint32_t number = 0;
    for (int i = 0; i < bytes; i++) {
        number |= (uint32_t) in->at[i] << (8 * i);
    }
    in->at += bytes;
    return number;
}

struct text read_text(struct reader *in)
{
    struct text text = {"", 0};
    uint32_t length = read_number(in, 2);
    if (in->broken || (size_t) (in->end - in->at) < length) {
        in->broken = true;
        return text;
    }
    text.bytes = (const char *) in->at;
    text.length = (uint16_t) length;
    in->at += length;
    return text;
}

bool read_to_end(const struct reader *in)
{
    return !in->broken && in->at == in->end;
}

void write_number(struct writer *out, uint32_t number, int bytes)
{
    for (int i = 0; i < bytes && out->length < sizeof out->bytes; i++) {
        out->bytes[out->length++] = (uint8_t) (number >> (8 * i));
    }
}

void write_head(struct writer *out, uint8_t type, uint32_t request)
{
    out->length = 0;
    write_number(out, type, 1);
    write_number(out, PROTOCOL_VERSION, 1);
    write_number(out, 0, 2);
    write_number(out, request, 4);
}

void write_text(struct writer *out, const char *text)
{
    size_t room = sizeof out->bytes - out->length - 2;
    size_t length = strnlen(text, room);
    write_number(out, (uint32_t) length, 2);
    memcpy(out->bytes + out->length, text, length);
    out->length += length;
}

void send_packet(int socket, const struct writer *out, int descriptor)
{
    struct iovec part = {.iov_base = (void *) (uintptr_t) out->bytes, .iov_len = out->length};
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor >= 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(head), &descriptor, sizeof(int));
    }
    ssize_t sent;
    do {
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
}
