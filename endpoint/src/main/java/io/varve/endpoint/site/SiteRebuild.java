package io.varve.endpoint.site;

import io.varve.journal.archive.JournalArchive;
import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * Gives a site that has lost its journal the one that was archived. Devices stay as they are; the
 * view is made by the next start. Whatever interrupts it, it can be started again and goes on where
 * it was:
 *
 * <pre>
 *  records copied beside the journal's place -> the site's id written -> put in its place
 * </pre>
 *
 * A site that is opened before the end finds no journal and refuses, or is another site, whose
 * devices these are not.
 */
public final class SiteRebuild {
    private static final String BESIDE = ".rebuilt";

    private final SiteConfig config;
    private final JournalArchive archive;
    private final LongConsumer progress;

    /**
     * @param progress told the position reached, now and then
     */
    public SiteRebuild(SiteConfig config, JournalArchive archive, LongConsumer progress) {
        this.config = config;
        this.archive = archive;
        this.progress = progress;
    }

    /**
     * @return the position at which the journal ends
     * @throws SiteException when the site runs, has a journal, or is another one
     * @throws io.varve.journal.JournalException when the archive is damaged or the journal cannot
     *     be written
     */
    public long run() {
        UUID siteId = archive.extent().siteId();
        if (siteId == null) {
            throw new SiteException("the archive is empty");
        }
        if (config.kafka() != null) {
            throw new SiteException("a journal on Kafka is not rebuilt from an archive");
        }
        try {
            Files.createDirectories(config.directory());
            try (SiteLock _ = SiteLock.take(config.directory())) {
                return rebuild(siteId);
            }
        } catch (IOException e) {
            throw new SiteException("the site cannot be rebuilt: " + config.directory(), e);
        }
    }

    private long rebuild(UUID siteId) throws IOException {
        List<Path> journal = config.journalDirectories();
        if (journal.stream().allMatch(SiteRebuild::isThere)) {
            throw new SiteException("there is a journal: " + journal);
        }
        requireSameSite(siteId);
        long end;
        try (ChronicleJournal copy =
                ChronicleJournal.open(
                        JournalConfig.of(journal.stream().map(SiteRebuild::place).toList(), siteId)
                                .withLimits(config.journalLimits())
                                .withFollows(true))) {
            archive.copyTo(copy, progress);
            end = copy.endPosition();
        }
        SiteIdentity unused = new SiteIdentity(siteId, true).startedIn(config.directory());
        for (Path directory : journal) {
            if (!isThere(directory)) {
                Files.deleteIfExists(directory);
                DurableFile.rename(beside(directory), String.valueOf(directory.getFileName()));
            }
        }
        return end;
    }

    private void requireSameSite(UUID siteId) throws IOException {
        if (Files.exists(config.directory().resolve(SiteIdentity.FILE_NAME))) {
            UUID there = SiteIdentity.of(config.directory()).id();
            if (!there.equals(siteId)) {
                throw new SiteException(
                        "%s is another site: %s, the archive is of %s"
                                .formatted(config.directory(), there, siteId));
            }
        }
    }

    /** Where it is being made, or put already by a run that was interrupted. */
    private static Path place(Path directory) {
        return isThere(directory) ? directory : beside(directory);
    }

    private static boolean isThere(Path directory) {
        return Files.exists(directory.resolve("label-1"))
                || Files.exists(directory.resolve("label-2"));
    }

    private static Path beside(Path directory) {
        return directory.resolveSibling(directory.getFileName() + BESIDE);
    }
}
