package io.skewer.cli.command;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code skewer make-secret}. */
@Command(
        name = "make-secret",
        description = "Print a new secret for [store] secret: 32 random bytes in URL-safe base64.")
final class MakeSecret implements Callable<Integer> {
    private static final int SECRET_BYTES = 32;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return Answer.print(spec, Base64.getUrlEncoder().encodeToString(secret) + "\n");
    }
}
