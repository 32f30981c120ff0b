package io.varve.endpoint.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Every key there is, in the order of the reference page. */
final class ConfigKeys {
    static final String DEVICE_PREFIX = "device.";

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long TIB = 1L << 40;

    private static final String SECTION_WHERE_THINGS_ARE = "Where things are";
    static final String JOURNAL_SECTION = "The journal on Kafka";
    static final String DEVICES_SECTION = "Devices and copies";
    private static final String SECTION_STORE_AND_VIEWS = "Store and views";
    private static final String SECTION_LISTENING = "Listening";
    private static final String SECTION_LIMITS_ON_CLIENTS = "Limits on clients";
    private static final String SECTION_PROTOCOLS_AND_ACCESS = "Protocols and access";
    private static final String SECTION_KEYSTONE = "An existing Keystone";
    private static final String SECTION_SYNC = "Container sync";
    private static final String SECTION_CLUSTER = "A cluster";
    private static final String SECTION_REPLICA = "A second site";
    private static final String SECTION_LOGS = "Logs";
    private static final String SECTION_UPKEEP = "Work in the background";

    private static final Map<String, List<ConfigKey<?>>> BY_SECTION = new LinkedHashMap<>();

    static final ConfigKey<Path> DATA_DIRECTORY =
            add(
                    SECTION_WHERE_THINGS_ARE,
                    ConfigKey.of(
                                    "data.directory",
                                    ValueType.path(),
                                    "./varve-data",
                                    "Everything of the site that has no place of its own is below"
                                            + " it. Only one process can use it at a time.")
                            .onPowerFailure(
                                    "Must be on a file system that keeps what was synced."));

    static final ConfigKey<List<Path>> JOURNAL_DIRECTORIES =
            add(
                    SECTION_WHERE_THINGS_ARE,
                    ConfigKey.<List<Path>>optional(
                                    "journal.directories",
                                    ValueType.paths(),
                                    "`journal` in the data directory",
                                    "One or more directories that each hold the whole journal, best"
                                            + " an odd number on devices of their own. A change is"
                                            + " acknowledged once it is on stable media in most of"
                                            + " them; one that was away is caught up at the next"
                                            + " start.")
                            .onPowerFailure(
                                    "Nothing acknowledged is lost. With one directory, the loss of"
                                            + " its device loses the site; with three, one device"
                                            + " may be lost as well."));

    static final ConfigKey<Long> JOURNAL_LOW_SPACE =
            add(
                    SECTION_WHERE_THINGS_ARE,
                    ConfigKey.of(
                            "journal.lowSpace",
                            ValueType.size(0, 100 * TIB),
                            "256 MiB",
                            "While the file system of a journal directory or of the view has less"
                                    + " than this free, writes are refused (507); deletes and reads"
                                    + " go on."));

    static final ConfigKey<Path> VIEW_DIRECTORY =
            add(
                    SECTION_WHERE_THINGS_ARE,
                    ConfigKey.<Path>optional(
                                    "view.directory",
                                    ValueType.path(),
                                    "`view` in the data directory",
                                    "Holds the view that answers every question. It can be deleted"
                                            + " while the server is stopped: it is made anew from"
                                            + " the journal. Best on a fast device.")
                            .onPowerFailure(
                                    "What was not on media yet is applied again from the"
                                            + " journal."));

    static final ConfigKey<String> POOL_NAME =
            add(
                    DEVICES_SECTION,
                    ConfigKey.of(
                            "pool.name",
                            ValueType.name(63),
                            "default",
                            "What Swift's clients know the first pool by, as a storage policy."
                                    + " Counts at the first start."));

    static final ConfigKey<Integer> POOL_COPIES =
            add(
                    DEVICES_SECTION,
                    ConfigKey.of(
                                    "pool.copies",
                                    ValueType.integer(1, 16),
                                    "3",
                                    "How many copies of every byte there are, each in another"
                                            + " failure domain. Counts at the first start.")
                            .onPowerFailure("None is lost: each copy is synced."));

