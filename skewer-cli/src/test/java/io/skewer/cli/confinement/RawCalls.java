package io.skewer.cli.confinement;

/** Makes any system call. */
final class RawCalls {
    private RawCalls() {}

    /** @return the result, or the errno as a negative number */
    static native long call(long number, long[] numbers, String[] strings);
}
