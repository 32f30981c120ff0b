package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.admin.AdminEndpoint;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Function;

/** How a command about the running server's storage finds and asks it, and how it answers. */
final class AdminOptions {
    @Mixin private SiteOptions site;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Where the server is, by default where its configuration has it listen.")
    private @Nullable String url;

    @Option(names = "--json", description = "Print JSON as the server gave it.")
    private boolean json;

    boolean json() {
        return json;
    }

    /** The running server's administration, for one command. */
    interface Server {
        /**
         * @param body null for none
         */
        JsonNode ask(String method, String path, @Nullable JsonNode body);
    }

    /** Logs in, and runs a command's work. */
    <T> T run(Function<Server, T> work) {
        Map<String, String> environment = System.getenv();
        boolean ofEnvironment =
                !site.isNamed() && !environment.getOrDefault("OS_AUTH_URL", "").isEmpty();
        IdentityLogin login =
                ofEnvironment
                        ? IdentityLogin.ofEnvironment(environment)
                        : IdentityLogin.ofSite(site.load(), url, environment);
        String base = (url == null ? withoutVersion(login.url()) : bare(url)) + AdminEndpoint.PATH;
        try (IdentityApi api = new IdentityApi(login)) {
            return work.apply((method, path, body) -> api.sendTo(base, method, path, body));
        }
    }

    private static String withoutVersion(String identityUrl) {
        return identityUrl.substring(0, identityUrl.length() - "/v3".length());
    }

    private static String bare(String given) {
        return given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
    }

    /**
     * @param text what people get
     */
    void print(CommandSpec spec, JsonNode document, String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? document + "\n" : text);
        out.flush();
    }
}
