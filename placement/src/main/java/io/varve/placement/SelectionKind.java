package io.varve.placement;

/** How a failure domain picks one of its items. New maps use {@link #STRAW2}. */
public enum SelectionKind {
    /** Equal weights; constant time. Any change of size reshuffles everything in it. */
    UNIFORM(1, "uniform"),
    /** Linear time. Good for appending items, bad for removing them. */
    LIST(2, "list"),
    /** Logarithmic time. */
    TREE(3, "tree"),
    /** Linear time; weights influence each other, so a change moves more than it must. */
    STRAW(4, "straw"),
    /** Linear time; a change of one weight moves data only from or to that item. */
    STRAW2(5, "straw2");

    private final int number;
    private final String text;

    SelectionKind(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** The kind's number in Ceph's bit mask of allowed kinds. */
    public int number() {
        return number;
    }

    /** The kind's name in the text form. */
    public String text() {
        return text;
    }
}
