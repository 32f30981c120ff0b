package io.varve.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Reads the text form. Names may be used before they are defined: everything is collected first and
 * resolved at the end. Single-use.
 */
final class CrushTextParser {
    private static final long POOL_ID_MAX = Long.MAX_VALUE;

    /** The default weight set's id as some versions print it. */
    private static final String UNSIGNED_DEFAULT = "18446744073709551615";

    private static final String MSR_REMARK = " (multi-step-retry rules are not supported)";

    private record RuleDraft(
            int id,
            String name,
            int type,
            OptionalInt minSize,
            OptionalInt maxSize,
            List<StepDraft> steps,
            int line) {}

    /** A step with the name that it takes or whose type it chooses still to be looked up. */
    private record StepDraft(RuleStep step, String name, int line) {}

    private final TokenReader in;
    private final CrushMapBuilder builder = new CrushMapBuilder();
    private final TunablesDraft tunables = new TunablesDraft();
    private final Map<String, Integer> typeIds = new HashMap<>();
    private final Map<String, Integer> deviceIds = new HashMap<>();
    private final DomainDrafts domains = new DomainDrafts(deviceIds);
    private final List<RuleDraft> rules = new ArrayList<>();
    private final Map<String, Integer> lineBySubject = new HashMap<>();

    CrushTextParser(String text) {
        in = new TokenReader(text);
    }

    CrushMap parse() {
        while (!in.atEnd()) {
            entry();
        }
        builder.tunables(tunables.finish());
        Map<String, Integer> itemIds = new HashMap<>(deviceIds);
        for (DomainDrafts.Finished finished : domains.finish()) {
            FailureDomain domain = finished.domain();
            itemIds.put(domain.name(), domain.id());
            added("domain " + domain.name(), finished.line(), () -> builder.domain(domain));
        }
        for (RuleDraft draft : rules) {
            CrushRule rule = resolved(draft, itemIds);
            String subject = "rule " + (rule.name().isEmpty() ? rule.id() : rule.name());
            added(subject, draft.line(), () -> builder.rule(rule));
        }
        try {
            return builder.build();
        } catch (CrushMapException e) {
            Integer line = lineBySubject.get(e.subject());
            throw line == null ? e : e.at(line);
        }
    }

    private void entry() {
        int line = in.line();
        String word = in.word("an entry");
        switch (word) {
            case "tunable" -> tunables.set(in.word("a tunable"), in, line);
            case "device" -> device(line);
            case "type" -> type(line);
            case "rule" -> rule(line);
            case "choose_args" -> weightSet(line);
            default -> domain(word, line);
        }
    }

    private void device(int line) {
        int id = in.integer("device number", 0, CrushMap.DEVICE_ID_MAX);
        String name = in.word("a device name");
        String deviceClass = in.skip("class") ? in.word("a device class") : null;
        CrushDevice device = new CrushDevice(id, name, deviceClass);
        added("device " + name, line, () -> builder.device(device));
        deviceIds.put(name, id);
    }

    private void type(int line) {
        int id = in.integer("type number", 0, Integer.MAX_VALUE);
        String name = in.word("a type name");
        added("type " + name, line, () -> builder.type(new ItemType(id, name)));
        typeIds.put(name, id);
    }

    private void domain(String typeName, int line) {
        Integer typeId = typeIds.get(typeName);
        if (typeId == null) {
            throw new CrushMapException(line, "'" + typeName + "' is neither a type nor a keyword");
        }
        String name = in.word("a name");
        in.expect("{");
        int id = 0;
        SelectionKind kind = null;
        Map<String, Integer> shadowIds = new LinkedHashMap<>();
        List<DomainDrafts.ItemDraft> items = new ArrayList<>();
        while (!in.skip("}")) {
            int partLine = in.line();
            switch (in.word("id, alg, hash, item or '}'")) {
                case "id" -> {
                    int given = in.integer("id", CrushMap.DOMAIN_ID_MIN, -1);
                    if (!in.skip("class")) {
                        reject(id != 0, partLine, "a second id");
                        id = given;
                        continue;
                    }
                    Integer earlier = shadowIds.put(in.word("a device class"), given);
                    reject(earlier != null, partLine, "a second id for the class");
                }
                case "alg" -> kind = kind();
                case "hash" -> hash();
                case "item" -> items.add(item(partLine));
                default -> throw new CrushMapException(partLine, "expected id, alg, hash or item");
            }
        }
        if (kind == null) {
            throw new CrushMapException(line, name + " has no alg");
        }
        domains.add(new DomainDrafts.DomainDraft(id, name, typeId, kind, items, shadowIds, line));
    }

