package org.acme;

final class Plan {
    boolean fits(Row row, int guests) {
        return row.emptySeats() >= guests;
    }
}
