package io.varve.endpoint.site;

import io.varve.devices.HostAddress;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a device is, as its record says in the place of a directory: {@code varve://HOST:PORT/DIR}
 * for one on a storage host, below that host's own directory; else a directory of this machine.
 *
 * @param host null for a directory of this machine
 */
record DevicePlace(@Nullable HostAddress host, String directory) {
    private static final Pattern REMOTE =
            Pattern.compile("varve://(?:\\[([^]]+)]|([^:/]+)):([0-9]{1,5})/(.+)");
    private static final int PORTS = 1 << 16;

    static DevicePlace parse(String text) {
        Matcher remote = REMOTE.matcher(text);
        if (!remote.matches()) {
            return new DevicePlace(null, text);
        }
        int port = Integer.parseInt(remote.group(3));
        String name = remote.group(1) == null ? remote.group(2) : remote.group(1);
        return port == 0 || port >= PORTS
                ? new DevicePlace(null, text)
                : new DevicePlace(new HostAddress(name, port), remote.group(4));
    }

    @Override
    public String toString() {
        return host == null ? directory : "varve://" + host + "/" + directory;
    }
}
