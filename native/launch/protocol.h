/*
 * The language between the supervisor (asks) and the launcher (does). io.skewer.ipc.spawn.LauncherProtocol is the same
 * file in Java; a test compares the numbers.
 *
 * One SOCK_SEQPACKET message is one request, answer or event. All numbers are little-endian, nothing is aligned.
 *
 *     head      u8 type | u8 version = 1 | u16 zero | u32 request id (0 in events)
 *     string    u16 length in bytes | bytes, no NUL
 *
 *     SPAWN     u32 flags | string role | u16 count | count * string argument      answer SPAWNED + descriptor
 *     BIND      u8 kind | u8 family | u16 port | u16 mode | u32 scope | string     answer BOUND + descriptor
 *     KILL      u32 pid | u32 signal                                               answer KILLED
 *     PREPARE   u32 absent layers | string directory                               answer PREPARED
 *     ALIVE     (nothing)                                                          answer HEARD
 *
 *     SPAWNED   u32 pid
 *     BOUND     (nothing)
 *     KILLED    (nothing)
 *     PREPARED  u32 layers in force
 *     HEARD     (nothing)
 *     ERROR     u32 errno | string text: the end of a sentence that begins with what was asked for
 *     EXITED    u32 pid | u8 how | u32 value: the exit code or the signal
 *     SIGNAL    u32 signal that the launcher received
 *
 * The string of BIND is the address in network order (4 or 16 bytes), the path, or the abstract name without its NUL.
 * PREPARE comes once, before the first SPAWN: the layers of confinement that the configuration names as absent, and the base
 * directory of the file destination or an empty string. A layer that is neither there nor named is an ERROR, and nothing can be
 * spawned then. BIND comes before the first SPAWN, too.
 *
 * ALIVE says that all is at work: the service manager is told READY at the first and fed its watchdog by each.
 *
 * A request that is not well formed is answered with ERROR and has no other effect.
 */
#ifndef SKEWER_PROTOCOL_H
#define SKEWER_PROTOCOL_H

#define PROTOCOL_VERSION 1
#define PROTOCOL_HEAD_BYTES 8
#define PROTOCOL_PACKET_BYTES_MAX 65536
#define PROTOCOL_ARGUMENTS_MAX 512

#define REQUEST_SPAWN 1
#define REQUEST_BIND 2
#define REQUEST_KILL 3
#define REQUEST_PREPARE 4
#define REQUEST_ALIVE 5

#define ANSWER_SPAWNED 65
#define ANSWER_BOUND 66
#define ANSWER_KILLED 67
#define ANSWER_ERROR 68
#define EVENT_EXITED 69
#define EVENT_SIGNAL 70
#define ANSWER_PREPARED 71
#define ANSWER_HEARD 72

#define LAYER_NAMESPACES 1
#define LAYER_LANDLOCK 2
#define LAYER_SECCOMP 4
#define LAYER_UID 8
#define LAYERS_ALL 15

#define SPAWN_KEEP_STDOUT 1

#define BIND_STREAM 1
#define BIND_DATAGRAM 2

#define FAMILY_UNIX_PATH 1
#define FAMILY_UNIX_ABSTRACT 2
#define FAMILY_IPV4 4
#define FAMILY_IPV6 6

#define HOW_EXITED 1
#define HOW_SIGNALLED 2

#endif
