package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.serve.RootCredential;
import io.varve.endpoint.serve.ServeException;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the identity service is, and who asks it.
 *
 * @param url with the version at its end
 * @param project by name, or by id with an empty domain
 * @param caFile what its certificate is checked with; null for what the Java runtime trusts
 */
record IdentityLogin(
        String url,
        String user,
        String userDomain,
        String password,
        String project,
        String projectDomain,
        @Nullable Path caFile) {

    /** As clients of OpenStack are told. */
    static IdentityLogin ofEnvironment(Map<String, String> environment) {
        String projectId = environment.getOrDefault("OS_PROJECT_ID", "");
        String caFile = environment.getOrDefault("OS_CACERT", "");
        return new IdentityLogin(
                versioned(required(environment, "OS_AUTH_URL")),
                required(environment, "OS_USERNAME"),
                environment.getOrDefault("OS_USER_DOMAIN_NAME", "Default"),
                required(environment, "OS_PASSWORD"),
                projectId.isEmpty() ? required(environment, "OS_PROJECT_NAME") : projectId,
                projectId.isEmpty()
                        ? environment.getOrDefault("OS_PROJECT_DOMAIN_NAME", "Default")
                        : "",
                caFile.isEmpty() ? null : Path.of(caFile));
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw CommandFailure.usage("OS_AUTH_URL is set, but not " + name);
        }
        return value;
    }

    /** As the first administrator, whose password is the root secret. */
    static IdentityLogin ofSite(
            VarveConfig config, @Nullable String url, Map<String, String> environment) {
        if (config.identity().keystone() != null) {
            throw CommandFailure.failed(
                    "this site has no identity service of its own: its users are those of Keystone"
                            + " (identity.keystone.url), to be managed there");
        }
        String secret = secret(config, environment);
        String where = url == null ? listening(config) : url;
        Path generated = config.dataDirectory().resolve("tls").resolve("certificate.pem");
        Path certificate = config.listen().tlsCertificate();
        Path caFile = certificate == null ? generated : certificate;
        boolean needed = where.startsWith("https:") && Files.exists(caFile);
        return new IdentityLogin(
                versioned(where),
                "admin",
                "Default",
                secret,
                "admin",
                "Default",
                needed ? caFile : null);
    }

    private static String secret(VarveConfig config, Map<String, String> environment) {
        Path directory = config.dataDirectory();
        try {
            return RootCredential.presentSecret(environment, config.root(), directory)
                    .orElseThrow(
                            () ->
                                    CommandFailure.failed(
                                            "no root credential in "
                                                    + directory
                                                    + ": set VARVE_ROOT_SECRET_KEY as for the"
                                                    + " server, or OS_AUTH_URL and the like"));
        } catch (ServeException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
    }

    private static String listening(VarveConfig config) {
        return config.listen()
                .http()
                .map(address -> "http://" + text(address))
                .or(() -> config.listen().https().map(address -> "https://" + text(address)))
                .orElseThrow();
    }

    /** A listener on all addresses is reached on loopback. */
    private static String text(InetSocketAddress address) {
        String host = address.getHostString();
        boolean all = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        String name = all ? "localhost" : host;
        boolean bare = name.indexOf(':') >= 0 && !name.startsWith("[");
        return (bare ? "[" + name + "]" : name) + ":" + address.getPort();
    }

    private static String versioned(String url) {
        String bare = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        return bare.endsWith("/v3") ? bare : bare + "/v3";
    }

    byte[] document() {
        ObjectNode document = Json.object();
        ObjectNode auth = document.putObject("auth");
        ObjectNode identity = auth.putObject("identity");
        identity.putArray("methods").add("password");
        ObjectNode who = identity.putObject("password").putObject("user");
        who.put("name", user).put("password", password);
        who.putObject("domain").put("name", userDomain);
        ObjectNode scope = auth.putObject("scope").putObject("project");
        if (projectDomain.isEmpty()) {
            scope.put("id", project);
        } else {
            scope.put("name", project).putObject("domain").put("name", projectDomain);
        }
        return Json.write(document);
    }

    /** Without the password, so that it does not get into a log. */
    @Override
    public String toString() {
        return "IdentityLogin[url=" + url + ", user=" + user + "]";
    }
}
