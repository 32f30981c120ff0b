package io.varve.projections.namespace;

import io.varve.projections.ViewDamagedException;
import io.varve.projections.ViewReader;

/** Turns times into moments and positions into times, within the window. */
final class TimeReader {
    private final ViewReader rows;

    /**
     * @param rows one state: it is read several times
     */
    TimeReader(ViewReader rows) {
        this.rows = rows;
    }

    /** The moment after the last record. */
    Moment last() {
        TimesRow open = TimesRow.readOpen(rows);
        return open == null
                ? new Moment(0, 0)
                : new Moment(open.lastPosition(), open.microsOf(open.lastPosition()));
    }

    /** After the last record that is no later than the time. */
    Moment at(long micros) {
        TimesRow open = TimesRow.readOpen(rows);
        if (open == null) {
            return new Moment(0, micros);
        }
        if (open.micros()[0] <= micros) {
            return new Moment(open.positionAt(micros), micros);
        }
        long low = WindowRow.read(rows).firstTimes();
        long high = open.number() - 1;
        long position = 0;
        // Of the rows from low to high, the last that begins no later.
        while (low <= high) {
            long middle = low + (high - low) / 2;
            TimesRow row = whole(middle);
            if (row.micros()[0] <= micros) {
                position = row.positionAt(micros);
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return new Moment(position, micros);
    }

    /** Just after a record that is in the view. */
    Moment of(long position) {
        if (position == 0) {
            return new Moment(0, 0);
        }
        TimesRow open = TimesRow.readOpen(rows);
        TimesRow row =
                open != null && open.firstPosition() <= position
                        ? open
                        : whole(TimesRow.numberOf(position));
        return new Moment(position, row.microsOf(position));
    }

    private TimesRow whole(long number) {
        TimesRow row = TimesRow.read(rows, number);
        if (row == null) {
            throw new ViewDamagedException("no times of row " + number);
        }
        return row;
    }
}
