package io.varve.endpoint.clients;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

/** Clients of S3. */
@Tag("clients")
final class ClientsTest extends ScriptedClients {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws.sh",
                "sdk.py",
                "s3cmd.sh",
                "rclone.sh",
                "restic.sh",
                "website.sh",
                "backup.sh",
                "versioning.py",
                "past.sh"
            })
    void worksWith(String script) throws IOException, InterruptedException {
        run(script);
    }
}
