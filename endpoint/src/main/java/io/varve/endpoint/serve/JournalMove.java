package io.varve.endpoint.serve;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.site.JournalMigration;
import io.varve.endpoint.site.SiteRebuild;
import io.varve.journal.archive.JournalArchive;

import java.util.function.LongConsumer;

/** Moves a configured site's journal: from files to Kafka, and back from an archive. */
public final class JournalMove {
    private JournalMove() {}

    /** As {@link JournalMigration#run}. */
    public static JournalMigration.Report run(VarveConfig config, LongConsumer progress) {
        return new JournalMigration(SiteSettings.of(config), progress).run();
    }

    /** As {@link SiteRebuild#run}. */
    public static long rebuild(VarveConfig config, JournalArchive archive, LongConsumer progress) {
        return new SiteRebuild(SiteSettings.of(config), archive, progress).run();
    }
}
