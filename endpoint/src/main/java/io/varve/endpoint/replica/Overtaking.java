package io.varve.endpoint.replica;

import io.varve.dr.replica.Fork;
import io.varve.dr.replica.PeerReport;
import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.Terms;
import io.varve.endpoint.site.ReplicaState;
import io.varve.endpoint.site.SiteConfig;
import io.varve.endpoint.site.SiteException;
import io.varve.endpoint.site.SiteJournal;

import java.lang.System.Logger.Level;

/** Whether the other site has taken over while this one was away. */
public final class Overtaking {
    private static final System.Logger LOG = System.getLogger(Overtaking.class.getName());

    private Overtaking() {}

    /**
     * Asks the other site, if there is one, before this one is opened; if that leads in a newer
     * term, this one is opened as its standby, and what only this one has is set aside then.
     */
    public static void settle(SiteConfig config) {
        ReplicaState state = ReplicaState.read(config.directory());
        ReplicaState.Peer peer = state.peer();
        if (peer == null || state.follows()) {
            return;
        }
        try (HttpPrimary other = HttpPrimary.of(peer, config.directory())) {
            PeerReport report = other.report();
            if (leadsNow(report, state)) {
                followFromNow(config, state, other, report);
            }
        } catch (ReplicaException e) {
            LOG.log(
                    Level.WARNING,
                    "the other site cannot be asked who leads; this one takes no changes until"
                            + " it can: {0}",
                    e.getMessage());
        }
    }

    static boolean leadsNow(PeerReport report, ReplicaState state) {
        return report.leads() && Terms.of(report.writerEpoch()) > state.term();
    }

    private static void followFromNow(
            SiteConfig config, ReplicaState state, HttpPrimary other, PeerReport report) {
        if (config.kafka() != null) {
            throw new SiteException(
                    "the site %s has taken over in term %d, and a journal on Kafka cannot be cut to"
                                    .formatted(report.site(), Terms.of(report.writerEpoch()))
                            + " follow it: this site has to be made anew");
        }
        long cutAfter =
                SiteJournal.read(
                        config,
                        journal -> {
                            long fork = Fork.find(journal, other);
                            return fork == journal.endPosition() ? -1 : fork;
                        });
        LOG.log(
                Level.WARNING,
                "the site {0} has taken over in term {1}: this one follows it from now on",
                report.site(),
                Terms.of(report.writerEpoch()));
        ReplicaState next =
                state.withRole(ReplicaState.Role.STANDBY, Terms.of(report.writerEpoch()))
                        .withCutAfter(cutAfter);
        if (next.topology() == ReplicaState.Place.JOURNAL) {
            next = next.withTopology(ReplicaState.Place.MOVING);
        }
        next.write(config.directory());
    }
}
