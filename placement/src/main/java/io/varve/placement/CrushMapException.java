package io.varve.placement;

/**
 * A map, or a text about one, that does not make sense. The message is for the operator who wrote
 * it: it names the line, where there is a text, and the entry at fault.
 */
public final class CrushMapException extends RuntimeException {
    private final String subject;
    private final String problem;
    private final int line;

    /**
     * A fault of a map that may not have come from a text.
     *
     * @param subject the entry at fault, for example {@code rule r0}
     */
    public CrushMapException(String subject, String problem) {
        super(subject + ": " + problem);
        this.subject = subject;
        this.problem = problem;
        line = 0;
    }

    /** A fault at a line of a text, the first being 1. */
    CrushMapException(int line, String problem) {
        super("line " + line + ": " + problem);
        subject = "";
        this.problem = problem;
        this.line = line;
    }

    /** The line of the text, or 0 when the fault is in a map that came from none. */
    public int line() {
        return line;
    }

    String subject() {
        return subject;
    }

    /** The same fault, now that the line of its subject is known. */
    CrushMapException at(int subjectLine) {
        return new CrushMapException(subjectLine, subject + ": " + problem);
    }
}
