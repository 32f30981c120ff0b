package io.varve.projections.namespace;

import io.varve.journal.record.Attributes;

/** When an object was written, which for one of another site is when it was written there. */
final class Origin {
    private Origin() {}

    static long micros(VersionRow row) {
        return micros(row.attributes(), row.createdMicros());
    }

    /** What is no number does not count. */
    static long micros(Attributes attributes, long createdMicros) {
        String text = attributes.settings().get(Attributes.ORIGIN);
        long micros = text == null ? Decimal.NONE : Decimal.parse(text);
        return micros == Decimal.NONE ? createdMicros : micros;
    }
}
