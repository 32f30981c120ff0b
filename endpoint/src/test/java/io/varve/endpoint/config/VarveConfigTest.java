package io.varve.endpoint.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

final class VarveConfigTest {
    private static VarveConfig of(String text) {
        return ConfigAssembly.assemble(ConfigFile.parse("varve.conf", text));
    }

    private static List<String> problems(String text) {
        return assertThrows(ConfigException.class, () -> of(text)).problems();
    }

    @Test
    void defaultsAreAWholeSite() {
        VarveConfig config = VarveConfig.load(null, Map.of());
        assertTrue(config.dataDirectory().isAbsolute());
        assertEquals(
                List.of(config.dataDirectory().resolve("journal")), config.journalDirectories());
        assertEquals(9, config.devices().size());
        assertEquals(3, config.devices().stream().map(DeviceSettings::host).distinct().count());
        assertEquals(3, config.pool().copies());
        assertEquals(
                Optional.of(InetSocketAddress.createUnresolved("127.0.0.1", 9000)),
                config.listen().http());
        assertEquals(Duration.ofDays(7), config.retention().window());
        assertNull(config.root().accessKey());
    }

    @Test
    void readsKeysAndComments() {
        VarveConfig config =
                of(
                        """
                        # a site
                        data.directory = /srv/varve   # all of it
                        journal.directories=/a/j , /b/j,/c/j

                        limits.body = 1.5 GiB
                        retention.window = 36 h
                        http.address = off
                        https.address = [::1]:443
                        s3.domains = s3.example.org, s3.internal
                        root.secretKey = withhash/and=equals
                        """);
        assertEquals(Path.of("/srv/varve"), config.dataDirectory());
        assertEquals(3, config.journalDirectories().size());
        assertEquals(3L << 29, config.limits().maxBodyBytes());
        assertEquals(Duration.ofHours(36), config.retention().window());
        assertTrue(config.listen().http().isEmpty());
        assertEquals("::1", config.listen().https().orElseThrow().getHostString());
        assertEquals(List.of("s3.example.org", "s3.internal"), config.s3().domains());
        assertEquals("withhash/and=equals", config.root().secretKey());
        assertFalse(config.toString().contains("withhash"), "the secret is not printed");
    }

    @Test
    void tellsEveryProblemWithItsLine() {
        List<String> problems =
                problems(
                        """
                        pool.copys = 3
                        nonsense
                        limits.body = 5 GB
                        retention.window = soon
                        pool.minCopies = 4
                        pool.minCopies = 2
                        tls.key = /k.pem
                        """);
        assertEquals(
                List.of(
                        "varve.conf:2: not a line of the form key = value",
                        "varve.conf:1: unknown key pool.copys; did you mean pool.copies?",
                        "varve.conf:6: pool.minCopies is set already at varve.conf:5",
                        "varve.conf:4: retention.window = soon: must be a duration such as 10 min;"
                                + " units are ms, s, min, h, d",
                        "varve.conf:7: tls.certificate and tls.key go together",
                        "varve.conf:3: limits.body = 5 GB: must be a size such as 64 MiB; units are"
                                + " B, KiB, MiB, GiB, TiB, PiB"),
                problems);
    }

    @Test
    void suggestsNothingForAKeyThatResemblesNone() {
        assertEquals(List.of("varve.conf:1: unknown key zzzzzzzz"), problems("zzzzzzzz = 1"));
    }

