package io.varve.endpoint.crossprotocol;

import io.varve.endpoint.s3.Credential;
import io.varve.endpoint.s3.TestClient;
import io.varve.endpoint.server.Answer;
import io.varve.endpoint.swift.SwiftConfig;
import io.varve.endpoint.swift.SwiftSite;
import io.varve.endpoint.sync.SyncRealms;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * One store, and the clients of both protocols. Each has the owner of the account as its sender
 * until somebody else is named. Owned by one test.
 */
final class TwoProtocols implements AutoCloseable {
    /** Owns the same account as {@link SwiftSite#OWNER}. */
    static final Credential OWNER =
            new Credential("OWNERKEY", "s", "test", SwiftSite.OWNER, Set.of("member"));

    /** The same user as {@link SwiftSite#STRANGER}. */
    static final Credential STRANGER =
            new Credential("STRANGERKEY", "s", "test2", SwiftSite.STRANGER, Set.of("member"));

    /** What the paths of Swift begin with. */
    static final String ACCOUNT = "/v1/AUTH_test";

    private final SwiftSite site;
    private final TestClient s3;

    TwoProtocols(Path directory) {
        site = new SwiftSite(directory, config(directory));
        s3 = TestClient.of(site.store(), List.of(OWNER, STRANGER));
    }

    /** With another site that containers may be kept at. */
    private static SwiftConfig config(Path directory) {
        Path realms = directory.resolve("realms");
        try {
            Files.writeString(realms, "[lab]\nkey = k\ncluster_there = http://there.example/v1\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SwiftConfig(
                SwiftConfig.DEFAULT.resellerPrefix(),
                SwiftConfig.DEFAULT.policiesNow(),
                new SwiftConfig.Sync(SyncRealms.read(realms), ""));
    }

    SwiftSite swift() {
        return site;
    }

    TestClient s3() {
        return s3;
    }

    /**
     * @param path of container, or of container and object
     */
    SwiftSite.Request swift(String method, String path) {
        return site.request(method, ACCOUNT + path);
    }

    TestClient.Request s3(String method, String path) {
        return s3.request(method, path);
    }

    /** The line of an object in a listing of S3: size and tag. */
    String listed(String bucket, String key) {
        Answer listing = s3.get("/" + bucket + "?list-type=2&prefix=" + key + "&max-keys=1");
        return listing.expect(200).xml("Size") + " " + listing.xml("ETag");
    }

    @Override
    public void close() {
        site.close();
    }
}
