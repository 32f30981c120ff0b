package io.varve.endpoint.cli;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.serve.RootCredential;
import io.varve.endpoint.serve.VarveServer;
import io.varve.endpoint.tls.TlsIdentity;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** What a user reads once the server serves: where it is, the keys, and what to paste. */
final class StartNotice {
    private final VarveServer server;
    private final StringBuilder text = new StringBuilder();

    private StartNotice(VarveServer server) {
        this.server = server;
    }

    static String of(VarveServer server) {
        return new StartNotice(server).build();
    }

    private String build() {
        line("varve %s, site %s", VarveVersion.current(), server.site().id());
        line("  data   %s", server.config().dataDirectory());
        server.address("http").ifPresent(at -> line("  http   http://%s", text(at)));
        server.address("https").ifPresent(this::https);
        server.address("admin").ifPresent(at -> line("  admin  http://%s", text(at)));
        keys(server.root());
        paste();
        return text.toString();
    }

    private void https(InetSocketAddress address) {
        line("  https  https://%s", text(address));
        TlsIdentity tls = server.tls();
        if (tls != null) {
            line("         certificate %s", tls.certificateFile());
        }
    }

    private void keys(RootCredential root) {
        line("");
        line("root keys");
        Path file = root.keptIn();
        line("  access %s", root.accessKey());
        if (file == null) {
            line("  secret as configured");
        } else if (root.generatedNow()) {
            line("  secret %s", root.secretKey());
            line("         made now and kept in %s; not shown again", file);
        } else {
            line("  secret in %s", file);
        }
    }

    private void paste() {
        Optional<InetSocketAddress> http = server.address("http");
        if (http.isEmpty()) {
            return;
        }
        RootCredential root = server.root();
        String at = text(http.get());
        String region = server.config().s3().region();
        line("");
        line("aws (and boto3, with endpoint_url=\"http://%s\")", at);
        line("  export AWS_ACCESS_KEY_ID=%s", quoted(root.accessKey()));
        line("  export AWS_SECRET_ACCESS_KEY=%s", secret(root));
        line("  export AWS_DEFAULT_REGION=%s", region);
        line("  aws --endpoint-url http://%s s3 mb s3://first", at);
        line("");
        line("s3cmd");
        line("  s3cmd --no-ssl --host=%s --host-bucket=%s \\", at, at);
        line("    --access_key=%s --secret_key=%s ls", quoted(root.accessKey()), secret(root));
        line("");
        line("swift and openstack");
        VarveConfig.KeystoneSettings keystone = server.config().identity().keystone();
        if (keystone == null) {
            line("  export OS_AUTH_URL=http://%s/v3 OS_IDENTITY_API_VERSION=3", at);
            line("  export OS_USERNAME=admin OS_PASSWORD=%s OS_PROJECT_NAME=admin", secret(root));
            line("  export OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default");
            line("  export OS_REGION_NAME=%s", region);
        } else {
            line("  users and tokens are those of Keystone at %s", keystone.url());
            line("  export OS_STORAGE_URL=http://%s/v1/AUTH_$OS_PROJECT_ID", at);
        }
        line("  swift stat");
        line("");
    }

    private static String secret(RootCredential root) {
        if (root.generatedNow()) {
            return quoted(root.secretKey());
        }
        Path file = root.keptIn();
        return file == null
                ? "..."
                : "$(sed -n 's/secretKey = //p' " + quoted(file.toString()) + ")";
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9._/+=@%-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** An address to connect to: a listener on all addresses is reached on loopback. */
    private static String text(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        String name = host.isAnyLocalAddress() ? "127.0.0.1" : host.getHostAddress();
        return (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + address.getPort();
    }

    private void line(String format, Object... arguments) {
        text.append(format.formatted(arguments)).append('\n');
    }
}