    @Test
    void readsDevices() {
        VarveConfig config =
                of(
                        """
                        pool.copies = 2
                        pool.minCopies = 1
                        device.4 = host=n1 class=ssd weight=2.5 capacity=3 TiB path=/mnt/my disk
                        device.7 = host=n2 path=/mnt/b
                        """);
        assertEquals(
                new DeviceSettings(
                        4,
                        "n1",
                        "ssd",
                        2.5,
                        Path.of("/mnt/my disk"),
                        java.util.OptionalLong.of(3L << 40)),
                config.devices().getFirst());
        assertEquals("hdd", config.devices().get(1).deviceClass());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "host=a!path is missing",
                "path=/x!host is missing",
                "host=a path=/x weight=0!weight must be",
                "host=a path=/x weight=NaN!weight must be",
                "host=a path=/x host=b!given twice",
                "host=a path=/x color=red!must be of the form",
                "host=a/b path=/x!must be words",
                "host=a path=/x capacity=much!must be a size"
            })
    void refusesBadDevices(String device, String message) {
        String first = problems("device.0 = " + device).getFirst();
        assertTrue(first.startsWith("varve.conf:1: device.0: "), first);
        assertTrue(first.contains(message), first);
    }

    @Test
    void refusesFewerFailureDomainsThanCopies() {
        String twoHosts =
                "device.0 = host=a path=/0\ndevice.1 = host=a path=/1\ndevice.2 = host=b path=/2\n";
        assertEquals(
                List.of("configuration: pool.copies is 3, but there are only 2 hosts for them"),
                problems(twoHosts));
        assertEquals(3, of(twoHosts + "pool.failureDomain = device").devices().size());
        assertEquals(
                List.of("varve.conf:2: device.1 has the directory of device.0"),
                problems(
                        "device.0 = host=a path=/0\ndevice.1 = host=b path=/0\n"
                                + "device.2 = host=c path=/2"));
        assertEquals(
                List.of("varve.conf:1: pool.minCopies (4) is more than pool.copies (3)"),
                problems("pool.minCopies = 4"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.address = 9000",
                "http.address = h:70000",
                "http.address = :1",
                "limits.connections = many",
                "limits.connections = 0",
                "metrics.onHttp = yes",
                "pool.failureDomain = rack",
                "limits.body = 0.3 B",
                "limits.body = 1 KiB",
                "s3.domains = -x",
                "journal.directories = /a, /a",
                "root.secretKey = short",
                "limits.idleTimeout = 1 ms",
                "device.x = host=a path=/b",
                "http.address = off\nhttps.address = off"
            })
    void refusesValuesThatAreNone(String text) {
        assertEquals(1, problems(text).size(), text);
    }

    @Test
    void overridesWinOverTheFile(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("varve.conf");
        Files.writeString(file, "data.directory = /a\nhttp.address = nonsense\n");
        VarveConfig config =
                VarveConfig.load(
                        file,
                        Map.of(
                                "data.directory",
                                new VarveConfig.Setting("/b", "--data"),
                                "http.address",
                                new VarveConfig.Setting("127.0.0.1:0", "--http")));
        assertEquals(Path.of("/b"), config.dataDirectory());
        List<String> problems =
                assertThrows(
                                ConfigException.class,
                                () ->
                                        VarveConfig.load(
                                                null,
                                                Map.of(
                                                        "http.address",
                                                        new VarveConfig.Setting("x", "--http"))))
                        .problems();
        assertEquals(List.of("--http: http.address = x: must be HOST:PORT or off"), problems);
    }

    @Test
    void missingFileIsAProblem() {
        List<String> problems =
                assertThrows(
                                ConfigException.class,
                                () -> VarveConfig.load(Path.of("/nowhere/x.conf"), Map.of()))
                        .problems();
        assertEquals(List.of("/nowhere/x.conf: does not exist"), problems);
    }

    @Test
    void quantitiesAreWrittenAsTheyAreRead() throws ValueException {
        for (String text : new String[] {"1 B", "64 MiB", "5 GiB", "1537 B"}) {
            assertEquals(text, Quantities.text(Quantities.bytes(text)));
        }
        for (String text : new String[] {"10 ms", "90 s", "10 min", "7 d"}) {
            assertEquals(text, Quantities.text(Quantities.duration(text)));
        }
    }

    @Test
    void everyDefaultIsAValueOfItsKey() {
        ConfigKeys.bySection()
                .values()
                .forEach(
                        keys ->
                                keys.forEach(
                                        key -> {
                                            if (key.absentMeaning().isEmpty()) {
                                                new ConfigValues(ConfigFile.empty()).get(key);
                                            }
                                            assertFalse(key.meaning().isBlank(), key.name());
                                        }));
    }

    @Test
    void takesAJournalOnKafkaWithWhatItsClientsAreTold() {
        VarveConfig config =
                of(
                        """
                        journal.kind = kafka
                        journal.kafka.bootstrap = b1:9092,b2:9092
                        journal.kafka.timeout = 5 s
                        journal.kafka.client.security.protocol = SSL
                        """);
        VarveConfig.KafkaSettings kafka = Objects.requireNonNull(config.kafka());
        assertEquals("b1:9092,b2:9092", kafka.bootstrap());
        assertEquals(Duration.ofSeconds(5), kafka.timeout());
        assertEquals(Map.of("security.protocol", "SSL"), kafka.client());
        assertEquals(2, kafka.minInSyncReplicas());
    }

    @Test
    void refusesAJournalOnKafkaThatPromisesNothing() {
        List<String> problems =
                problems(
                        """
                        journal.kind = kafka
                        journal.kafka.replicas = 1
                        journal.kafka.bootstrap = b1:9092
                        journal.kafka.client.acks = 1
                        """);
        assertEquals(2, problems.size(), problems::toString);
        assertTrue(problems.get(0).contains("minInSyncReplicas"), problems::toString);
        assertTrue(problems.get(1).contains("client.acks: the journal's own"), problems::toString);
    }
}
