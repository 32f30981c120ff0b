package io.varve.endpoint.s3;

import io.varve.journal.record.Attributes;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Tags of buckets and objects: names and values, kept as one setting in the form of a query. */
final class Tags {
    /** The setting that keeps them. */
    static final String SETTING = Attributes.TAGS;

    static final int OBJECT_TAGS_MAX = 10;
    static final int BUCKET_TAGS_MAX = 50;

    private static final int KEY_CHARS_MAX = 128;
    private static final int VALUE_CHARS_MAX = 256;

    private Tags() {}

    static TreeMap<String, String> of(ObjectVersion object) {
        return decode(object.attributes().settings().get(SETTING));
    }

    static TreeMap<String, String> decode(@Nullable String text) {
        TreeMap<String, String> tags = new TreeMap<>();
        if (text != null) {
            QueryParameters.parse(text).all().forEach(tag -> tags.put(tag.name(), tag.value()));
        }
        return tags;
    }

    static String encode(Map<String, String> tags) {
        StringJoiner text = new StringJoiner("&");
        tags.forEach(
                (key, value) ->
                        text.add(
                                UriCodec.encode(key, false) + "=" + UriCodec.encode(value, false)));
        return text.toString();
    }

    /** Those that a put, a copy or a new upload sets; {@code InvalidTag} when they cannot be. */
    static TreeMap<String, String> ofHeader(S3Call call) {
        String header = call.header("x-amz-tagging");
        TreeMap<String, String> tags = new TreeMap<>();
        if (header == null) {
            return tags;
        }
        for (QueryParameters.Parameter tag : QueryParameters.parse(header).all()) {
            add(tags, tag.name(), tag.value());
        }
        requireFew(tags, OBJECT_TAGS_MAX);
        return tags;
    }

    /** From the XML of a request. */
    static TreeMap<String, String> parse(byte[] document, int countMax) {
        TreeMap<String, String> tags = new TreeMap<>();
        XmlCursor xml = XmlCursor.open(document, "Tagging");
        while (xml.nextChild()) {
            if (!xml.name().equals("TagSet")) {
                xml.skip();
                continue;
            }
            while (xml.nextChild()) {
                if (!xml.name().equals("Tag")) {
                    throw S3Error.MALFORMED_XML.refusal();
                }
                addTag(xml, tags);
            }
        }
        requireFew(tags, countMax);
        return tags;
    }

    private static void addTag(XmlCursor xml, TreeMap<String, String> tags) {
        String key = null;
        String value = null;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Key" -> key = xml.text();
                case "Value" -> value = xml.text();
                default -> xml.skip();
            }
        }
        if (key == null || value == null) {
            throw S3Error.MALFORMED_XML.refusal();
        }
        add(tags, key, value);
    }

    private static void add(TreeMap<String, String> tags, String key, String value) {
        if (key.isEmpty() || key.codePointCount(0, key.length()) > KEY_CHARS_MAX) {
            throw S3Error.INVALID_TAG.refusal("The TagKey you have provided is invalid");
        }
        if (value.codePointCount(0, value.length()) > VALUE_CHARS_MAX) {
            throw S3Error.INVALID_TAG.refusal("The TagValue you have provided is invalid");
        }
        if (tags.put(key, value) != null) {
            throw S3Error.INVALID_TAG.refusal("Cannot provide multiple Tags with the same key");
        }
    }

    private static void requireFew(Map<String, String> tags, int countMax) {
        if (tags.size() > countMax) {
            throw countMax == OBJECT_TAGS_MAX
                    ? S3Error.BAD_REQUEST.refusal("Object tags cannot be greater than 10")
                    : S3Error.BAD_REQUEST.refusal("Bucket tag count cannot be greater than 50");
        }
    }

    static XmlWriter document(Map<String, String> tags) {
        XmlWriter xml = XmlWriter.document("Tagging").start("TagSet");
        tags.forEach(
                (key, value) -> xml.start("Tag").element("Key", key).element("Value", value).end());
        return xml.end();
    }
}
