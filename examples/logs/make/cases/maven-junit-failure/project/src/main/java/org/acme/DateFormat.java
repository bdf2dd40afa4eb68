package org.acme;

import java.time.LocalDate;

public final class DateFormat {
    private DateFormat() {}

    public static String iso(LocalDate date) {
        return String.format("%02d-%02d-%04d", date.getDayOfMonth(), date.getMonthValue(), date.getYear());
    }
}
