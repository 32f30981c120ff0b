package io.varve.endpoint.clients;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

/** Clients of an OpenStack cloud, and those that use both protocols. */
@Tag("clients")
final class CloudClientsTest extends ScriptedClients {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openstack.sh",
                "cross.sh",
                "identity-peers.sh",
                "walkthrough.sh",
                "swift.sh"
            })
    void worksWith(String script) throws IOException, InterruptedException {
        run(script);
    }
}
