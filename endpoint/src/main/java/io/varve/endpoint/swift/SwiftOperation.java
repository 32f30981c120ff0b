package io.varve.endpoint.swift;

import java.util.Locale;

/** What can be asked for. */
enum SwiftOperation {
    GET_ACCOUNT,
    HEAD_ACCOUNT,
    POST_ACCOUNT,
    PUT_ACCOUNT,
    DELETE_ACCOUNT,
    OPTIONS_ACCOUNT,
    GET_CONTAINER,
    HEAD_CONTAINER,
    PUT_CONTAINER,
    POST_CONTAINER,
    DELETE_CONTAINER,
    OPTIONS_CONTAINER,
    GET_OBJECT,
    HEAD_OBJECT,
    PUT_OBJECT,
    POST_OBJECT,
    DELETE_OBJECT,
    COPY_OBJECT,
    OPTIONS_OBJECT;

    static final String ALLOWED = "POST, GET, PUT, DELETE, OPTIONS, HEAD";

    /** For logs and metrics. */
    String shownName() {
        StringBuilder name = new StringBuilder();
        for (String word : name().split("_", -1)) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    /**
     * @throws SwiftRefusal when the method is none for what the path names
     */
    static SwiftOperation of(SwiftRequest request) {
        String kind =
                request.path().isAccount()
                        ? "_ACCOUNT"
                        : request.path().isContainer() ? "_CONTAINER" : "_OBJECT";
        for (SwiftOperation operation : values()) {
            if (operation.name().equals(request.method() + kind)) {
                return operation;
            }
        }
        throw StatusPage.METHOD_NOT_ALLOWED.refusal().header("Allow", ALLOWED);
    }
}
