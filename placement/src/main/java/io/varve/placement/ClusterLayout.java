package io.varve.placement;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Makes a map from a list of devices and where they stand: one root, racks where they are named,
 * hosts, devices; straw2 throughout, {@link Tunables#JEWEL}. Rule 0, {@value #RULE_NAME}, puts
 * copies on different hosts.
 *
 * <p>The ids of hosts and racks follow from the order in which they are first named, and ids decide
 * placement: change a map that is in use with {@link CrushMapEdit}, not by laying it out again.
 * Single-threaded.
 */
public final class ClusterLayout {
    public static final String ROOT_NAME = "default";
    public static final int RULE_ID = 0;
    public static final String RULE_NAME = "copies_over_hosts";

    public static final int HOST_TYPE = 1;
    public static final int RACK_TYPE = 3;
    public static final int ROOT_TYPE = 11;

    /** The levels that Ceph's own maps have, so that imported and native maps look alike. */
    private static final List<String> TYPE_NAMES =
            List.of(
                    "osd",
                    "host",
                    "chassis",
                    "rack",
                    "row",
                    "pdu",
                    "pod",
                    "room",
                    "datacenter",
                    "zone",
                    "region",
                    "root");

    // Nothing reads these any more, but older tools refuse rules without them.
    private static final OptionalInt MIN_SIZE = OptionalInt.of(1);
    private static final OptionalInt MAX_SIZE = OptionalInt.of(10);

    private final CrushMapEdit edit;
    private final Map<String, @Nullable String> rackByHost = new LinkedHashMap<>();

    public ClusterLayout() {
        CrushMapBuilder builder = CrushMap.builder();
        for (int id = 0; id < TYPE_NAMES.size(); id++) {
            builder.type(new ItemType(id, TYPE_NAMES.get(id)));
        }
        FailureDomain root =
                new FailureDomain(
                        -1, ROOT_NAME, ROOT_TYPE, SelectionKind.STRAW2, List.of(), Map.of());
        builder.domain(root);
        builder.rule(copies(RULE_ID, RULE_NAME, root.id(), null, HOST_TYPE));
        edit = new CrushMapEdit(builder.build());
    }

    /** A device in a host that stands in no rack. */
    public ClusterLayout device(CrushDevice device, Weight weight, String host) {
        return device(device, weight, host, null);
    }

    /**
     * @param rack null when the host stands in none
     * @throws CrushMapException when a name or number is taken, or the host stands elsewhere
     */
    public ClusterLayout device(
            CrushDevice device, Weight weight, String host, @Nullable String rack) {
        if (!rackByHost.containsKey(host)) {
            if (rack != null && !edit.has(rack)) {
                edit.addDomain(rack, RACK_TYPE, ROOT_NAME);
            }
            edit.addDomain(host, HOST_TYPE, rack == null ? ROOT_NAME : rack);
            rackByHost.put(host, rack);
        } else if (!Objects.equals(rackByHost.get(host), rack)) {
            throw new CrushMapException(
                    "device " + device.name(), "host " + host + " is elsewhere");
        }
        edit.addDevice(device, weight, host);
        return this;
    }

    public CrushMap build() {
        return edit.apply();
    }

    /**
     * A rule for copies: as many as are wanted, each below another domain of a type.
     *
     * @param rootId the domain to start from
     * @param deviceClass when not null, only devices of this class
     */
    public static CrushRule copies(
            int ruleId, String name, int rootId, @Nullable String deviceClass, int typeId) {
        return new CrushRule(
                ruleId,
                name,
                CrushRule.REPLICATED,
                MIN_SIZE,
                MAX_SIZE,
                List.of(
                        new RuleStep.Take(rootId, deviceClass),
                        new RuleStep.Choose(RuleStep.Mode.FIRSTN, true, 0, typeId),
                        new RuleStep.Emit()));
    }

    /** A rule for fragments of an erasure code: like copies, but each keeps its place. */
    public static CrushRule fragments(
            int ruleId, String name, int rootId, @Nullable String deviceClass, int typeId) {
        return new CrushRule(
                ruleId,
                name,
                CrushRule.ERASURE,
                MIN_SIZE,
                MAX_SIZE,
                List.of(
                        new RuleStep.Set(RuleStep.Setting.CHOOSELEAF_TRIES, 5),
                        new RuleStep.Set(RuleStep.Setting.CHOOSE_TRIES, 100),
                        new RuleStep.Take(rootId, deviceClass),
                        new RuleStep.Choose(RuleStep.Mode.INDEP, true, 0, typeId),
                        new RuleStep.Emit()));
    }
}
