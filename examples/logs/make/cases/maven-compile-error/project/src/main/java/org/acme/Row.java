package org.acme;

final class Row {
    int freeSeats() {
        return 3;
    }
}
