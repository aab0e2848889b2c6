/*
 * The system calls behind io.skewer.ipc.os: sockets by number, with descriptors that travel along, and datagrams to a path.
 *
 * Buffers are direct ones, reached by their address: no array is pinned and the JVM can collect while a call blocks. A
 * failed call throws IOException with the call's name and the system's text. Numbers are not checked against reuse here:
 * io.skewer.ipc.os.OpenDescriptor sees to that.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 16

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif
#ifndef MSG_CMSG_CLOEXEC
#define MSG_CMSG_CLOEXEC 0
#endif

#define NATIVE(type, name) JNIEXPORT type JNICALL Java_io_skewer_ipc_os_SystemCalls_##name

union control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))];
};

static void throw_text(JNIEnv *env, const char *text)
{
    jclass type = (*env)->FindClass(env, "java/io/IOException");
    if (type != NULL) {
        (*env)->ThrowNew(env, type, text);
    }
}

static void throw_errno(JNIEnv *env, const char *call, int error)
{
    char text[160];
    char reason[100] = "";
#if defined(__GLIBC__)
    const char *said = strerror_r(error, reason, sizeof reason);
#else
    const char *said = strerror_r(error, reason, sizeof reason) == 0 ? reason : "unknown error";
#endif
    snprintf(text, sizeof text, "%s: %s", call, said);
    throw_text(env, text);
}

static bool await(int number, short events)
{
    struct pollfd ready = {.fd = number, .events = events};
    return poll(&ready, 1, -1) >= 0 || errno == EINTR;
}

static bool would_block(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK;
}

#ifndef SOCK_CLOEXEC
static void close_on_exec(int number)
{
    fcntl(number, F_SETFD, FD_CLOEXEC);
}
#endif

NATIVE(void, socketPair)(JNIEnv *env, jclass self, jboolean packets, jintArray numbers)
{
    (void) self;
    int ends[2];
#ifdef __APPLE__
    int type = packets ? SOCK_DGRAM : SOCK_STREAM; /* no SOCK_SEQPACKET there */
#else
    int type = packets ? SOCK_SEQPACKET : SOCK_STREAM;
#endif
#ifdef SOCK_CLOEXEC
    type |= SOCK_CLOEXEC;
#endif
    if (socketpair(AF_UNIX, type, 0, ends) < 0) {
        throw_errno(env, "socketpair", errno);
        return;
    }
#ifndef SOCK_CLOEXEC
    close_on_exec(ends[0]);
    close_on_exec(ends[1]);
#endif
    jint both[2] = {ends[0], ends[1]};
    (*env)->SetIntArrayRegion(env, numbers, 0, 2, both);
}

NATIVE(void, close)(JNIEnv *env, jclass self, jint number)
{
    (void) self;
    /* Not repeated after EINTR: the number is free already and may be somebody else's. */
    if (close(number) < 0 && errno != EINTR) {
        throw_errno(env, "close", errno);
    }
}

NATIVE(void, shutdown)(JNIEnv *env, jclass self, jint number)
{
    (void) env;
    (void) self;
    shutdown(number, SHUT_RDWR); /* fails when the other end is gone, and then nobody waits any more */
}

/* Moves the descriptors of a message into numbers. Returns how many there were. */
static int take_descriptors(struct msghdr *message, int *numbers)
{
    int count = 0;
    for (struct cmsghdr *head = CMSG_FIRSTHDR(message); head != NULL; head = CMSG_NXTHDR(message, head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        size_t bytes = head->cmsg_len - CMSG_LEN(0);
        for (size_t i = 0; i < bytes / sizeof(int) && count < DESCRIPTORS_MAX; i++) {
            memcpy(&numbers[count], CMSG_DATA(head) + i * sizeof(int), sizeof(int));
#ifndef SOCK_CLOEXEC
            close_on_exec(numbers[count]);
#endif
            count++;
        }
    }
    return count;
}

/*
 * Receives into buffer[position, position + length). Writes the count of descriptors and then the descriptors themselves into
 * arrived. Returns the bytes, or -1 at the end of the stream.
 */
NATIVE(jint, receive)(JNIEnv *env, jclass self, jint number, jobject buffer, jint position, jint length, jintArray arrived)
{
    (void) self;
    char *start = (*env)->GetDirectBufferAddress(env, buffer);
    if (start == NULL) {
        throw_text(env, "recvmsg: the buffer is not direct");
        return -1;
    }
    struct iovec part = {.iov_base = start + position, .iov_len = (size_t) length};
    union control control;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t received;
    for (;;) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        received = recvmsg(number, &message, MSG_CMSG_CLOEXEC);
        if (received >= 0) {
            break;
        }
        bool again = errno == EINTR || (would_block(errno) && await(number, POLLIN));
        if (!again) {
            throw_errno(env, "recvmsg", errno);
            return -1;
        }
    }
    int numbers[DESCRIPTORS_MAX];
    int count = take_descriptors(&message, numbers);
    if ((message.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) != 0) {
        for (int i = 0; i < count; i++) {
            close(numbers[i]);
        }
        throw_text(env, (message.msg_flags & MSG_TRUNC) != 0 ? "recvmsg: the packet is larger than the buffer"
                                                            : "recvmsg: too many descriptors at once");
        return -1;
    }
    jint told[1 + DESCRIPTORS_MAX];
    told[0] = count;
    for (int i = 0; i < count; i++) {
        told[1 + i] = numbers[i];
    }
    (*env)->SetIntArrayRegion(env, arrived, 0, 1 + count, told);
    return received == 0 ? -1 : (jint) received;
}

