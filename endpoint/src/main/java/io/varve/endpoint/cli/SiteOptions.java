package io.varve.endpoint.cli;

import io.varve.endpoint.config.ConfigException;
import io.varve.endpoint.config.VarveConfig;
import io.varve.journal.RecordReader;
import io.varve.journal.chronicle.JournalEventLog;
import io.varve.journal.chronicle.JournalLimits;
import io.varve.journal.chronicle.ReadOnlyJournal;
import io.varve.projections.namespace.RecordSource;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.rocks.RocksConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a site is, told as {@code serve} is told, and its parts as they are on media. */
final class SiteOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "Lines of key = value.")
    private @Nullable Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where data is (data.directory), by default ./varve-data.")
    private @Nullable String data;

    /** Whether the command line says which site. */
    boolean isNamed() {
        return config != null || data != null;
    }

    /**
     * @throws CommandFailure when the configuration is wrong or there is no such directory
     */
    VarveConfig load() {
        VarveConfig found = loadForNew();
        if (!Files.isDirectory(found.dataDirectory())) {
            throw CommandFailure.failed("no site here: " + found.dataDirectory());
        }
        return found;
    }

    /**
     * @throws CommandFailure when the journal is elsewhere
     */
    static void requireFiles(VarveConfig config) {
        VarveConfig.KafkaSettings kafka = config.kafka();
        if (kafka != null) {
            throw CommandFailure.failed(
                    "this command reads a journal in files; the site's is on Kafka: %s, topic %s"
                            .formatted(kafka.bootstrap(), kafka.topic()));
        }
    }

    /**
     * As above, for a site that there may not be yet.
     *
     * @throws CommandFailure when the configuration is wrong
     */
    VarveConfig loadForNew() {
        Map<String, VarveConfig.Setting> options = new LinkedHashMap<>();
        if (data != null) {
            options.put("data.directory", new VarveConfig.Setting(data, "--data"));
        }
        try {
            return VarveConfig.load(config, options);
        } catch (ConfigException e) {
            throw CommandFailure.usage(
                    "the configuration cannot be used\n  " + String.join("\n  ", e.problems()));
        }
    }

    /** The records that are there now. */
    static RecordSource records(VarveConfig config) {
        requireFiles(config);
        ReadOnlyJournal journal =
                ReadOnlyJournal.open(
                        config.journalDirectories(), JournalLimits.DEFAULT, new JournalEventLog());
        return new RecordSource() {
            @Override
            public long endPosition() {
                return journal.endPosition();
            }

            @Override
            public RecordReader read(long fromPosition) {
                return journal.read(fromPosition);
            }
        };
    }

    static ViewDirectory views(VarveConfig config) {
        return new ViewDirectory(config.viewDirectory());
    }

    static RocksConfig rocks(VarveConfig config) {
        return new RocksConfig(
                config.view().cacheBytes(),
                config.view().writeBufferBytes(),
                RocksConfig.DEFAULT.openFileCountMax(),
                RocksConfig.DEFAULT.backgroundThreadCount());
    }
}
