package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.util.Map;
import java.util.function.ToIntFunction;

/** How a command about users, projects or credentials finds the server, and how it answers. */
final class IdentityOptions {
    @Mixin private SiteOptions site;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Where the server is, by default where its configuration has it listen.")
    private @Nullable String url;

    @Option(
            names = "--domain",
            paramLabel = "NAME",
            defaultValue = "Default",
            description = "The domain that names are looked up in, by default Default.")
    private String domain;

    @Option(names = "--json", description = "Print JSON as the server gave it.")
    private boolean json;

    boolean json() {
        return json;
    }

    /** Logs in, and runs a command's work. */
    int run(ToIntFunction<IdentityDirectory> work) {
        try (IdentityApi api = new IdentityApi(login(System.getenv()))) {
            return work.applyAsInt(new IdentityDirectory(api, domain));
        }
    }

    /** OS_AUTH_URL counts unless the command line names a site. */
    IdentityLogin login(Map<String, String> environment) {
        boolean ofEnvironment =
                url == null
                        && !site.isNamed()
                        && !environment.getOrDefault("OS_AUTH_URL", "").isEmpty();
        return ofEnvironment
                ? IdentityLogin.ofEnvironment(environment)
                : IdentityLogin.ofSite(site.load(), url, environment);
    }

    /**
     * @param members of each thing, by the names they have there
     */
    void print(CommandSpec spec, JsonNode things, String... members) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? things + "\n" : IdentityText.table(things, members));
        out.flush();
    }

    void print(CommandSpec spec, String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