    static final ConfigKey<Integer> POOL_MIN_COPIES =
            add(
                    DEVICES_SECTION,
                    ConfigKey.of(
                                    "pool.minCopies",
                                    ValueType.integer(1, 16),
                                    "2",
                                    "With how many copies a write is acknowledged when the devices"
                                            + " of the others have failed (not when they are merely"
                                            + " slower). With fewer, writes are refused (503)."
                                            + " Counts at the first start.")
                            .onPowerFailure(
                                    "At least so many copies of what was acknowledged are on stable"
                                        + " media. With 1, the device that fails next may be the"
                                        + " one that has it."));

    static final ConfigKey<String> POOL_FAILURE_DOMAIN =
            add(
                    DEVICES_SECTION,
                    ConfigKey.of(
                            "pool.failureDomain",
                            ValueType.oneOf("host", "device"),
                            "host",
                            "What two copies of a byte may not share. Counts at the first start."));

    static final ConfigKey<Long> POOL_REPAIR_RATE =
            add(
                    DEVICES_SECTION,
                    ConfigKey.of(
                            "pool.repairRate",
                            ValueType.size(64 * KIB, TIB),
                            "32 MiB",
                            "Most that repair and scrub read or write per second in the"
                                    + " background."));

    static final ConfigKey<Long> DEVICES_SEGMENT_SIZE =
            add(
                    DEVICES_SECTION,
                    ConfigKey.of(
                            "devices.segmentSize",
                            ValueType.size(MIB, 4 * GIB),
                            "64 MiB",
                            "Size of the files of which a device's log consists. Takes effect when"
                                    + " a device is formatted."));

    static final ConfigKey<Long> DEVICES_LOW_SPACE =
            add(
                    DEVICES_SECTION,
                    ConfigKey.of(
                            "devices.lowSpace",
                            ValueType.size(0, 100 * TIB),
                            "1 GiB",
                            "What writes leave free on a device's file system, so that deletes,"
                                    + " compaction and restarts go on when it is full."));

    static final ConfigKey<Long> DEVICES_COMPACTION_RATE =
            add(
                    DEVICES_SECTION,
                    ConfigKey.of(
                            "devices.compactionRate",
                            ValueType.size(64 * KIB, TIB),
                            "32 MiB",
                            "Most that compaction reads per second and device while space is not"
                                    + " short."));

    static final ConfigKey<Duration> DEVICES_HANG_TIMEOUT =
            add(
                    DEVICES_SECTION,
                    ConfigKey.of(
                            "devices.hangTimeout",
                            ValueType.duration(Duration.ofMillis(100), HOUR),
                            "10 s",
                            "A device on which one read or one write and sync takes longer than"
                                    + " this counts as failed."));

