package io.varve.endpoint.serve;

import io.varve.endpoint.access.AccountNames;
import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.identity.ClusterSecret;
import io.varve.endpoint.identity.Founding;
import io.varve.endpoint.identity.IdentityLedger;
import io.varve.endpoint.identity.IdentityService;
import io.varve.endpoint.identity.Passwords;
import io.varve.endpoint.identity.RoleNames;
import io.varve.endpoint.identity.Tokens;
import io.varve.endpoint.keystone.IdentityElsewhere;
import io.varve.endpoint.keystone.IdentityEndpoint;
import io.varve.endpoint.keystone.TempAuthEndpoint;
import io.varve.endpoint.remote.KeystoneIdentity;
import io.varve.endpoint.remote.KeystoneSettings;
import io.varve.endpoint.remote.RoleMap;
import io.varve.endpoint.s3.Credential;
import io.varve.endpoint.s3.Credentials;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.projections.identity.Project;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who tells the protocols who asks: the site's own identity service, or an existing Keystone. */
record ChosenIdentity(
        Tokens tokens,
        Credentials credentials,
        AccountNames names,
        List<FrontDoor.FrontEnd> frontEnds) {
    static final String KEYSTONE_PASSWORD_VARIABLE = "VARVE_KEYSTONE_PASSWORD";

    private static final System.Logger LOG = System.getLogger(ChosenIdentity.class.getName());
    private static final String PROTOCOL = "identity";
    private static final List<String> KEYSTONE_PATHS = List.of("/v3", "/");
    private static final List<String> TEMP_AUTH_PATHS = List.of("/auth/v1.0", "/auth/v1");

    static ChosenIdentity builtIn(VarveConfig config, EmbeddedSite site, RootCredential root) {
        VarveConfig.IdentitySettings identity = config.identity();
        VarveConfig.ClusterSettings cluster = config.cluster();
        IdentityService.Settings settings =
                new IdentityService.Settings(
                        config.dataDirectory(),
                        root.secretKey(),
                        identity.tokenLife(),
                        identity.tokenKeyRotation(),
                        Passwords.ITERATIONS,
                        cluster == null || cluster.secret() == null
                                ? null
                                : ClusterSecret.read(cluster.secret()),
                        site.replica().writable());
        IdentityService service =
                IdentityService.open(
                        new IdentityLedger(site.changes(), site.identity()),
                        settings,
                        Clock.systemUTC());
        return new ChosenIdentity(
                service,
                new RootFirst(credential(root), new IdentityCredentials(service.ec2Keys())),
                account -> service.view().project(account).map(Project::name),
                List.of(
                        new FrontDoor.FrontEnd(
                                PROTOCOL,
                                new IdentityEndpoint(
                                        service, config.s3().region(), identity.publicUrl()),
                                KEYSTONE_PATHS),
                        new FrontDoor.FrontEnd(
                                PROTOCOL,
                                new TempAuthEndpoint(service, identity.publicUrl()),
                                TEMP_AUTH_PATHS)));
    }

    /**
     * @throws ServeException when there is no password for it
     */
    static ChosenIdentity existing(
            VarveConfig.KeystoneSettings keystone,
            Map<String, String> environment,
            RootCredential root,
            OpenParts parts) {
        String given = environment.getOrDefault(KEYSTONE_PASSWORD_VARIABLE, "");
        String configured = keystone.password();
        if (given.isEmpty() && configured == null) {
            throw new ServeException(
                    "identity.keystone.url is set: %s or identity.keystone.password is needed"
                            .formatted(KEYSTONE_PASSWORD_VARIABLE));
        }
        String password = given.isEmpty() && configured != null ? configured : given;
        if (!isPrivate(keystone.url())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Keystone is asked without encryption beyond this machine, at {0}",
                    keystone.url());
        }
        KeystoneIdentity identity = parts.add(KeystoneIdentity.open(settings(keystone, password)));
        IdentityElsewhere elsewhere = new IdentityElsewhere(keystone.publicUrl());
        return new ChosenIdentity(
                identity.tokens(),
                new RootFirst(credential(root), identity.credentials()),
                identity.names(),
                List.of(
                        new FrontDoor.FrontEnd(PROTOCOL, elsewhere, KEYSTONE_PATHS),
                        new FrontDoor.FrontEnd(PROTOCOL, elsewhere, TEMP_AUTH_PATHS)));
    }

    private static boolean isPrivate(String url) {
        URI uri = URI.create(url);
        try {
            return uri.getScheme().equals("https")
                    || InetAddress.getByName(uri.getHost()).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }

    private static KeystoneSettings settings(
            VarveConfig.KeystoneSettings keystone, String password) {
        return new KeystoneSettings(
                keystone.url(),
                new KeystoneSettings.ServiceUser(
                        keystone.user(),
                        keystone.userDomain(),
                        password,
                        keystone.project(),
                        keystone.projectDomain()),
                keystone.caFile(),
                keystone.timeout(),
                keystone.cacheTime(),
                keystone.outageTime(),
                keystone.cacheEntries(),
                new RoleMap(
                        Set.copyOf(keystone.adminRoles()),
                        Set.copyOf(keystone.resellerRoles()),
                        Set.copyOf(keystone.memberRoles()),
                        Set.copyOf(keystone.readerRoles())));
    }

    private static Credential credential(RootCredential root) {
        return new Credential(
                root.accessKey(),
                root.secretKey(),
                Founding.ROOT_ACCOUNT,
                "root",
                Set.of(RoleNames.ADMIN, RoleNames.MEMBER, RoleNames.READER));
    }
}
