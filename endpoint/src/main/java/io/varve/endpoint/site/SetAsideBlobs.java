package io.varve.endpoint.site;

import io.varve.devices.BlobId;
import io.varve.dr.replica.MergeLedger;
import io.varve.dr.replica.OldHistory;
import io.varve.dr.replica.RecordBlobs;
import io.varve.dr.replica.SetAside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * The blobs of records that were set aside, until something has become of these: no journal names
 * them, and they must not go for that. Read anew on each question.
 */
final class SetAsideBlobs {
    private final Path directory;

    /**
     * @param siteDirectory of the site
     */
    SetAsideBlobs(Path siteDirectory) {
        this.directory = siteDirectory.resolve(SetAside.DIRECTORY);
    }

    /**
     * @throws UncheckedIOException when what was set aside cannot be read
     * @throws io.varve.dr.replica.ReplicaException when it is damaged
     */
    void forEach(Consumer<BlobId> visitor) {
        try {
            for (SetAside aside : SetAside.list(directory)) {
                SortedMap<Long, MergeLedger.Entry> entries = MergeLedger.read(aside);
                aside.read(
                        stored -> {
                            MergeLedger.Entry entry = entries.get(stored.position());
                            if (entry != null && !entry.state().settled()) {
                                RecordBlobs.of(OldHistory.decoded(stored).change())
                                        .forEach(blob -> visitor.accept(NamedBlobs.idOf(blob)));
                            }
                        });
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what was set aside cannot be read", e);
        }
    }
}
