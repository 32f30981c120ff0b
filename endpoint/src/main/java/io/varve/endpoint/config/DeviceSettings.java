package io.varve.endpoint.config;

import io.varve.devices.HostAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One device of the site.
 *
 * @param id its number in the placement map
 * @param host the failure domain it is in
 * @param deviceClass hdd, ssd or nvme
 * @param weight its share of the data, relative to the others
 * @param storage the storage host that has it; null for this machine
 * @param directory where it lives
 * @param capacityBytes how much of the file system it may take; empty for all
 */
public record DeviceSettings(
        int id,
        String host,
        String deviceClass,
        double weight,
        @Nullable HostAddress storage,
        Path directory,
        OptionalLong capacityBytes) {

    private static final Set<String> PARTS =
            Set.of("host", "class", "weight", "capacity", "storage", "path");
    private static final double MAX_WEIGHT = 10_000;

    /** One of this machine. */
    DeviceSettings(
            int id,
            String host,
            String deviceClass,
            double weight,
            Path directory,
            OptionalLong capacityBytes) {
        this(id, host, deviceClass, weight, null, directory, capacityBytes);
    }

    /** Of the form {@code host=node1 class=ssd weight=1.0 capacity=2 TiB path=/mnt/a}. */
    static DeviceSettings parse(int id, String text) throws ValueException {
        Map<String, String> parts = parts(text);
        String host = required(parts, "host");
        String deviceClass = parts.getOrDefault("class", "hdd");
        if (!host.matches("[A-Za-z0-9][A-Za-z0-9._-]*")
                || !deviceClass.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
            throw new ValueException("host and class must be words");
        }
        String capacity = parts.get("capacity");
        return new DeviceSettings(
                id,
                host,
                deviceClass,
                weight(parts.getOrDefault("weight", "1")),
                storage(parts.get("storage")),
                ValueType.path().parse(required(parts, "path")),
                capacity == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(Quantities.bytes(capacity)));
    }

    private static @Nullable HostAddress storage(@Nullable String text) throws ValueException {
        if (text == null) {
            return null;
        }
        InetSocketAddress address = ValueType.address(text);
        if (address.getPort() == 0) {
            throw new ValueException("storage must have a port");
        }
        return new HostAddress(address.getHostString(), address.getPort());
    }

    private static double weight(String text) throws ValueException {
        try {
            double weight = Double.parseDouble(text);
            if (weight > 0 && weight <= MAX_WEIGHT) {
                return weight;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new ValueException("weight must be a number above 0, at most " + (int) MAX_WEIGHT);
    }

    /** A value reaches to the next word with an equals sign: paths and sizes may have spaces. */
    private static Map<String, String> parts(String text) throws ValueException {
        Map<String, String> parts = new HashMap<>();
        for (String part : text.split("\\s+(?=\\w+=)", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals).strip();
            if (equals < 0 || !PARTS.contains(name)) {
                throw new ValueException(
                        "must be of the form host=NAME class=NAME weight=N capacity=SIZE"
                                + " storage=HOST:PORT path=DIR");
            }
            if (parts.put(name, part.substring(equals + 1).strip()) != null) {
                throw new ValueException(name + " is given twice");
            }
        }
        return parts;
    }

    private static String required(Map<String, String> parts, String name) throws ValueException {
        String value = parts.get(name);
        if (value == null || value.isEmpty()) {
            throw new ValueException(name + " is missing");
        }
        return value;
    }
}
