package io.varve.placement;

/**
 * The text form of a CRUSH map, as {@code crushtool -d} writes it and {@code crushtool -c} reads
 * it.
 *
 * <p>Reading what {@link #write} wrote gives an equal map.
 */
public final class CrushText {
    /** Far above the text of the largest cluster; bounds memory. */
    public static final int LENGTH_MAX = 64 << 20;

    private CrushText() {}

    /**
     * Reads a map. Tunables that the text does not name have their {@link Tunables#ARGONAUT} value.
     *
     * @throws CrushMapException naming the line, for any text that is not a valid map
     */
    public static CrushMap parse(String text) {
        if (text.length() > LENGTH_MAX) {
            throw new CrushMapException(1, "the text is longer than " + LENGTH_MAX);
        }
        return new CrushTextParser(text).parse();
    }

    public static String write(CrushMap map) {
        return new CrushTextWriter(map).write();
    }
}
