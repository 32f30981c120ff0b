package io.varve.endpoint.salvage;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.DeviceException;
import io.varve.devices.pool.BlobSalvage;
import io.varve.endpoint.store.ObjectBody;
import io.varve.journal.record.Checksum;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;

/** A body read blob by blob from the devices, each verified before any of it is handed out. */
final class SalvagedStream extends InputStream implements ObjectBody {
    private final BlobSalvage devices;
    private final long lengthBytes;
    private final Iterator<List<BlobId>> pieces;
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    SalvagedStream(BlobSalvage devices, SalvagedBody body) {
        this.devices = devices;
        this.lengthBytes = body.sizeBytes();
        this.pieces = body.blobs().iterator();
    }

    @Override
    public InputStream stream() {
        return this;
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public List<Checksum> checksums() {
        return List.of();
    }

    @Override
    public int read() throws IOException {
        return fill() ? bytes.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, bytes.remaining());
        bytes.get(target, offset, count);
        return count;
    }

    private boolean fill() throws IOException {
        while (!bytes.hasRemaining() && pieces.hasNext()) {
            bytes = piece(pieces.next());
        }
        return bytes.hasRemaining();
    }

    private ByteBuffer piece(List<BlobId> blobs) throws IOException {
        DeviceException failure = new BlobDamagedException("no blob");
        for (BlobId blob : blobs) {
            try {
                return devices.read(blob);
            } catch (DeviceException e) {
                failure = e;
            }
        }
        throw new IOException(String.valueOf(failure.getMessage()), failure);
    }
}