    static final ConfigKey<Duration> DOWN_OUT_INTERVAL =
            add(
                    DEVICES_SECTION,
                    ConfigKey.of(
                            "down.out.interval",
                            ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(365)),
                            "10 min",
                            "A device that is down for so long is taken out: what it held is copied"
                                    + " to others. While a whole host is down it counts from the"
                                    + " last of its devices."));

    static final ConfigKey<Long> STORE_BLOB_SIZE =
            add(
                    SECTION_STORE_AND_VIEWS,
                    ConfigKey.of(
                            "store.blobSize",
                            ValueType.size(64 * KIB, 8 * MIB),
                            "4 MiB",
                            "Objects are cut into blobs of at most this size, each placed by"
                                    + " itself. Holds for what is written from now on."));

    static final ConfigKey<OptionalLong> STORE_WRITE_MEMORY =
            add(
                    SECTION_STORE_AND_VIEWS,
                    ConfigKey.of(
                            "store.writeMemory",
                            ValueType.sizeOrAuto(16 * MIB, TIB),
                            "auto",
                            "What all bodies on their way in may hold together; more wait. `auto`"
                                    + " takes a quarter of the heap, at most 256 MiB."));

    static final ConfigKey<OptionalLong> STORE_READ_MEMORY =
            add(
                    SECTION_STORE_AND_VIEWS,
                    ConfigKey.of(
                            "store.readMemory",
                            ValueType.sizeOrAuto(8 * MIB, TIB),
                            "auto",
                            "What all large ranges on their way out may hold together. `auto` takes"
                                    + " half of the memory for writing."));

    static final ConfigKey<Duration> STORE_MEMORY_WAIT =
            add(
                    SECTION_STORE_AND_VIEWS,
                    ConfigKey.of(
                            "store.memoryWait",
                            ValueType.duration(Duration.ZERO, HOUR),
                            "20 s",
                            "How long a request waits for such memory before it is told to try"
                                    + " again (503)."));

    static final ConfigKey<Long> VIEW_CACHE =
            add(
                    SECTION_STORE_AND_VIEWS,
                    ConfigKey.of(
                            "view.cache",
                            ValueType.size(MIB, TIB),
                            "64 MiB",
                            "Native memory for what the view reads from its files."));

    static final ConfigKey<Long> VIEW_WRITE_BUFFER =
            add(
                    SECTION_STORE_AND_VIEWS,
                    ConfigKey.of(
                            "view.writeBuffer",
                            ValueType.size(MIB, GIB),
                            "16 MiB",
                            "Native memory for what the view has not yet brought to media; up to"
                                    + " three such buffers exist at a time."));

    static final ConfigKey<Integer> VIEW_FLUSH_RECORDS =
            add(
                    SECTION_STORE_AND_VIEWS,
                    ConfigKey.of(
                                    "view.flushRecords",
                                    ValueType.integer(100, 10_000_000),
                                    "20000",
                                    "After how many changes the view is brought to media.")
                            .onPowerFailure(
                                    "Nothing is lost. Up to twice so many changes are applied again"
                                            + " at the next start, at some 100,000 a second."));

    static final ConfigKey<Duration> RETENTION_WINDOW =
            add(
                    SECTION_STORE_AND_VIEWS,
                    ConfigKey.of(
                            "retention.window",
                            ValueType.duration(Duration.ZERO, Duration.ofDays(36_500)),
                            "7 d",
                            "How long what was overwritten or deleted can be recovered, also in"
                                    + " buckets without versioning."));

    static final ConfigKey<Duration> RETENTION_DROP_GRACE =
            add(
                    SECTION_STORE_AND_VIEWS,
                    ConfigKey.of(
                            "retention.dropGrace",
                            ValueType.duration(Duration.ZERO, Duration.ofDays(365)),
                            "10 min",
                            "How long bytes stay on the devices after the last version that needed"
                                    + " them has left the window, so that a slow download of them"
                                    + " comes to its end."));

    static final ConfigKey<Optional<InetSocketAddress>> HTTP_ADDRESS =
            add(
                    SECTION_LISTENING,
                    ConfigKey.of(
                            "http.address",
                            ValueType.addressOrOff(),
                            "127.0.0.1:9000",
                            "Where plain HTTP is served. On an address that is not loopback, data"
                                    + " and (with some clients) credentials cross the network"
                                    + " readably; the server says so at its start."));

    static final ConfigKey<Optional<InetSocketAddress>> HTTPS_ADDRESS =
            add(
                    SECTION_LISTENING,
                    ConfigKey.of(
                            "https.address",
                            ValueType.addressOrOff(),
                            "0.0.0.0:9443",
                            "Where HTTPS is served."));

    static final ConfigKey<Optional<InetSocketAddress>> ADMIN_ADDRESS =
            add(
                    SECTION_LISTENING,
                    ConfigKey.of(
                            "admin.address",
                            ValueType.addressOrOff(),
                            "off",
                            "A further plain HTTP address that serves nothing but `/health/live`,"
                                    + " `/health/ready` and `/metrics`."));

    static final ConfigKey<Boolean> METRICS_ON_HTTP =
            add(
                    SECTION_LISTENING,
                    ConfigKey.of(
                            "metrics.onHttp",
                            ValueType.bool(),
                            "true",
                            "Whether `/metrics` is also served at `http.address`. Turn it off when"
                                    + " a proxy makes that address public."));

    static final ConfigKey<Path> TLS_CERTIFICATE =
            add(
                    SECTION_LISTENING,
                    ConfigKey.optional(
                            "tls.certificate",
                            ValueType.path(),
                            "one is generated and kept in `tls` in the data directory",
                            "PEM file with the server's certificate and those that vouch for it. It"
                                    + " and the key are read again when they change."));

    static final ConfigKey<Path> TLS_KEY =
            add(
                    SECTION_LISTENING,
                    ConfigKey.optional(
                            "tls.key",
                            ValueType.path(),
                            "goes with `tls.certificate`",
                            "PEM file with the key of that certificate, not encrypted."));

    static final ConfigKey<Duration> TLS_REFRESH =
            add(
                    SECTION_LISTENING,
                    ConfigKey.of(
                            "tls.refresh",
                            ValueType.duration(Duration.ofMillis(100), Duration.ofDays(1)),
                            "10 s",
                            "How often the two files are looked at."));

    static final ConfigKey<Duration> SHUTDOWN_NOTICE =
            add(SECTION_LISTENING, ClusterKeys.shutdownNotice());

    static final ConfigKey<Duration> SHUTDOWN_DRAIN =
            add(
                    SECTION_LISTENING,
                    ConfigKey.of(
                            "shutdown.drain",
                            ValueType.duration(Duration.ZERO, HOUR),
                            "30 s",
                            "How long requests in flight may take to finish once the server has"
                                    + " been told to stop."));

    static final ConfigKey<Integer> LIMITS_CONNECTIONS =
            add(
                    SECTION_LIMITS_ON_CLIENTS,
                    ConfigKey.of(
                            "limits.connections",
                            ValueType.integer(1, 1_000_000),
                            "4096",
                            "How many connections each listener holds. Further ones get 503."));

    static final ConfigKey<Long> LIMITS_REQUEST_LINE =
            add(
                    SECTION_LIMITS_ON_CLIENTS,
                    ConfigKey.of(
                            "limits.requestLine",
                            ValueType.size(2 * KIB, MIB),
                            "16 KiB",
                            "The longest request line; longer ones get 414."));

    static final ConfigKey<Long> LIMITS_HEADERS =
            add(
                    SECTION_LIMITS_ON_CLIENTS,
                    ConfigKey.of(
                            "limits.headers",
                            ValueType.size(4 * KIB, MIB),
                            "32 KiB",
                            "All header lines of a request together; more get 431."));

    static final ConfigKey<Integer> LIMITS_HEADER_FIELDS =
            add(
                    SECTION_LIMITS_ON_CLIENTS,
                    ConfigKey.of(
                            "limits.headerFields",
                            ValueType.integer(20, 10_000),
                            "256",
                            "How many header lines a request may have; more get 431."));

    static final ConfigKey<Long> LIMITS_BODY =
            add(
                    SECTION_LIMITS_ON_CLIENTS,
                    ConfigKey.of(
                            "limits.body",
                            ValueType.size(5 * MIB, 50 * TIB),
                            "5 GiB",
                            "The largest body of one request; larger ones are refused"
                                    + " (EntityTooLarge)."));

    static final ConfigKey<Duration> LIMITS_IDLE_TIMEOUT =
            add(
                    SECTION_LIMITS_ON_CLIENTS,
                    ConfigKey.of(
                            "limits.idleTimeout",
                            ValueType.duration(SECOND, HOUR),
                            "60 s",
                            "A connection without a request is closed after it."));

    static final ConfigKey<Duration> LIMITS_HEAD_TIMEOUT =
            add(
                    SECTION_LIMITS_ON_CLIENTS,
                    ConfigKey.of(
                            "limits.headTimeout",
                            ValueType.duration(SECOND, HOUR),
                            "20 s",
                            "What a TLS handshake, and what the head of a request, may take from"
                                + " its first byte to its last. Then the connection is closed."));

    static final ConfigKey<Duration> LIMITS_BODY_TIMEOUT =
            add(
                    SECTION_LIMITS_ON_CLIENTS,
                    ConfigKey.of(
                            "limits.bodyTimeout",
                            ValueType.duration(SECOND, HOUR),
                            "30 s",
                            "An upload of which nothing comes for so long is refused"
                                    + " (RequestTimeout) and nothing of it is kept."));

    static final ConfigKey<Long> LIMITS_UPLOAD_RATE =
            add(
                    SECTION_LIMITS_ON_CLIENTS,
                    ConfigKey.of(
                            "limits.uploadRate",
                            ValueType.size(1, MIB),
                            "128 B",
                            "An upload that is slower than this per second over that time is"
                                    + " refused, too."));

    static final ConfigKey<Duration> LIMITS_WRITE_TIMEOUT =
            add(
                    SECTION_LIMITS_ON_CLIENTS,
                    ConfigKey.of(
                            "limits.writeTimeout",
                            ValueType.duration(SECOND, HOUR),
                            "60 s",
                            "A client that takes less than 64 KiB of a response in this time is"
                                    + " disconnected."));

    static final ConfigKey<String> S3_REGION =
            add(
                    SECTION_PROTOCOLS_AND_ACCESS,
                    ConfigKey.of(
                            "s3.region",
                            ValueType.word(1, 63),
                            "us-east-1",
                            "What the site calls itself to S3 clients. Signatures are taken for any"
                                    + " region."));

    static final ConfigKey<List<String>> S3_DOMAINS =
            add(
                    SECTION_PROTOCOLS_AND_ACCESS,
                    ConfigKey.<List<String>>optional(
                            "s3.domains",
                            ValueType.hostNames(),
                            "buckets are named in the path only",
                            "Host names below which a request's host names the bucket"
                                    + " (`bucket.s3.example.org`). The generated certificate covers"
                                    + " them."));

    static final ConfigKey<String> NAMESPACE_BUCKETS =
            add(
                    SECTION_PROTOCOLS_AND_ACCESS,
                    ConfigKey.of(
                            "namespace.buckets",
                            ValueType.oneOf("global", "project"),
                            "global",
                            "Whether a bucket's name is taken for the whole site or for its project"
                                    + " alone. With `project`, S3 finds a name in the caller's"
                                    + " project, and another project's bucket as"
                                    + " `<project id>:<bucket>`. Holds for a site's life: while"
                                    + " there is a bucket, the site does not open with the other"
                                    + " value."));

    static final ConfigKey<Boolean> LEGACY_BUCKET_NAMES =
            add(
                    SECTION_PROTOCOLS_AND_ACCESS,
                    ConfigKey.of(
                            "compat.legacyBucketNames",
                            ValueType.bool(),
                            "true",
                            "Whether new buckets may have upper case letters and `_` in their"
                                    + " names, as S3 once allowed."));

    static final ConfigKey<Boolean> SIGNATURE_V2 =
            add(
                    SECTION_PROTOCOLS_AND_ACCESS,
                    ConfigKey.of(
                            "compat.signatureV2",
                            ValueType.bool(),
                            "true",
                            "Whether requests may be signed with Signature Version 2, as boto3 does"
                                    + " in presigned URLs unless told otherwise. It covers neither"
                                    + " the body nor the host: over plain HTTP, leave it off."));

    static final ConfigKey<String> IDENTITY_PUBLIC_URL =
            add(
                    SECTION_PROTOCOLS_AND_ACCESS,
                    ConfigKey.<String>optional(
                            "identity.publicUrl",
                            ValueType.httpUrl(),
                            "the scheme and host that the client has called",
                            "What the catalog of services says where the site is, for instance"
                                    + " `https://storage.example.org`. Needed behind a proxy that"
                                    + " clients call by another name or scheme."));

    static final ConfigKey<Duration> IDENTITY_TOKEN_LIFE =
            add(
                    SECTION_PROTOCOLS_AND_ACCESS,
                    ConfigKey.of(
                            "identity.tokenLife",
                            ValueType.duration(SECOND, Duration.ofDays(30)),
                            "12 h",
                            "How long a token counts, unless it is revoked before."));

    static final ConfigKey<Duration> IDENTITY_TOKEN_KEY_ROTATION =
            add(
                    SECTION_PROTOCOLS_AND_ACCESS,
                    ConfigKey.of(
                            "identity.tokenKeyRotation",
                            ValueType.duration(HOUR, Duration.ofDays(365)),
                            "7 d",
                            "How long one key seals new tokens. Older keys go once no token that"
                                    + " they sealed can count any more."));

    static final ConfigKey<String> ROOT_ACCESS_KEY =
            add(
                    SECTION_PROTOCOLS_AND_ACCESS,
                    ConfigKey.optional(
                            "root.accessKey",
                            ValueType.word(3, 128),
                            "taken from VARVE_ROOT_ACCESS_KEY, else generated once and kept in"
                                    + " `root-credential` in the data directory",
                            "The access key that may do everything. The environment variable wins"
                                    + " over the file."));

    static final ConfigKey<String> ROOT_SECRET_KEY =
            add(
                    SECTION_PROTOCOLS_AND_ACCESS,
                    ConfigKey.optional(
                            "root.secretKey",
                            ValueType.word(8, 128),
                            "taken from VARVE_ROOT_SECRET_KEY, else generated",
                            "Its secret. Keep the file to its owner when it is written there."));

    static final ConfigKey<String> KEYSTONE_URL =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.<String>optional(
                            "identity.keystone.url",
                            ValueType.httpUrl(),
                            "the site's own identity service is used",
                            "An existing Keystone (version 3) in place of the site's own identity"
                                    + " service, for instance `https://keystone.example.org:5000`."
                                    + " See identity.md."));

    static final ConfigKey<String> KEYSTONE_PUBLIC_URL =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.<String>optional(
                            "identity.keystone.publicUrl",
                            ValueType.httpUrl(),
                            "clients are told none",
                            "Where clients find Keystone. Told to those who look for it here."));

    static final ConfigKey<String> KEYSTONE_USER =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.of(
                            "identity.keystone.user",
                            ValueType.text(255),
                            "varve",
                            "The user in whose name this site asks Keystone about tokens and"
                                    + " signatures. Needs the role `service` on the project, or"
                                    + " `admin` to be given the secrets of access keys, without"
                                    + " which each signature is put to Keystone."));

    static final ConfigKey<String> KEYSTONE_USER_DOMAIN =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.of(
                            "identity.keystone.userDomain",
                            ValueType.text(64),
                            "Default",
                            "The name of that user's domain."));

    static final ConfigKey<String> KEYSTONE_PASSWORD =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.optional(
                            "identity.keystone.password",
                            ValueType.text(255),
                            "taken from VARVE_KEYSTONE_PASSWORD",
                            "That user's password. The environment variable wins."));

    static final ConfigKey<String> KEYSTONE_PROJECT =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.of(
                            "identity.keystone.project",
                            ValueType.text(64),
                            "service",
                            "The project that the user has the role on."));

    static final ConfigKey<String> KEYSTONE_PROJECT_DOMAIN =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.of(
                            "identity.keystone.projectDomain",
                            ValueType.text(64),
                            "Default",
                            "The name of that project's domain."));

    static final ConfigKey<Path> KEYSTONE_CA_FILE =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.optional(
                            "identity.keystone.caFile",
                            ValueType.path(),
                            "the authorities that the Java runtime trusts",
                            "Certificates (PEM) that Keystone's is checked with, and no others."));

    static final ConfigKey<Duration> KEYSTONE_TIMEOUT =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.of(
                            "identity.keystone.timeout",
                            ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
                            "5 s",
                            "How long an answer may take. Who waits for a later one is told 503."));

    static final ConfigKey<Duration> KEYSTONE_CACHE_TIME =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.of(
                            "identity.keystone.cacheTime",
                            ValueType.duration(Duration.ZERO, HOUR),
                            "5 min",
                            "How long what Keystone has said counts: it need not be asked for each"
                                    + " request, and a token revoked or a role taken away there is"
                                    + " noticed here that much later."));

    static final ConfigKey<Duration> KEYSTONE_OUTAGE_TIME =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.of(
                            "identity.keystone.outageTime",
                            ValueType.duration(Duration.ZERO, Duration.ofDays(1)),
                            "0 s",
                            "How much longer it counts while Keystone does not answer. Whoever can"
                                    + " keep Keystone from answering puts off revocations by that"
                                    + " much, hence none by default."));

    static final ConfigKey<Integer> KEYSTONE_CACHE_ENTRIES =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.of(
                            "identity.keystone.cacheEntries",
                            ValueType.integer(1, 1_000_000),
                            "10000",
                            "How many tokens, and how many access keys, are remembered."));

    static final ConfigKey<List<String>> KEYSTONE_ADMIN_ROLES =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.of(
                            "identity.keystone.adminRoles",
                            ValueType.names(),
                            "admin",
                            "Roles there that may do everything here, whatever project they are"
                                    + " held on. By default Keystone's own administrators, who"
                                    + " could give themselves every other role."));

    static final ConfigKey<List<String>> KEYSTONE_RESELLER_ROLES =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.of(
                            "identity.keystone.resellerRoles",
                            ValueType.names(),
                            "ResellerAdmin",
                            "Roles there that may use the storage of every project."));

    static final ConfigKey<List<String>> KEYSTONE_MEMBER_ROLES =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.of(
                            "identity.keystone.memberRoles",
                            ValueType.names(),
                            "member, _member_, swiftoperator",
                            "Roles there that may use the storage of their project."));

    static final ConfigKey<List<String>> KEYSTONE_READER_ROLES =
            add(
                    SECTION_KEYSTONE,
                    ConfigKey.of(
                            "identity.keystone.readerRoles",
                            ValueType.names(),
                            "reader",
                            "Roles there that may read the storage of their project."));

    static final ConfigKey<Path> SYNC_REALMS = add(SECTION_SYNC, SyncKeys.realms());
    static final ConfigKey<String> SYNC_CURRENT = add(SECTION_SYNC, SyncKeys.current());
    static final ConfigKey<Path> SYNC_CA_FILE = add(SECTION_SYNC, SyncKeys.caFile());
    static final ConfigKey<Long> SYNC_RATE = add(SECTION_SYNC, SyncKeys.rate());

    static final ConfigKey<String> LOG_LEVEL =
            add(
                    SECTION_LOGS,
                    ConfigKey.of(
                            "log.level",
                            ValueType.oneOf("ERROR", "WARNING", "INFO", "DEBUG"),
                            "INFO",
                            "What is worth a line on standard error."));

    static final ConfigKey<String> LOG_ACCESS =
            add(
                    SECTION_LOGS,
                    ConfigKey.of(
                            "log.access",
                            ValueType.oneOf("file", "stdout", "off"),
                            "file",
                            "Where the access log goes: `log/access.log` in the data directory, or"
                                    + " standard output."));

    static final ConfigKey<Long> LOG_ACCESS_SIZE =
            add(
                    SECTION_LOGS,
                    ConfigKey.of(
                            "log.accessSize",
                            ValueType.size(64 * KIB, TIB),
                            "64 MiB",
                            "At which size the file is set aside and a new one begun."));

    static final ConfigKey<Integer> LOG_ACCESS_FILES =
            add(
                    SECTION_LOGS,
                    ConfigKey.of(
                            "log.accessFiles",
                            ValueType.integer(1, 1000),
                            "8",
                            "How many such files are kept, the one in use included."));

    static {
        ClusterKeys.all().forEach(key -> add(SECTION_CLUSTER, key));
        JournalKeys.all().forEach(key -> add(JOURNAL_SECTION, key));
        ReplicaKeys.all().forEach(key -> add(SECTION_REPLICA, key));
        UpkeepKeys.all().forEach(key -> add(SECTION_UPKEEP, key));
    }

    /** Of all keys but the devices, which are numbered. */
    static final Set<String> NAMES = names();

    private ConfigKeys() {}

    private static <T> ConfigKey<T> add(String section, ConfigKey<T> key) {
        BY_SECTION.computeIfAbsent(section, _ -> new ArrayList<>()).add(key);
        return key;
    }

    private static Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        BY_SECTION.values().forEach(keys -> keys.forEach(key -> names.add(key.name())));
        return names;
    }

    static Map<String, List<ConfigKey<?>>> bySection() {
        return BY_SECTION;
    }
}
