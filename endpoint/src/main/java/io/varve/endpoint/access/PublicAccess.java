package io.varve.endpoint.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a bucket's owner has ruled out for good, whatever access lists and policies say.
 *
 * @param blockAcls lists that would open something to anybody are refused
 * @param ignoreAcls what lists open to anybody does not count
 * @param blockPolicy policies that would open something to anybody are refused
 * @param restrict what a policy opens to anybody counts for the owner's account alone
 */
public record PublicAccess(
        boolean blockAcls, boolean ignoreAcls, boolean blockPolicy, boolean restrict) {
    /** The setting of a bucket that keeps it. */
    public static final String SETTING = "public-access-block";

    public static final PublicAccess OPEN = new PublicAccess(false, false, false, false);

    public static PublicAccess of(Map<String, String> settings) {
        String text = settings.get(SETTING);
        if (text == null) {
            return OPEN;
        }
        List<String> words = List.of(text.split(" ", -1));
        return new PublicAccess(
                words.contains("block-acls"),
                words.contains("ignore-acls"),
                words.contains("block-policy"),
                words.contains("restrict"));
    }

    public String encode() {
        List<String> words = new ArrayList<>();
        add(words, blockAcls, "block-acls");
        add(words, ignoreAcls, "ignore-acls");
        add(words, blockPolicy, "block-policy");
        add(words, restrict, "restrict");
        return String.join(" ", words);
    }

    private static void add(List<String> words, boolean set, String word) {
        if (set) {
            words.add(word);
        }
    }
}
