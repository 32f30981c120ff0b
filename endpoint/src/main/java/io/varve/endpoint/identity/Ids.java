package io.varve.endpoint.identity;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Ids and secrets that nobody can guess. Safe for use by many threads. */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 16;
    private static final int SECRET_BYTES = 48;

    private Ids() {}

    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** 128 bits as 32 lower-case hex digits, the form that Keystone's clients take for an id. */
    public static String draw() {
        return HexFormat.of().formatHex(bytes(ID_BYTES));
    }

    /** A secret for a program to keep. */
    public static String secret() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(SECRET_BYTES));
    }

    /** As Keystone writes the ids of tokens for audit. */
    static String auditId() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(ID_BYTES));
    }
}
