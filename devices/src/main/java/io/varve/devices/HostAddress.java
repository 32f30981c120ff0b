package io.varve.devices;

/**
 * Where a storage host listens.
 *
 * @param name a host name, or an address; the host's certificate must be of it
 */
public record HostAddress(String name, int port) {
    public HostAddress {
        Requirement.that(!name.isEmpty(), "a host must have a name", name);
        Requirement.that(port > 0 && port < 1 << 16, "a port must be from 1 to 65535", port);
    }

    @Override
    public String toString() {
        return (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + port;
    }
}
