package io.varve.endpoint.serve;

import io.varve.endpoint.server.ExchangeObserver;

import java.net.InetSocketAddress;
import java.util.List;

/** Tells several. */
record EachObserver(List<ExchangeObserver> observers) implements ExchangeObserver {
    EachObserver {
        observers = List.copyOf(observers);
    }

    @Override
    public void completed(Exchange exchange) {
        for (ExchangeObserver observer : observers) {
            observer.completed(exchange);
        }
    }

    @Override
    public void refused(InetSocketAddress remote, int status, String reason) {
        for (ExchangeObserver observer : observers) {
            observer.refused(remote, status, reason);
        }
    }
}
