package io.varve.dr.replica;

import io.varve.journal.StoredRecord;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A batch of records as bytes, all numbers big-endian ({@code docs/formats/replica.md}):
 *
 * <pre>
 *  "VRB1"  count (4)  end position (8)
 *  for each record: partition (4)  position (8)  time (8)  writer epoch (8)
 *                   chain hash (32)  payload length (4)  payload
 *  CRC32C of all before (4)
 * </pre>
 */
public final class RecordBatchCodec {
    private static final int MAGIC = 'V' << 24 | 'R' << 16 | 'B' << 8 | '1';
    private static final int HEAD_BYTES = 16;
    private static final int CHAIN_BYTES = 32;
    private static final int RECORD_HEAD_BYTES = 4 + 3 * 8 + CHAIN_BYTES + 4;
    private static final int CRC_BYTES = 4;

    private RecordBatchCodec() {}

    public static byte[] encode(RecordBatch batch) {
        int length = HEAD_BYTES + CRC_BYTES;
        for (StoredRecord record : batch.records()) {
            length = Math.addExact(length, RECORD_HEAD_BYTES + record.payload().length);
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.putInt(MAGIC).putInt(batch.records().size()).putLong(batch.endPosition());
        for (StoredRecord record : batch.records()) {
            out.putInt(record.partition())
                    .putLong(record.position())
                    .putLong(record.timeMicros())
                    .putLong(record.writerEpoch())
                    .put(record.chain())
                    .putInt(record.payload().length)
                    .put(record.payload());
        }
        out.putInt(crc(out.array(), length - CRC_BYTES));
        return out.array();
    }

    /**
     * @throws ReplicaException when the bytes are not what {@link #encode} makes
     */
    public static RecordBatch decode(byte[] bytes) {
        if (bytes.length < HEAD_BYTES + CRC_BYTES) {
            throw damaged("it has %d bytes".formatted(bytes.length));
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt(bytes.length - CRC_BYTES) != crc(bytes, bytes.length - CRC_BYTES)) {
            throw damaged("its checksum does not match");
        }
        in.limit(bytes.length - CRC_BYTES);
        int magic = in.getInt();
        int count = in.getInt();
        long end = in.getLong();
        if (magic != MAGIC || count < 0 || count > bytes.length / RECORD_HEAD_BYTES) {
            throw damaged("it is of another form");
        }
        List<StoredRecord> records = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            records.add(record(in));
        }
        if (in.hasRemaining()) {
            throw damaged("it goes on behind its last record");
        }
        return new RecordBatch(records, end);
    }

    private static StoredRecord record(ByteBuffer in) {
        if (in.remaining() < RECORD_HEAD_BYTES) {
            throw damaged("it ends within a record");
        }
        int partition = in.getInt();
        long position = in.getLong();
        long timeMicros = in.getLong();
        long writerEpoch = in.getLong();
        byte[] chain = new byte[CHAIN_BYTES];
        in.get(chain);
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw damaged("it ends within a record");
        }
        byte[] payload = new byte[length];
        in.get(payload);
        return new StoredRecord(partition, position, timeMicros, writerEpoch, chain, payload);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static ReplicaException damaged(String reason) {
        return new ReplicaException("a batch of records cannot be used: " + reason);
    }
}
