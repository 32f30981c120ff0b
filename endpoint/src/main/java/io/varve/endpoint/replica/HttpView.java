package io.varve.endpoint.replica;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.dr.replica.RangeDigest;
import io.varve.dr.replica.RemoteView;
import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.RowDigest;
import io.varve.dr.replica.ViewMark;
import io.varve.endpoint.json.Json;

import java.util.ArrayList;
import java.util.List;

/** The other site's view, over HTTP. Owned by one thread. */
final class HttpView implements RemoteView {
    private final HttpPrimary site;
    private final ViewMark mark;
    private final String session;

    HttpView(HttpPrimary site) {
        this.site = site;
        JsonNode opened = site.ask("POST", "view", Json.object());
        this.session = opened.path("session").asText();
        this.mark =
                new ViewMark(opened.path("position").asLong(-1), opened.path("digest").asText());
    }

    @Override
    public ViewMark mark() {
        return mark;
    }

    @Override
    public List<RangeDigest> ranges(String from) {
        JsonNode answer =
                site.ask("GET", "view/ranges?session=%s&from=%s".formatted(session, from), null);
        List<RangeDigest> ranges = new ArrayList<>();
        for (JsonNode range : answer.path("ranges")) {
            ranges.add(
                    new RangeDigest(
                            range.path("from").asText(),
                            range.path("to").asText(),
                            range.path("rows").asLong(),
                            range.path("digest").asText()));
        }
        return ranges;
    }

    @Override
    public List<RowDigest> rows(RangeDigest range) {
        JsonNode answer =
                site.ask(
                        "GET",
                        "view/rows?session=%s&from=%s&to=%s"
                                .formatted(session, range.from(), range.to()),
                        null);
        List<RowDigest> rows = new ArrayList<>();
        for (JsonNode row : answer.path("rows")) {
            rows.add(new RowDigest(row.path("key").asText(), row.path("digest").asText()));
        }
        return rows;
    }

    @Override
    public void close() {
        try {
            site.ask("POST", "view/end?session=" + session, Json.object());
        } catch (ReplicaException e) {
            // The other site lets go of it by itself.
            System.getLogger(HttpView.class.getName())
                    .log(System.Logger.Level.DEBUG, "a view was not closed", e);
        }
    }
}
