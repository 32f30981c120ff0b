package io.varve.endpoint.clients;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.endpoint.site.TestCluster;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Scripts of {@link ClientsTest}, unchanged, against the endpoints of a cluster. */
@Tag("slow")
final class ClientsOnClusterTest {
    @TempDir static Path directory;

    private static TestCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(Integer.getInteger("varve.slow.percent", 100) >= 100);
        cluster = TestCluster.start(directory, 1);
    }

    @AfterAll
    static void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"sdk.py, 0", "s3cmd.sh, 1", "swift.sh, 1"})
    void worksWith(String script, int endpoint) throws IOException, InterruptedException {
        Path work = Files.createDirectory(directory.resolve(script + "-" + endpoint));
        Map<String, String> environment = new TreeMap<>();
        environment.put("ENDPOINT", cluster.endpoint(endpoint));
        environment.put("AWS_ACCESS_KEY_ID", ServerProcess.ACCESS_KEY);
        environment.put("AWS_SECRET_ACCESS_KEY", ServerProcess.SECRET_KEY);
        environment.put("AWS_DEFAULT_REGION", "us-east-1");
        environment.put("FILES", "50");
        environment.put("LARGE_MIB", "24");
        ClientScript.run(script, work, environment, cluster.log(endpoint));
    }
}
