package io.varve.devices.log;

import io.varve.devices.BlobPayload;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Memory for one read at a time: what is read lands here, is verified here, and is handed on from
 * here, so that a read that hangs and comes back late harms nobody.
 */
public final class ReadScratch {
    final CRC32C crc = new CRC32C();
    private final ByteBuffer bytes;

    private ReadScratch(int capacityBytes) {
        this.bytes = ByteBuffer.allocateDirect(capacityBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** For reads of up to that many bytes of payload at once. */
    public static ReadScratch allocate(int payloadBytes) {
        // The range may begin and end inside of blocks, which are read whole.
        int blocks = 2 * BlobPayload.CHECKSUM_BLOCK_BYTES;
        return new ReadScratch(RecordDescriptor.MAX_HEAD_BYTES + payloadBytes + blocks);
    }

    ByteBuffer bytes() {
        return bytes;
    }
}
