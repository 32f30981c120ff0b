package io.varve.endpoint.site;

import io.varve.journal.JournalException;
import io.varve.journal.StoredJournal;
import io.varve.journal.StoredReader;
import io.varve.journal.StoredRecord;
import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.journal.kafka.KafkaJournal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Moves the journal of a site that does not run from files to Kafka. Whatever interrupts it, it can
 * be started again and goes on where it was:
 *
 * <pre>
 *  records copied, in order -> chain hashes equal -> files set aside -> the journal on Kafka leads
 * </pre>
 *
 * Until it leads, no site opens the one on Kafka; once they are set aside, none opens the files.
 */
public final class JournalMigration {
    private static final String ASIDE = ".on-kafka";
    private static final int BATCH_RECORDS = 2_000;
    private static final long BATCH_BYTES = 4L << 20;

    private final SiteConfig config;
    private final KafkaJournalSettings kafka;
    private final LongConsumer progress;

    /**
     * What is on Kafka now.
     *
     * @param copiedCount how many records this run has copied
     * @param chain hash of the last record, in hexadecimal digits: that of the files
     */
    public record Report(long endPosition, long copiedCount, String chain) {}

    /**
     * @param config names the directories of the files as well as the brokers
     * @param progress told the position of the last record that was copied, now and then
     */
    public JournalMigration(SiteConfig config, LongConsumer progress) {
        KafkaJournalSettings brokers = config.kafka();
        if (brokers == null) {
            throw new SiteException("the configuration names no brokers");
        }
        this.config = config;
        this.kafka = brokers;
        this.progress = progress;
    }

    /**
     * @throws SiteException when the site runs, is not one, or the topic holds something else
     * @throws JournalException when either journal cannot be used
     */
    public Report run() {
        if (!Files.exists(config.directory().resolve(SiteIdentity.FILE_NAME))) {
            throw new SiteException("no site here: " + config.directory());
        }
        try (SiteLock _ = SiteLock.take(config.directory())) {
            SiteIdentity identity = SiteIdentity.of(config.directory());
            if (!identity.started()) {
                throw new SiteException("the site was never started: " + config.directory());
            }
            if (!ReplicaState.read(config.directory()).equals(ReplicaState.ALONE)) {
                throw new SiteException(
                        "the site is one of a pair, whose journals are in files: "
                                + config.directory());
            }
            return move(identity);
        } catch (IOException e) {
            throw new SiteException("the journal cannot be moved: " + config.directory(), e);
        }
    }

    private Report move(SiteIdentity identity) throws IOException {
        try (KafkaJournal target = JournalOpening.followerOnKafka(config, kafka, identity)) {
            long copied;
            long epoch;
            try (ChronicleJournal source =
                    ChronicleJournal.open(
                            JournalConfig.of(files(), identity.id())
                                    .withMayCreate(false)
                                    .withFollows(true)
                                    .withLimits(config.journalLimits()))) {
                copied = copy(source, target);
                epoch = source.writerEpoch();
            }
            setAside();
            if (!target.leads()) {
                target.lead(epoch + 1);
            }
            long end = target.endPosition();
            return new Report(end, copied, HexFormat.of().formatHex(target.chainHash(end)));
        }
    }

    /** Where the files are: in their place, or set aside already. */
    private List<Path> files() {
        return config.journalDirectories().stream()
                .map(directory -> Files.exists(directory) ? directory : aside(directory))
                .toList();
    }

    private static Path aside(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ASIDE);
    }

    private long copy(StoredJournal source, KafkaJournal target) {
        long had = target.endPosition();
        long last = source.endPosition();
        requireSame(source, target, Math.min(had, last));
        if (had >= last) {
            return 0;
        }
        if (target.leads()) {
            throw different(had);
        }
        try (StoredReader records = source.stored(had + 1)) {
            while (records.nextPosition() <= last) {
                List<StoredRecord> some = records.next(BATCH_RECORDS, BATCH_BYTES);
                target.appendStored(some);
                progress.accept(some.getLast().position());
            }
        }
        requireSame(source, target, last);
        return last - had;
    }

    private void requireSame(StoredJournal source, KafkaJournal target, long position) {
        if (!Arrays.equals(source.chainHash(position), target.chainHash(position))) {
            throw different(position);
        }
    }

    private SiteException different(long position) {
        return new SiteException(
                "topic %s holds another history than the files: position=%d"
                        .formatted(kafka.topic(), position));
    }

    private void setAside() throws IOException {
        for (Path directory : config.journalDirectories()) {
            if (Files.exists(directory)) {
                DurableFile.rename(directory, directory.getFileName() + ASIDE);
            }
        }
    }
}
