package io.varve.endpoint.site;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the site's audits stand.
 *
 * @param running whether one is under way, or about to begin because somebody asked
 * @param progress how much of it is done, from 0 to 1
 * @param findings what the last one of each pool found
 */
public record AuditStatus(
        boolean running, double progress, SortedMap<Integer, AuditFindings> findings) {
    public AuditStatus {
        findings = Collections.unmodifiableSortedMap(new TreeMap<>(findings));
    }
}
