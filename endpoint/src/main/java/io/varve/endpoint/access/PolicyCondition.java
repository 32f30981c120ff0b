package io.varve.endpoint.access;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/**
 * One condition of a statement: a key of the request, compared with values.
 *
 * @param quantifier for a key that may have several values at once
 * @param ifExists whether it holds for a request that has no such key
 * @param key in lower case
 */
record PolicyCondition(
        Quantifier quantifier,
        ConditionOperator operator,
        boolean ifExists,
        String key,
        List<String> values) {
    /** Keys by which a policy can say who asks or from where. */
    private static final Set<String> NARROWING =
            Set.of(
                    "aws:sourceip",
                    "aws:principalarn",
                    "aws:username",
                    "aws:userid",
                    "aws:sourcearn",
                    "aws:sourceaccount",
                    "aws:sourcevpc",
                    "aws:sourcevpce",
                    "aws:principalaccount",
                    "aws:principalorgid");

    enum Quantifier {
        NONE,
        FOR_ANY_VALUE,
        FOR_ALL_VALUES
    }

    boolean holds(RequestFacts facts, boolean variables) {
        List<String> present = facts.values(key);
        if (operator == ConditionOperator.NULL) {
            return values.stream().anyMatch(v -> Boolean.parseBoolean(v) == present.isEmpty());
        }
        if (present.isEmpty()) {
            return ifExists
                    || quantifier == Quantifier.FOR_ALL_VALUES
                    || (quantifier == Quantifier.NONE && operator.negated());
        }
        RequestFacts known = variables ? facts : null;
        return switch (quantifier) {
            case FOR_ALL_VALUES -> present.stream().allMatch(v -> holds(v, known));
            case FOR_ANY_VALUE -> present.stream().anyMatch(v -> holds(v, known));
            // A negated operator over several values is true when none of them fits.
            case NONE ->
                    operator.negated()
                            ? present.stream().allMatch(v -> holds(v, known))
                            : present.stream().anyMatch(v -> holds(v, known));
        };
    }

    private boolean holds(String actual, @Nullable RequestFacts facts) {
        boolean fits = values.stream().anyMatch(wanted -> operator.fits(actual, wanted, facts));
        return operator.negated() != fits;
    }

    /** Whether it leaves only some people, so that what it allows is not public. */
    boolean narrows() {
        boolean everywhere =
                values.stream()
                        .anyMatch(v -> v.equals("*") || v.endsWith("/0") || v.contains("${"));
        return NARROWING.contains(key)
                && !operator.negated()
                && !ifExists
                && operator != ConditionOperator.NULL
                && !everywhere;
    }
}
