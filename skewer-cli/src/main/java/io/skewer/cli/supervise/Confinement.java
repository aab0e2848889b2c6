package io.skewer.cli.supervise;

import io.skewer.cli.role.WarmLibraries;
import io.skewer.core.config.Destinations;
import io.skewer.core.config.SkewerConfig;
import io.skewer.core.template.TemplateSyntax;
import io.skewer.ipc.os.ProcessSeal;
import io.skewer.ipc.os.ProcessState;
import io.skewer.ipc.spawn.Launcher;
import io.skewer.ipc.spawn.Layer;
import io.skewer.sinks.file.FileName;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the launcher how processes are confined: everything that this system can do, unless the configuration gives a layer up. */
final class Confinement {
    private static final Logger LOG = LoggerFactory.getLogger(Confinement.class);

    private Confinement() {}

    /**
     * Once, before anything is spawned.
     *
     * @return the layers in force
     * @throws IOException with a sentence for the operator, when a layer is missing that the configuration does not give up
     */
    static Set<Layer> prepare(Launcher launcher, SkewerConfig config) throws IOException {
        Set<Layer> absent = config.confinement().absent().stream()
                .map(Layer::ofWord)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Layer.class)));
        Set<Layer> inForce = launcher.prepare(absent, logDirectory(config));
        Set<Layer> off = EnumSet.allOf(Layer.class);
        off.removeAll(inForce);
        (off.isEmpty() ? LOG.atInfo() : LOG.atWarn())
                .setMessage("confinement.prepared")
                .addKeyValue("in_force", words(inForce))
                .addKeyValue("off", words(off))
                .log();
        return inForce;
    }

    /** Before any child runs, and after everything was opened that needs a library. */
    static void sealSupervisor(Set<Layer> layers) throws IOException {
        if (!layers.contains(Layer.SECCOMP)) {
            return;
        }
        WarmLibraries.loadOfJvm();
        ProcessSeal.seal("supervisor", -1);
        LOG.atInfo()
                .setMessage("process.confined")
                .addKeyValue("process", "supervisor")
                .addKeyValue("state", ProcessState.read())
                .log();
    }

    private static String words(Set<Layer> layers) {
        return layers.isEmpty() ? "none" : layers.stream().map(Layer::word).collect(Collectors.joining(","));
    }

    /** What the file forwarder may see, when there is one. */
    private static String logDirectory(SkewerConfig config) throws IOException {
        if (!config.main().destinations().contains(Destinations.FILE)) {
            return "";
        }
        try {
            return FileName.compile(config.fileDestination().filename()).base().toString();
        } catch (TemplateSyntax | IllegalArgumentException cause) {
            throw new IOException("file_destination.filename: " + cause.getMessage(), cause);
        }
    }
}
