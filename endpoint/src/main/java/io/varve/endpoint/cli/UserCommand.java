package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.identity.Ids;
import io.varve.endpoint.json.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/** {@code varve user}: the users of the site's identity service. */
@Command(
        name = "user",
        mixinStandardHelpOptions = true,
        description = "Adds, shows and removes users, and gives them roles on projects.",
        footer = {
            "",
            "Asks the running server, as the administrator of the data directory (--data,",
            "--config) or as OS_AUTH_URL, OS_USERNAME, OS_PASSWORD and the like say.",
        },
        subcommands = {
            UserCommand.Add.class,
            UserCommand.Ls.class,
            UserCommand.Show.class,
            UserCommand.Rm.class,
            UserCommand.Passwd.class,
            UserCommand.Enable.class,
            UserCommand.Disable.class,
            UserRoleCommand.class
        })
final class UserCommand implements Callable<Integer> {
    private static final String[] MEMBERS = {
        "id", "name", "domain_id", "enabled", "email", "description", "default_project_id"
    };

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "add, ls, show, rm, passwd, enable, disable or role?");
    }

    /** Where a password comes from: not from the command line, which everybody can see. */
    static final class PasswordOption {
        @Option(
                names = "--password-stdin",
                description = "Read the password from standard input; else one is made and shown.")
        private boolean fromInput;

        /** Null when one is to be made. */
        private @Nullable String read() {
            if (!fromInput) {
                return null;
            }
            try {
                String line =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                                .readLine();
                if (line == null || line.isEmpty()) {
                    throw CommandFailure.usage("--password-stdin: there is no password");
                }
                return line;
            } catch (IOException e) {
                throw CommandFailure.failed("the password cannot be read: " + e);
            }
        }
    }

    /** Makes a user. */
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Makes a user, and with --project gives them a role on it.")
    static final class Add implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private IdentityOptions options;
        @Mixin private PasswordOption password;

        @Parameters(paramLabel = "NAME")
        private String name;

        @Option(names = "--email", defaultValue = "", paramLabel = "ADDRESS")
        private String email;

        @Option(names = "--description", defaultValue = "", paramLabel = "TEXT")
        private String description;

        @Option(
                names = "--project",
                paramLabel = "NAME",
                description = "The user's default project.")
        private @Nullable String project;

        @Option(
                names = "--role",
                defaultValue = "member",
                paramLabel = "NAME",
                description = "The role on the project, by default member.")
        private String role;

        @Override
        public Integer call() {
            String given = password.read();
            return options.run(directory -> add(directory, given));
        }

        private int add(IdentityDirectory directory, @Nullable String given) {
            String secret = given == null ? Ids.secret() : given;
            ObjectNode user =
                    Json.object()
                            .put("name", name)
                            .put("domain_id", directory.domainId())
                            .put("password", secret)
                            .put("email", email)
                            .put("description", description);
            String onProject = project;
            // Found before anything is made, so that a wrong name leaves nothing behind.
            JsonNode found = onProject == null ? null : directory.project(onProject);
            JsonNode withRole = found == null ? null : directory.role(role);
            if (found != null) {
                user.put("default_project_id", found.path("id").asText());
            }
            JsonNode made = directory.create("users", "user", user);
            if (found != null && withRole != null) {
                UserRoleCommand.change(directory, "PUT", made, withRole, found);
            }
            if (given == null && options.json()) {
                ((ObjectNode) made).put("password", secret);
            }
            options.print(spec, made, MEMBERS);
            if (given == null && !options.json()) {
                options.print(spec, "password            " + secret + "   (not shown again)");
            }
            return 0;
        }
    }

    /** Lists users. */
    @Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists all users.")
    static final class Ls implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private IdentityOptions options;

        @Override
        public Integer call() {
            return options.run(
                    directory -> {
                        JsonNode users = directory.api().get("/users").path("users");
                        options.print(spec, users, "id", "name", "domain_id", "enabled");
                        return 0;
                    });
        }
    }

    /** Shows one. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows a user.")
    static final class Show implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private IdentityOptions options;

        @Parameters(paramLabel = "USER", description = "Name or id.")
        private String user;

        @Override
        public Integer call() {
            return options.run(
                    directory -> {
                        options.print(spec, directory.user(user), MEMBERS);
                        return 0;
                    });
        }
    }

    /** Removes one. */
    @Command(
            name = "rm",
            mixinStandardHelpOptions = true,
            description = "Removes a user with all their roles and credentials.")
    static final class Rm implements Callable<Integer> {
        @Mixin private IdentityOptions options;

        @Parameters(paramLabel = "USER", description = "Name or id.")
        private String user;

        @Override
        public Integer call() {
            return options.run(
                    directory -> {
                        directory.remove("users", directory.user(user));
                        return 0;
                    });
        }
    }

    /** Sets a password. */
    @Command(
            name = "passwd",
            mixinStandardHelpOptions = true,
            description = "Sets a user's password, which ends their tokens.")
    static final class Passwd implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private IdentityOptions options;
        @Mixin private PasswordOption password;

        @Parameters(paramLabel = "USER", description = "Name or id.")
        private String user;

        @Override
        public Integer call() {
            String given = password.read();
            String secret = given == null ? Ids.secret() : given;
            return options.run(
                    directory -> {
                        JsonNode before = directory.user(user);
                        ObjectNode change = Json.object().put("password", secret);
                        JsonNode _ = directory.update("users", "user", before, change);
                        if (given == null) {
                            ObjectNode made = Json.object().put("password", secret);
                            options.print(spec, made, "password");
                        }
                        return 0;
                    });
        }
    }

    /** Lets one in again. */
    @Command(
            name = "enable",
            mixinStandardHelpOptions = true,
            description = "Lets a disabled user in again.")
    static final class Enable implements Callable<Integer> {
        @Mixin private IdentityOptions options;

        @Parameters(paramLabel = "USER", description = "Name or id.")
        private String user;

        @Override
        public Integer call() {
            return enable(options, user, true);
        }
    }

    /** Keeps one out. */
    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            description = "Keeps a user out: tokens and access keys count no more.")
    static final class Disable implements Callable<Integer> {
        @Mixin private IdentityOptions options;

        @Parameters(paramLabel = "USER", description = "Name or id.")
        private String user;

        @Override
        public Integer call() {
            return enable(options, user, false);
        }
    }

    private static int enable(IdentityOptions options, String user, boolean enabled) {
        return options.run(
                directory -> {
                    ObjectNode change = Json.object().put("enabled", enabled);
                    JsonNode _ = directory.update("users", "user", directory.user(user), change);
                    return 0;
                });
    }
}
