package org.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class DateFormatTest {
    @Test
    void keepsLength() {
        assertEquals(10, DateFormat.iso(LocalDate.of(2026, 1, 2)).length());
    }

    @Test
    void printsIsoDate() {
        assertEquals("2026-01-02", DateFormat.iso(LocalDate.of(2026, 1, 2)));
    }
}
