package io.varve.journal.codec;

import static io.varve.journal.codec.ChangeRules.first;
import static io.varve.journal.codec.ChangeRules.notNegative;
import static io.varve.journal.codec.ChangeRules.optionalText;
import static io.varve.journal.codec.ChangeRules.positive;
import static io.varve.journal.codec.ChangeRules.text;

import io.varve.journal.record.PoolOptions;
import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.ChangePlacementMap;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.journal.record.TopologyChange.RemoveDevice;
import io.varve.journal.record.TopologyChange.RemovePool;
import io.varve.journal.record.TopologyChange.SetDeviceState;

import org.jspecify.annotations.Nullable;

/** What a topology change must have to be written: all of the topology is kept in memory. */
final class TopologyRules {
    /** Some ten thousand devices; a frame of the journal holds 1 MiB. */
    static final int MAP_CHARS_MAX = 768 << 10;

    private static final int DEVICE_ID_MAX = (1 << 20) - 1;
    private static final int POOL_ID_MAX = (1 << 16) - 1;
    private static final int NAME_CHARS_MAX = 255;
    private static final int TEXT_CHARS_MAX = 4096;
    private static final long WEIGHT_MAX = 0xffff_ffffL;
    private static final int WIDTH_MAX = 255;
    private static final int OTHER_NAMES_MAX = 16;
    private static final int COPIED_BYTES_MAX = 64 << 20;

    private TopologyRules() {}

    static @Nullable String problem(TopologyChange change) {
        return switch (change) {
            case ChangePlacementMap c ->
                    first(
                            notNegative("expected epoch", c.expectedEpoch()),
                            text("map", c.map()),
                            limited("map", c.map(), MAP_CHARS_MAX),
                            ascii("map", c.map()));
            case PutDevice c -> device(c);
            case SetDeviceState c ->
                    first(
                            deviceId(c.id()),
                            share(c.share()),
                            limited("reason", c.reason(), TEXT_CHARS_MAX),
                            c.reach() == null && c.membership() == null && c.share() == null
                                    ? "nothing is set"
                                    : null);
            case RemoveDevice c -> deviceId(c.id());
            case PutPool c -> pool(c);
            case RemovePool c ->
                    first(range("pool id", c.id(), POOL_ID_MAX), positive("base", c.basedOn()));
        };
    }

    private static @Nullable String device(PutDevice c) {
        return first(
                deviceId(c.id()),
                name("host", c.host()),
                optionalName("rack", c.rack()),
                optionalName("site", c.site()),
                name("device class", c.deviceClass()),
                range("weight", c.weight(), WEIGHT_MAX),
                text("directory", c.directory()),
                limited("directory", c.directory(), TEXT_CHARS_MAX),
                notNegative("capacity", c.capacityBytes()),
                notNegative("base", c.basedOn()));
    }

    private static @Nullable String pool(PutPool c) {
        return first(
                range("pool id", c.id(), POOL_ID_MAX),
                name("pool name", c.name()),
                name("rule", c.rule()),
                scheme(c.scheme()),
                positive("smallest number of copies", c.minCopies()),
                c.minCopies() > c.scheme().width()
                        ? "smallest number of copies is more than there are: " + c.minCopies()
                        : null,
                optionalName("device class", c.deviceClass()),
                optionalName("compression", c.compression()),
                options(c.options()),
                notNegative("base", c.basedOn()));
    }

    private static @Nullable String options(PoolOptions options) {
        if (options.otherNames().size() > OTHER_NAMES_MAX) {
            return "too many other names: " + options.otherNames().size();
        }
        for (String other : options.otherNames()) {
            String problem = name("other name", other);
            if (problem != null) {
                return problem;
            }
        }
        Integer copied = options.copiedBytesMax();
        return copied == null ? null : range("copied bytes", copied, COPIED_BYTES_MAX);
    }

    private static @Nullable String scheme(PoolScheme scheme) {
        return first(
                switch (scheme) {
                    case PoolScheme.Copies(int count) -> positive("copies", count);
                    case PoolScheme.Fragments(int data, int parity) ->
                            first(
                                    positive("data fragments", data),
                                    positive("parity fragments", parity));
                },
                range("copies or fragments", scheme.width(), WIDTH_MAX));
    }

    private static @Nullable String deviceId(int id) {
        return range("device id", id, DEVICE_ID_MAX);
    }

    private static @Nullable String share(@Nullable Integer share) {
        return share == null ? null : range("share", share, TopologyChange.FULL_SHARE);
    }

    private static @Nullable String range(String name, long value, long max) {
        return value >= 0 && value <= max ? null : name + " is out of range: " + value;
    }

    private static @Nullable String name(String name, String value) {
        return first(text(name, value), optionalName(name, value));
    }

    private static @Nullable String optionalName(String name, String value) {
        return first(
                limited(name, value, NAME_CHARS_MAX),
                value.indexOf('\0') < 0 ? null : name + " has a zero character");
    }

    private static @Nullable String limited(String name, String text, int max) {
        return text.length() > max
                ? name + " is too long: " + text.length() + " characters, at most " + max
                : optionalText(name, text);
    }

    /** So that its length in characters is that in bytes. */
    private static @Nullable String ascii(String name, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return name + " has a character that is not ASCII, at " + i;
            }
        }
        return null;
    }
}
