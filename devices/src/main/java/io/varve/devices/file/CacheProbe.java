package io.varve.devices.file;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads of a file that are served by the page cache or not at all: Linux's {@code preadv2} with
 * {@code RWF_NOWAIT}, for which the JDK has no name. So what is cached can be read on the caller's
 * own thread, which a slow or dead disk then cannot hold up.
 *
 * <p>Any thread. The descriptor is closed when the last reader is done with it.
 */
final class CacheProbe implements AutoCloseable {
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int RWF_NOWAIT = 8;
    private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private static final @Nullable MethodHandle OPEN =
            function(
                    "open",
                    FunctionDescriptor.of(INT, ADDRESS, INT),
                    Linker.Option.firstVariadicArg(2));
    private static final @Nullable MethodHandle PREADV2 =
            function("preadv2", FunctionDescriptor.of(LONG, INT, ADDRESS, INT, LONG, INT));
    private static final @Nullable MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(INT, INT));

    private final int descriptor;

    /** Readers inside, plus one until it is closed. */
    private final AtomicInteger users = new AtomicInteger(1);

    private CacheProbe(int descriptor) {
        this.descriptor = descriptor;
    }

    private static @Nullable MethodHandle function(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
                || LONG.byteSize() != ADDRESS.byteSize()) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        SymbolLookup lookup = linker.defaultLookup();
        Optional<MemorySegment> symbol = lookup.find(name);
        return symbol.isEmpty() ? null : linker.downcallHandle(symbol.get(), descriptor, options);
    }

    /** Opens a file; null when it cannot be, or this system has no such reads. */
    static @Nullable CacheProbe open(Path path) {
        if (OPEN == null || PREADV2 == null || CLOSE == null) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            int descriptor =
                    (int) OPEN.invokeExact(arena.allocateFrom(path.toString()), O_RDONLY_CLOEXEC);
            return descriptor < 0 ? null : new CacheProbe(descriptor);
        } catch (Throwable e) {
            throw new LinkageError("open", e);
        }
    }

    /**
     * Fills the rest of a direct buffer from the page cache.
     *
     * @return whether all of it was there; if not, what lies in the buffer means nothing
     */
    boolean fill(ByteBuffer target, long offset) {
        if (PREADV2 == null || !enter()) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            int length = target.remaining();
            MemorySegment vector = arena.allocate(2 * LONG.byteSize(), LONG.byteAlignment());
            vector.set(LONG, 0, MemorySegment.ofBuffer(target).address());
            vector.set(LONG, LONG.byteSize(), length);
            long read = (long) PREADV2.invokeExact(descriptor, vector, 1, offset, RWF_NOWAIT);
            if (read != length) {
                return false;
            }
            target.position(target.limit());
            return true;
        } catch (Throwable e) {
            throw new LinkageError("preadv2", e);
        } finally {
            leave();
        }
    }

    private boolean enter() {
        int before = users.get();
        while (before > 0) {
            if (users.compareAndSet(before, before + 1)) {
                return true;
            }
            before = users.get();
        }
        return false;
    }

    private void leave() {
        if (users.decrementAndGet() == 0 && CLOSE != null) {
            try {
                int ignored = (int) CLOSE.invokeExact(descriptor);
                assert ignored <= 0;
            } catch (Throwable e) {
                throw new LinkageError("close", e);
            }
        }
    }

    /** To be called once. */
    @Override
    public void close() {
        leave();
    }
}
