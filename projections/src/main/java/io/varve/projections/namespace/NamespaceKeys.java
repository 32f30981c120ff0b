package io.varve.projections.namespace;

import io.varve.projections.ViewDamagedException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The keys of the namespace's rows. The first byte is the table; ids and positions are eight bytes,
 * big-endian; {@code ~} turns an order around. Where something follows an object's key or a name in
 * the row's key, that key is escaped ({@code 00} becomes {@code 00 FF}) and ended by {@code 00 01},
 * which keeps the order of its bytes. docs/formats/namespace.md has the whole table.
 */
final class NamespaceKeys {
    static final byte ACCOUNT = 'a';
    static final byte BUCKET = 'b';
    static final byte BUCKET_REMOVED = 'B';
    static final byte SHARE_COUNT = 'c';
    static final byte RELEASED = 'd';
    static final byte ENDED = 'e';
    static final byte COMPLETED = 'f';
    static final byte HISTORY = 'h';
    static final byte HELD = 'H';
    static final byte HELD_REVIEW = 'G';
    static final byte MANIFEST = 'm';
    static final byte NAME = 'n';
    static final byte NAME_REMOVED = 'N';
    static final byte CURRENT = 'o';
    static final byte PART = 'p';
    static final byte OWNER = 'q';
    static final byte TURN = 'r';
    static final byte TURN_DUE = 'R';
    static final byte SETTINGS = 's';
    static final byte SNAPSHOT = 'S';
    static final byte TIMES = 'k';
    static final byte UPLOAD = 'u';
    static final byte NONCURRENT = 'v';
    static final byte WINDOW = 'w';
    static final byte EXPIRY = 'x';
    static final byte NULL_POSITION = 'z';

    /** The one row of its table. */
    static final byte[] WINDOW_KEY = {WINDOW};

    private static final int ID_BYTES = Long.BYTES;
    private static final int TABLE_AND_ID = 1 + ID_BYTES;

    private NamespaceKeys() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Table and id: a whole key, or what the keys of all that belongs to the id start with. */
    static byte[] of(byte table, long id) {
        return ByteBuffer.allocate(TABLE_AND_ID).put(table).putLong(id).array();
    }

    static byte[] of(byte table, long id, long second) {
        return ByteBuffer.allocate(TABLE_AND_ID + ID_BYTES)
                .put(table)
                .putLong(id)
                .putLong(second)
                .array();
    }

    static byte[] of(byte table, long id, int second) {
        return ByteBuffer.allocate(TABLE_AND_ID + Integer.BYTES)
                .put(table)
                .putLong(id)
                .putInt(second)
                .array();
    }

    /** The key of a row about an object's key where nothing follows; also for a prefix of keys. */
    static byte[] of(byte table, long bucketId, byte[] objectKey) {
        return ByteBuffer.allocate(TABLE_AND_ID + objectKey.length)
                .put(table)
                .putLong(bucketId)
                .put(objectKey)
                .array();
    }

    /** The object's key in a row's key of that form. */
    static byte[] objectKey(byte[] rowKey) {
        return Arrays.copyOfRange(rowKey, TABLE_AND_ID, rowKey.length);
    }

    /** What the keys of all rows about an object's key start with, where something follows. */
    static byte[] escaped(byte table, long bucketId, byte[] objectKey) {
        return escape(of(table, bucketId), objectKey, true);
    }

    /**
     * What the keys of all rows about the keys with a prefix start with, where something follows.
     */
    static byte[] escapedPrefix(byte table, long bucketId, byte[] prefix) {
        return escape(of(table, bucketId), prefix, false);
    }

    static byte[] name(byte[] name) {
        return prepend(NAME, name);
    }

    static byte[] account(String account) {
        return prepend(ACCOUNT, utf8(account));
    }

    static byte[] owner(String owner, byte[] name) {
        return append(owners(owner), name);
    }

    /** What the keys of all buckets of an owner start with. */
    static byte[] owners(String owner) {
        return escape(new byte[] {OWNER}, utf8(owner), true);
    }

    static byte[] nameRemoved(byte[] name, long bucketId) {
        return append(namesRemoved(name), ~bucketId);
    }

    /** What the keys of all removed buckets of a name start with. */
    static byte[] namesRemoved(byte[] name) {
        return escape(new byte[] {NAME_REMOVED}, name, true);
    }

    /** What the keys of all removed buckets start with whose names start so. */
    static byte[] namesRemovedFrom(byte[] prefix) {
        return escape(new byte[] {NAME_REMOVED}, prefix, false);
    }

    /** Newest first within a key. */
    static byte[] version(byte table, long bucketId, byte[] objectKey, long position) {
        return append(escaped(table, bucketId, objectKey), ~position);
    }

    /** By version, newest first; of each what it said at first, then what it said last. */
    static byte[] history(long bucketId, byte[] objectKey, VersionRow row) {
        return row.revision() == row.position()
                ? version(HISTORY, bucketId, objectKey, row.position())
                : historyFrom(bucketId, objectKey, row.position(), row.revision());
    }

