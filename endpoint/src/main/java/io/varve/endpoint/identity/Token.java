package io.varve.endpoint.identity;

import io.varve.journal.record.RoleScope;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a token says, and no more: who, on what, until when. Roles and names are looked up when it
 * is used, so that they are those of that moment.
 *
 * @param scope null for a token without scope
 * @param applicationCredentialId what it was got with; empty for another way
 * @param auditIds its own, then that of the first in a chain of tokens got with tokens
 */
public record Token(
        String userId,
        @Nullable RoleScope scope,
        Set<Method> methods,
        String applicationCredentialId,
        Instant issuedAt,
        Instant expiresAt,
        List<String> auditIds) {
    public Token {
        methods = methods.isEmpty() ? Set.of() : Set.copyOf(methods);
        auditIds = List.copyOf(auditIds);
    }

    /** How its holder has shown who they are. */
    public enum Method {
        PASSWORD,
        TOKEN,
        APPLICATION_CREDENTIAL,
        EC2
    }

    String auditId() {
        return auditIds.getFirst();
    }

    int methodBits() {
        int bits = 0;
        for (Method method : methods) {
            bits |= 1 << method.ordinal();
        }
        return bits;
    }

    static Set<Method> methods(int bits) {
        Set<Method> methods = EnumSet.noneOf(Method.class);
        for (Method method : Method.values()) {
            if ((bits & (1 << method.ordinal())) != 0) {
                methods.add(method);
            }
        }
        return methods;
    }
}
