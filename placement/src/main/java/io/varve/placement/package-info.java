/**
 * Which devices a blob belongs on: CRUSH, equal bit by bit to Ceph's. Start from {@link
 * io.varve.placement.PlacementMap}, which answers that for one pool, and {@link
 * io.varve.placement.CrushMap} below it. The algorithm is in {@code RuleRun} (a rule's steps),
 * {@code FirstN} and {@code Indep} (filling places), and {@code Selector} (one choice in one node).
 */
@NullMarked
package io.varve.placement;

import org.jspecify.annotations.NullMarked;
