package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.varve.endpoint.json.Json;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code varve user role}: what users may do on projects. */
@Command(
        name = "role",
        mixinStandardHelpOptions = true,
        description = "Gives users roles on projects, and takes them away.",
        subcommands = {
            UserRoleCommand.Add.class,
            UserRoleCommand.Rm.class,
            UserRoleCommand.Ls.class
        })
final class UserRoleCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "add, rm or ls?");
    }

    /** Who, what and where. */
    static final class Grant {
        @Parameters(index = "0", paramLabel = "USER", description = "Name or id.")
        private String user;

        @Parameters(index = "1", paramLabel = "ROLE", description = "Name or id.")
        private String role;

        @Parameters(index = "2", paramLabel = "PROJECT", description = "Name or id.")
        private String project;

        int change(IdentityDirectory directory, String method) {
            UserRoleCommand.change(
                    directory,
                    method,
                    directory.user(user),
                    directory.role(role),
                    directory.project(project));
            return 0;
        }
    }

    static void change(
            IdentityDirectory directory,
            String method,
            JsonNode user,
            JsonNode role,
            JsonNode project) {
        String path =
                "/projects/%s/users/%s/roles/%s"
                        .formatted(
                                IdentityDirectory.id(project),
                                IdentityDirectory.id(user),
                                IdentityDirectory.id(role));
        JsonNode _ = directory.api().send(method, path, null);
    }

    /** Gives one. */
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Gives a user a role on a project.")
    static final class Add implements Callable<Integer> {
        @Mixin private IdentityOptions options;
        @Mixin private Grant grant;

        @Override
        public Integer call() {
            return options.run(directory -> grant.change(directory, "PUT"));
        }
    }

    /** Takes one away. */
    @Command(
            name = "rm",
            mixinStandardHelpOptions = true,
            description = "Takes a user's role on a project away, which counts at once.")
    static final class Rm implements Callable<Integer> {
        @Mixin private IdentityOptions options;
        @Mixin private Grant grant;

        @Override
        public Integer call() {
            return options.run(directory -> grant.change(directory, "DELETE"));
        }
    }

    /** Lists them. */
    @Command(
            name = "ls",
            mixinStandardHelpOptions = true,
            description = "Lists a user's roles on projects.")
    static final class Ls implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private IdentityOptions options;

        @Parameters(paramLabel = "USER", description = "Name or id.")
        private String user;

        @Override
        public Integer call() {
            return options.run(
                    directory -> {
                        String path =
                                "/role_assignments?include_names=true&user.id="
                                        + IdentityDirectory.id(directory.user(user));
                        JsonNode grants = directory.api().get(path).path("role_assignments");
                        options.print(
                                spec, options.json() ? grants : rows(grants), "role", "project");
                        return 0;
                    });
        }

        private static ArrayNode rows(JsonNode grants) {
            ArrayNode rows = Json.array();
            for (JsonNode grant : grants) {
                JsonNode project = grant.at("/scope/project/name");
                rows.addObject()
                        .put("role", grant.at("/role/name").asText())
                        .put("project", project.isMissingNode() ? "(all)" : project.asText());
            }
            return rows;
        }
    }
}
