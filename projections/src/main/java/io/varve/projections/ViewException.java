package io.varve.projections;

/** A view cannot do what was asked: its store failed, or it is closed. The message says where. */
public class ViewException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ViewException(String message) {
        super(message);
    }

    public ViewException(String message, Throwable cause) {
        super(message, cause);
    }
}
