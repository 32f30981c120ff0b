package io.varve.endpoint.cli;

import io.varve.placement.CrushMap;
import io.varve.placement.CrushMapException;
import io.varve.placement.CrushRule;
import io.varve.placement.CrushText;
import io.varve.placement.Inputs;
import io.varve.placement.MapChange;
import io.varve.placement.MappingReport;
import io.varve.placement.PlacementReport;
import io.varve.placement.Reweights;
import io.varve.placement.Weight;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** {@code varve placement}: the map of a running site, and what maps in files do. */
@Command(
        name = "placement",
        mixinStandardHelpOptions = true,
        description = "Shows and changes the placement map of a site, and tries out maps.",
        footer = {
            "",
            "test and analyze work on a map in a file. The others ask the running server, as the",
            "administrator of the data directory (--data, --config) or as OS_AUTH_URL,",
            "OS_USERNAME, OS_PASSWORD and the like say.",
        },
        subcommands = {
            PlacementLiveCommand.Show.class,
            PlacementLiveCommand.Export.class,
            PlacementLiveCommand.Import.class,
            PlacementLiveCommand.SetRule.class,
            PlacementCommand.TestMap.class,
            PlacementCommand.AnalyzeMap.class
        })
final class PlacementCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "show, export, import, set-rule, test or analyze?");
    }

    /** Prints mappings as they are compared with crushtool's. */
    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = {
                "Prints which devices each input maps to, a line per input:",
                "rule num_rep x -> device,device,...   (2147483647 = none)"
            })
    static final class TestMap implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private Question question;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        public Integer call() {
            CrushMap map = question.readMap();
            MappingReport report =
                    new MappingReport(
                            map,
                            question.readReweights(),
                            question.ruleId(map, spec),
                            question.replicas(spec),
                            question.inputs(spec, Question.INPUTS_FEW));
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                report.writeJson(out);
            } else {
                report.writeText(out);
            }
            out.flush();
            return 0;
        }
    }

    /** Judges a map. */
    @Command(
            name = "analyze",
            mixinStandardHelpOptions = true,
            description = {
                "Shows how full a rule makes each device against its weight, and what share of",
                "the replicas changes of the map would move against the least possible.",
                "Without changes on the command line the usual ones are tried: remove the device",
                "that gets most, remove the domain it stands in, add another of each."
            })
    static final class AnalyzeMap implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private Question question;

        @ArgGroup(exclusive = false, heading = "Changes to try, each by itself:%n")
        private @Nullable Changes changes;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        public Integer call() {
            CrushMap map = question.readMap();
            Reweights reweights = question.readReweights();
            int ruleId = question.ruleId(map, spec);
            int replicas = question.replicas(spec);
            List<MapChange> asked =
                    changes == null
                            ? MapChange.typical(map, ruleId, replicas, reweights)
                            : changes.parse(spec);
            Inputs inputs = question.inputs(spec, Question.INPUTS_MANY);
            PlacementReport report;
            try {
                report = PlacementReport.of(map, ruleId, replicas, reweights, inputs, asked);
            } catch (CrushMapException e) {
                throw CommandFailure.failed(String.valueOf(e.getMessage()));
            }
            PrintWriter out = spec.commandLine().getOut();
            out.print(json ? report.toJson() : report.toText());
            out.flush();
            return 0;
        }
    }

    /** What both subcommands ask of a map. */
    static final class Question {
        static final int INPUTS_FEW = 1024;
        static final int INPUTS_MANY = 16_384;

        @Option(names = "--map", required = true, paramLabel = "FILE", description = "The map.")
        private Path mapFile;

        @Option(
                names = "--weights",
                paramLabel = "FILE",
                description = "Reweights, lines of 'device-id share'; 1.0 where none is listed.")
        private @Nullable Path weightsFile;

        @Option(
                names = "--rule",
                required = true,
                paramLabel = "N",
                description = "The rule's number or name.")
        private String rule;

        @Option(
                names = "--num-rep",
                required = true,
                paramLabel = "R",
                description = "How many devices per input.")
        private int replicas;

        @Option(
                names = "--min-x",
                defaultValue = "0",
                paramLabel = "A",
                description = "First input, default ${DEFAULT-VALUE}.")
        private int minX;

        @Option(
                names = "--max-x",
                paramLabel = "B",
                description = "Last input; if not given, 1,024 are tested or 16,384 analyzed.")
        private @Nullable Integer maxX;

        CrushMap readMap() {
            return read(mapFile, CrushText::parse);
        }

        Reweights readReweights() {
            return weightsFile == null ? Reweights.NONE : read(weightsFile, Reweights::parse);
        }

        int ruleId(CrushMap map, CommandSpec spec) {
            Optional<CrushRule> found = map.rule(rule);
            if (found.isEmpty() && rule.matches("\\d{1,9}")) {
                found = map.rule(Integer.parseInt(rule));
            }
            return found.map(CrushRule::id)
                    .orElseThrow(() -> wrong(spec, "the map has no rule " + rule));
        }

        int replicas(CommandSpec spec) {
            if (replicas < 1 || replicas > CrushMap.REPLICAS_MAX) {
                throw wrong(spec, "--num-rep must be 1 to " + CrushMap.REPLICAS_MAX);
            }
            return replicas;
        }

        Inputs inputs(CommandSpec spec, int defaultCount) {
            int last = maxX == null ? minX + defaultCount - 1 : maxX;
            if (last < minX) {
                throw wrong(spec, "--max-x is below --min-x");
            }
            return new Inputs(minX, last);
        }

        private static <T> T read(Path file, Function<String, T> parser) {
            try {
                return parser.apply(readText(file));
            } catch (CrushMapException e) {
                throw CommandFailure.failed(file + ": " + e.getMessage());
            }
        }
    }

    static String readText(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw CommandFailure.failed(file + ": no such file");
        } catch (CharacterCodingException e) {
            throw CommandFailure.failed(file + ": is not UTF-8 text");
        } catch (IOException e) {
            throw CommandFailure.failed(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** Changes named on the command line. */
    static final class Changes {
        @Option(
                names = "--remove",
                paramLabel = "NAME",
                description = "Remove a device, or a domain with all below it.")
        private List<String> removed = new ArrayList<>();

        @Option(
                names = "--add-device",
                paramLabel = "DOMAIN=WEIGHT[:CLASS]",
                description = "Add a device to a domain.")
        private List<String> addedDevices = new ArrayList<>();

        @Option(
                names = "--add-like",
                paramLabel = "DOMAIN",
                description = "Add a domain with devices of the same weights beside it.")
        private List<String> addedLike = new ArrayList<>();

        List<MapChange> parse(CommandSpec spec) {
            List<MapChange> changes = new ArrayList<>();
            removed.forEach(name -> changes.add(new MapChange.Remove(name)));
            addedDevices.forEach(text -> changes.add(addDevice(text, spec)));
            addedLike.forEach(name -> changes.add(new MapChange.AddLike(name)));
            return changes;
        }

        private static MapChange addDevice(String text, CommandSpec spec) {
            String[] parts = text.split("[=:]", 3);
            if (parts.length < 2) {
                throw wrong(spec, "--add-device must be DOMAIN=WEIGHT[:CLASS], not " + text);
            }
            String deviceClass = parts.length == 3 ? parts[2] : null;
            try {
                return new MapChange.AddDevice(parts[0], Weight.parse(parts[1]), deviceClass);
            } catch (IllegalArgumentException e) {
                throw wrong(spec, "--add-device: " + e.getMessage());
            }
        }
    }

    private static ParameterException wrong(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
