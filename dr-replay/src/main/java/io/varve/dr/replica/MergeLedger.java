package io.varve.dr.replica;

import io.varve.journal.record.JournalRecord;
import io.varve.projections.namespace.NamespaceReplay;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.RecordSource;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What has become of each record that was set aside, in a file beside theirs, {@code
 * merge-FIRST-LAST}: a line for each, and one more whenever something came of one; the last one
 * counts.
 *
 * <pre>
 * varve-merge 1
 * POSITION STATE PLACE REASON...
 * </pre>
 *
 * <p>The place is the position in the journal of the pair of what the record made there; 0 for
 * none. A line is on media before the next records are merged; a last line that is torn does not
 * count. Owned by one thread.
 */
public final class MergeLedger implements AutoCloseable {
    private static final String FORM = "varve-merge 1";
    private static final int FIELDS = 4;

    private final SetAside aside;
    private final SortedMap<Long, Entry> entries;
    private final FileChannel channel;

    /**
     * What is known of one record.
     *
     * @param place 0 for none
     * @param attempts how many lines it has
     */
    public record Entry(MergeState state, long place, String reason, int attempts) {}

    private MergeLedger(SetAside aside, SortedMap<Long, Entry> entries, FileChannel channel) {
        this.aside = aside;
        this.entries = entries;
        this.channel = channel;
    }

    static Path file(SetAside aside) {
        return aside.file().resolveSibling("merge-%d-%d".formatted(aside.first(), aside.last()));
    }

    /** What is known without beginning anything; all is open where nothing was begun. */
    public static SortedMap<Long, Entry> read(SetAside aside) throws IOException {
        SortedMap<Long, Entry> entries = new TreeMap<>();
        for (long position = aside.first(); position <= aside.last(); position++) {
            entries.put(position, new Entry(MergeState.OPEN, 0, "", 0));
        }
        Path file = file(aside);
        if (Files.exists(file)) {
            String text = Files.readString(file);
            // What is behind the last line's end was torn off.
            for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
                readLine(file, line, entries);
            }
        }
        return entries;
    }

    private static void readLine(Path file, String line, SortedMap<Long, Entry> entries) {
        if (line.equals(FORM)) {
            return;
        }
        String[] fields = line.split(" ", FIELDS);
        try {
            long position = Long.parseLong(fields[0]);
            Entry before = entries.get(position);
            if (fields.length < FIELDS || before == null) {
                throw new IllegalArgumentException(line);
            }
            entries.put(
                    position,
                    new Entry(
                            MergeState.of(fields[1]),
                            Long.parseLong(fields[2]),
                            fields[3],
                            before.attempts() + 1));
        } catch (IllegalArgumentException e) {
            throw new ReplicaException("%s cannot be read: %s".formatted(file, line), e);
        }
    }

    /**
     * Opens it. The first time the old history is folded, to know which of its records had had an
     * effect: what was refused there was never promised to anybody.
     *
     * @param shared has the records before those that were set aside
     * @param scratch a directory that is made and removed again
     */
    public static MergeLedger open(SetAside aside, RecordSource shared, Path scratch)
            throws IOException {
        if (!Files.exists(file(aside))) {
            begin(aside, shared, scratch);
        }
        SortedMap<Long, Entry> entries = read(aside);
        FileChannel channel = FileChannel.open(file(aside), StandardOpenOption.WRITE);
        String text = Files.readString(file(aside));
        long whole =
                text.substring(0, text.lastIndexOf('\n') + 1)
                        .getBytes(StandardCharsets.UTF_8)
                        .length;
        channel.truncate(whole);
        channel.position(whole);
        return new MergeLedger(aside, entries, channel);
    }

    private static void begin(SetAside aside, RecordSource shared, Path scratch)
            throws IOException {
        StringBuilder text = new StringBuilder(FORM).append('\n');
        deleteTree(scratch);
        try (RocksViewStore store = RocksViewStore.open(scratch, RocksConfig.DEFAULT)) {
            NamespaceReplay.replay(
                    new OldHistory(shared, aside),
                    store,
                    aside.last(),
                    position -> {},
                    (record, outcome) -> first(aside, record, outcome, text));
        } finally {
            deleteTree(scratch);
        }
        Path fresh = file(aside).resolveSibling(file(aside).getFileName() + ".new");
        try (FileChannel out =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            write(out, text.toString());
        }
        Files.move(
                fresh,
                file(aside),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void first(
            SetAside aside, JournalRecord record, Outcome outcome, StringBuilder text) {
        if (record.position() < aside.first()) {
            return;
        }
        String refusal =
                switch (outcome) {
                    case Outcome.Refused refused -> refused.reason().name();
                    case Outcome.IdentityRefused refused -> refused.reason().name();
                    case Outcome.TopologyRefused refused -> refused.reason().name();
                    case Outcome.Applied _,
                            Outcome.BucketCreated _,
                            Outcome.ObjectPut _,
                            Outcome.ObjectDeleted _,
                            Outcome.AttributesSet _,
                            Outcome.UploadStarted _,
                            Outcome.PartPut _,
                            Outcome.WindowClosed _ ->
                            "";
                };
        MergeState state = refusal.isEmpty() ? MergeState.OPEN : MergeState.VOID;
        text.append(line(record.position(), state, 0, refusal));
    }

    private static String line(long position, MergeState state, long place, String reason) {
        return "%d %s %d %s%n".formatted(position, state, place, reason.replace('\n', ' '));
    }

    private static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void write(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    public SetAside aside() {
        return aside;
    }

    public Entry entry(long position) {
        Entry entry = entries.get(position);
        if (entry == null) {
            throw new IllegalArgumentException("not set aside: " + position);
        }
        return entry;
    }

    /** Where the journal of the pair has what a record made; empty when it has not. */
    public OptionalLong place(long position) {
        if (position < aside.first()) {
            return OptionalLong.of(position);
        }
        Entry entry = entries.get(position);
        return entry == null || entry.place() == 0
                ? OptionalLong.empty()
                : OptionalLong.of(entry.place());
    }

    /**
     * What came of a record.
     *
     * @param place 0 for none
     */
    public record Settlement(MergeState state, long place, String reason) {}

    /** On return what came of records, by their positions, is on media. */
    public void settle(Map<Long, Settlement> settled) throws IOException {
        if (settled.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        settled.forEach(
                (position, what) ->
                        text.append(line(position, what.state(), what.place(), what.reason())));
        write(channel, text.toString());
        settled.forEach(
                (position, what) ->
                        entries.put(
                                position,
                                new Entry(
                                        what.state(),
                                        what.place(),
                                        what.reason(),
                                        entry(position).attempts() + 1)));
    }

    /** How many records are in each state. */
    public static Map<MergeState, Long> counts(SortedMap<Long, Entry> entries) {
        Map<MergeState, Long> counts = new EnumMap<>(MergeState.class);
        entries.values().forEach(entry -> counts.merge(entry.state(), 1L, Long::sum));
        return counts;
    }

    /** The records that something may still become of. */
    public static List<Long> unsettled(SortedMap<Long, Entry> entries) {
        List<Long> positions = new ArrayList<>();
        entries.forEach(
                (position, entry) -> {
                    if (!entry.state().settled()) {
                        positions.add(position);
                    }
                });
        return positions;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
