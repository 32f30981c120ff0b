package io.varve.endpoint.remote;

import io.varve.endpoint.access.Requester;
import io.varve.endpoint.identity.RoleNames;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which of Keystone's roles give what here. As in Keystone, case makes no difference. A role that
 * is in no set gives nothing by itself, whatever its name; access lists may name it.
 *
 * @param admins may do everything there is
 * @param resellers may use the storage of every project
 * @param members may use the project's storage
 * @param readers may read the project's storage
 */
public record RoleMap(
        Set<String> admins, Set<String> resellers, Set<String> members, Set<String> readers) {
    public RoleMap {
        admins = lowerCase(admins);
        resellers = lowerCase(resellers);
        members = lowerCase(members);
        readers = lowerCase(readers);
    }

    private static Set<String> lowerCase(Set<String> names) {
        return names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The roles here of somebody who has these there. */
    Set<String> of(Set<String> theirs) {
        Set<String> roles = new LinkedHashSet<>();
        for (String name : theirs) {
            String role = name.toLowerCase(Locale.ROOT);
            if (admins.contains(role)) {
                roles.add(RoleNames.ADMIN);
            }
            if (resellers.contains(role)) {
                roles.add(RoleNames.RESELLER_ADMIN);
            }
            if (members.contains(role)) {
                roles.add(RoleNames.MEMBER);
            }
            if (readers.contains(role)) {
                roles.add(RoleNames.READER);
            }
            if (!Requester.hasMeaning(name)) {
                roles.add(name);
            }
        }
        return roles;
    }
}