    /** Where what a version said from a revision on is, and behind it what it said before. */
    static byte[] historyFrom(long bucketId, byte[] objectKey, long position, long revision) {
        return append(version(HISTORY, bucketId, objectKey, position), ~revision);
    }

    /** By bucket, then in the order in which the window would have forgotten. */
    static byte[] held(long bucketId, long micros, long id) {
        return append(of(HELD, bucketId, micros), id);
    }

    /** In order of the time of the record that turned. */
    static byte[] turnDue(long micros, long position, long bucketId, byte[] objectKey) {
        return ByteBuffer.allocate(TABLE_AND_ID + 2 * ID_BYTES + objectKey.length)
                .put(TURN_DUE)
                .putLong(micros)
                .putLong(position)
                .putLong(bucketId)
                .put(objectKey)
                .array();
    }

    static byte[] turnDueKey(byte[] rowKey) {
        return Arrays.copyOfRange(rowKey, TABLE_AND_ID + 2 * ID_BYTES, rowKey.length);
    }

    static long thirdId(byte[] rowKey) {
        return ByteBuffer.wrap(rowKey).getLong(TABLE_AND_ID + ID_BYTES);
    }

    static long versionPosition(byte[] rowKey) {
        return ~lastId(rowKey);
    }

    /**
     * In order of the record that released, then of the one that had introduced, then of chunks.
     */
    static byte[] released(long position, long contentId, int chunk) {
        return ByteBuffer.allocate(TABLE_AND_ID + ID_BYTES + Integer.BYTES)
                .put(RELEASED)
                .putLong(position)
                .putLong(contentId)
                .putInt(chunk)
                .array();
    }

    /** Oldest first within a key. */
    static byte[] upload(long bucketId, byte[] objectKey, long uploadId) {
        return append(escaped(UPLOAD, bucketId, objectKey), uploadId);
    }

    /** In order of the time at which a version expires. */
    static byte[] expiry(long dueSeconds, long bucketId, byte[] objectKey, long position) {
        return append(escape(of(EXPIRY, dueSeconds, bucketId), objectKey, true), position);
    }

    /** The second id in a row's key. */
    static long secondId(byte[] rowKey) {
        return ByteBuffer.wrap(rowKey).getLong(TABLE_AND_ID);
    }

    /** The id that a row's key ends in. */
    static long lastId(byte[] rowKey) {
        return ByteBuffer.wrap(rowKey).getLong(rowKey.length - ID_BYTES);
    }

    /** The number that a row's key ends in. */
    static int lastNumber(byte[] rowKey) {
        return ByteBuffer.wrap(rowKey).getInt(rowKey.length - Integer.BYTES);
    }

    /** The first id in a row's key. */
    static long firstId(byte[] rowKey) {
        return ByteBuffer.wrap(rowKey).getLong(1);
    }

    /** The escaped object's key in a row's key that starts with table and bucket. */
    static byte[] unescaped(byte[] rowKey) {
        return unescaped(rowKey, TABLE_AND_ID);
    }

    /** The escaped object's key in the key of a row of the expiry table. */
    static byte[] expiring(byte[] rowKey) {
        return unescaped(rowKey, TABLE_AND_ID + ID_BYTES);
    }

    private static byte[] unescaped(byte[] rowKey, int offset) {
        byte[] plain = new byte[rowKey.length];
        int length = 0;
        for (int i = offset; i < rowKey.length - 1; i++) {
            if (rowKey[i] != 0) {
                plain[length++] = rowKey[i];
                continue;
            }
            i++;
            if (rowKey[i] == 1) {
                return Arrays.copyOf(plain, length);
            }
            plain[length++] = 0;
        }
        throw new ViewDamagedException("row key without end of object key: table=" + rowKey[0]);
    }

    private static byte[] escape(byte[] head, byte[] plain, boolean ended) {
        int zeros = 0;
        for (byte b : plain) {
            zeros += b == 0 ? 1 : 0;
        }
        byte[] key = Arrays.copyOf(head, head.length + plain.length + zeros + (ended ? 2 : 0));
        int at = head.length;
        for (byte b : plain) {
            key[at++] = b;
            if (b == 0) {
                key[at++] = (byte) 0xFF;
            }
        }
        if (ended) {
            key[at + 1] = 1;
        }
        return key;
    }

    private static byte[] prepend(byte table, byte[] rest) {
        byte[] key = new byte[1 + rest.length];
        key[0] = table;
        System.arraycopy(rest, 0, key, 1, rest.length);
        return key;
    }

    static byte[] append(byte[] head, byte[] tail) {
        byte[] key = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, key, head.length, tail.length);
        return key;
    }

    private static byte[] append(byte[] head, long id) {
        byte[] key = Arrays.copyOf(head, head.length + ID_BYTES);
        ByteBuffer.wrap(key).putLong(head.length, id);
        return key;
    }
}
