package io.skewer.cli.supervise;

import io.skewer.cli.role.Peer;
import io.skewer.cli.role.Role;
import io.skewer.ipc.os.Descriptors;
import io.skewer.ipc.seal.SessionSecret;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The children alive and the data links between them. A link exists between the store and every other child, and is made the moment
 * that both ends are ready; when either dies, the next one of its role gets a new link with a new secret.
 */
final class Family {
    private final boolean encrypted;
    private final List<BoundSocket> sockets;
    private final Map<Role, Child> children = new EnumMap<>(Role.class);

    Family(boolean encrypted, List<BoundSocket> sockets) {
        this.encrypted = encrypted;
        this.sockets = sockets;
    }

    void add(Child child) {
        children.put(child.role(), child);
    }

    void remove(Child child) {
        children.remove(child.role(), child);
        child.close();
    }

    Collection<Child> all() {
        return List.copyOf(children.values());
    }

    @Nullable
    Child ofPid(long pid) {
        for (Child child : children.values()) {
            if (child.pid() == pid) {
                return child;
            }
        }
        return null;
    }

    List<Child> ofKind(Role.Kind kind) {
        return children.values().stream()
                .filter(child -> child.role().kind() == kind)
                .toList();
    }

    /** A child is warm: it gets its sockets, its links and the word to begin. */
    void admit(Child child) throws IOException {
        child.advanceTo(Child.Phase.READY);
        if (child.role() == Role.STORE) {
            for (Child other : all()) {
                if (other.role() != Role.STORE && other.takesLinks()) {
                    join(child, other);
                }
            }
        } else {
            Child store = children.get(Role.STORE);
            if (store != null && store.takesLinks()) {
                join(store, child);
            }
        }
        for (BoundSocket socket : sockets) {
            if (socket.listener() == child.role()) {
                child.listen(socket.socket(), socket.descriptor());
            }
        }
        child.start();
    }

    boolean has(Child child) {
        return children.get(child.role()) == child;
    }

    /** The store that runs now. */
    @Nullable
    Child store() {
        return children.get(Role.STORE);
    }

    /** Gives both a new data link in the place of one that broke. */
    void joinAgain(Child store, Child other) throws IOException {
        if (has(store) && has(other) && store.takesLinks() && other.takesLinks()) {
            join(store, other);
        }
    }

    /** Nobody will listen again: who still wants to connect is refused instead of waiting in the kernel. */
    void closeSockets() throws IOException {
        for (BoundSocket socket : sockets) {
            Descriptors.close(socket.descriptor());
        }
    }

    private void join(Child store, Child other) throws IOException {
        int[] pair = Descriptors.socketPair();
        SessionSecret secret = SessionSecret.random();
        try {
            store.join(new Peer(other.role(), secret, encrypted), pair[0]);
            other.join(new Peer(Role.STORE, secret, encrypted), pair[1]);
        } finally {
            secret.wipe();
            Descriptors.close(pair[0]);
            Descriptors.close(pair[1]);
        }
    }
}
