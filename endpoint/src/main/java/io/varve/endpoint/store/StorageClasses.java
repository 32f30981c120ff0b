package io.varve.endpoint.store;

import java.util.List;
import java.util.OptionalInt;

/** The pools by the names that clients know them by. Safe for use by many threads. */
public interface StorageClasses {
    /** Those of a site with one pool. */
    StorageClasses STANDARD =
            new StorageClasses() {
                @Override
                public List<String> names() {
                    return List.of("STANDARD");
                }

                @Override
                public OptionalInt pool(String name) {
                    return name.equals("STANDARD") ? OptionalInt.of(0) : OptionalInt.empty();
                }
            };

    /** As they are now; that of objects which ask for none comes first. */
    List<String> names();

    /** The pool of that name; empty when there is none. */
    OptionalInt pool(String name);

    /** Whether a pool has that name that takes no more objects. */
    default boolean closed(String name) {
        return false;
    }

    /** What objects have that ask for none. */
    default String standard() {
        return names().getFirst();
    }
}
