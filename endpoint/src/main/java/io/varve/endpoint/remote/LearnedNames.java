package io.varve.endpoint.remote;

import io.varve.endpoint.access.AccountNames;
import io.varve.endpoint.identity.Identity;

import java.util.Optional;

/**
 * The names of projects whose users have been here since the start, the most recent ones. For
 * display only. Safe for use by many threads.
 */
final class LearnedNames implements AccountNames {
    private static final int KEPT_MAX = 10_000;

    private final RecentMap<String> names = new RecentMap<>(KEPT_MAX);

    void learn(Identity identity) {
        Identity.Named project = identity.project();
        if (project != null) {
            names.put(project.id(), project.name());
        }
    }

    @Override
    public Optional<String> of(String account) {
        return Optional.ofNullable(names.get(account));
    }
}
