package io.varve.projections.identity;

import io.varve.journal.record.RoleScope;
import io.varve.projections.ViewDamagedException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The keys of identity's rows. All begin with the table byte; a second byte says what the row is:
 *
 * <pre>
 *  i d ID                       domain                  i g USER 0 SCOPE SCOPE_ID 0 ROLE  grant
 *  i p ID                       project                 i a USER 0 ID       application credential
 *  i u ID                       user                    i e USER 0 ACCESS   access key
 *  i r ID                       role                    i x ACCESS          its user
 *  i n KIND DOMAIN 0 NAME       the id of that name     i k USER 0 AUDIT    revoked token
 * </pre>
 *
 * <p>No id has a zero byte. A name comes last, so it may hold anything.
 */
public final class IdentityKeys {
    /** What the keys of all identity rows begin with. */
    public static final byte TABLE = 'i';

    static final byte DOMAIN = 'd';
    static final byte PROJECT = 'p';
    static final byte USER = 'u';
    static final byte ROLE = 'r';
    static final byte NAME = 'n';
    static final byte GRANT = 'g';
    static final byte APPLICATION_CREDENTIAL = 'a';
    static final byte EC2_CREDENTIAL = 'e';
    static final byte ACCESS = 'x';
    static final byte REVOKED = 'k';

    private static final char END = '\0';

    private IdentityKeys() {}

    static byte[] table() {
        return new byte[] {TABLE};
    }

    static byte[] all(byte kind) {
        return new byte[] {TABLE, kind};
    }

    static byte[] of(byte kind, String id) {
        byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[2 + utf8.length];
        key[0] = TABLE;
        key[1] = kind;
        System.arraycopy(utf8, 0, key, 2, utf8.length);
        return key;
    }

    /**
     * What belongs to a user: the whole key, or with an empty rest what all such keys begin with.
     */
    static byte[] ofUser(byte kind, String userId, String rest) {
        return of(kind, userId + END + rest);
    }

    static byte[] name(byte kind, String domainId, String name) {
        return of(NAME, nameOf(kind, domainId, name));
    }

    /** What follows the kind in the key of a name. */
    static String nameOf(byte kind, String domainId, String name) {
        return (char) kind + domainId + END + name;
    }

    static byte[] grant(Grant grant) {
        char scope =
                switch (grant.scope().kind()) {
                    case PROJECT -> 'P';
                    case DOMAIN -> 'D';
                    case SYSTEM -> 'S';
                };
        return ofUser(GRANT, grant.userId(), scope + grant.scope().id() + END + grant.roleId());
    }

    static Grant grant(byte[] key) {
        String[] parts = text(key).split(String.valueOf(END), -1);
        if (parts.length != 3 || parts[1].isEmpty()) {
            throw new ViewDamagedException("not a grant's key: " + text(key));
        }
        String scopeId = parts[1].substring(1);
        RoleScope scope =
                switch (parts[1].charAt(0)) {
                    case 'P' -> RoleScope.project(scopeId);
                    case 'D' -> RoleScope.domain(scopeId);
                    case 'S' -> RoleScope.SYSTEM;
                    default -> throw new ViewDamagedException("unknown scope: " + text(key));
                };
        return new Grant(parts[0], scope, parts[2]);
    }

    static byte kind(byte[] key) {
        if (key.length < 2) {
            throw new ViewDamagedException("an identity row without a kind");
        }
        return key[1];
    }

    /** What follows the kind. */
    static String text(byte[] key) {
        return new String(Arrays.copyOfRange(key, 2, key.length), StandardCharsets.UTF_8);
    }

    /** What follows the user in a key of {@link #ofUser}. */
    static String afterUser(byte[] key) {
        String text = text(key);
        return text.substring(text.indexOf(END) + 1);
    }

    /** A key as people can read it: what kind of row, and of what. */
    public static String describe(byte[] key) {
        return (char) kind(key) + " " + text(key).replace(END, '/');
    }
}
