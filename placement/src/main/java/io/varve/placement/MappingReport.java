package io.varve.placement;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Mappings as lines of text, the way they are compared between implementations. */
public final class MappingReport {
    private MappingReport() {}

    /** Returns {@code rule replicas x -> a,b,c}, holes as {@value CrushMap#NONE}. */
    public static String line(int ruleId, int replicas, int x, int[] devices) {
        String list =
                Arrays.stream(devices).mapToObj(String::valueOf).collect(Collectors.joining(","));
        return ruleId + " " + replicas + " " + x + " -> " + list;
    }
}
