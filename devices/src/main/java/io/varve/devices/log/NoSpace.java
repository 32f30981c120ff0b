package io.varve.devices.log;

import java.io.IOException;

/** Tells "no space" from other I/O errors. */
final class NoSpace {
    private NoSpace() {}

    /** The JDK has no type of its own for it: the system's message is all there is. */
    static boolean isCauseOf(IOException e) {
        String message = e.getMessage();
        return message != null
                && (message.contains("No space left") || message.contains("quota exceeded"));
    }
}
