package io.varve.endpoint.access;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/** How a condition compares. A value that cannot be compared does not fit. */
enum ConditionOperator {
    STRING_EQUALS("StringEquals", false, ConditionOperator::sameText),
    STRING_NOT_EQUALS("StringNotEquals", true, ConditionOperator::sameText),
    STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", false, ConditionOperator::sameIgnoringCase),
    STRING_NOT_EQUALS_IGNORE_CASE(
            "StringNotEqualsIgnoreCase", true, ConditionOperator::sameIgnoringCase),
    STRING_LIKE("StringLike", false, ConditionOperator::like),
    STRING_NOT_LIKE("StringNotLike", true, ConditionOperator::like),
    NUMERIC_EQUALS("NumericEquals", false, number(order -> order == 0)),
    NUMERIC_NOT_EQUALS("NumericNotEquals", true, number(order -> order == 0)),
    NUMERIC_LESS_THAN("NumericLessThan", false, number(order -> order < 0)),
    NUMERIC_LESS_THAN_EQUALS("NumericLessThanEquals", false, number(order -> order <= 0)),
    NUMERIC_GREATER_THAN("NumericGreaterThan", false, number(order -> order > 0)),
    NUMERIC_GREATER_THAN_EQUALS("NumericGreaterThanEquals", false, number(order -> order >= 0)),
    DATE_EQUALS("DateEquals", false, date(order -> order == 0)),
    DATE_NOT_EQUALS("DateNotEquals", true, date(order -> order == 0)),
    DATE_LESS_THAN("DateLessThan", false, date(order -> order < 0)),
    DATE_LESS_THAN_EQUALS("DateLessThanEquals", false, date(order -> order <= 0)),
    DATE_GREATER_THAN("DateGreaterThan", false, date(order -> order > 0)),
    DATE_GREATER_THAN_EQUALS("DateGreaterThanEquals", false, date(order -> order >= 0)),
    BOOL("Bool", false, (actual, wanted, facts) -> actual.equalsIgnoreCase(wanted)),
    IP_ADDRESS("IpAddress", false, (actual, wanted, facts) -> IpRange.holds(wanted, actual)),
    NOT_IP_ADDRESS("NotIpAddress", true, (actual, wanted, facts) -> IpRange.holds(wanted, actual)),
    ARN_EQUALS("ArnEquals", false, ConditionOperator::like),
    ARN_NOT_EQUALS("ArnNotEquals", true, ConditionOperator::like),
    ARN_LIKE("ArnLike", false, ConditionOperator::like),
    ARN_NOT_LIKE("ArnNotLike", true, ConditionOperator::like),
    /** Asks whether the key is there at all. */
    NULL("Null", false, (actual, wanted, facts) -> false);

    @FunctionalInterface
    private interface Comparison {
        boolean fits(String actual, String wanted, @Nullable RequestFacts facts);
    }

    private final String policyName;
    private final boolean negated;
    private final Comparison comparison;

    ConditionOperator(String policyName, boolean negated, Comparison comparison) {
        this.policyName = policyName;
        this.negated = negated;
        this.comparison = comparison;
    }

    static Optional<ConditionOperator> named(String name) {
        for (ConditionOperator operator : values()) {
            if (operator.policyName.equalsIgnoreCase(name)) {
                return Optional.of(operator);
            }
        }
        return Optional.empty();
    }

    /** Whether it asks for what {@link #fits} denies. */
    boolean negated() {
        return negated;
    }

    /**
     * @param facts for variables in the wanted value; null when it has none
     */
    boolean fits(String actual, String wanted, @Nullable RequestFacts facts) {
        return comparison.fits(actual, wanted, facts);
    }

    private static boolean sameText(String actual, String wanted, @Nullable RequestFacts facts) {
        if (facts != null && wanted.contains("${")) {
            return Glob.matches(wanted, actual, facts);
        }
        return actual.equals(wanted);
    }

    private static boolean sameIgnoringCase(
            String actual, String wanted, @Nullable RequestFacts facts) {
        return sameText(
                actual.toLowerCase(Locale.ROOT), wanted.toLowerCase(Locale.ROOT), lower(facts));
    }

    private static @Nullable RequestFacts lower(@Nullable RequestFacts facts) {
        return facts == null
                ? null
                : key -> facts.values(key).stream().map(v -> v.toLowerCase(Locale.ROOT)).toList();
    }

    private static boolean like(String actual, String wanted, @Nullable RequestFacts facts) {
        return facts == null ? Glob.matches(wanted, actual) : Glob.matches(wanted, actual, facts);
    }

    private static Comparison number(IntPredicate order) {
        return (actual, wanted, facts) -> {
            try {
                BigDecimal number = new BigDecimal(actual.strip());
                return order.test(number.compareTo(new BigDecimal(wanted.strip())));
            } catch (NumberFormatException e) {
                return false;
            }
        };
    }

    private static Comparison date(IntPredicate order) {
        return (actual, wanted, facts) -> {
            try {
                return order.test(instant(actual).compareTo(instant(wanted)));
            } catch (DateTimeException | NumberFormatException e) {
                return false;
            }
        };
    }

    private static Instant instant(String text) {
        String date = text.strip();
        if (date.indexOf('-') <= 0) {
            return Instant.ofEpochSecond(Long.parseLong(date));
        }
        return date.indexOf('T') < 0
                ? LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant()
                : OffsetDateTime.parse(date).toInstant();
    }
}
