import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compiles the native parts with the system's C compiler: {@code java Build.java SOURCES OUTPUT}. Maven runs it as a single
 * file; it needs nothing but a JDK (for jni.h) and a compiler, and does nothing when the outputs are newer than the sources.
 * Policies.java beside it compiles the policies first.
 *
 * <p>The environment may name another compiler in CC, and more words for it in CFLAGS: {@code CC=aarch64-linux-gnu-gcc} for another processor,
 * {@code CFLAGS=-fanalyzer}, or {@code CFLAGS="-fsanitize=address,undefined -fno-sanitize-recover=all -static-libasan -static-libubsan"} for a
 * launcher that tests can run (with ASAN_OPTIONS=detect_leaks=0: it hides itself from the search for leaks).
 */
final class Build {
    private static final List<String> FLAGS = List.of(
            "-std=gnu17",
            "-O2",
            "-g",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-Wshadow",
            "-Wstrict-prototypes",
            "-Wvla",
            "-fstack-protector-strong",
            "-U_FORTIFY_SOURCE",
            "-D_FORTIFY_SOURCE=2",
            "-fvisibility=hidden");
    private static final boolean MAC = System.getProperty("os.name").startsWith("Mac");

    private final Path sources;
    private final Path output;

    private Build(Path sources, Path output) {
        this.sources = sources;
        this.output = output;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var build = new Build(Path.of(arguments[0]), Path.of(arguments[1]));
        Files.createDirectories(build.output);
        if (!MAC) {
            build.compilePolicies();
        }
        build.make("launch", "skewer-launch", build.program());
        build.make("os", MAC ? "libskewer_os.dylib" : "libskewer_os.so", build.library());
        if (!MAC) {
            build.make("seal", "libskewer_seal.so", build.library());
            build.make("test", "test/libskewer_probe.so", build.library());
            build.make("fault/library", "test/libskewer_fault.so", build.library());
            build.make("fault/java", "test/faulty-java", build.program());
        }
    }

    private void compilePolicies() throws IOException {
        Files.createDirectories(generated());
        List<Path> files;
        try (Stream<Path> found = Files.list(sources.resolve("policy"))) {
            files = Stream.concat(found, Stream.of(sources.resolve("Policies.java"))).toList();
        }
        if (!isNewer(generated().resolve("policies.txt"), files)) {
            Policies.compile(sources.resolve("policy"), generated());
        }
    }

    private Path generated() {
        return output.resolve("policy");
    }

    private List<String> program() {
        return MAC ? List.of("-fPIE") : List.of("-fPIE", "-pie", "-Wl,-z,relro,-z,now", "-Wl,-z,noexecstack");
    }

    private List<String> library() {
        Path include = Path.of(System.getProperty("java.home"), "include");
        var options = new ArrayList<>(List.of(
                "-fPIC", "-shared", "-I", include.toString(), "-I", include.resolve(MAC ? "darwin" : "linux").toString()));
        if (!MAC) {
            options.addAll(List.of("-Wl,-z,relro,-z,now", "-Wl,-z,noexecstack", "-Wl,-z,defs"));
        }
        return options;
    }

    private void make(String folder, String name, List<String> options) throws IOException, InterruptedException {
        Path target = output.resolve(name);
        List<Path> files;
        try (Stream<Path> found = Files.list(sources.resolve(folder))) {
            files = found.sorted().toList();
        }
        if (isNewer(target, Stream.concat(files.stream(), generatedFiles()).toList())) {
            return;
        }
        // Compiled beside its place and renamed: a build that runs at the same time never sees half a file.
        Files.createDirectories(target.getParent());
        Path fresh = Files.createTempFile(output, target.getFileName().toString(), ".new");
        var command = new ArrayList<String>();
        command.add(compiler());
        command.addAll(FLAGS);
        command.addAll(options);
        String more = System.getenv().getOrDefault("CFLAGS", "").strip();
        command.addAll(more.isEmpty() ? List.of() : List.of(more.split("\\s+")));
        command.addAll(List.of("-I", generated().toString()));
        command.add("-ffile-prefix-map=" + sources + "=native");
        command.addAll(List.of("-o", fresh.toString()));
        files.stream().map(Path::toString).filter(file -> file.endsWith(".c")).forEach(command::add);
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            Files.deleteIfExists(fresh);
            fail("the C compiler refused native/" + folder + " (exit code " + code + ")");
        }
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean isNewer(Path target, List<Path> files) throws IOException {
        if (!Files.exists(target)) {
            return false;
        }
        FileTime built = Files.getLastModifiedTime(target);
        for (Path file : files) {
            if (Files.getLastModifiedTime(file).compareTo(built) >= 0) {
                return false;
            }
        }
        return Files.getLastModifiedTime(sources.resolve("Build.java")).compareTo(built) < 0;
    }

    private Stream<Path> generatedFiles() {
        Path last = generated().resolve("policies.txt");
        return Files.exists(last) ? Stream.of(last) : Stream.empty();
    }

    private static String compiler() {
        String chosen = System.getenv("CC");
        if (chosen != null && !chosen.isBlank()) {
            return chosen;
        }
        for (String name : List.of("cc", "gcc", "clang")) {
            for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
                if (Files.isExecutable(Path.of(folder, name))) {
                    return name;
                }
            }
        }
        fail("no C compiler was found: install the Debian package gcc (with libc6-dev), or name one in CC");
        throw new IllegalStateException();
    }

    private static void fail(String sentence) {
        System.err.println("native: " + sentence);
        System.exit(1);
    }
}
