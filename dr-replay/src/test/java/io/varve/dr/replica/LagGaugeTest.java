package io.varve.dr.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.TimeUnit;

final class LagGaugeTest {
    private final StoredList journal = new StoredList();
    private final LagGauge gauge = new LagGauge(0);

    @Test
    void bytesGoDownAsRecordsComeIn() {
        journal.put(100);
        journal.put(200);
        gauge.heard(new RecordBatch(List.of(journal.at(1), journal.at(2)), 5, 900), 1);
        assertEquals(5, gauge.lag().records());
        assertEquals(900, gauge.lag().bytes());
        assertEquals(1_000_000, gauge.lag().oldestMissingMicros());
        gauge.appended(1, 300, 2_000_000);
        assertEquals(4, gauge.lag().records());
        assertEquals(600, gauge.lag().bytes());
        assertEquals(2_000_000, gauge.lag().oldestMissingMicros());
        assertFalse(gauge.lag().everUpToDate());
        gauge.appended(5, 600, 2_000_000);
        assertEquals(0, gauge.lag().bytes());
        assertEquals(0, gauge.lag().oldestMissingMicros());
        assertTrue(gauge.lag().everUpToDate());
    }

    @Test
    void theEstimateCountsWhatComesNewMeanwhile() {
        long second = TimeUnit.SECONDS.toNanos(1);
        Lag gaining = new Lag(0, 1000, 0, second, true, 1, 300, 100, true, "");
        assertEquals(5, gaining.secondsToCatchUp());
        Lag losing = new Lag(0, 1000, 0, second, true, 1, 100, 300, true, "");
        assertEquals(-1, losing.secondsToCatchUp());
        Lag silent = new Lag(0, 1000, 0, second, true, 1, 300, 100, false, "");
        assertEquals(-1, silent.secondsToCatchUp());
        Lag there = new Lag(1000, 1000, 0, second, true, 0, 0, 0, true, "");
        assertEquals(0, there.secondsToCatchUp());
    }
}
