package io.varve.endpoint.config;

/**
 * One key: what the file may say, and what the reference page says.
 *
 * @param <T> its value
 * @param name as in the file
 * @param absent the text that stands for the key when the file has none; "" when it then has no
 *     value of its own
 * @param absentMeaning what no value means; "" where there is always one
 * @param meaning sentences for the reference page
 * @param powerFailure what losing power does to what this key governs, and how the key changes
 *     that; "" where it changes nothing
 */
record ConfigKey<T>(
        String name,
        ValueType<T> type,
        String absent,
        String absentMeaning,
        String meaning,
        String powerFailure) {

    static <T> ConfigKey<T> of(String name, ValueType<T> type, String absent, String meaning) {
        return new ConfigKey<>(name, type, absent, "", meaning, "");
    }

    /** Without a value of its own when the file has none. */
    static <T> ConfigKey<T> optional(
            String name, ValueType<T> type, String absentMeaning, String meaning) {
        return new ConfigKey<>(name, type, "", absentMeaning, meaning, "");
    }

    ConfigKey<T> onPowerFailure(String effect) {
        return new ConfigKey<>(name, type, absent, absentMeaning, meaning, effect);
    }
}
