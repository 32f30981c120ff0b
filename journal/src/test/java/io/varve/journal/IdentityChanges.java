package io.varve.journal;

import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.KeptSecret;
import io.varve.journal.record.RoleScope;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Complete identity changes of every type. */
final class IdentityChanges {
    static final int TYPES = 12;

    private static final String[] NAMES = {"alice", "Bob", "ü", "a b", "😀", "x\"y", "default"};

    private final SplittableRandom random;

    IdentityChanges(SplittableRandom random) {
        this.random = random;
    }

    IdentityChange change(int type) {
        return switch (type) {
            case 0 -> new IdentityChange.PutDomain(id(), name(), note(), flag(), base());
            case 1 -> new IdentityChange.PutProject(id(), id(), name(), note(), flag(), base());
            case 2 ->
                    new IdentityChange.PutUser(
                            id(), id(), name(), note(), note(), flag(), note(), secret(), base());
            case 3 -> new IdentityChange.PutRole(id(), name(), note(), base());
            case 4 -> new IdentityChange.Remove(any(IdentityChange.Kind.values()), id());
            case 5 -> new IdentityChange.GrantRole(id(), scope(), id());
            case 6 -> new IdentityChange.WithdrawRole(id(), scope(), id());
            case 7 ->
                    new IdentityChange.AddApplicationCredential(
                            id(), id(), id(), name(), note(), kept(), ids(), base(), flag());
            case 8 -> new IdentityChange.RemoveApplicationCredential(id(), id());
            case 9 -> new IdentityChange.AddEc2Credential(id(), id(), id(), kept());
            case 10 -> new IdentityChange.RemoveEc2Credential(id(), id());
            case 11 -> new IdentityChange.RevokeTokens(id(), flag() ? "" : id(), base());
            default -> throw new IllegalArgumentException("no such type: " + type);
        };
    }

    private String id() {
        return "%016x".formatted(random.nextLong());
    }

    private List<String> ids() {
        List<String> ids = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            ids.add(id());
        }
        return ids;
    }

    private String name() {
        return any(NAMES) + random.nextInt(10);
    }

    private String note() {
        return flag() ? "" : name();
    }

    private KeptSecret secret() {
        return flag() ? KeptSecret.NONE : kept();
    }

    private KeptSecret kept() {
        return new KeptSecret("scheme$" + id());
    }

    private RoleScope scope() {
        return switch (random.nextInt(3)) {
            case 0 -> RoleScope.SYSTEM;
            case 1 -> RoleScope.project(id());
            default -> RoleScope.domain(id());
        };
    }

    private boolean flag() {
        return random.nextBoolean();
    }

    private long base() {
        return random.nextLong(1L << 50);
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
