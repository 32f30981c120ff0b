package io.varve.endpoint.serve;

import io.varve.endpoint.tls.TlsIdentity;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Looks at the certificate's files from time to time, on a thread of its own. */
final class TlsRefresher implements AutoCloseable {
    private final TlsIdentity identity;
    private final Duration interval;
    private final Thread thread;
    private volatile boolean closing;

    TlsRefresher(TlsIdentity identity, Duration interval) {
        this.identity = identity;
        this.interval = interval;
        this.thread = Thread.ofPlatform().daemon().name("tls-refresher").start(this::run);
    }

    private void run() {
        while (!closing) {
            LockSupport.parkNanos(this, interval.toNanos());
            if (!closing) {
                boolean _ = identity.refresh();
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
    }
}