    private SelectionKind kind() {
        int line = in.line();
        String text = in.word("a selection kind");
        for (SelectionKind kind : SelectionKind.values()) {
            if (kind.text().equals(text)) {
                return kind;
            }
        }
        throw new CrushMapException(line, "alg is not uniform, list, tree, straw or straw2");
    }

    private void hash() {
        if (!in.skip("rjenkins1")) {
            in.integer("hash", 0, 0);
        }
    }

    private DomainDrafts.ItemDraft item(int line) {
        String name = in.word("an item name");
        Weight weight = in.skip("weight") ? in.weight("weight") : null;
        int position =
                in.skip("pos")
                        ? in.integer("pos", 0, Integer.MAX_VALUE)
                        : DomainDrafts.ItemDraft.NO_POSITION;
        return new DomainDrafts.ItemDraft(name, weight, position, line);
    }

    private void rule(int line) {
        String name = in.nextIs("{") ? "" : in.word("a rule name");
        in.expect("{");
        int id = -1;
        int type = CrushRule.REPLICATED;
        OptionalInt minSize = OptionalInt.empty();
        OptionalInt maxSize = OptionalInt.empty();
        List<StepDraft> steps = new ArrayList<>();
        while (!in.skip("}")) {
            int partLine = in.line();
            switch (in.word("id, type, min_size, max_size, step or '}'")) {
                case "id", "ruleset" -> id = in.integer("rule number", 0, Integer.MAX_VALUE);
                case "type" -> type = ruleType();
                case "min_size" -> minSize = OptionalInt.of(in.integer("min_size", 0, 1 << 20));
                case "max_size" -> maxSize = OptionalInt.of(in.integer("max_size", 0, 1 << 20));
                case "step" -> steps.add(step(partLine));
                default ->
                        throw new CrushMapException(
                                partLine, "expected id, type, min_size, max_size or step");
            }
        }
        reject(id < 0, line, "rule " + name + " has no id");
        rules.add(new RuleDraft(id, name, type, minSize, maxSize, steps, line));
    }

    private int ruleType() {
        if (in.skip("replicated")) {
            return CrushRule.REPLICATED;
        }
        if (in.skip("erasure")) {
            return CrushRule.ERASURE;
        }
        int line = in.line();
        reject(in.skip("msr_firstn") || in.skip("msr_indep"), line, "rule type" + MSR_REMARK);
        return in.integer("rule type", 0, 255);
    }

    private static String msrRemark(String word) {
        return word.contains("msr") ? MSR_REMARK : "";
    }

    private StepDraft step(int line) {
        String word = in.word("a step");
        switch (word) {
            case "take" -> {
                String name = in.word("an item name");
                String deviceClass = in.skip("class") ? in.word("a device class") : null;
                return new StepDraft(new RuleStep.Take(0, deviceClass), name, line);
            }
            case "emit" -> {
                return new StepDraft(new RuleStep.Emit(), "", line);
            }
            case "choose", "chooseleaf" -> {
                return choose(word.equals("chooseleaf"), line);
            }
            default -> {
                for (RuleStep.Setting setting : RuleStep.Setting.values()) {
                    if (setting.text().equals(word)) {
                        int value = in.integer(word, 0, RuleCheck.max(setting));
                        return new StepDraft(new RuleStep.Set(setting, value), "", line);
                    }
                }
                throw new CrushMapException(line, "no such step: " + word + msrRemark(word));
            }
        }
    }

