package io.skewer.cli.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs from the system. Where it is missing, the test is skipped and says why; in CI ({@code CI=true} in the environment)
 * it fails, so that nobody believes in a test that never ran.
 */
final class Required {
    private static final List<String> PLACES = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin");

    private Required() {}

    /** The path of a program. */
    static String program(String name, String debianPackage) {
        for (String place : PLACES) {
            Path program = Path.of(place, name);
            if (Files.isExecutable(program)) {
                return program.toString();
            }
        }
        missing(name + " is not installed (Debian package: " + debianPackage + ")");
        return name;
    }

    /** Something else than a program. */
    static void that(boolean holds, String orElse) {
        if (!holds) {
            missing(orElse);
        }
    }

    private static void missing(String what) {
        if ("true".equals(System.getenv("CI"))) {
            Assertions.fail(what);
        }
        Assumptions.abort(what);
    }
}
