package io.varve.endpoint.store;

import io.varve.endpoint.store.StoreException.Category;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Refuses writes while a file system that journal or view grow on is nearly full, so that they
 * never fail half-way for lack of space and deletes can still be recorded. Devices watch their own
 * space. Safe for use by many threads; {@link #check} is called by one agent.
 */
public final class SpaceGuard {
    private static final Logger LOG = Logger.getLogger(SpaceGuard.class.getName());

    /** Somewhere that must not fill up. */
    private record Place(String name, LongSupplier usableBytes) {}

    private final List<Place> places;
    private final long lowSpaceBytes;
    private volatile String shortage = "";

    private SpaceGuard(List<Place> places, long lowSpaceBytes) {
        this.places = places;
        this.lowSpaceBytes = lowSpaceBytes;
        check();
    }

    public static SpaceGuard over(List<Path> directories, long lowSpaceBytes) {
        return new SpaceGuard(
                directories.stream()
                        .map(path -> new Place(path.toString(), () -> usableBytes(path)))
                        .toList(),
                lowSpaceBytes);
    }

    public static SpaceGuard over(String name, LongSupplier usableBytes, long lowSpaceBytes) {
        return new SpaceGuard(List.of(new Place(name, usableBytes)), lowSpaceBytes);
    }

    /** Looks again. */
    public void check() {
        String found = "";
        for (Place place : places) {
            long usable = place.usableBytes().getAsLong();
            if (usable < lowSpaceBytes) {
                found =
                        "low space: %s has %d bytes, threshold %d"
                                .formatted(place.name(), usable, lowSpaceBytes);
                break;
            }
        }
        boolean changed = found.isEmpty() != shortage.isEmpty();
        shortage = found;
        if (changed) {
            String message = found.isEmpty() ? "space again, writes are taken" : found;
            LOG.log(Level.WARNING, message);
        }
    }

    /** Whether writes are refused at this moment. */
    public boolean low() {
        return !shortage.isEmpty();
    }

    /**
     * @throws StoreException FULL when writes are refused
     */
    void requireSpace() {
        String why = shortage;
        if (!why.isEmpty()) {
            throw new StoreException(Category.FULL, why);
        }
    }

    private static long usableBytes(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            // Whether the media still work is for their owner to find out by using them.
            LOG.log(Level.WARNING, e, () -> "cannot ask for the space of " + directory);
            return Long.MAX_VALUE;
        }
    }
}
