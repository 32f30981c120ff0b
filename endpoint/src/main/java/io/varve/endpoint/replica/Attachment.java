package io.varve.endpoint.replica;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.dr.replica.ReplicaException;
import io.varve.endpoint.identity.SiteKey;
import io.varve.endpoint.identity.TokenKeys;
import io.varve.endpoint.site.ReplicaState;
import io.varve.endpoint.tls.PrivateFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Makes an empty data directory that of a standby. */
public final class Attachment {
    /** Which files of the primary a standby has alike. */
    private static final List<String> KEY_FILES =
            List.of(SiteKey.FILE_NAME, TokenKeys.FILE_NAME, "root-credential");

    private Attachment() {}

    /**
     * Fetches the keys, and records that the site follows. Of a directory that holds anything it
     * touches nothing; one that an earlier attempt left without its last step counts as empty.
     *
     * @param certificates with which the primary is checked, in PEM; empty for those of the Java
     *     runtime
     * @return the primary's site id
     * @throws ReplicaException when the primary cannot be reached, refuses, or differs in what both
     *     must have alike
     */
    public static String run(
            Path directory, ReplicaState.Peer primary, String certificates, boolean namesByProject)
            throws IOException {
        Files.createDirectories(directory);
        requireEmpty(directory);
        if (!certificates.isEmpty()) {
            PrivateFile.write(directory.resolve(ReplicaState.CA_FILE_NAME), certificates);
        }
        try (HttpPrimary other = HttpPrimary.of(primary, directory)) {
            JsonNode keys = other.keys();
            if (keys.path("names_by_account").asBoolean() != namesByProject) {
                throw new ReplicaException(
                        "namespace.buckets differs: both sites must have the same");
            }
            for (String name : KEY_FILES) {
                String text = keys.path("files").path(name).asText();
                if (!text.isEmpty()) {
                    PrivateFile.write(directory.resolve(name), text);
                }
            }
            ReplicaState.standbyOf(primary).write(directory);
            return keys.path("site").asText();
        }
    }

    private static void requireEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<String> others =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> !KEY_FILES.contains(name))
                            .filter(name -> !name.equals(ReplicaState.CA_FILE_NAME))
                            .toList();
            if (!others.isEmpty()) {
                throw new ReplicaException(
                        "only an empty site can become a standby; %s has %s"
                                .formatted(directory, others));
            }
        }
    }
}
