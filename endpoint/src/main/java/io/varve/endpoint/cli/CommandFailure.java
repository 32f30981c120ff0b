package io.varve.endpoint.cli;

/**
 * A command cannot do what it was asked, for a reason its user can understand and act on. Becomes
 * one line on standard error and the exit code; never a stack trace.
 */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The command was understood, but could not be carried out. */
    public static final int FAILED = 1;

    /** The command line or the configuration is wrong; nothing was started. */
    public static final int USAGE = 2;

    private final int exitCode;

    private CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public static CommandFailure failed(String message) {
        return new CommandFailure(FAILED, message);
    }

    public static CommandFailure usage(String message) {
        return new CommandFailure(USAGE, message);
    }

    public int exitCode() {
        return exitCode;
    }
}