static void attach(struct msghdr *message, union control *control, const jint *numbers, int count)
{
    memset(control, 0, sizeof *control);
    message->msg_control = control->bytes;
    message->msg_controllen = CMSG_SPACE((size_t) count * sizeof(int));
    struct cmsghdr *head = &control->align; /* CMSG_FIRSTHDR, which may be NULL for all that a reader knows */
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN((size_t) count * sizeof(int));
    for (int i = 0; i < count; i++) {
        int number = numbers[i];
        memcpy(CMSG_DATA(head) + (size_t) i * sizeof(int), &number, sizeof(int));
    }
}

/* Sends all of buffer[position, position + length); the descriptors go with its first byte. */
NATIVE(void, send)(JNIEnv *env, jclass self, jint number, jobject buffer, jint position, jint length, jintArray descriptors)
{
    (void) self;
    const char *start = (*env)->GetDirectBufferAddress(env, buffer);
    jsize count = (*env)->GetArrayLength(env, descriptors);
    jint numbers[DESCRIPTORS_MAX];
    if (start == NULL || count > DESCRIPTORS_MAX) {
        throw_text(env, start == NULL ? "sendmsg: the buffer is not direct" : "sendmsg: too many descriptors at once");
        return;
    }
    (*env)->GetIntArrayRegion(env, descriptors, 0, count, numbers);
    union control control;
    struct iovec part = {.iov_base = (void *) (uintptr_t) (start + position), .iov_len = (size_t) length};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (count > 0) {
        attach(&message, &control, numbers, count);
    }
    while (part.iov_len > 0) {
        ssize_t sent = sendmsg(number, &message, MSG_NOSIGNAL);
        if (sent >= 0) {
            part.iov_base = (char *) part.iov_base + sent;
            part.iov_len -= (size_t) sent;
            message.msg_control = NULL;
            message.msg_controllen = 0;
        } else if (errno != EINTR && !(would_block(errno) && await(number, POLLOUT))) {
            throw_errno(env, "sendmsg", errno);
            return;
        }
    }
}

/* Connects a datagram socket to the path in buffer[0, length). */
NATIVE(jint, connectDatagram)(JNIEnv *env, jclass self, jobject path, jint length)
{
    (void) self;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *bytes = (*env)->GetDirectBufferAddress(env, path);
    if (bytes == NULL || length <= 0 || (size_t) length >= sizeof address.sun_path) {
        throw_text(env, "connect: the path is too long for a socket");
        return -1;
    }
    memcpy(address.sun_path, bytes, (size_t) length);
#ifdef SOCK_CLOEXEC
    int number = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
#else
    int number = socket(AF_UNIX, SOCK_DGRAM, 0);
    close_on_exec(number);
#endif
    if (number < 0) {
        throw_errno(env, "socket", errno);
        return -1;
    }
    if (connect(number, (const struct sockaddr *) &address, sizeof address) < 0) {
        int error = errno;
        close(number);
        throw_errno(env, "connect", error);
        return -1;
    }
    return number;
}

/* Sends one datagram without waiting. Returns false when the receiver has no room. */
NATIVE(jboolean, sendDatagram)(JNIEnv *env, jclass self, jint number, jobject buffer, jint position, jint length)
{
    (void) self;
    const char *start = (*env)->GetDirectBufferAddress(env, buffer);
    if (start == NULL) {
        throw_text(env, "send: the buffer is not direct");
        return JNI_FALSE;
    }
    for (;;) {
        if (send(number, start + position, (size_t) length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
            return JNI_TRUE;
        }
        if (would_block(errno) || errno == ENOBUFS) {
            return JNI_FALSE;
        }
        if (errno != EINTR) {
            throw_errno(env, "send", errno);
            return JNI_FALSE;
        }
    }
}
