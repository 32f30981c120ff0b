package io.varve.projections.identity;

import io.varve.projections.KeyOrder;
import io.varve.projections.RowChange;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/**
 * All of identity in memory, as of the last published batch. Safe for many threads; one of them
 * publishes. While it does, a reader may see some of a batch's rows and not yet others: nobody has
 * been told of that batch's outcomes at that time.
 */
public final class IdentityMemory implements IdentityView {
    private final NavigableMap<String, Domain> domains = new ConcurrentSkipListMap<>();
    private final NavigableMap<String, Project> projects = new ConcurrentSkipListMap<>();
    private final NavigableMap<String, User> users = new ConcurrentSkipListMap<>();
    private final NavigableMap<String, Role> roles = new ConcurrentSkipListMap<>();

    /** Ids by what follows the kind in the key of the name. */
    private final Map<String, String> names = new ConcurrentHashMap<>();

    /** By what follows the kind in the key: the user, then the rest. */
    private final ConcurrentNavigableMap<String, Grant> grants = new ConcurrentSkipListMap<>();

    private final ConcurrentNavigableMap<String, ApplicationCredential> applications =
            new ConcurrentSkipListMap<>();
    private final ConcurrentNavigableMap<String, Ec2Credential> ec2 = new ConcurrentSkipListMap<>();
    private final Map<String, Long> revoked = new ConcurrentHashMap<>();

    /** What requests come with; so these are found without knowing the user. */
    private final Map<String, ApplicationCredential> applicationsById = new ConcurrentHashMap<>();

    private final Map<String, Ec2Credential> ec2ByAccess = new ConcurrentHashMap<>();

    /** Reads all rows of a store. */
    public static IdentityMemory load(ViewReader store) {
        IdentityMemory memory = new IdentityMemory();
        byte[] table = IdentityKeys.table();
        try (ViewCursor cursor = store.scan(table, KeyOrder.afterPrefix(table))) {
            for (; cursor.valid(); cursor.next()) {
                memory.publish(new RowChange(cursor.key(), cursor.value()));
            }
        }
        return memory;
    }

    /** After a batch has been written and before anybody is told of its outcomes. */
    public void publish(List<RowChange> changes) {
        changes.forEach(this::publish);
    }

    private void publish(RowChange row) {
        String rest = IdentityKeys.text(row.key());
        byte[] value = row.value();
        switch (IdentityKeys.kind(row.key())) {
            case IdentityKeys.DOMAIN -> set(domains, rest, value, IdentityRows::domain);
            case IdentityKeys.PROJECT -> set(projects, rest, value, IdentityRows::project);
            case IdentityKeys.USER -> set(users, rest, value, IdentityRows::user);
            case IdentityKeys.ROLE -> set(roles, rest, value, IdentityRows::role);
            case IdentityKeys.NAME -> set(names, rest, value, IdentityRows::text);
            case IdentityKeys.GRANT -> set(grants, rest, value, _ -> IdentityKeys.grant(row.key()));
            case IdentityKeys.APPLICATION_CREDENTIAL -> {
                set(applications, rest, value, IdentityRows::applicationCredential);
                String id = IdentityKeys.afterUser(row.key());
                set(applicationsById, id, value, IdentityRows::applicationCredential);
            }
            case IdentityKeys.EC2_CREDENTIAL -> {
                set(ec2, rest, value, IdentityRows::ec2Credential);
                String access = IdentityKeys.afterUser(row.key());
                set(ec2ByAccess, access, value, IdentityRows::ec2Credential);
            }
            case IdentityKeys.ACCESS -> {
                // For the fold: what it says is in the credential too.
            }
            case IdentityKeys.REVOKED -> set(revoked, rest, value, IdentityRows::number);
            default ->
                    throw new IllegalStateException(
                            "unknown identity row: " + IdentityKeys.describe(row.key()));
        }
    }

    private static <T> void set(
            Map<String, T> map, String key, byte @Nullable [] value, Function<byte[], T> form) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, form.apply(value));
        }
    }

    private static <T> Optional<T> get(Map<String, T> map, @Nullable String key) {
        return key == null ? Optional.empty() : Optional.ofNullable(map.get(key));
    }

    private @Nullable String idNamed(byte kind, String domainId, String name) {
        return names.get(IdentityKeys.nameOf(kind, domainId, name));
    }

    private static <T> List<T> all(Collection<T> values) {
        return List.copyOf(values);
    }

    /** What a user has of a map whose keys begin with the user. */
    private static <T> List<T> of(ConcurrentNavigableMap<String, T> map, String userId) {
        return List.copyOf(map.subMap(userId + '\0', userId + '\1').values());
    }

    @Override
    public Optional<Domain> domain(String id) {
        return get(domains, id);
    }

    @Override
    public Optional<Domain> domainNamed(String name) {
        return get(domains, idNamed(IdentityKeys.DOMAIN, "", name));
    }

    @Override
    public List<Domain> domains() {
        return all(domains.values());
    }

    @Override
    public Optional<Project> project(String id) {
        return get(projects, id);
    }

    @Override
    public Optional<Project> projectNamed(String domainId, String name) {
        return get(projects, idNamed(IdentityKeys.PROJECT, domainId, name));
    }

    @Override
    public List<Project> projects() {
        return all(projects.values());
    }

    @Override
    public Optional<User> user(String id) {
        return get(users, id);
    }

    @Override
    public Optional<User> userNamed(String domainId, String name) {
        return get(users, idNamed(IdentityKeys.USER, domainId, name));
    }

    @Override
    public List<User> users() {
        return all(users.values());
    }

    @Override
    public Optional<Role> role(String id) {
        return get(roles, id);
    }

    @Override
    public Optional<Role> roleNamed(String name) {
        return get(roles, idNamed(IdentityKeys.ROLE, "", name));
    }

    @Override
    public List<Role> roles() {
        return all(roles.values());
    }

    @Override
    public List<Grant> grantsOf(String userId) {
        return of(grants, userId);
    }

    @Override
    public List<Grant> grants() {
        return all(grants.values());
    }

    @Override
    public Optional<ApplicationCredential> applicationCredential(String id) {
        return get(applicationsById, id);
    }

    @Override
    public List<ApplicationCredential> applicationCredentialsOf(String userId) {
        return of(applications, userId);
    }

    @Override
    public Optional<Ec2Credential> ec2Credential(String access) {
        return get(ec2ByAccess, access);
    }

    @Override
    public List<Ec2Credential> ec2CredentialsOf(String userId) {
        return of(ec2, userId);
    }

    @Override
    public List<Ec2Credential> ec2Credentials() {
        return all(ec2.values());
    }

    @Override
    public boolean revoked(String userId, String auditId) {
        return revoked.containsKey(userId + '\0' + auditId);
    }
}