    private StepDraft choose(boolean toLeaf, int line) {
        RuleStep.Mode mode = in.skip("firstn") ? RuleStep.Mode.FIRSTN : RuleStep.Mode.INDEP;
        if (mode == RuleStep.Mode.INDEP) {
            in.expect("indep");
        }
        int count = in.integer("count", -CrushMap.REPLICAS_MAX, CrushMap.REPLICAS_MAX);
        in.expect("type");
        String type = in.word("a type name");
        return new StepDraft(new RuleStep.Choose(mode, toLeaf, count, 0), type, line);
    }

    private CrushRule resolved(RuleDraft draft, Map<String, Integer> itemIds) {
        List<RuleStep> steps = new ArrayList<>();
        for (StepDraft step : draft.steps()) {
            steps.add(
                    switch (step.step()) {
                        case RuleStep.Take take ->
                                new RuleStep.Take(idOf(step, "item", itemIds), take.deviceClass());
                        case RuleStep.Choose choose ->
                                new RuleStep.Choose(
                                        choose.mode(),
                                        choose.toLeaf(),
                                        choose.count(),
                                        idOf(step, "type", typeIds));
                        case RuleStep.Set set -> set;
                        case RuleStep.Emit emit -> emit;
                    });
        }
        return new CrushRule(
                draft.id(), draft.name(), draft.type(), draft.minSize(), draft.maxSize(), steps);
    }

    private static int idOf(StepDraft step, String what, Map<String, Integer> ids) {
        Integer id = ids.get(step.name());
        if (id == null) {
            throw new CrushMapException(
                    step.line(), "%s '%s' is not defined".formatted(what, step.name()));
        }
        return id;
    }

    private void weightSet(int line) {
        long id =
                in.skip(UNSIGNED_DEFAULT)
                        ? WeightSet.DEFAULT
                        : in.longInteger("choose_args", WeightSet.DEFAULT, POOL_ID_MAX);
        in.expect("{");
        TreeMap<Integer, WeightSet.Substitute> substitutes = new TreeMap<>();
        while (!in.skip("}")) {
            in.expect("{");
            in.expect("bucket_id");
            int partLine = in.line();
            int domainId = in.integer("bucket_id", CrushMap.DOMAIN_ID_MIN, -1);
            List<List<Weight>> weights = new ArrayList<>();
            List<Integer> ids = new ArrayList<>();
            while (!in.skip("}")) {
                if (in.skip("weight_set")) {
                    in.expect("[");
                    while (!in.skip("]")) {
                        weights.add(weightRow());
                    }
                    continue;
                }
                in.expect("ids");
                in.expect("[");
                while (!in.skip("]")) {
                    ids.add(in.integer("an id", Integer.MIN_VALUE, Integer.MAX_VALUE));
                }
            }
            WeightSet.Substitute substitute = new WeightSet.Substitute(weights, ids);
            lineBySubject.put("choose_args %d bucket_id %d".formatted(id, domainId), partLine);
            reject(
                    substitutes.putIfAbsent(domainId, substitute) != null,
                    partLine,
                    "a second entry for bucket_id " + domainId);
        }
        added("choose_args " + id, line, () -> builder.weightSet(new WeightSet(id, substitutes)));
    }

    private List<Weight> weightRow() {
        in.expect("[");
        List<Weight> row = new ArrayList<>();
        while (!in.skip("]")) {
            row.add(in.weight("a weight"));
        }
        return row;
    }

    private void added(String subject, int line, Runnable addition) {
        lineBySubject.put(subject, line);
        try {
            addition.run();
        } catch (CrushMapException e) {
            throw e.at(line);
        }
    }

    private static void reject(boolean wrong, int line, String problem) {
        if (wrong) {
            throw new CrushMapException(line, problem);
        }
    }
}
