package io.skewer.cli.role;

import java.util.ArrayList;
import java.util.List;

/**
 * The table of all roles: everything that skewer ever runs beside the launcher and the supervisor, on one screen. The launcher has
 * the same names compiled in (native/launch/roles.h; a test compares them) and starts nothing else.
 *
 * <p>Data flows from a {@link Kind#LISTENER} through the one {@link Kind#STORE} to a {@link Kind#FORWARDER}. No role has both disk
 * and outgoing network.
 */
public enum Role {
    // name, kind, main, class cache, heap in MiB (beside what the configuration lets it buffer) and how much of it is
    // young, the one directory it may see, the sockets it may have
    TCP("tcp", Kind.LISTENER, "TcpMain", "roles", 96, 8, Disk.NONE, Network.INHERITED_SOCKETS),
    UDP("udp", Kind.LISTENER, "UdpMain", "roles", 96, 8, Disk.NONE, Network.INHERITED_SOCKETS),
    RELP("relp", Kind.LISTENER, "RelpMain", "roles", 96, 8, Disk.NONE, Network.INHERITED_SOCKETS),
    STORE("store", Kind.STORE, "StoreMain", "roles", 96, 8, Disk.STORE_DIRECTORY, Network.NONE),
    FORWARD_KAFKA(
            "forward-kafka", Kind.FORWARDER, "ForwardMain", "forward-kafka", 224, 16, Disk.NONE, Network.OUTGOING),
    FORWARD_FILE("forward-file", Kind.FORWARDER, "ForwardMain", "roles", 96, 8, Disk.LOG_DIRECTORY, Network.NONE),
    FORWARD_STDERR("forward-stderr", Kind.FORWARDER, "ForwardMain", "roles", 64, 8, Disk.NONE, Network.NONE);

    /** What a role does with messages, and so what it is joined to. */
    public enum Kind {
        LISTENER,
        STORE,
        FORWARDER
    }

    /** The one directory that a role may see. */
    public enum Disk {
        NONE,
        STORE_DIRECTORY,
        LOG_DIRECTORY
    }

    /** The sockets that a role may have. */
    public enum Network {
        NONE,
        INHERITED_SOCKETS,
        OUTGOING
    }

    private static final String MAINS = "io.skewer.cli.role.";
    private static final String FORWARD_PREFIX = "forward-";

    private final String title;
    private final Kind kind;
    private final String mainClass;
    private final String classCache;
    private final int heapMiB;
    private final int youngMiB;
    private final Disk disk;
    private final Network network;

    Role(
            String title,
            Kind kind,
            String mainClass,
            String classCache,
            int heapMiB,
            int youngMiB,
            Disk disk,
            Network network) {
        this.title = title;
        this.kind = kind;
        this.mainClass = MAINS + mainClass;
        this.classCache = classCache;
        this.heapMiB = heapMiB;
        this.youngMiB = youngMiB;
        this.disk = disk;
        this.network = network;
    }

    /** The name known to the launcher; {@code ps} shows {@code skewer-} before it. */
    public String title() {
        return title;
    }

    public Kind kind() {
        return kind;
    }

    public String mainClass() {
        return mainClass;
    }

    /**
     * The name of the file with its classes, in the directory {@code cache} of the distribution. Processes with the same file share its pages, but each pays
     * for all classes in it, so what needs many of its own has a file of its own.
     */
    public String classCache() {
        return classCache;
    }

    public Disk disk() {
        return disk;
    }

    public Network network() {
        return network;
    }

    /** The destination that a forwarder serves, as {@code main.destination} names it. */
    public String destination() {
        if (kind != Kind.FORWARDER) {
            throw new IllegalStateException(title + " forwards nothing");
        }
        return title.substring(FORWARD_PREFIX.length());
    }

    /** @throws IllegalArgumentException when no forwarder serves that destination */
    public static Role forwarderTo(String destination) {
        return ofTitle(FORWARD_PREFIX + destination);
    }

    /** @throws IllegalArgumentException when no role has that name */
    public static Role ofTitle(String title) {
        for (Role role : values()) {
            if (role.title.equals(title)) {
                return role;
            }
        }
        throw new IllegalArgumentException("no role is called " + title);
    }

    /**
     * How large its JVM's heap is. It is claimed whole before the process is sealed, so that a small machine, where a heap would begin small, makes no other
     * system calls than a large one; untouched pages cost nothing. Its young part is small, so that what a process leaves behind stays in these
     * pages; what it keeps is not much. Measured for Kafka's client, which leaves most: docs/performance.md, Memory.
     *
     * @param bufferBytes what the configuration lets it buffer on top
     */
    public List<String> heapArguments(long bufferBytes) {
        long wholeMiB = heapMiB + (bufferBytes >> 20);
        return List.of("-Xms" + wholeMiB + "m", "-Xmx" + wholeMiB + "m", "-Xmn" + youngMiB + "m");
    }

    /** The arguments for the role's JVM, its main class last. */
    public List<String> jvmArguments(List<String> common) {
        List<String> arguments = new ArrayList<>(common);
        arguments.add(mainClass);
        arguments.add(title);
        return arguments;
    }
}
