package io.skewer.core.source;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The event loops of one listener process, each with its {@link Lane}. Safe for use by several threads. */
public final class Lanes {
    private final EventLoopGroup group;
    private final List<Lane> lanes = new ArrayList<>();
    private final IdentityHashMap<EventExecutor, Lane> byLoop = new IdentityHashMap<>();

    /** @throws UnsupportedOperationException on systems without epoll, as nothing else adopts an inherited socket */
    public Lanes(String name, SourceContext context) {
        if (!Epoll.isAvailable()) {
            throw new UnsupportedOperationException(
                    "inherited sockets need Linux and its epoll: " + Epoll.unavailabilityCause(),
                    Epoll.unavailabilityCause());
        }
        group = new MultiThreadIoEventLoopGroup(
                context.eventLoops(), new DefaultThreadFactory(name), EpollIoHandler.newFactory());
        for (EventExecutor loop : group) {
            Lane lane = new Lane((EventLoop) loop, context);
            lanes.add(lane);
            byLoop.put(loop, lane);
            loop.execute(lane.assembler()::start);
            keepAsleep(loop);
        }
    }

    /** Netty wakes a loop that has no timer every second (4.2, SCHEDULE_PURGE_INTERVAL); one timer, however late, lets it sleep. */
    private static void keepAsleep(EventExecutor loop) {
        var _ = loop.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.DAYS);
    }

    public EventLoopGroup group() {
        return group;
    }

    public List<Lane> all() {
        return List.copyOf(lanes);
    }

    /** @throws IllegalStateException for an event loop of somebody else */
    public Lane of(EventLoop loop) {
        Lane lane = byLoop.get(loop);
        if (lane == null) {
            throw new IllegalStateException("not one of these event loops: " + loop);
        }
        return lane;
    }

    /**
     * Stops reading, hands over what was received, and waits until it is kept and answered.
     *
     * @return false when the time was too short
     */
    public boolean drain(Duration timeout) throws InterruptedException {
        CompletableFuture<?>[] each = lanes.stream().map(Lane::drain).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(each).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException cause) {
            throw new IllegalStateException("could not drain", cause.getCause());
        }
    }

    /** Closes all sockets at once and ends the threads. */
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        if (group.isTerminated()) {
            lanes.forEach(lane -> lane.receiveBuffer().release());
        }
    }
}
