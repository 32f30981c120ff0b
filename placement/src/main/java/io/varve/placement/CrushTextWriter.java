package io.varve.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the text form: the sections, their order, the spelling and the comments of {@code
 * crushtool -d}. All weights get three decimals when that reads back as the same map, else five, as
 * newer versions print; where neither does, each gets three or as many more as it takes.
 * Single-use.
 */
final class CrushTextWriter {
    private static final int DECIMALS_OLD = 3;
    private static final int DECIMALS_NEW = 5;

    private final CrushMap map;
    private final StringBuilder out = new StringBuilder();
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<Integer, String> typeNames = new HashMap<>();
    private final Map<Integer, FailureDomain> domains = new HashMap<>();
    private final Set<Integer> written = new HashSet<>();
    private final int decimals;

    CrushTextWriter(CrushMap map) {
        this.map = map;
        map.devices().forEach(device -> names.put(device.id(), device.name()));
        map.domains().forEach(domain -> names.put(domain.id(), domain.name()));
        map.types().forEach(type -> typeNames.put(type.id(), type.name()));
        map.domains().forEach(domain -> domains.put(domain.id(), domain));
        decimals = all(DECIMALS_OLD) || !all(DECIMALS_NEW) ? DECIMALS_OLD : DECIMALS_NEW;
    }

    String write() {
        line("# begin crush map");
        tunables();
        line("");
        line("# devices");
        map.devices().forEach(this::device);
        line("");
        line("# types");
        map.types().forEach(type -> line("type " + type.id() + " " + type.name()));
        line("");
        line("# buckets");
        map.domains().forEach(this::domain);
        line("");
        line("# rules");
        map.rules().forEach(this::rule);
        if (!map.weightSets().isEmpty()) {
            line("");
            line("# choose_args");
            map.weightSets().forEach(this::weightSet);
        }
        line("");
        line("# end crush map");
        return out.toString();
    }

    private boolean all(int enough) {
        return weights().allMatch(weight -> weight.survives(enough));
    }

    private Stream<Weight> weights() {
        Stream<Weight> items =
                map.domains().stream()
                        .flatMap(domain -> domain.items().stream())
                        .map(FailureDomain.Item::weight);
        Stream<Weight> substitutes =
                map.weightSets().stream()
                        .flatMap(set -> set.substitutes().values().stream())
                        .flatMap(substitute -> substitute.weights().stream())
                        .flatMap(List::stream);
        return Stream.concat(items, substitutes).filter(Weight::hasText);
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private void tunables() {
        Map<String, Integer> oldest = TunablesDraft.all(Tunables.ARGONAUT);
        TunablesDraft.all(map.tunables())
                .forEach(
                        (name, value) -> {
                            if (!value.equals(oldest.get(name))) {
                                line("tunable " + name + " " + value);
                            }
                        });
    }

    private void device(CrushDevice device) {
        String suffix = device.deviceClass() == null ? "" : " class " + device.deviceClass();
        line("device " + device.id() + " " + device.name() + suffix);
    }

    private void domain(FailureDomain domain) {
        if (!written.add(domain.id())) {
            return;
        }
        for (FailureDomain.Item item : domain.items()) {
            if (item.id() < 0) {
                domain(Objects.requireNonNull(domains.get(item.id())));
            }
        }
        line(typeNames.get(domain.typeId()) + " " + domain.name() + " {");
        line("\tid " + domain.id() + "\t\t# do not change unnecessarily");
        for (String deviceClass : map.deviceClasses()) {
            Integer shadowId = domain.shadowIds().get(deviceClass);
            if (shadowId != null) {
                line(
                        "\tid %d class %s\t\t# do not change unnecessarily"
                                .formatted(shadowId, deviceClass));
            }
        }
        line("\t# weight " + domain.weight().toText(decimals));
        line("\talg " + domain.kind().text() + remark(domain));
        line("\thash 0\t# rjenkins1");
        for (int i = 0; i < domain.items().size(); i++) {
            item(domain, i);
        }
        line("}");
    }

    private static String remark(FailureDomain domain) {
        return switch (domain.kind()) {
            case UNIFORM ->
                    "\t# do not change bucket size (%d) unnecessarily"
                            .formatted(domain.items().size());
            case LIST -> "\t# add new items at the end; do not change order unnecessarily";
            case TREE -> "\t# do not change pos for existing items unnecessarily";
            case STRAW, STRAW2 -> "";
        };
    }

    private void item(FailureDomain domain, int index) {
        FailureDomain.Item item = domain.items().get(index);
        String text = "\titem " + names.get(item.id());
        if (item.weight().hasText()) {
            text += " weight " + item.weight().toExactText(decimals);
        }
        boolean positioned =
                domain.kind() == SelectionKind.UNIFORM || domain.kind() == SelectionKind.TREE;
        line(positioned ? text + " pos " + index : text);
    }

    private void rule(CrushRule rule) {
        line("rule " + rule.name() + " {");
        line("\tid " + rule.id());
        line("\ttype " + ruleType(rule.type()));
        rule.minSize().ifPresent(size -> line("\tmin_size " + size));
        rule.maxSize().ifPresent(size -> line("\tmax_size " + size));
        rule.steps().forEach(step -> line("\tstep " + text(step)));
        line("}");
    }

    private static String ruleType(int type) {
        return switch (type) {
            case CrushRule.REPLICATED -> "replicated";
            case CrushRule.ERASURE -> "erasure";
            default -> Integer.toString(type);
        };
    }

    private String text(RuleStep step) {
        return switch (step) {
            case RuleStep.Take take ->
                    "take "
                            + names.get(take.itemId())
                            + (take.deviceClass() == null ? "" : " class " + take.deviceClass());
            case RuleStep.Choose choose ->
                    "%s %s %d type %s"
                            .formatted(
                                    choose.toLeaf() ? "chooseleaf" : "choose",
                                    choose.mode().text(),
                                    choose.count(),
                                    typeNames.get(choose.typeId()));
            case RuleStep.Set set -> set.setting().text() + " " + set.value();
            case RuleStep.Emit emit -> "emit";
        };
    }

    private void weightSet(WeightSet set) {
        line("choose_args " + set.id() + " {");
        List<Integer> ids = new ArrayList<>(set.substitutes().keySet());
        ids.sort(Comparator.reverseOrder());
        for (int id : ids) {
            substitute(id, Objects.requireNonNull(set.substitutes().get(id)));
        }
        line("}");
    }

    private void substitute(int id, WeightSet.Substitute substitute) {
        line("  {");
        line("    bucket_id " + id);
        if (!substitute.weights().isEmpty()) {
            line("    weight_set [");
            for (List<Weight> row : substitute.weights()) {
                line("      [ " + joined(row.stream().map(w -> w.toExactText(decimals))) + " ]");
            }
            line("    ]");
        }
        if (!substitute.ids().isEmpty()) {
            line("    ids [ " + joined(substitute.ids().stream().map(String::valueOf)) + " ]");
        }
        line("  }");
    }

    private static String joined(Stream<String> words) {
        return words.collect(Collectors.joining(" "));
    }
}
