package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A file system of its own for the store of a test. Only root can mount one. */
final class StoreVolume implements AutoCloseable {
    private final Path place;
    private final Path image;

    private StoreVolume(Path place, Path image) {
        this.place = place;
        this.image = image;
    }

    /** In memory. {@code options} as of {@code mount -o} */
    static StoreVolume inMemory(Path place, String options) throws IOException, InterruptedException {
        prepare(place);
        mount("-t", "tmpfs", "-o", options + ",mode=0700", "tmpfs", place.toString());
        return new StoreVolume(place, place);
    }

    /** ext4 in a file. */
    static StoreVolume inFile(Path place, Path image, int mebibytes) throws IOException, InterruptedException {
        prepare(place);
        Execution made =
                Execution.of(Required.program("mkfs.ext4", "e2fsprogs"), "-q", image.toString(), mebibytes + "M");
        Required.that(made.status() == 0, "no ext4 can be made here: " + made.err());
        StoreVolume volume = new StoreVolume(place, image);
        volume.mountImage();
        return volume;
    }

    private static void prepare(Path place) throws IOException {
        Required.that("root".equals(System.getProperty("user.name")), "only root may mount a file system");
        Files.createDirectories(place);
    }

    private static void mount(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "mount";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Execution mount = Execution.of(command);
        Required.that(mount.status() == 0, "no file system can be mounted here: " + mount.err());
    }

    private void mountImage() throws IOException, InterruptedException {
        mount("-o", "loop", image.toString(), place.toString());
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwx------"));
    }

    /** The file system finds itself broken and takes no write any more, whoever has files open. Only ext4 has such a switch. */
    void breakDown() throws IOException, InterruptedException {
        mount("-o", "remount,abort", place.toString());
    }

    /** Repairs it, as an operator would; nobody has files open in it. */
    void repair() throws IOException, InterruptedException {
        assertThat(Execution.of("umount", place.toString()).status()).isZero();
        // 1: errors were corrected.
        assertThat(Execution.of("e2fsck", "-p", image.toString()).status()).isLessThanOrEqualTo(1);
        mountImage();
    }

    @Override
    public void close() throws IOException {
        new ProcessBuilder("umount", "-l", place.toString()).start().onExit().join();
    }
}
