package io.varve.endpoint.access;

import java.util.List;
import java.util.Locale;

/**
 * One statement of a policy.
 *
 * @param denies whether it denies; otherwise it allows
 */
record PolicyStatement(
        boolean denies,
        Principals principals,
        Patterns actions,
        Patterns resources,
        List<PolicyCondition> conditions) {
    private static final String RESOURCE = "arn:aws:s3:::";

    /**
     * Whom it speaks of.
     *
     * @param stated false when it names nobody
     * @param excluded whether those named are the ones it does not speak of
     */
    record Principals(boolean stated, boolean excluded, List<PolicyPrincipal> named) {
        static final Principals UNSTATED = new Principals(false, false, List.of());

        boolean cover(Requester requester, boolean denies) {
            if (!stated) {
                return denies || !requester.isAnonymous();
            }
            return excluded != named.stream().anyMatch(one -> one.covers(requester));
        }

        boolean anyone() {
            return stated
                    && (excluded
                            || named.stream().anyMatch(PolicyPrincipal.Anyone.class::isInstance));
        }
    }

    /**
     * @param excluded whether what fits is what it does not speak of
     */
    record Patterns(boolean excluded, List<String> patterns) {}

    boolean applies(AccessRequest request, String bucket, boolean variables) {
        return principals.cover(request.requester(), denies)
                && coversAction(request.action())
                && coversResource(request, bucket, variables)
                && conditions.stream().allMatch(c -> c.holds(request.facts(), variables));
    }

    private boolean coversAction(String action) {
        String lower = action.toLowerCase(Locale.ROOT);
        boolean fits =
                actions.patterns().stream()
                        .anyMatch(p -> Glob.matches(p.toLowerCase(Locale.ROOT), lower));
        return actions.excluded() != fits;
    }

    private boolean coversResource(AccessRequest request, String bucket, boolean variables) {
        String key = request.key();
        String resource = RESOURCE + bucket + (key == null ? "" : "/" + key);
        RequestFacts facts = variables ? request.facts() : null;
        boolean fits =
                resources.patterns().stream()
                        .anyMatch(
                                p ->
                                        facts == null
                                                ? Glob.matches(p, resource)
                                                : Glob.matches(p, resource, facts));
        return resources.excluded() != fits;
    }

    /** Whether it opens something to people whom nobody has named. */
    boolean isPublic() {
        return !denies
                && principals.anyone()
                && conditions.stream().noneMatch(PolicyCondition::narrows);
    }
}
