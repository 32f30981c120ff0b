package io.varve.endpoint.s3;

import io.varve.endpoint.store.NameScope;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which names a new bucket may have (only creation asks: a bucket that exists is found by whatever
 * name it has), and which bucket a name means.
 */
final class BucketNames {
    private static final Pattern STRICT = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern LEGACY =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]");
    private static final Pattern IP_ADDRESS =
            Pattern.compile("[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");

    private static final List<String> RESERVED_PREFIXES =
            List.of("xn--", "sthree-", "amzn-s3-demo-");
    private static final List<String> RESERVED_SUFFIXES =
            List.of("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3");

    private BucketNames() {}

    /**
     * @param legacy whether upper case and the underscore are allowed too
     */
    static boolean valid(String name, boolean legacy) {
        if (!(legacy ? LEGACY : STRICT).matcher(name).matches()) {
            return false;
        }
        if (name.contains("..")
                || IP_ADDRESS.matcher(name).matches()
                || BucketAtTime.isPast(name)) {
            return false;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return RESERVED_PREFIXES.stream().noneMatch(lower::startsWith)
                && RESERVED_SUFFIXES.stream().noneMatch(lower::endsWith);
    }

    /**
     * Under which the site stores what a client calls so. Where accounts have names of their own,
     * {@code account:name} is another account's bucket.
     */
    static String storedName(NameScope scope, String account, String name) {
        int colon = scope == NameScope.ACCOUNT ? name.indexOf(':') : -1;
        return colon < 0
                ? scope.storedName(account, name)
                : scope.storedName(name.substring(0, colon), name.substring(colon + 1));
    }
}
