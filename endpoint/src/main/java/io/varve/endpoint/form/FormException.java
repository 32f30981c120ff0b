package io.varve.endpoint.form;

import java.io.IOException;

/** A body is not the form that it was announced to be. The message may be told to a client. */
public final class FormException extends IOException {
    private static final long serialVersionUID = 1;

    FormException(String message) {
        super(message);
    }
}
