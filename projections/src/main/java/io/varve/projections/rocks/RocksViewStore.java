package io.varve.projections.rocks;

import io.varve.projections.RowChange;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewDamagedException;
import io.varve.projections.ViewException;
import io.varve.projections.ViewSnapshot;
import io.varve.projections.ViewStore;
import io.varve.projections.rocks.RocksCursor.Direction;

import org.jspecify.annotations.Nullable;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A view's rows in one RocksDB column family, without RocksDB's own log.
 *
 * <p>Memtables reach media in the order they were written, and a write is wholly inside one of
 * them. So what is there after a crash is the state after some write, checkpoint included, and
 * nothing newer; the journal has the rest. RocksDB verifies the checksum of each block it reads.
 *
 * <p>Reads may come from any thread (they are calls into native code, so a virtual thread holds its
 * carrier for their few microseconds); writes and flushes from one.
 */
public final class RocksViewStore implements ViewStore {
    static {
        RocksDB.loadLibrary();
    }

    private final Path directory;
    private final RocksSettings settings;
    private final boolean readOnly;
    private final Consumer<ViewDamagedException> onDamage;
    private final DamageMarker marker;
    private final AtomicBoolean found = new AtomicBoolean();
    private final RocksDB db;
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final ReadOptions readOptions = new ReadOptions();
    private final Leases leases;

    /**
     * Opens the store in a directory, which is created when it is not there.
     *
     * @throws ViewDamagedException when what is there cannot be opened
     */
    public static RocksViewStore open(Path directory, RocksConfig config) {
        return open(directory, config, damage -> {});
    }

    /**
     * As above.
     *
     * @param onDamage told, by whichever thread is the first to read damage, before that thread
     *     gets the exception. The store is then marked, and can be opened no more.
     */
    public static RocksViewStore open(
            Path directory, RocksConfig config, Consumer<ViewDamagedException> onDamage) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new ViewException("view directory cannot be made: " + directory, e);
        }
        new DamageMarker(directory).check();
        return new RocksViewStore(directory, new RocksSettings(config), false, onDamage);
    }

    /**
     * Opens what of a store is on media, also while another process writes to it; what that writes
     * afterwards is not seen. {@link #write} and {@link #flush} are refused.
     */
    public static RocksViewStore openReadOnly(Path directory, RocksConfig config) {
        RocksSettings settings = new RocksSettings(config);
        // All files are opened at once, so that the other process may remove them.
        settings.options().setCreateIfMissing(false).setMaxOpenFiles(-1);
        return new RocksViewStore(directory, settings, true, damage -> {});
    }

    private RocksViewStore(
            Path directory,
            RocksSettings settings,
            boolean readOnly,
            Consumer<ViewDamagedException> onDamage) {
        this.directory = directory;
        this.settings = settings;
        this.readOnly = readOnly;
        this.onDamage = onDamage;
        marker = new DamageMarker(directory);
        leases = new Leases(directory.toString());
        try {
            db =
                    readOnly
                            ? RocksDB.openReadOnly(settings.options(), directory.toString())
                            : RocksDB.open(settings.options(), directory.toString());
        } catch (RocksDBException e) {
            writeOptions.close();
            readOptions.close();
            settings.close();
            throw asOpenFault(directory, e);
        }
    }

    /**
     * Damage is what a rebuild would cure. That the store is in use by another process, or that the
     * disk is full or refuses, is none.
     */
    private static ViewException asOpenFault(Path directory, RocksDBException e) {
        String message = "view store cannot be opened: " + directory + ": " + e.getMessage();
        Status status = e.getStatus();
        boolean environment =
                status != null
                        && status.getCode() == Status.Code.IOError
                        && !message.contains("No such file");
        return environment ? new ViewException(message, e) : new ViewDamagedException(message, e);
    }

    ViewException fault(String what, RocksDBException e) {
        String message = "view store failed to " + what + ": " + directory + ": " + e.getMessage();
        Status status = e.getStatus();
        if (status == null || status.getCode() != Status.Code.Corruption) {
            return new ViewException(message, e);
        }
        ViewDamagedException damaged = new ViewDamagedException(message, e);
        if (!readOnly && found.compareAndSet(false, true)) {
            marker.write(message);
            onDamage.accept(damaged);
        }
        return damaged;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return get(readOptions, key);
    }

    byte @Nullable [] get(ReadOptions options, byte[] key) {
        leases.acquire();
        try {
            return db.get(options, key);
        } catch (RocksDBException e) {
            throw fault("read", e);
        } finally {
            leases.release();
        }
    }

    @Override
    public ViewCursor scan(byte[] from, byte @Nullable [] to) {
        return scan(null, from, to);
    }

    ViewCursor scan(@Nullable Snapshot snapshot, byte[] from, byte @Nullable [] to) {
        leases.acquire();
        ReadOptions options = new ReadOptions();
        if (snapshot != null) {
            options.setSnapshot(snapshot);
        }
        return new RocksCursor(this, db, options, Direction.FORWARD, from, to);
    }

    ViewCursor sweep(Snapshot snapshot, byte[] from, byte @Nullable [] to) {
        leases.acquire();
        ReadOptions options = new ReadOptions().setSnapshot(snapshot).setFillCache(false);
        return new RocksCursor(this, db, options, Direction.FORWARD, from, to);
    }

    ViewCursor scanBack(Snapshot snapshot, byte[] from, byte @Nullable [] to) {
        leases.acquire();
        ReadOptions options = new ReadOptions().setSnapshot(snapshot);
        return new RocksCursor(this, db, options, Direction.BACK, from, to);
    }

    /** Called once by whatever {@link #scan} and {@link #snapshot} gave out. */
    void release() {
        leases.release();
    }

    @Override
    public ViewSnapshot snapshot() {
        leases.acquire();
        return new RocksSnapshot(this, db);
    }

    @Override
    public void write(List<RowChange> changes) {
        leases.acquire();
        try (WriteBatch batch = new WriteBatch()) {
            for (RowChange change : changes) {
                byte[] value = change.value();
                if (value == null) {
                    batch.delete(change.key());
                } else {
                    batch.put(change.key(), value);
                }
            }
            db.write(writeOptions, batch);
        } catch (RocksDBException e) {
            throw fault("write", e);
        } finally {
            leases.release();
        }
    }

    @Override
    public void startFlush() {
        flush(false);
    }

    @Override
    public void flush() {
        flush(true);
    }

    private void flush(boolean wait) {
        leases.acquire();
        try {
            flushHeld(wait);
        } finally {
            leases.release();
        }
    }

    private void flushHeld(boolean wait) {
        try (FlushOptions options =
                new FlushOptions().setWaitForFlush(wait).setAllowWriteStall(true)) {
            db.flush(options);
        } catch (RocksDBException e) {
            throw fault("flush", e);
        }
    }

    /**
     * A number RocksDB keeps of itself, for metrics: {@code rocksdb.block-cache-usage} and so on.
     */
    public long property(String name) {
        leases.acquire();
        try {
            return db.getLongProperty(name);
        } catch (RocksDBException e) {
            throw fault("tell " + name, e);
        } finally {
            leases.release();
        }
    }

    RocksDB database() {
        return db;
    }

    @Override
    public void close() {
        if (!leases.close()) {
            return;
        }
        try {
            if (!readOnly && !found.get()) {
                flushHeld(true);
            }
        } finally {
            db.close();
            writeOptions.close();
            readOptions.close();
            settings.close();
        }
    }
}
