package io.skewer.sinks.file;

import java.io.IOException;
import java.nio.file.Path;

/** Where a file of ours should be there is something else: a link, a directory, a pipe. It is never followed and never written to. */
final class ForeignFile extends IOException {
    private static final long serialVersionUID = 1;

    ForeignFile(Path path) {
        super("not a regular file or a real directory: " + path);
    }
}
