package io.varve.endpoint.site;

import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.ChangePlacementMap;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.journal.record.TopologyChange.SetDeviceState;
import io.varve.placement.CrushText;
import io.varve.placement.Weight;
import io.varve.projections.topology.Device;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.Topology;
import io.varve.projections.topology.TopologyRefusal;
import io.varve.projections.topology.TopologyView;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Puts the configured devices, their map and the default pool into the journal, at a site's first
 * start. The pool comes last: while it is not there, a founding was cut short and goes on where it
 * was. From then on the journal decides, and the configuration is only compared with it.
 */
final class TopologyFounding {
    private static final Logger LOG = Logger.getLogger(TopologyFounding.class.getName());

    private final SiteConfig config;
    private final TopologyView view;
    private final TopologyChanges changes;

    TopologyFounding(SiteConfig config, TopologyView view, TopologyChanges changes) {
        this.config = config;
        this.view = view;
        this.changes = changes;
    }

    void run() throws IOException {
        if (view.current().pool(Pool.DEFAULT_ID).isEmpty()) {
            found();
        } else {
            compare(view.current());
        }
    }

    /**
     * Takes over the devices, pools and map that a site had in another journal, as they are now;
     * goes on where an earlier attempt was cut short.
     */
    void adopt(Topology source) {
        if (view.current().pool(Pool.DEFAULT_ID).isPresent()) {
            return;
        }
        if (view.current().mapEpoch() == 0) {
            append(new ChangePlacementMap(0, source.map()));
        }
        for (Device device : source.devices().values()) {
            if (view.current().device(device.id()).isEmpty()) {
                append(based(device.put()));
            }
            Device.State state = device.state();
            append(
                    new SetDeviceState(
                            device.id(),
                            state.reach(),
                            state.membership(),
                            state.share(),
                            state.automatic(),
                            state.reason()));
        }
        for (Pool pool : source.pools().reversed().values()) {
            if (view.current().pool(pool.id()).isEmpty()) {
                append(based(pool.put()));
            }
        }
    }

    private static PutDevice based(PutDevice put) {
        return new PutDevice(
                put.id(),
                put.uuid(),
                put.host(),
                put.rack(),
                put.site(),
                put.deviceClass(),
                put.weight(),
                put.directory(),
                put.capacityBytes(),
                0);
    }

    private static PutPool based(PutPool put) {
        return new PutPool(
                put.id(),
                put.name(),
                put.rule(),
                put.scheme(),
                put.minCopies(),
                put.deviceClass(),
                put.compression(),
                0);
    }

    private void found() throws IOException {
        PoolSettings pool = config.pool();
        if (pool.devices().isEmpty()) {
            throw new SiteException(
                    "the journal knows no devices, and the configuration has none: its first"
                            + " endpoint needs them, as device.N");
        }
        if (view.current().mapEpoch() == 0) {
            String map = CrushText.write(FirstMap.of(config.directory(), pool));
            append(new ChangePlacementMap(0, map));
        }
        for (SiteDevice device : pool.devices()) {
            if (view.current().device(device.id()).isEmpty()) {
                append(put(device));
            }
        }
        append(
                new PutPool(
                        Pool.DEFAULT_ID,
                        pool.name(),
                        FirstMap.ruleOf(pool),
                        new PoolScheme.Copies(pool.copies()),
                        pool.minCopies(),
                        "",
                        "",
                        0));
        setMapFileAside();
    }

    /** So that nobody changes it and wonders why nothing comes of it. */
    private void setMapFileAside() throws IOException {
        Path file = config.directory().resolve(FirstMap.FILE_NAME);
        if (Files.exists(file)) {
            Path aside = config.directory().resolve(FirstMap.FILE_NAME + ".imported");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private PutDevice put(SiteDevice device) {
        return new PutDevice(
                device.id(),
                TopologyChange.NO_UUID,
                device.host(),
                "",
                "",
                device.deviceClass(),
                Weight.of(device.weight()).fixed(),
                device.storage() == null
                        ? relative(device.directory())
                        : new DevicePlace(device.storage(), device.directory().toString())
                                .toString(),
                device.capacityBytes() == Long.MAX_VALUE ? 0 : device.capacityBytes(),
                0);
    }

    /** A site that is moved whole finds its devices again. */
    private String relative(Path directory) {
        Path site = config.directory().toAbsolutePath().normalize();
        Path absolute = directory.toAbsolutePath().normalize();
        return (absolute.startsWith(site) ? site.relativize(absolute) : absolute).toString();
    }

    private void append(TopologyChange change) {
        TopologyRefusal refusal = changes.make(TopologyChanges.BY_THE_SITE, change);
        if (refusal != null) {
            throw new SiteException("the devices cannot be set up: " + refusal + ", " + change);
        }
    }

    private void compare(Topology topology) {
        for (SiteDevice device : config.pool().devices()) {
            if (topology.device(device.id()).isEmpty()) {
                LOG.log(
                        Level.WARNING,
                        "device {0} is in the configuration, but the site does not know it:"
                                + " devices of the configuration count at the first start only;"
                                + " varve device add adds one",
                        device.id());
            }
        }
    }
}
