package io.varve.endpoint.config;

import java.util.List;
import java.util.Map;

/** The reference page of all keys, as Markdown. */
public final class ConfigurationPage {
    private static final String INTRODUCTION =
            """
            # Configuration

            <!-- Made from the code's table of keys; the build fails when it differs. To make it anew:
                 mvn test -pl endpoint -am -Dtest=ConfigurationPageTest \\
                     -Dsurefire.failIfNoSpecifiedTests=false -Dvarve.rewrite.docs=true -->

            `varve serve --config FILE` reads one file of lines `key = value`. `#` at the start of a line
            or behind white space begins a comment. Keys that are not in the file have the defaults below;
            `--data`, `--http` and `--https` win over the file. A key that does not exist, is given twice,
            or has a value it cannot have, ends the start with exit code 2, after everything that is wrong
            has been said with its line.

            Sizes are written `64 MiB` (B, KiB, MiB, GiB, TiB, PiB), durations `10 min` (ms, s, min, h, d).
            Relative paths are taken from the directory in which the server is started. Everything that is
            acknowledged is on stable media, whatever the settings; under "on power failure" is what a key
            changes about that.
            """;

    private static final String DEVICES =
            """

            ### `device.<number>`

            One line for each device that a new site begins with; the number is its id in the placement map.
            From the first start on the site knows its devices by itself, and `varve device` changes them
            ([devices.md](devices.md)): these lines count no more.

            ```
            device.0 = host=node1 class=ssd weight=1.0 path=/mnt/ssd0
            device.1 = host=node2 class=hdd weight=4.0 capacity=3 TiB path=/mnt/hdd0/varve
            ```

            `host` and `path` are required. `class` (default `hdd`) is one word, `weight` (default 1) its
            share of the data relative to the others, `capacity` (default: all there is) how much of the
            file system it may take. Without any such line the site has nine devices in three hosts,
            directories in `devices` below the data directory.

            On power failure: a device keeps what it has acknowledged; what it was writing is found torn
            at the next start and cut.
            """;

    private static final String CLIENT =
            """

            ### `journal.kafka.client.<setting>`

            How the way to the brokers is encrypted and who the site is to them: Kafka's own settings of
            its clients, those that begin with `security.`, `ssl.`, `sasl.`, `socket.`, `send.buffer.` or
            `client.dns.`. Others are the journal's own and are refused.

            ```
            journal.kafka.client.security.protocol = SASL_SSL
            journal.kafka.client.ssl.truststore.type = PEM
            journal.kafka.client.ssl.truststore.location = /etc/varve/brokers.pem
            journal.kafka.client.sasl.mechanism = SCRAM-SHA-512
            journal.kafka.client.sasl.jaas.config = org.apache.kafka.common.security.scram.ScramLoginModule required username="varve" password="…";
            ```
            """;

    private ConfigurationPage() {}

    public static String render() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (Map.Entry<String, List<ConfigKey<?>>> section : ConfigKeys.bySection().entrySet()) {
            page.append("\n## ").append(section.getKey()).append('\n');
            section.getValue().forEach(key -> append(page, key));
            if (section.getKey().equals(ConfigKeys.DEVICES_SECTION)) {
                page.append(DEVICES);
            }
            if (section.getKey().equals(ConfigKeys.JOURNAL_SECTION)) {
                page.append(CLIENT);
            }
        }
        return page.toString();
    }

    private static void append(StringBuilder page, ConfigKey<?> key) {
        page.append("\n### `").append(key.name()).append("`\n\n");
        String absent =
                key.absentMeaning().isEmpty() ? "`" + key.absent() + "`" : key.absentMeaning();
        page.append("Default: ").append(absent);
        page.append(" (").append(key.type().description()).append(")\n\n");
        page.append(wrapped(key.meaning()));
        if (!key.powerFailure().isEmpty()) {
            page.append('\n').append(wrapped("On power failure: " + key.powerFailure()));
        }
    }

    private static String wrapped(String text) {
        int width = 100;
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > width) {
                lines.append('\n');
                column = 0;
            }
            lines.append(column == 0 ? "" : " ").append(word);
            column += word.length() + (column == 0 ? 0 : 1);
        }
        return lines.append('\n').toString();
    }
}
