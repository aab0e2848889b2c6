/*
 * Stands in for bin/java of a runtime under test: executes java.real beside it, with the library of faults preloaded. The launcher gives its
 * processes an environment of its own, so the variable can be set nowhere else.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[PATH_MAX];

static const char *beside(char *path, const char *name)
{
    snprintf(path, 2 * PATH_MAX, "%s/%s", directory, name);
    return path;
}

int main(int argc, char **argv)
{
    static char path[2 * PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", directory, sizeof directory - 1);
    char *slash = length > 0 ? strrchr(directory, '/') : NULL;
    if (argc < 1 || slash == NULL) {
        return 127;
    }
    *slash = '\0';
    if (setenv("LD_PRELOAD", beside(path, "libskewer_fault.so"), 1) < 0 || setenv("SKEWER_FAULTS", beside(path, "faults"), 1) < 0) {
        return 127;
    }
    execv(beside(path, "java.real"), argv);
    perror(path);
    return 127;
}
