/*
 * Stage 2 behind io.skewer.ipc.os.ProcessSeal: the filter of a role over all threads of a warm JVM.
 *
 * A call that the policy does not have raises SIGSYS; its handler tells the supervisor the number of the call over a socket kept for
 * that, tells people the name on standard error, and ends the process. The call itself never happens. The policy keeps the handler
 * from being replaced, and a thread that blocks SIGSYS is killed by the kernel. Only what no process ever does (another
 * architecture's entry, and all that the coarse filter of the launcher knows) kills without a word.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <jni.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXIT_REFUSED 159 /* 128 + SIGSYS, as a shell would say it */

struct policy {
    const char *role;
    const struct sock_filter *program;
    size_t length;
};

#include "policies.h"

#define NATIVE(type, name) JNIEXPORT type JNICALL Java_io_skewer_ipc_os_ProcessSeal_##name

static int last_words = -1; /* written once, before the filter is there */

static void throw_text(JNIEnv *env, const char *text)
{
    jclass type = (*env)->FindClass(env, "java/io/IOException");
    if (type != NULL) {
        (*env)->ThrowNew(env, type, text);
    }
}

static void throw_errno(JNIEnv *env, const char *what)
{
    char text[128];
    snprintf(text, sizeof text, "%s: %s", what, strerror(errno));
    throw_text(env, text);
}

static const char *name_of(int number)
{
    size_t count = sizeof call_names / sizeof call_names[0];
    return number >= 0 && (size_t) number < count && call_names[number] != NULL ? call_names[number] : "unknown";
}

/* Only calls that are allowed in every policy, and nothing that allocates. */
static void on_refused(int signal, siginfo_t *info, void *context)
{
    static const char before[] = "skewer: the filter refused the system call ";
    (void) signal;
    (void) context;
    int32_t number = info->si_syscall;
    const char *name = name_of(number);
    ssize_t ignored = 0;
    if (last_words >= 0) {
        ignored = write(last_words, &number, sizeof number);
    }
    ignored += write(STDERR_FILENO, before, sizeof before - 1);
    ignored += write(STDERR_FILENO, name, strlen(name));
    ignored += write(STDERR_FILENO, "\n", 1);
    (void) ignored;
    syscall(SYS_exit_group, EXIT_REFUSED);
}

static const struct policy *find(JNIEnv *env, jstring role)
{
    const char *name = (*env)->GetStringUTFChars(env, role, NULL);
    const struct policy *found = NULL;
    for (size_t i = 0; name != NULL && i < sizeof policies / sizeof policies[0]; i++) {
        if (strcmp(policies[i].role, name) == 0) {
            found = &policies[i];
        }
    }
    if (name != NULL) {
        (*env)->ReleaseStringUTFChars(env, role, name);
    }
    return found;
}

/* The name of a system call on this machine. */
NATIVE(jstring, callName)(JNIEnv *env, jclass self, jint number)
{
    (void) self;
    return (*env)->NewStringUTF(env, name_of(number));
}

/* Hides the process from others of its user and from core dumps. */
NATIVE(void, hide)(JNIEnv *env, jclass self)
{
    (void) self;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) {
        throw_errno(env, "the process cannot be hidden");
    }
}

/* The kernel counts every mapping, touched or not: what the JVM has reserved by now is in the first number of statm, in pages. */
NATIVE(void, limitMemory)(JNIEnv *env, jclass self, jlong moreBytes)
{
    (void) self;
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    int found = file != NULL ? fscanf(file, "%lu", &pages) : 0;
    if (file != NULL) {
        fclose(file);
    }
    struct rlimit limit;
    if (found != 1 || getrlimit(RLIMIT_AS, &limit) < 0) {
        throw_text(env, "the memory of the process cannot be read");
        return;
    }
    rlim_t most = (rlim_t) pages * (rlim_t) sysconf(_SC_PAGESIZE) + (rlim_t) moreBytes;
    if (limit.rlim_max == RLIM_INFINITY || most < limit.rlim_max) {
        limit.rlim_cur = most;
        limit.rlim_max = most;
    }
    if (setrlimit(RLIMIT_AS, &limit) < 0) {
        throw_errno(env, "the memory of the process cannot be limited");
    }
}

/*
 * Keys lie in the heap of the JVM, which copies them as it likes, so all memory is locked or none. Only without a limit for locked memory: with
 * one, the kernel would refuse memory once it is reached.
 */
NATIVE(jboolean, lockMemory)(JNIEnv *env, jclass self)
{
    (void) env;
    (void) self;
    struct rlimit limit;
    bool allowed = getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY;
    return allowed && mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0 ? JNI_TRUE : JNI_FALSE;
}

NATIVE(void, install)(JNIEnv *env, jclass self, jstring role, jint words)
{
    (void) self;
    const struct policy *policy = find(env, role);
    if (policy == NULL) {
        throw_text(env, "there is no policy for this role");
        return;
    }
    struct sigaction action = {.sa_sigaction = on_refused, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    last_words = words;
    if (sigaction(SIGSYS, &action, NULL) < 0) {
        throw_errno(env, "SIGSYS cannot be caught");
        return;
    }
    struct sock_fprog program = {
            .len = (unsigned short) policy->length,
            .filter = (struct sock_filter *) (uintptr_t) policy->program,
    };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
        throw_errno(env, "new privileges cannot be given up");
        return;
    }
    /* All threads or none: a positive result is a thread that could not follow. */
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    if (result > 0) {
        throw_text(env, "a thread could not take over the filter");
    } else if (result < 0) {
        throw_errno(env, "the filter cannot be installed");
    }
}
