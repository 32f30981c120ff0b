package io.varve.endpoint.site;

import io.varve.journal.StoredJournal;
import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;

import java.io.IOException;
import java.util.function.Function;

/** The journal of a site that nobody has open. */
public final class SiteJournal {
    private SiteJournal() {}

    /**
     * Opens the journal alone, to be read, and closes it again.
     *
     * @throws SiteException when the site is in use
     */
    public static <T> T read(SiteConfig config, Function<StoredJournal, T> work) {
        try (SiteLock _ = SiteLock.take(config.directory());
                ChronicleJournal journal =
                        ChronicleJournal.open(
                                JournalConfig.of(
                                                config.journalDirectories(),
                                                SiteIdentity.of(config.directory()).id())
                                        .withMayCreate(false)
                                        .withLimits(config.journalLimits())
                                        .withFollows(true))) {
            return work.apply(journal);
        } catch (IOException e) {
            throw new SiteException("the journal cannot be read: " + config.directory(), e);
        }
    }
}
