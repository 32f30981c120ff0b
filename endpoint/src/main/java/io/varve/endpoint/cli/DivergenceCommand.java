package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.dr.replica.MergeLedger;
import io.varve.dr.replica.OldHistory;
import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.SetAside;
import io.varve.endpoint.json.Json;
import io.varve.journal.StoredRecord;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.text.RecordJson;
import io.varve.journal.text.RecordText;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** What only this site has, since it was overtaken. */
@Command(
        name = "divergence",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the records that this site acknowledged and the one that took over never",
            "had, one on a line, with what has become of each. Reads files; the site may be",
            "running."
        },
        subcommands = DivergenceCommand.Merge.class)
final class DivergenceCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private SiteOptions site;

    @Option(names = "--json", description = "Print each record as JSON, with all it says.")
    private boolean json;

    @Override
    public Integer call() {
        Path directory = site.load().dataDirectory().resolve(SetAside.DIRECTORY);
        PrintWriter out = spec.commandLine().getOut();
        try {
            for (SetAside aside : SetAside.list(directory)) {
                SortedMap<Long, MergeLedger.Entry> entries = MergeLedger.read(aside);
                if (!json) {
                    out.printf(
                            "records %d to %d, in %s%n", aside.first(), aside.last(), aside.file());
                }
                aside.read(record -> out.println(line(record, entries)));
            }
        } catch (IOException | ReplicaException e) {
            throw CommandFailure.failed("what was set aside cannot be read: " + e);
        }
        out.flush();
        return 0;
    }

    private String line(StoredRecord stored, SortedMap<Long, MergeLedger.Entry> entries) {
        JournalRecord record = OldHistory.decoded(stored);
        MergeLedger.Entry entry = entries.get(record.position());
        if (json || entry == null) {
            return RecordJson.of(record);
        }
        return "  %-9s%s%s"
                .formatted(
                        entry.state(),
                        RecordText.of(record),
                        entry.reason().isEmpty() ? "" : "  (" + entry.reason() + ")");
    }

    /** Brings them into the journal of the pair. */
    @Command(
            name = "merge",
            mixinStandardHelpOptions = true,
            description = {
                "Brings what was set aside here into the site that leads, record by record, under"
                        + " a",
                "rule; run against the site that has set it aside. Can be broken off and begun",
                "again. Without a bucket or position: all that nobody has decided yet.",
                "",
                "  newest  of an object, what was written last counts",
                "  absent  objects come where there is none of that name",
                "  aside   objects come as KEY.diverged-POSITION",
                "  mine    what was set aside takes the place of what is there",
                "  theirs  what is there stays; what is left of the divergence is given up",
                "",
                "Exits with 1 while something is left that somebody has to decide."
            })
    static final class Merge implements Callable<Integer> {
        private static final long LOOK_NANOS = 200_000_000;

        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Option(
                names = "--rule",
                required = true,
                paramLabel = "RULE",
                description = "newest, absent, aside, mine or theirs.")
        private String rule;

        @Option(names = "--bucket", paramLabel = "BUCKET", description = "Only this bucket.")
        private @Nullable String bucket;

        @Option(names = "--key", paramLabel = "KEY", description = "Only this object of it.")
        private @Nullable String key;

        @Option(
                names = "--position",
                paramLabel = "POSITION",
                description = "Only the record that was set aside of this position.")
        private long position;

        @Override
        public Integer call() {
            ObjectNode question = Json.object().put("rule", rule).put("position", position);
            if (bucket != null) {
                question.put("bucket", bucket);
            }
            if (key != null) {
                question.put("key", key);
            }
            return options.run(
                    server -> {
                        JsonNode answer = server.ask("POST", "/dr/divergence", question);
                        while (answer.path("running").asBoolean()) {
                            LockSupport.parkNanos(LOOK_NANOS);
                            answer = server.ask("GET", "/dr/divergence", null);
                        }
                        options.print(spec, answer, DrText.merged(answer));
                        return decided(answer) ? 0 : 1;
                    });
        }

        private static boolean decided(JsonNode answer) {
            boolean decided = answer.path("failure").asText().isEmpty();
            for (JsonNode set : answer.path("set_aside")) {
                JsonNode records = set.path("records");
                decided &= records.path("open").asLong() + records.path("hand").asLong() == 0;
            }
            return decided;
        }
    }
}
