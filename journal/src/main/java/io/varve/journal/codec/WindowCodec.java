package io.varve.journal.codec;

import io.varve.journal.record.WindowChange;
import io.varve.journal.record.WindowChange.CloseWindow;
import io.varve.journal.record.WindowChange.ConfirmDropped;
import io.varve.journal.wire.CloseWindowWire;
import io.varve.journal.wire.ConfirmDroppedWire;
import io.varve.journal.wire.RecordWire;

/** Window changes: {@code window.proto}. */
final class WindowCodec {
    private WindowCodec() {}

    static void encode(WindowChange change, RecordWire.Builder wire) {
        switch (change) {
            case CloseWindow c ->
                    wire.setCloseWindow(
                            CloseWindowWire.newBuilder()
                                    .setBeforeMicros(c.beforeMicros())
                                    .setLimit(c.limit()));
            case ConfirmDropped c ->
                    wire.setConfirmDropped(
                            ConfirmDroppedWire.newBuilder()
                                    .setThroughPosition(c.throughPosition()));
        }
    }

    static CloseWindow decode(CloseWindowWire wire) {
        ContentCodec.requireKnown("close window", wire);
        return new CloseWindow(wire.getBeforeMicros(), wire.getLimit());
    }

    static ConfirmDropped decode(ConfirmDroppedWire wire) {
        ContentCodec.requireKnown("confirm dropped", wire);
        return new ConfirmDropped(wire.getThroughPosition());
    }
}
