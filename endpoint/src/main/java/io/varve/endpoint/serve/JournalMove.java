package io.varve.endpoint.serve;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.site.JournalMigration;

import java.util.function.LongConsumer;

/** Moves a configured site's journal from files to Kafka. */
public final class JournalMove {
    private JournalMove() {}

    /** As {@link JournalMigration#run}. */
    public static JournalMigration.Report run(VarveConfig config, LongConsumer progress) {
        return new JournalMigration(SiteSettings.of(config), progress).run();
    }
}
