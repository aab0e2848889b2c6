/* Any system call with any arguments, for the probes of io.skewer.cli.confinement. Never part of a distribution. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <jni.h>
#include <stdint.h>
#include <unistd.h>

#define ARGUMENTS 6

/* Strings take the place of the number at their index. Returns the result, or the errno as a negative number. */
JNIEXPORT jlong JNICALL Java_io_skewer_cli_confinement_RawCalls_call(
        JNIEnv *env, jclass self, jlong number, jlongArray numbers, jobjectArray strings)
{
    (void) self;
    jlong words[ARGUMENTS];
    (*env)->GetLongArrayRegion(env, numbers, 0, ARGUMENTS, words);
    for (jsize i = 0; i < ARGUMENTS; i++) {
        jstring text = (*env)->GetObjectArrayElement(env, strings, i);
        if (text != NULL) {
            words[i] = (jlong) (uintptr_t) (*env)->GetStringUTFChars(env, text, NULL); /* kept: the process ends soon */
        }
    }
    errno = 0;
    long result = syscall((long) number, words[0], words[1], words[2], words[3], words[4], words[5]);
    return result < 0 ? -(jlong) errno : result;
}
