package io.varve.endpoint.config;

import io.varve.endpoint.server.HttpLimits;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The configuration of a server, checked: whoever has one need not check it again. Its parts are
 * what the keys of {@code docs/operations/configuration.md} say.
 *
 * @param dataDirectory absolute
 * @param kafka null where the journal is in the directories
 */
public record VarveConfig(
        Path dataDirectory,
        List<Path> journalDirectories,
        Path viewDirectory,
        long journalLowSpaceBytes,
        @Nullable KafkaSettings kafka,
        @Nullable ClusterSettings cluster,
        PoolSettings pool,
        List<DeviceSettings> devices,
        StoreSettings store,
        ViewSettings view,
        RetentionSettings retention,
        UpkeepConfig upkeep,
        ListenSettings listen,
        HttpLimits limits,
        S3Settings s3,
        IdentitySettings identity,
        SyncSettings sync,
        ReplicaSettings replica,
        RootSettings root,
        LogSettings log) {

    /**
     * A process of a cluster.
     *
     * @param storage where it serves devices; null when it serves none
     * @param endpoint whether it serves clients
     * @param secret what endpoints have in common; null for a storage host
     */
    public record ClusterSettings(
            @Nullable InetSocketAddress storage,
            boolean endpoint,
            Path certificate,
            Path key,
            Path authority,
            @Nullable Path secret) {}

    /**
     * A journal on Kafka.
     *
     * @param client settings of Kafka's clients, by Kafka's names
     */
    public record KafkaSettings(
            String bootstrap,
            String topic,
            int replicas,
            int minInSyncReplicas,
            Duration timeout,
            Map<String, String> client) {
        public KafkaSettings {
            client = Map.copyOf(client);
        }

        /** Without what the clients are told, so that no password gets into a log. */
        @Override
        public String toString() {
            return "KafkaSettings[bootstrap=" + bootstrap + ", topic=" + topic + "]";
        }
    }

    public record PoolSettings(
            String name,
            int copies,
            int minCopies,
            String failureDomain,
            long repairBytesPerSecond,
            long segmentSizeBytes,
            long lowSpaceBytes,
            long compactionBytesPerSecond,
            int compactionDeadPercent,
            Duration hangTimeout,
            Duration downOutInterval) {}

    /**
     * Empty memory sizes follow the heap.
     *
     * @param namesByProject whether a bucket's name is taken for its project alone
     */
    public record StoreSettings(
            int blobSizeBytes,
            OptionalLong writeMemoryBytes,
            OptionalLong readMemoryBytes,
            Duration memoryWait,
            boolean namesByProject) {}

    public record ViewSettings(long cacheBytes, long writeBufferBytes, int flushRecords) {}

    public record RetentionSettings(Duration window, Duration dropGrace) {}

    /** Addresses are not looked up yet. */
    public record ListenSettings(
            Optional<InetSocketAddress> http,
            Optional<InetSocketAddress> https,
            Optional<InetSocketAddress> admin,
            boolean metricsOnHttp,
            @Nullable Path tlsCertificate,
            @Nullable Path tlsKey,
            Duration tlsRefresh,
            Duration shutdownNotice,
            Duration shutdownDrain) {}

    public record S3Settings(
            String region, List<String> domains, boolean legacyBucketNames, boolean signatureV2) {}

    /**
     * @param publicUrl where clients find the site; empty: where they have called it
     */
    public record IdentitySettings(
            String publicUrl,
            Duration tokenLife,
            Duration tokenKeyRotation,
            @Nullable KeystoneSettings keystone) {}

    /**
     * An existing Keystone.
     *
     * @param publicUrl what clients are told; empty for nothing
     * @param password null for that of the environment
     */
    public record KeystoneSettings(
            String url,
            String publicUrl,
            String user,
            String userDomain,
            @Nullable String password,
            String project,
            String projectDomain,
            @Nullable Path caFile,
            Duration timeout,
            Duration cacheTime,
            Duration outageTime,
            int cacheEntries,
            List<String> adminRoles,
            List<String> resellerRoles,
            List<String> memberRoles,
            List<String> readerRoles) {
        public KeystoneSettings {
            adminRoles = List.copyOf(adminRoles);
            resellerRoles = List.copyOf(resellerRoles);
            memberRoles = List.copyOf(memberRoles);
            readerRoles = List.copyOf(readerRoles);
        }

        /** Without the password, so that it does not get into a log. */
        @Override
        public String toString() {
            return "KeystoneSettings[url=" + url + ", user=" + user + "]";
        }
    }

    /**
     * Container sync.
     *
     * @param realms null for none
     * @param caFile null for the authorities that the Java runtime trusts
     */
    public record SyncSettings(
            @Nullable Path realms, String current, @Nullable Path caFile, long bytesPerSecond) {}

    /**
     * A pair of sites.
     *
     * @param url where the other one finds this one; null to derive it from the listeners
     * @param sync whether changes wait for the standby
     */
    public record ReplicaSettings(
            @Nullable String url,
            boolean sync,
            Duration syncTimeout,
            boolean refusesAlone,
            Duration alertAge,
            Duration verifyPeriod,
            long rateBytes,
            boolean compress) {}

    /** Null where the file says nothing. */
    public record RootSettings(@Nullable String accessKey, @Nullable String secretKey) {
        /** Without the secret, so that it does not get into a log. */
        @Override
        public String toString() {
            return "RootSettings[accessKey=" + accessKey + "]";
        }
    }

    public record LogSettings(String level, String access, long accessSizeBytes, int accessFiles) {}

    /**
     * Reads a configuration.
     *
     * @param file null for the defaults
     * @param overrides keys and values that win over the file, with where they come from, e.g. the
     *     option of a command line
     * @throws ConfigException with everything that is wrong
     */
    public static VarveConfig load(@Nullable Path file, Map<String, Setting> overrides) {
        ConfigFile lines = file == null ? ConfigFile.empty() : ConfigFile.read(file);
        overrides.forEach((key, value) -> lines.override(key, value.text(), value.where()));
        return ConfigAssembly.assemble(lines);
    }

    /** A value from elsewhere than the file. */
    public record Setting(String text, String where) {}
}
