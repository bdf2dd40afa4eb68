// The natural logarithm with the same bits on every machine: libm picks another code path where the processor fuses
// multiply and add.
#ifndef BANTAM_BASE_LOGARITHM_H
#define BANTAM_BASE_LOGARITHM_H

#include <math.h>

// ln x for finite x > 0, within 2 units in the last place.
//
// x = m · 2^e with √½ ≤ m < √2; ln m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …), s = (m − 1) / (m + 1), |s| < 0.172.
static inline double logarithm(double x)
{
    int exponent;
    double m = frexp(x, &exponent);
    if (m < 0.70710678118654752440) {
        m *= 2;
        exponent--;
    }
    double s = (m - 1) / (m + 1), square = s * s, sum = 0;
    for (int k = 23; k >= 3; k -= 2) {
        sum = (sum + 1.0 / k) * square;
    }
    double low = 2 * s * sum + exponent * 1.90821492927058770002e-10; // ln 2 in two pieces
    return 2 * s + low + exponent * 6.93147180369123816490e-01;
}

#endif
