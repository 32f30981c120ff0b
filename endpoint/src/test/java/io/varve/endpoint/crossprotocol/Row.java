package io.varve.endpoint.crossprotocol;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** One object form or setting: written through one protocol, read and changed through the other. */
final class Row {
    private final String name;
    private final List<Step> prepared = new ArrayList<>();
    private final List<List<Step>> cells = new ArrayList<>();

    Row(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** What has to be there before; the page does not show it. */
    Row given(Step... steps) {
        prepared.addAll(List.of(steps));
        return this;
    }

    /** The next cell. */
    Row then(Step... steps) {
        cells.add(List.of(steps));
        return this;
    }

    /** Carries it out in order and gives the line of the page. */
    String run(TwoProtocols both, String bucket) {
        prepared.forEach(step -> step.run(both, bucket, name));
        StringJoiner line = new StringJoiner(" | ", "| ", " |");
        line.add(name);
        for (List<Step> cell : cells) {
            StringJoiner words = new StringJoiner("; ");
            for (Step step : cell) {
                String said = step.run(both, bucket, name);
                if (!said.isEmpty()) {
                    words.add(said);
                }
            }
            line.add(words.toString());
        }
        for (int missing = cells.size(); missing < Matrix.CELLS; missing++) {
            line.add("");
        }
        return line.toString();
    }
}
