package io.varve.endpoint.cli;

import static io.varve.endpoint.cli.IdentityApi.encoded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code varve credential}: the access keys that S3 requests are signed with. */
@Command(
        name = "credential",
        mixinStandardHelpOptions = true,
        description = "Makes, lists and removes access keys for S3.",
        footer = {
            "",
            "Asks the running server, as the administrator of the data directory (--data,",
            "--config) or as OS_AUTH_URL, OS_USERNAME, OS_PASSWORD and the like say.",
        },
        subcommands = {
            CredentialCommand.Create.class,
            CredentialCommand.Ls.class,
            CredentialCommand.Rm.class
        })
final class CredentialCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "create, ls or rm?");
    }

    private static String path(JsonNode user) {
        return "/users/" + IdentityDirectory.id(user) + "/credentials/OS-EC2";
    }

    /** Makes one. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Makes an access key of a user for a project, and shows its secret.")
    static final class Create implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private IdentityOptions options;

        @Parameters(index = "0", paramLabel = "USER", description = "Name or id.")
        private String user;

        @Parameters(index = "1", paramLabel = "PROJECT", description = "Name or id.")
        private String project;

        @Override
        public Integer call() {
            return options.run(
                    directory -> {
                        String tenant = directory.project(project).path("id").asText();
                        ObjectNode body = Json.object().put("tenant_id", tenant);
                        JsonNode made =
                                directory.api().send("POST", path(directory.user(user)), body);
                        JsonNode credential = made.path("credential");
                        options.print(spec, credential, "access", "secret", "user_id", "tenant_id");
                        return 0;
                    });
        }
    }

    /** Lists them. */
    @Command(
            name = "ls",
            mixinStandardHelpOptions = true,
            description = "Lists a user's access keys; the secrets only with --json.")
    static final class Ls implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private IdentityOptions options;

        @Parameters(paramLabel = "USER", description = "Name or id.")
        private String user;

        @Override
        public Integer call() {
            return options.run(
                    directory -> {
                        JsonNode keys = directory.api().get(path(directory.user(user)));
                        options.print(spec, keys.path("credentials"), "access", "tenant_id");
                        return 0;
                    });
        }
    }

    /** Removes one. */
    @Command(
            name = "rm",
            mixinStandardHelpOptions = true,
            description = "Removes an access key of a user, which counts at once.")
    static final class Rm implements Callable<Integer> {
        @Mixin private IdentityOptions options;

        @Parameters(index = "0", paramLabel = "USER", description = "Name or id.")
        private String user;

        @Parameters(index = "1", paramLabel = "ACCESS", description = "The access key.")
        private String access;

        @Override
        public Integer call() {
            return options.run(
                    directory -> {
                        String path = path(directory.user(user)) + "/" + encoded(access);
                        JsonNode _ = directory.api().send("DELETE", path, null);
                        return 0;
                    });
        }
    }
}
