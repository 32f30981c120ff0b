package io.varve.devices;

import java.util.List;

/**
 * How far an audit was that was cut off, so that another one may go on from there.
 *
 * @param partsDone how many parts of the blobs were compared
 * @param soFar what was found in them
 */
public record AuditMark(int partsDone, AuditReport soFar) {
    /** Where an audit begins. */
    public static final AuditMark BEGINNING =
            new AuditMark(0, new AuditReport(0, 0, 0, 0, 0, 0, List.of()));

    public AuditMark {
        Requirement.that(partsDone >= 0, "partsDone must not be negative", partsDone);
    }
}
