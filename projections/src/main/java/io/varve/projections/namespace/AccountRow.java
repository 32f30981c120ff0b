package io.varve.projections.namespace;

import io.varve.projections.ViewReader;

/** The row of an account. There is none for an account of which there is nothing to say. */
final class AccountRow {
    private static final int FORMAT_VERSION = 1;

    private AccountRow() {}

    static Account read(ViewReader rows, String name) {
        byte[] value = rows.get(NamespaceKeys.account(name));
        return value == null ? Account.empty(name) : decode(name, value);
    }

    static Account decode(String name, byte[] bytes) {
        RowReader from = new RowReader(bytes).version(FORMAT_VERSION);
        long bucketCount = from.varint();
        long objectCount = from.varint();
        long sizeBytes = from.varint();
        return new Account(name, RowFields.readMap(from), bucketCount, objectCount, sizeBytes);
    }

    static byte[] encode(Account account) {
        RowWriter to =
                new RowWriter()
                        .u8(FORMAT_VERSION)
                        .varint(account.bucketCount())
                        .varint(account.objectCount())
                        .varint(account.sizeBytes());
        RowFields.writeMap(to, account.settings());
        return to.toBytes();
    }
}
