package io.varve.devices.file;

import java.io.IOException;

/** The power is gone: nothing that is done from now on reaches the media. */
public final class PowerCutException extends IOException {
    private static final long serialVersionUID = 1L;

    PowerCutException(long step) {
        super("power cut at step " + step);
    }
}
