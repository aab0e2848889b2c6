package io.skewer.core.config;

import java.time.Duration;

/** {@code [file_destination]}. */
public record FileDestination(
        @Setting(
                value = "\"/var/log/skewer/{{.Date}}/{{.AppName}}.log\"",
                about =
                        "Template of the file name. The part before the first {{ is the base directory, which no message can leave.")
        String filename,

        @Setting(
                value = "\"file\"",
                oneOf = {"json", "fulljson", "rfc5424", "rfc3164", "file"},
                about = "Format of the lines.")
        String format,

        @Setting(value = "false", about = "Wait for the disk before messages count as delivered.")
        boolean sync,

        @Setting(value = "\"1s\"", min = 0, about = "Longest time that a line stays in memory.")
        Duration flushPeriod,

        @Setting(
                value = "65536",
                size = true,
                min = 512,
                max = 16 * 1024 * 1024,
                about = "Write buffer in bytes of one open file.")
        int bufferSize,

        @Setting(value = "\"1m\"", min = 1_000_000_000, about = "Close a file that is not written to for so long.")
        Duration openFileTimeout,

        @Setting(
                value = "128",
                min = 1,
                max = 65536,
                about = "Most files open at a time; the one unused longest is closed.")
        int openFilesMax,

        @Setting(value = "false", about = "Compress the files with gzip; their names get .gz.")
        boolean gzip,

        @Setting(value = "5", min = 1, max = 9, about = "Compression level: 1 fast, 9 small.")
        int gzipLevel) {}
