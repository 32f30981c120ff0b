package io.varve.projections.namespace;

import io.varve.projections.ViewDamagedException;
import io.varve.projections.identity.IdentityKeys;
import io.varve.projections.topology.TopologyKeys;

import java.util.Arrays;

/**
 * What a row of the namespace is about, for people.
 *
 * @param table what kind of row
 * @param id the bucket, upload, content or moment that it belongs to; 0 where there is none
 * @param key the object's key or the name, empty where there is none
 */
public record RowName(String table, long id, String key) {

    /** Of the row with a key, also of one that cannot be read. */
    public static RowName of(byte[] rowKey) {
        try {
            return decode(rowKey);
        } catch (ViewDamagedException | IndexOutOfBoundsException | IllegalArgumentException e) {
            return new RowName("unreadable row", 0, Arrays.toString(rowKey));
        }
    }

    private static RowName decode(byte[] rowKey) {
        return switch (rowKey[0]) {
            case NamespaceKeys.ACCOUNT -> ofName("account", rowKey);
            case NamespaceKeys.BUCKET -> ofId("bucket", rowKey);
            case NamespaceKeys.BUCKET_REMOVED -> ofId("removed bucket", rowKey);
            case NamespaceKeys.SETTINGS -> ofId("bucket's settings", rowKey);
            case NamespaceKeys.SHARE_COUNT -> ofId("share count", rowKey);
            case NamespaceKeys.RELEASED -> ofId("released blobs", rowKey);
            case NamespaceKeys.ENDED -> ofId("ended", rowKey);
            case NamespaceKeys.COMPLETED -> ofId("completed upload", rowKey);
            case NamespaceKeys.MANIFEST -> ofId("manifest", rowKey);
            case NamespaceKeys.NAME -> ofName("bucket name", rowKey);
            case NamespaceKeys.NAME_REMOVED -> ofName("removed bucket name", rowKey);
            case NamespaceKeys.OWNER -> ofName("owner and bucket name", rowKey);
            case NamespaceKeys.CURRENT -> ofKey("current object", rowKey);
            case NamespaceKeys.NULL_POSITION -> ofKey("null version's place", rowKey);
            case NamespaceKeys.NONCURRENT -> ofEscapedKey("noncurrent version", rowKey);
            case NamespaceKeys.HISTORY -> ofEscapedKey("version in history", rowKey);
            case NamespaceKeys.TURN -> ofEscapedKey("turn of what is current", rowKey);
            case NamespaceKeys.TURN_DUE -> ofTurnDue(rowKey);
            case NamespaceKeys.TIMES -> ofId("times of records", rowKey);
            case NamespaceKeys.UPLOAD -> ofEscapedKey("upload", rowKey);
            case NamespaceKeys.EXPIRY -> ofExpiry(rowKey);
            case NamespaceKeys.PART -> ofPart(rowKey);
            case NamespaceKeys.WINDOW -> new RowName("window", 0, "");
            case IdentityKeys.TABLE -> new RowName("identity", 0, IdentityKeys.describe(rowKey));
            case TopologyKeys.TABLE -> new RowName("topology", 0, TopologyKeys.describe(rowKey));
            default -> throw new ViewDamagedException("unknown table " + rowKey[0]);
        };
    }

    private static RowName ofId(String table, byte[] rowKey) {
        return new RowName(table, NamespaceKeys.firstId(rowKey), "");
    }

    private static RowName ofName(String table, byte[] rowKey) {
        String name = NamespaceKeys.text(Arrays.copyOfRange(rowKey, 1, rowKey.length));
        return new RowName(table, 0, name);
    }

    private static RowName ofKey(String table, byte[] rowKey) {
        String key = NamespaceKeys.text(NamespaceKeys.objectKey(rowKey));
        return new RowName(table, NamespaceKeys.firstId(rowKey), key);
    }

    private static RowName ofEscapedKey(String table, byte[] rowKey) {
        String key = NamespaceKeys.text(NamespaceKeys.unescaped(rowKey));
        return new RowName(table, NamespaceKeys.firstId(rowKey), key);
    }

    private static RowName ofExpiry(byte[] rowKey) {
        String key = NamespaceKeys.text(NamespaceKeys.expiring(rowKey));
        return new RowName("expiring version", NamespaceKeys.secondId(rowKey), key);
    }

    private static RowName ofTurnDue(byte[] rowKey) {
        String key = NamespaceKeys.text(NamespaceKeys.turnDueKey(rowKey));
        return new RowName("turn to forget", NamespaceKeys.thirdId(rowKey), key);
    }

    private static RowName ofPart(byte[] rowKey) {
        String number = Integer.toString(NamespaceKeys.lastNumber(rowKey));
        return new RowName("part", NamespaceKeys.firstId(rowKey), number);
    }
}
