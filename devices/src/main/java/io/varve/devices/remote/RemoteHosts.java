package io.varve.devices.remote;

import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceListener;
import io.varve.devices.HostAddress;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.pool.RemoteOpener;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.SSLContext;

/**
 * The storage hosts of a cluster, as one process reaches them: one connection to each host that has
 * devices of its set. Safe for use by many threads; closed after the set.
 */
public final class RemoteHosts implements RemoteOpener, AutoCloseable {
    private static final long BEAT_NANOS = 500_000_000;

    private final SSLContext tls;
    private final Map<HostAddress, HostLink> links = new HashMap<>();
    private final Thread heart;
    private volatile boolean closing;

    /**
     * @param tls has this process's certificate, and trusts those of the cluster alone
     */
    public RemoteHosts(SSLContext tls) {
        this.tls = tls;
        this.heart = Thread.ofPlatform().name("varve-heartbeat").daemon().unstarted(this::run);
        heart.start();
    }

    private void run() {
        while (!closing) {
            LockSupport.parkNanos(this, BEAT_NANOS);
            for (HostLink link : open()) {
                link.beat();
            }
        }
    }

    private List<HostLink> open() {
        synchronized (links) {
            return List.copyOf(links.values());
        }
    }

    @Override
    public BlobDevice open(
            DeviceConfig device, UUID siteId, boolean format, DeviceListener listener) {
        HostAddress address = device.host();
        if (address == null) {
            throw new IllegalArgumentException("the device is on no other host: " + device);
        }
        HostLink link;
        RemoteDevice remote;
        synchronized (links) {
            link = links.get(address);
            if (link == null) {
                link = new HostLink(address, tls);
                links.put(address, link);
                link.start();
            }
            HostLink used = link;
            remote =
                    new RemoteDevice(
                            new Attachment(device.withHost(null), siteId, format, true),
                            link,
                            listener,
                            closed -> release(used, closed));
            link.add(remote);
        }
        link.follow(remote);
        remote.awaitFirst();
        return remote;
    }

    /** A host of which no device is used is left alone. */
    private void release(HostLink link, RemoteDevice device) {
        synchronized (links) {
            if (link.unfollow(device)) {
                links.remove(link.address(), link);
                link.close();
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(heart);
        open().forEach(HostLink::close);
    }
}
