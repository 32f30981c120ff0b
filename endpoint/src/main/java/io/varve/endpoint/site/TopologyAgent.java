package io.varve.endpoint.site;

import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.pool.DeviceSet;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.Membership;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.Reach;
import io.varve.journal.record.TopologyChange.SetDeviceState;
import io.varve.projections.topology.Device;
import io.varve.projections.topology.Topology;
import io.varve.projections.topology.TopologyRefusal;
import io.varve.projections.topology.TopologyView;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps the site's devices and placement as the topology's records say, and the records as the
 * devices are: opens devices that were added and lets go of removed ones, hands every new placement
 * to the pools, records which devices are up or down, and takes those out that stay down.
 *
 * <p>Works in passes on a thread of its own, one after each change and each second. What fails in a
 * pass is tried again in a later one.
 */
final class TopologyAgent implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TopologyAgent.class.getName());
    private static final long IDLE_MS = 1000;

    private final TopologyView view;
    private final TopologyChanges changes;
    private final SitePlacement placement;
    private final SitePools pools;
    private final DeviceSet devices;
    private final DeviceConfigs configs;
    private final DeviceNews news;
    private final DownOutRule downOut;
    private final LongSupplier clockMicros;
    private final BooleanSupplier duty;
    private final Thread thread;

    /** Devices to be opened again at once, as an operator asked. */
    private final Set<Integer> reopens = ConcurrentHashMap.newKeySet();

    /** What the devices in the set were opened as. Owned by the agent's thread. */
    private final Map<Integer, PutDevice> opened = new HashMap<>();

    private final Map<Integer, RetryPause> pauses = new HashMap<>();
    private long placedEpoch = -1;
    private boolean failing;

    private final Object passes = new Object();
    private long passesAsked;
    private long passesDone;
    private boolean closing;

    TopologyAgent(
            TopologyView view,
            TopologyChanges changes,
            SitePlacement placement,
            SitePools pools,
            OpenDevices open,
            DownOutRule downOut,
            LongSupplier clockMicros,
            BooleanSupplier duty) {
        this.view = view;
        this.changes = changes;
        this.placement = placement;
        this.pools = pools;
        this.devices = open.set();
        this.configs = open.configs();
        this.news = open.news();
        this.downOut = downOut;
        this.clockMicros = clockMicros;
        this.duty = duty;
        this.thread = Thread.ofPlatform().name("varve-topology").daemon().unstarted(this::run);
    }

    /**
     * @param atStart as which the devices were opened that are in the set
     */
    void start(Topology atStart) {
        atStart.devices().forEach((id, device) -> opened.put(id, device.put()));
        view.onChange(this::wake);
        news.onNews(this::wake);
        thread.start();
    }

    private void wake() {
        synchronized (passes) {
            passesAsked++;
            passes.notifyAll();
        }
    }

    /** Has a device that is down opened again without delay. */
    void reopen(int deviceId) {
        reopens.add(deviceId);
        wake();
    }

    /**
     * Waits until everything that was recorded before has been carried out or has failed.
     *
     * @return whether it came to that in time
     */
    boolean settle(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        synchronized (passes) {
            long wanted = ++passesAsked;
            passes.notifyAll();
            while (passesDone < wanted && !closing) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (leftMs <= 0) {
                    return false;
                }
                try {
                    passes.wait(leftMs);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return passesDone >= wanted;
        }
    }

    private void run() {
        long seen = 0;
        while (awaitTurn(seen)) {
            synchronized (passes) {
                seen = passesAsked;
            }
            turn();
            synchronized (passes) {
                passesDone = seen;
                passes.notifyAll();
            }
        }
    }

    private boolean awaitTurn(long seen) {
        synchronized (passes) {
            long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(IDLE_MS);
            long left = IDLE_MS;
            while (!closing && passesAsked == seen && left > 0) {
                try {
                    passes.wait(left);
                } catch (InterruptedException e) {
                    return false;
                }
                left = TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime());
            }
            return !closing;
        }
    }

    private void turn() {
        try {
            pass();
            failing = false;
        } catch (RuntimeException e) {
            // Whatever failed in one pass must not leave the site without the next ones.
            tell(e);
        }
    }

    private void tell(RuntimeException e) {
        if (!failing) {
            LOG.log(Level.WARNING, "the devices are not as recorded; trying again", e);
        }
        failing = true;
    }

    private void pass() {
        Topology topology = view.current();
        if (topology.epoch() != placedEpoch) {
            pools.wantLess(topology);
            placement.update(topology);
            pools.keep(topology);
            placedEpoch = topology.epoch();
        }
        letGo(topology);
        topology.devices().values().forEach(this::keepOpen);
        if (duty.getAsBoolean()) {
            record(view.current());
            takeOut(view.current());
        }
    }

    private void letGo(Topology topology) {
        for (int id : List.copyOf(opened.keySet())) {
            if (topology.device(id).isEmpty()) {
                remove(id);
                news.forget(id);
                placement.set(id, false);
            }
        }
    }

    private void remove(int id) {
        opened.remove(id);
        pauses.remove(id);
        boolean known = devices.stats().stream().anyMatch(s -> s.deviceId() == id);
        if (known && !devices.remove(id)) {
            LOG.log(Level.WARNING, "device {0} hangs; its directory stays in use", id);
        }
    }

    private void keepOpen(Device device) {
        int id = device.id();
        PutDevice before = opened.get(id);
        if (before == null) {
            open(device, false);
            return;
        }
        boolean replaced = device.unformatted() && !before.uuid().equals(TopologyChange.NO_UUID);
        if (replaced
                || !before.directory().equals(device.put().directory())
                || before.capacityBytes() != device.put().capacityBytes()) {
            remove(id);
            open(device, false);
            return;
        }
        opened.put(id, device.put());
        DeviceState state = state(id);
        if (reopens.remove(id) && state != DeviceState.UP) {
            pauses.remove(id);
            open(device, true);
        } else if (state == DeviceState.MISSING) {
            // Its drive may be back; one that failed waits for an operator, who may not trust it.
            open(device, true);
        }
    }

    private DeviceState state(int id) {
        return devices.stats().stream()
                .filter(stats -> stats.deviceId() == id)
                .map(DeviceStats::state)
                .findFirst()
                .orElse(DeviceState.MISSING);
    }

    private void open(Device device, boolean again) {
        int id = device.id();
        RetryPause pause = pauses.computeIfAbsent(id, _ -> new RetryPause());
        if (!pause.over(clockMicros.getAsLong())) {
            return;
        }
        try {
            if (again) {
                devices.reopen(id, device.unformatted());
            } else {
                devices.add(configs.of(device.put()), device.unformatted());
            }
            opened.put(id, device.put());
            pauses.remove(id);
            LOG.log(Level.INFO, "device {0} is open", id);
        } catch (RuntimeException e) {
            pause.lengthen(clockMicros.getAsLong());
            placement.set(id, true);
            String reason = String.valueOf(e.getMessage());
            if (!news.trouble(id).equals(Optional.of(reason))) {
                news.trouble(id, reason);
                LOG.log(
                        Level.WARNING,
                        "device {0} cannot be opened: {1}",
                        new Object[] {id, reason});
            }
        }
    }

    private void record(Topology topology) {
        Set<Integer> up = new HashSet<>();
        for (DeviceStats stats : devices.stats()) {
            if (stats.state() == DeviceState.UP) {
                up.add(stats.deviceId());
            }
        }
        for (Device device : topology.devices().values()) {
            record(device, up.contains(device.id()));
        }
    }

    private void record(Device device, boolean up) {
        int id = device.id();
        // What is up may still be what was there before it was replaced, a moment ago.
        boolean openedAsThis = device.put().equals(opened.get(id));
        if (up && device.unformatted() && openedAsThis) {
            make(withUuid(device, devices.deviceUuid(id)));
        }
        boolean comesBack = up && device.state().membership() == Membership.OUT;
        boolean toBeIn = comesBack && device.state().automatic();
        if (up != device.up() || toBeIn) {
            String reason = up ? "" : news.trouble(id).orElse("");
            make(
                    new SetDeviceState(
                            id,
                            up ? Reach.UP : Reach.DOWN,
                            toBeIn ? Membership.IN : null,
                            null,
                            true,
                            reason));
        }
    }

    private static PutDevice withUuid(Device device, UUID uuid) {
        PutDevice put = device.put();
        return new PutDevice(
                put.id(),
                uuid,
                put.host(),
                put.rack(),
                put.site(),
                put.deviceClass(),
                put.weight(),
                put.directory(),
                put.capacityBytes(),
                device.position());
    }

    private void takeOut(Topology topology) {
        for (int id : downOut.due(topology, clockMicros.getAsLong())) {
            String why = topology.device(id).map(d -> d.state().reason()).orElse("");
            String reason = "down too long" + (why.isEmpty() ? "" : ": " + why);
            make(new SetDeviceState(id, null, Membership.OUT, null, true, reason));
            LOG.log(Level.WARNING, "device {0} is taken out: {1}", new Object[] {id, reason});
        }
    }

    /** What was changed by an operator meanwhile is looked at again in the next pass. */
    private void make(TopologyChange change) {
        TopologyRefusal refusal = changes.make(TopologyChanges.BY_THE_SITE, change);
        if (refusal != null) {
            LOG.log(Level.FINE, () -> refusal + ": " + change);
        }
    }

    /** Waits for the pass under way. */
    @Override
    public void close() {
        synchronized (passes) {
            closing = true;
            passes.notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Longer after each failure, up to five minutes. */
    private static final class RetryPause {
        private static final long FIRST_MICROS = 5_000_000;
        private static final long LONGEST_MICROS = 300_000_000;

        private long lengthMicros;
        private long untilMicros;

        boolean over(long nowMicros) {
            return nowMicros >= untilMicros;
        }

        void lengthen(long nowMicros) {
            lengthMicros =
                    lengthMicros == 0 ? FIRST_MICROS : Math.min(2 * lengthMicros, LONGEST_MICROS);
            untilMicros = nowMicros + lengthMicros;
        }
    }
}
