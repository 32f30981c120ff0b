package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code varve project}: the projects of the site's identity service, which own buckets. */
@Command(
        name = "project",
        mixinStandardHelpOptions = true,
        description = "Adds, shows and removes projects: the accounts that own buckets.",
        footer = {
            "",
            "Asks the running server, as the administrator of the data directory (--data,",
            "--config) or as OS_AUTH_URL, OS_USERNAME, OS_PASSWORD and the like say.",
        },
        subcommands = {
            ProjectCommand.Add.class,
            ProjectCommand.Ls.class,
            ProjectCommand.Show.class,
            ProjectCommand.Rm.class,
            ProjectCommand.Enable.class,
            ProjectCommand.Disable.class
        })
final class ProjectCommand implements Callable<Integer> {
    private static final String[] MEMBERS = {"id", "name", "domain_id", "enabled", "description"};

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "add, ls, show, rm, enable or disable?");
    }

    /** Makes a project. */
    @Command(name = "add", mixinStandardHelpOptions = true, description = "Makes a project.")
    static final class Add implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private IdentityOptions options;

        @Parameters(paramLabel = "NAME")
        private String name;

        @Option(names = "--description", defaultValue = "", paramLabel = "TEXT")
        private String description;

        @Override
        public Integer call() {
            return options.run(
                    directory -> {
                        ObjectNode project =
                                Json.object()
                                        .put("name", name)
                                        .put("domain_id", directory.domainId())
                                        .put("description", description);
                        JsonNode made = directory.create("projects", "project", project);
                        options.print(spec, made, MEMBERS);
                        return 0;
                    });
        }
    }

    /** Lists projects. */
    @Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists all projects.")
    static final class Ls implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private IdentityOptions options;

        @Override
        public Integer call() {
            return options.run(
                    directory -> {
                        JsonNode projects = directory.api().get("/projects").path("projects");
                        options.print(spec, projects, MEMBERS);
                        return 0;
                    });
        }
    }

    /** Shows one. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows a project.")
    static final class Show implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private IdentityOptions options;

        @Parameters(paramLabel = "PROJECT", description = "Name or id.")
        private String project;

        @Override
        public Integer call() {
            return options.run(
                    directory -> {
                        options.print(spec, directory.project(project), MEMBERS);
                        return 0;
                    });
        }
    }

    /** Removes one. */
    @Command(
            name = "rm",
            mixinStandardHelpOptions = true,
            description = "Removes a project with the roles on it; its buckets stay.")
    static final class Rm implements Callable<Integer> {
        @Mixin private IdentityOptions options;

        @Parameters(paramLabel = "PROJECT", description = "Name or id.")
        private String project;

        @Override
        public Integer call() {
            return options.run(
                    directory -> {
                        directory.remove("projects", directory.project(project));
                        return 0;
                    });
        }
    }

    /** Opens one again. */
    @Command(
            name = "enable",
            mixinStandardHelpOptions = true,
            description = "Lets users use a disabled project again.")
    static final class Enable implements Callable<Integer> {
        @Mixin private IdentityOptions options;

        @Parameters(paramLabel = "PROJECT", description = "Name or id.")
        private String project;

        @Override
        public Integer call() {
            return enable(options, project, true);
        }
    }

    /** Closes one. */
    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            description = "Keeps all users out of a project.")
    static final class Disable implements Callable<Integer> {
        @Mixin private IdentityOptions options;

        @Parameters(paramLabel = "PROJECT", description = "Name or id.")
        private String project;

        @Override
        public Integer call() {
            return enable(options, project, false);
        }
    }

    private static int enable(IdentityOptions options, String project, boolean enabled) {
        return options.run(
                directory -> {
                    ObjectNode change = Json.object().put("enabled", enabled);
                    JsonNode before = directory.project(project);
                    JsonNode _ = directory.update("projects", "project", before, change);
                    return 0;
                });
    }
}
