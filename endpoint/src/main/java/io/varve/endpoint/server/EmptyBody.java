package io.varve.endpoint.server;

/** No body. */
final class EmptyBody extends RequestBody {
    @Override
    boolean ended() {
        return true;
    }

    @Override
    long remaining() {
        return 0;
    }

    @Override
    long received() {
        return 0;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        return length == 0 ? 0 : -1;
    }
}
