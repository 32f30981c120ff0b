package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code varve device}: the devices of a running site. */
@Command(
        name = "device",
        mixinStandardHelpOptions = true,
        description = "Adds, shows and removes devices, and says how they are.",
        footer = {
            "",
            "Asks the running server, as the administrator of the data directory (--data,",
            "--config) or as OS_AUTH_URL, OS_USERNAME, OS_PASSWORD and the like say.",
            "docs/operations/devices.md shows how a disk is replaced and a host added.",
        },
        subcommands = {
            DeviceCommand.Add.class,
            DeviceCommand.Ls.class,
            DeviceCommand.Out.class,
            DeviceCommand.In.class,
            DeviceCommand.Drain.class,
            DeviceCommand.Rm.class,
            DeviceCommand.Replace.class,
            DeviceCommand.Reweight.class,
            DeviceStatusCommand.class,
            DeviceAuditCommand.class
        })
final class DeviceCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "add, ls, out, in, drain, rm, replace, reweight or status?");
    }

    private static String path(int id) {
        return "/devices/" + id;
    }

    /** Prints one device as it is after a change. */
    private static int change(
            AdminOptions options, CommandSpec spec, String path, ObjectNode wanted) {
        return options.run(
                server -> {
                    JsonNode answer = server.ask("POST", path, wanted);
                    var one = Json.array().add(answer.path("device"));
                    options.print(spec, answer, DeviceText.table(one));
                    return 0;
                });
    }

    /** Makes one more. */
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = {
                "Adds a device: opens its directory, which has to be empty, and gives it its",
                "place in the placement map, from when on data moves to it."
            })
    static final class Add implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Parameters(
                paramLabel = "DIRECTORY",
                description = "Where it lives, on the server; relative to the data directory.")
        private String directory;

        @Option(
                names = "--host",
                required = true,
                paramLabel = "NAME",
                description = "The host it is in: copies of a blob are on different ones.")
        private String host;

        @Option(names = "--rack", paramLabel = "NAME", description = "Where a new host stands.")
        private @Nullable String rack;

        @Option(names = "--site", paramLabel = "NAME", description = "Where a new rack stands.")
        private @Nullable String site;

        @Option(
                names = "--class",
                paramLabel = "CLASS",
                defaultValue = "hdd",
                description = "hdd, ssd or nvme; by default hdd.")
        private String deviceClass;

        @Option(
                names = "--weight",
                paramLabel = "W",
                defaultValue = "1",
                description = "Its share of the data, relative to the others; by default 1.")
        private double weight;

        @Option(
                names = "--capacity",
                paramLabel = "BYTES",
                defaultValue = "0",
                description = "How much it may take; by default all of its file system.")
        private long capacityBytes;

        @Option(
                names = "--id",
                paramLabel = "ID",
                description = "Its number; by default the smallest that is free.")
        private @Nullable Integer id;

        @Override
        public Integer call() {
            ObjectNode wanted = Json.object().put("host", host).put("class", deviceClass);
            wanted.put("directory", directory).put("weight", weight);
            wanted.put("capacity_bytes", capacityBytes);
            if (rack != null) {
                wanted.put("rack", rack);
            }
            if (site != null) {
                wanted.put("site", site);
            }
            if (id != null) {
                wanted.put("id", id);
            }
            return change(options, spec, "/devices", wanted);
        }
    }

    /** Shows all. */
    @Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists the devices.")
    static final class Ls implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Override
        public Integer call() {
            return options.run(
                    server -> {
                        JsonNode answer = server.ask("GET", "/devices", null);
                        options.print(spec, answer, DeviceText.table(answer.path("devices")));
                        return 0;
                    });
        }
    }

    /** What the commands about one device have in common. */
    static final class OneDevice {
        @Mixin private AdminOptions options;

        @Parameters(paramLabel = "ID", description = "Its number.")
        private int id;
    }

    /** Why something is done, for the journal. */
    static final class WithReason {
        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                defaultValue = "",
                description = "Why, for others to read.")
        private String reason;

        ObjectNode document() {
            return Json.object().put("reason", reason);
        }
    }

    /** Takes one out. */
    @Command(
            name = "out",
            mixinStandardHelpOptions = true,
            description = {
                "Takes a device out: placement no longer counts on it, and what it holds is",
                "copied to others. For a device that is to come back; see drain."
            })
    static final class Out implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private OneDevice device;
        @Mixin private WithReason why;

        @Override
        public Integer call() {
            return change(device.options, spec, path(device.id) + "/out", why.document());
        }
    }

    /** Takes one in again. */
    @Command(
            name = "in",
            mixinStandardHelpOptions = true,
            description = {
                "Takes a device in again, with its weight; opens it again when it is down and",
                "what kept it down is over."
            })
    static final class In implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private OneDevice device;
        @Mixin private WithReason why;

        @Override
        public Integer call() {
            return change(device.options, spec, path(device.id) + "/in", why.document());
        }
    }

    /** Empties one. */
    @Command(
            name = "drain",
            mixinStandardHelpOptions = true,
            description = {
                "Empties a device that is to be removed: its copies move to others, and it",
                "serves reads meanwhile. It is drained when ls says so; then rm removes it."
            })
    static final class Drain implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private OneDevice device;
        @Mixin private WithReason why;

        @Override
        public Integer call() {
            return change(device.options, spec, path(device.id) + "/drain", why.document());
        }
    }

    /** Forgets one. */
    @Command(
            name = "rm",
            mixinStandardHelpOptions = true,
            description = "Removes a device that was drained or is out, and holds nothing.")
    static final class Rm implements Callable<Integer> {
        @Mixin private OneDevice device;

        @Option(
                names = "--force",
                description = "Also when it holds copies, which are lost with it.")
        private boolean force;

        @Override
        public Integer call() {
            return device.options.run(
                    server -> {
                        String path = path(device.id) + (force ? "?force" : "");
                        JsonNode _ = server.ask("DELETE", path, null);
                        return 0;
                    });
        }
    }

    /** Puts an empty drive in the place of one. */
    @Command(
            name = "replace",
            mixinStandardHelpOptions = true,
            description = {
                "Puts an empty drive in the place of a device that is down: same number, same",
                "place in the map. Its copies are made again from the others."
            })
    static final class Replace implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private OneDevice device;

        @Option(
                names = "--directory",
                paramLabel = "DIRECTORY",
                description = "Where the new one lives; by default where the old one did.")
        private @Nullable String directory;

        @Option(names = "--force", description = "Also when the device is up.")
        private boolean force;

        @Override
        public Integer call() {
            ObjectNode wanted = Json.object().put("force", force);
            if (directory != null) {
                wanted.put("directory", directory);
            }
            return change(device.options, spec, path(device.id) + "/replace", wanted);
        }
    }

    /** Changes one's share. */
    @Command(
            name = "reweight",
            mixinStandardHelpOptions = true,
            description = "Changes what share of the data a device gets.")
    static final class Reweight implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private OneDevice device;

        @ArgGroup(multiplicity = "1")
        private Share share;

        /** Either of two. */
        static final class Share {
            @Option(
                    names = "--weight",
                    required = true,
                    paramLabel = "W",
                    description = "Its weight in the placement map, relative to the others.")
            private @Nullable Double weight;

            @Option(
                    names = "--reweight",
                    required = true,
                    paramLabel = "SHARE",
                    description = {
                        "What it keeps of what falls to it by its weight, from 0 to 1; for a",
                        "while, as when it is too full."
                    })
            private @Nullable Double reweight;
        }

        @Override
        public Integer call() {
            ObjectNode wanted = Json.object();
            if (share.weight != null) {
                wanted.put("weight", share.weight);
            }
            if (share.reweight != null) {
                wanted.put("reweight", share.reweight);
            }
            return change(device.options, spec, path(device.id) + "/reweight", wanted);
        }
    }
}
