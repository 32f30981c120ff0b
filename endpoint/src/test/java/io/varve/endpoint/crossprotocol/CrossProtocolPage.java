package io.varve.endpoint.crossprotocol;

import java.nio.file.Path;
import java.util.List;

/** Makes docs/cross-protocol.md out of a run. */
final class CrossProtocolPage {
    private static final String HEAD =
            """
            # One object, two protocols

            <!-- Made by a run of every row; the build fails when it differs. To make it anew:
                 mvn test -pl endpoint -am -Dtest=CrossProtocolTest \\
                     -Dsurefire.failIfNoSpecifiedTests=false -Dvarve.rewrite.docs=true -->

            A bucket is a container, a key is an object name, an account is an owner. Both protocols work on the
            same object; neither keeps a copy. Each row below is carried out by the tests: something is written
            through one protocol, read through the other, changed there, and read through the first again. A cell
            has each request as far as it matters, and behind the arrow what its answer showed. `o` is the object.

            What one protocol has no word for is kept, and goes along with what the other does: tags, ACLs, checksums
            and redirects of S3; expiry, robots, manifests and container metadata of Swift.

            """;

    private CrossProtocolPage() {}

    static String render(Path directory, List<Matrix> matrices) {
        StringBuilder page = new StringBuilder(HEAD);
        try (TwoProtocols both = new TwoProtocols(directory)) {
            for (int i = 0; i < matrices.size(); i++) {
                page.append(matrices.get(i).run(both, "m" + i)).append('\n');
            }
        }
        return page.toString().stripTrailing() + "\n";
    }
}
