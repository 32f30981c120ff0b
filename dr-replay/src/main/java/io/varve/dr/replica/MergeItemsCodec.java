package io.varve.dr.replica;

import io.varve.journal.codec.RecordCodec;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Records that are to be merged as bytes, all numbers big-endian ({@code docs/formats/replica.md}),
 * one after the other:
 *
 * <pre>
 *  time (8)  payload length (4)  payload
 * </pre>
 */
public final class MergeItemsCodec {
    private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;

    private MergeItemsCodec() {}

    public static byte[] encode(List<RecordMerge.Item> items) {
        List<byte[]> payloads = new ArrayList<>();
        int length = 0;
        for (RecordMerge.Item item : items) {
            byte[] payload = RecordCodec.encode(item.draft());
            payloads.add(payload);
            length = Math.addExact(length, HEAD_BYTES + payload.length);
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        for (int i = 0; i < items.size(); i++) {
            byte[] payload = payloads.get(i);
            out.putLong(items.get(i).timeMicros()).putInt(payload.length).put(payload);
        }
        return out.array();
    }

    /**
     * @throws ReplicaException when the bytes are not what {@link #encode} makes
     */
    public static List<RecordMerge.Item> decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<RecordMerge.Item> items = new ArrayList<>();
        while (in.hasRemaining()) {
            if (in.remaining() < HEAD_BYTES || items.size() == RecordMerge.PARCEL_RECORDS) {
                throw new ReplicaException("not records to be merged: bytes=" + bytes.length);
            }
            long timeMicros = in.getLong();
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new ReplicaException("not records to be merged: length=" + length);
            }
            items.add(
                    new RecordMerge.Item(
                            RecordCodec.decode(in.slice(in.position(), length)), timeMicros));
            in.position(in.position() + length);
        }
        return items;
    }
}
