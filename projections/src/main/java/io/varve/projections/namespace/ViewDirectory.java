package io.varve.projections.namespace;

import io.varve.projections.ViewDamagedException;
import io.varve.projections.ViewException;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Where the namespace view lives under a site's data directory: the live store, the last one that
 * was set aside, and the one being rebuilt.
 */
public final class ViewDirectory {
    private final Path live;
    private final Path setAside;
    private final Path rebuilding;
    private final Path verifying;
    private final Path verificationLock;

    /**
     * @param directory holds the stores of the views; made when it is not there
     */
    public ViewDirectory(Path directory) {
        live = directory.resolve("namespace");
        setAside = directory.resolve("namespace.set-aside");
        rebuilding = directory.resolve("namespace.rebuilding");
        verifying = directory.resolve("namespace.verifying");
        verificationLock = directory.resolve("verify.lock");
    }

    public Path live() {
        return live;
    }

    /**
     * Where a view is made anew beside the live one; whatever an earlier attempt left is removed.
     */
    public Path clearedForRebuild() {
        deleteTree(rebuilding);
        return rebuilding;
    }

    /**
     * @throws ViewException when another verification is under way
     */
    public VerificationScratch beginVerification() {
        return VerificationScratch.begin(verifying, verificationLock);
    }

    /** Whether there is a live store at all, in whatever state. */
    public boolean hasLive() {
        return Files.isDirectory(live);
    }

    public RocksViewStore openLive(RocksConfig config) {
        return RocksViewStore.open(live, config);
    }

    /** As above; {@code onDamage} as {@link RocksViewStore#open} has it. */
    public RocksViewStore openLive(RocksConfig config, Consumer<ViewDamagedException> onDamage) {
        return RocksViewStore.open(live, config, onDamage);
    }

    /** Moves the live store away, in place of any that was moved before. It must be closed. */
    public Path setLiveAside() {
        deleteTree(setAside);
        move(live, setAside);
        return setAside;
    }

    /**
     * Puts the rebuilt store in the place of the live one. Both must be closed. A crash in between
     * leaves no live store, and the next start makes one from the journal.
     */
    public void replaceLive() {
        if (Files.exists(live)) {
            setLiveAside();
        }
        move(rebuilding, live);
        deleteTree(setAside);
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new ViewException("view cannot be moved: from=" + from + ", to=" + to, e);
        }
    }

    static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            paths.sorted(Comparator.reverseOrder()).forEach(ViewDirectory::delete);
        } catch (IOException | UncheckedIOException e) {
            throw new ViewException("view cannot be removed: " + root, e);
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
