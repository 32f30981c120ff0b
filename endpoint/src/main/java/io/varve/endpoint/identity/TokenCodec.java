package io.varve.endpoint.identity;

import io.varve.journal.record.RoleScope;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Tokens as text and back. Who has no key can neither read nor make one. Safe for use by many
 * threads.
 *
 * <pre>
 *  base64url( version u8 | key number u32 | nonce 12 | ciphertext | tag 16 )
 *  plain: methods u8 | scope kind u8 | issued u64 us | expires u64 us
 *         | user | scope id | application credential | count u8 | audit ids   (UTF, length u16)
 * </pre>
 */
final class TokenCodec {
    private static final int VERSION = 1;
    private static final int HEAD_BYTES = 1 + Integer.BYTES;
    private static final int TEXT_CHARS_MAX = 2048;
    private static final String PURPOSE = "varve token 1";
    private static final int NO_SCOPE = 0;

    private final TokenBoxes keys;

    TokenCodec(TokenBoxes keys) {
        this.keys = keys;
    }

    String encode(Token token) {
        TokenBoxes.Sealer sealer = keys.sealer();
        byte[] sealed = sealer.box().seal(plain(token), PURPOSE);
        byte[] bytes =
                ByteBuffer.allocate(HEAD_BYTES + sealed.length)
                        .put((byte) VERSION)
                        .putInt(sealer.number())
                        .put(sealed)
                        .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Null when it is not a token that was sealed here. */
    @Nullable Token decode(String text) {
        if (text.length() > TEXT_CHARS_MAX) {
            return null;
        }
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException _) {
            return null;
        }
        if (bytes.remaining() < HEAD_BYTES || bytes.get() != VERSION) {
            return null;
        }
        SealedBox box = keys.opener(bytes.getInt());
        if (box == null) {
            return null;
        }
        byte[] sealed = new byte[bytes.remaining()];
        bytes.get(sealed);
        byte[] plain = box.open(sealed, PURPOSE);
        return plain == null ? null : token(plain);
    }

    private static byte[] plain(Token token) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(160);
        RoleScope scope = token.scope();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(token.methodBits());
            out.writeByte(scope == null ? NO_SCOPE : 1 + scope.kind().ordinal());
            out.writeLong(micros(token.issuedAt()));
            out.writeLong(micros(token.expiresAt()));
            out.writeUTF(token.userId());
            out.writeUTF(scope == null ? "" : scope.id());
            out.writeUTF(token.applicationCredentialId());
            out.writeByte(token.auditIds().size());
            for (String id : token.auditIds()) {
                out.writeUTF(id);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an id is too long for a token", e);
        }
        return bytes.toByteArray();
    }

    /** The seal was right, so it is what was put in. */
    private static Token token(byte[] plain) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(plain))) {
            int methods = in.readUnsignedByte();
            int scopeKind = in.readUnsignedByte();
            Instant issued = instant(in.readLong());
            Instant expires = instant(in.readLong());
            String user = in.readUTF();
            String scopeId = in.readUTF();
            String applicationCredential = in.readUTF();
            List<String> auditIds = new ArrayList<>();
            for (int left = in.readUnsignedByte(); left > 0; left--) {
                auditIds.add(in.readUTF());
            }
            RoleScope scope =
                    scopeKind == NO_SCOPE
                            ? null
                            : new RoleScope(RoleScope.Kind.values()[scopeKind - 1], scopeId);
            return new Token(
                    user,
                    scope,
                    Token.methods(methods),
                    applicationCredential,
                    issued,
                    expires,
                    auditIds);
        } catch (IOException e) {
            throw new IllegalStateException("a token was sealed wrongly", e);
        }
    }

    static long micros(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
    }
}
