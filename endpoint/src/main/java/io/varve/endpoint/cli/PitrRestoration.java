package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.cli.PitrOptions.Target;
import io.varve.endpoint.json.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code varve pitr restore} and {@code undelete} have in common. The server does a piece and
 * says where the next begins; nothing is kept between them, so whatever stops a restore, the same
 * command does the rest.
 */
final class PitrRestoration {
    private static final List<String> COUNTS =
            List.of("same", "restored", "removed", "refused", "bytes");

    @Mixin private PitrOptions options;

    @Option(names = "--at", required = true, paramLabel = "MOMENT", description = "When.")
    private String at;

    @Option(names = "--dry-run", description = "Only count what would be done.")
    private boolean dryRun;

    @Option(
            names = "--if-unchanged-since",
            paramLabel = "POSITION",
            description = "Only if nothing has changed since: what a dry run has printed.")
    private @Nullable String since;

    @Option(
            names = "--after",
            paramLabel = "KEY",
            description = "Go on behind this key, where an earlier run has stopped.")
    private @Nullable String after;

    @Option(
            names = "--into",
            paramLabel = "BUCKET",
            description =
                    "Bring it back into another bucket, made if need be. What that has stays.")
    private @Nullable String into;

    @Option(
            names = "--site",
            description = "All buckets that there were then, those that were removed too.")
    private boolean site;

    @Parameters(arity = "0..1", paramLabel = "BUCKET[/PREFIX]", description = "Of what.")
    private @Nullable String of;

    /** One bucket to be restored, and the parameters of its requests. */
    private record Job(Target target, Map<String, String> query) {}

    int run(CommandSpec spec, Map<String, String> mode) {
        if (site == (of != null)) {
            throw CommandFailure.usage("either BUCKET or --site");
        }
        if (site && (into != null || after != null)) {
            throw CommandFailure.usage("--into and --after are for one bucket");
        }
        return options.run(api -> run(api, spec, mode));
    }

    private int run(SignedApi api, CommandSpec spec, Map<String, String> mode) {
        List<Job> jobs = jobs(api, mode);
        for (Job job : jobs) {
            requireUnchanged(api, job.target());
        }
        ObjectNode sums = Json.object();
        for (Job job : jobs) {
            ObjectNode one = restore(api, job);
            if (site) {
                one.put("bucket", job.target().bucket());
                print(spec, job.target().bucket() + " ", one);
            }
            add(sums, one);
        }
        print(spec, "", sums);
        return sums.path("refused").asLong() == 0 ? 0 : CommandFailure.FAILED;
    }

    private List<Job> jobs(SignedApi api, Map<String, String> mode) {
        Map<String, String> query = new TreeMap<>(mode);
        query.put("to", at);
        if (dryRun) {
            query.put("dry-run", "");
        }
        if (since != null) {
            query.put("if-unchanged-since", since);
        }
        String bucket = of;
        if (bucket == null) {
            return allBuckets(api, query);
        }
        Target target = Target.of(bucket);
        String other = into;
        if (other != null) {
            query.put("from-bucket", target.bucket());
            query.put("mode", "undelete");
            target = new Target(other, target.prefix());
            makeBucket(api, other);
        }
        return List.of(new Job(target, query));
    }

    /** All of one moment, whatever is recorded while the buckets are gone through. */
    private List<Job> allBuckets(SignedApi api, Map<String, String> query) {
        List<Job> jobs = new ArrayList<>();
        String next = null;
        do {
            JsonNode page =
                    PitrOptions.page(
                            api,
                            "GET",
                            new Target("", ""),
                            "buckets",
                            Map.of("at", query.getOrDefault("to", at)),
                            next);
            query.put("to", page.at("/at/position").asText());
            for (JsonNode bucket : page.path("buckets")) {
                Target target = new Target(bucket.path("name").asText(), "");
                jobs.add(new Job(target, query));
            }
            next = next(page);
        } while (next != null);
        return jobs;
    }

    private void makeBucket(SignedApi api, String name) {
        try {
            PitrOptions.send(api, "GET", name, "snapshot", Map.of());
        } catch (CommandFailure missing) {
            if (dryRun) {
                throw CommandFailure.failed(
                        "the dry run needs the bucket %s to be there: %s"
                                .formatted(name, missing.getMessage()));
            }
            api.createBucket(name);
        }
    }

    private ObjectNode restore(SignedApi api, Job job) {
        Map<String, String> query = new TreeMap<>(job.query());
        ObjectNode sums = Json.object();
        String next = after;
        do {
            JsonNode page;
            try {
                page = PitrOptions.page(api, "POST", job.target(), "restore", query, next);
            } catch (CommandFailure failure) {
                throw CommandFailure.failed(failure.getMessage() + goOn(job, next));
            }
            // All pieces go back to the same moment.
            query.put("to", page.at("/to/position").asText());
            add(sums, page);
            next = next(page);
        } while (next != null);
        return sums;
    }

    private String goOn(Job job, @Nullable String next) {
        if (site) {
            return "; stopped in " + job.target().bucket() + ", the same command goes on";
        }
        return next == null ? "" : "; go on with --after '" + next + "'";
    }

    private static void add(ObjectNode sums, JsonNode page) {
        if (!sums.has("position")) {
            JsonNode position = page.at("/from/position");
            sums.put(
                    "position",
                    position.isMissingNode() ? page.path("position").asLong() : position.asLong());
            sums.set("to", page.path("to"));
        }
        COUNTS.forEach(name -> sums.put(name, sums.path(name).asLong() + page.path(name).asLong()));
    }

    private static @Nullable String next(JsonNode page) {
        return page.has("next") ? page.path("next").asText() : null;
    }

    /** Before anything is done, all of it is looked at once. */
    private void requireUnchanged(SignedApi api, Target target) {
        String from = since;
        if (from == null) {
            return;
        }
        String next = after;
        do {
            JsonNode page =
                    PitrOptions.page(api, "GET", target, "diff", Map.of("from", from), next);
            if (!page.path("differences").isEmpty()) {
                throw CommandFailure.failed(
                        "changed since position %s: %s/%s"
                                .formatted(
                                        from,
                                        target.bucket(),
                                        page.at("/differences/0/key").asText()));
            }
            next = next(page);
        } while (next != null);
    }

    private void print(CommandSpec spec, String what, ObjectNode sums) {
        PrintWriter out = spec.commandLine().getOut();
        if (options.json()) {
            out.println(sums);
        } else if (!sums.has("to")) {
            out.println("there was no bucket then");
        } else {
            out.printf(
                    "%s%s to %s: restored %d (%d bytes), removed %d, same %d, refused %d%n",
                    what,
                    dryRun ? "would be brought back" : "brought back",
                    sums.at("/to/time").asText(),
                    sums.path("restored").asLong(),
                    sums.path("bytes").asLong(),
                    sums.path("removed").asLong(),
                    sums.path("same").asLong(),
                    sums.path("refused").asLong());
            if (dryRun && what.isEmpty()) {
                out.printf(
                        "to do just this: the same with --if-unchanged-since %d%n",
                        sums.path("position").asLong());
            }
        }
        out.flush();
    }
}
