package io.varve.endpoint.large;

import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;

/** What makes an object a large one: a setting of its own, beside the bytes it was put with. */
public sealed interface LargeObject {
    /** The setting of an object that keeps it. */
    String SETTING = "large-object";

    /** The setting that keeps what made a dynamic one, exactly as its client wrote it. */
    String WRITTEN = "swift.object-manifest";

    String STATIC = "static ";
    String DYNAMIC = "dynamic ";

    String encode();

    /**
     * Made of the segment objects that its bytes, a JSON manifest, list.
     *
     * @param etag of the whole: the MD5 of its segments' ETags, without quotes
     */
    record Static(long sizeBytes, String etag, int segmentCount) implements LargeObject {
        @Override
        public String encode() {
            return STATIC + sizeBytes + " " + segmentCount + " " + etag;
        }
    }

    /** Made of every object of a bucket of the same account whose key begins with the prefix. */
    record Dynamic(String bucket, String prefix) implements LargeObject {
        @Override
        public String encode() {
            return DYNAMIC + bucket + "/" + prefix;
        }
    }

    static Optional<LargeObject> of(ObjectVersion object) {
        return of(object.attributes().settings());
    }

    /** What a later version may have written and this one does not know is no large object. */
    static Optional<LargeObject> of(Map<String, String> settings) {
        return Optional.ofNullable(decode(settings.get(SETTING)));
    }

    private static @Nullable LargeObject decode(@Nullable String text) {
        if (text == null) {
            return null;
        }
        if (text.startsWith(DYNAMIC)) {
            int slash = text.indexOf('/');
            return slash < 0
                    ? null
                    : new Dynamic(
                            text.substring(DYNAMIC.length(), slash), text.substring(slash + 1));
        }
        String[] words = text.split(" ", -1);
        if (!text.startsWith(STATIC) || words.length != 4) {
            return null;
        }
        try {
            return new Static(Long.parseLong(words[1]), words[3], Integer.parseInt(words[2]));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
