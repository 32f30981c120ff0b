package io.varve.placement;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The mappings of a range of inputs, the way they are compared between implementations.
 *
 * @param replicas how many devices are wanted for each input
 */
public record MappingReport(
        CrushMap map, Reweights reweights, int ruleId, int replicas, Inputs inputs) {
    /** Returns {@code rule replicas x -> a,b,c}, holes as {@value CrushMap#NONE}. */
    public static String line(int ruleId, int replicas, int x, int[] devices) {
        String list =
                Arrays.stream(devices).mapToObj(String::valueOf).collect(Collectors.joining(","));
        return ruleId + " " + replicas + " " + x + " -> " + list;
    }

    /** Writes one {@link #line} per input. */
    public void writeText(Appendable out) {
        inputs.stream()
                .forEach(
                        x -> {
                            try {
                                out.append(line(ruleId, replicas, x, devices(x))).append('\n');
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }

    /** Writes an object with an array of mappings, holes as null. */
    public void writeJson(Appendable out) {
        JsonWriter json = new JsonWriter(out);
        json.open('{').name("rule").value(ruleId).name("replicas").value(replicas);
        json.name("mappings").open('[');
        inputs.stream()
                .forEach(
                        x -> {
                            json.open('{').name("x").value(x).name("devices").open('[');
                            for (int device : devices(x)) {
                                if (device == CrushMap.NONE) {
                                    json.value((String) null);
                                } else {
                                    json.value(device);
                                }
                            }
                            json.close(']').close('}');
                        });
        json.close(']').close('}').newLine();
    }

    private int[] devices(int x) {
        return map.map(ruleId, x, replicas, reweights);
    }
}
