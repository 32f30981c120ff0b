package io.varve.devices.remote;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobMissingException;
import io.varve.devices.DeviceAwayException;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceFailedException;
import io.varve.devices.DeviceFullException;
import io.varve.devices.DeviceLabelException;

import java.nio.ByteBuffer;

/** Why something was not done, on the wire. */
enum Refusal {
    FAILED,
    FULL,
    LABEL,
    DAMAGED,
    MISSING,
    /** The host has not opened the device, or no longer. */
    NOT_ATTACHED,
    /** It is of another version of the protocol, or against its rules. */
    MALFORMED;

    private static final Refusal[] ALL = values();

    /** Thrown where an operation needs a device that is not open. */
    static final class NotAttachedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotAttachedException(int deviceId) {
            super("device %d is not open on its host".formatted(deviceId));
        }
    }

    static byte[] encode(RuntimeException e) {
        Refusal kind =
                switch (e) {
                    case DeviceFullException _ -> FULL;
                    case DeviceLabelException _ -> LABEL;
                    case BlobDamagedException _ -> DAMAGED;
                    case BlobMissingException _ -> MISSING;
                    case DeviceException _ -> FAILED;
                    case NotAttachedException _ -> NOT_ATTACHED;
                    default -> MALFORMED;
                };
        return new Body().put(kind.ordinal()).put(String.valueOf(e.getMessage())).bytes();
    }

    /** The same as it is thrown on the other side. */
    static DeviceException decode(ByteBuffer in) {
        int kind = in.getInt();
        String message = Body.text(in);
        return switch (ALL[Math.clamp(kind, 0, ALL.length - 1)]) {
            case FAILED -> new DeviceFailedException(message);
            case FULL -> new DeviceFullException(message);
            case LABEL -> new DeviceLabelException(message);
            case DAMAGED -> new BlobDamagedException(message);
            case MISSING -> new BlobMissingException(message);
            case NOT_ATTACHED, MALFORMED -> new DeviceAwayException(message, null);
        };
    }

    static boolean isNotAttached(ByteBuffer in) {
        return in.getInt(in.position()) == NOT_ATTACHED.ordinal();
    }
}
