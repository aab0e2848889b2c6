package io.skewer.ipc.spawn;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** A layer of confinement that the launcher puts around the processes it starts. The configuration names them in lower case. */
public enum Layer {
    /** Own mounts, processes, network, host name and IPC: a process sees the files of its role and no other process. */
    NAMESPACES(LauncherProtocol.LAYER_NAMESPACES),
    /** The same files once more, enforced by another part of the kernel. */
    LANDLOCK(LauncherProtocol.LAYER_LANDLOCK),
    /** A filter of system calls: coarse from the start, tight when the process is warm. */
    SECCOMP(LauncherProtocol.LAYER_SECCOMP),
    /** A user that is not root. In force whenever it is so: giving it up makes nobody root. */
    UID(LauncherProtocol.LAYER_UID);

    private final int bit;

    Layer(int bit) {
        this.bit = bit;
    }

    /** The word in {@code confinement.absent}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when no layer is called so */
    public static Layer ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    static int toBits(Set<Layer> layers) {
        return layers.stream().mapToInt(layer -> layer.bit).sum();
    }

    static Set<Layer> ofBits(long bits) {
        Set<Layer> layers = EnumSet.noneOf(Layer.class);
        for (Layer layer : values()) {
            if ((bits & layer.bit) != 0) {
                layers.add(layer);
            }
        }
        return layers;
    }
}
