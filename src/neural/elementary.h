// sin, cos, exp and log in float64 with the same bits on every machine, where the C library's differ by version and processor.
//
// Errors stay below two units in the last place over the ranges that tiny models use (|x| ≤ 10^5 for the angles).
#ifndef BANTAM_NEURAL_ELEMENTARY_H
#define BANTAM_NEURAL_ELEMENTARY_H

#include <math.h>
#include <stdint.h>
#include <string.h>

// Taylor polynomials on |r| ≤ π/4; minimax coefficients as in FreeBSD's k_sin.c and k_cos.c (Sun Microsystems 1993).
static inline double elementary_sine_kernel(double r)
{
    double z = r * r;
    double p = 1.58969099521155010221e-10;
    p = p * z - 2.50507602534068634195e-08;
    p = p * z + 2.75573137070700676789e-06;
    p = p * z - 1.98412698298579493134e-04;
    p = p * z + 8.33333333332248946124e-03;
    p = p * z - 1.66666666666666324348e-01;
    return r + r * z * p;
}

static inline double elementary_cosine_kernel(double r)
{
    double z = r * r;
    double p = -1.13596475577881948265e-11;
    p = p * z + 2.08757232129817482790e-09;
    p = p * z - 2.75573143513906633035e-07;
    p = p * z + 2.48015872894767294178e-05;
    p = p * z - 1.38888888888741095749e-03;
    p = p * z + 4.16666666666666019037e-02;
    return 1.0 - (0.5 * z - z * z * p);
}

// Writes sin x and cos x: x = n·π/2 + r with π/2 in three parts (Cody, Waite 1980). NaN beyond |x| > 10^6.
static inline void elementary_sine_cosine(double x, double *sine, double *cosine)
{
    if (!(fabs(x) <= 1e6)) {
        *sine = *cosine = NAN;
        return;
    }
    double n = rint(x * 0.63661977236758134308);
    double r = x - n * 1.57079632673412561417e+00;
    r = r - n * 6.07710050630396597660e-11;
    r = r - n * 2.02226624871116645580e-21;
    double s = elementary_sine_kernel(r), c = elementary_cosine_kernel(r);
    int quadrant = (int)((int64_t)n & 3);
    *sine = quadrant == 0 ? s : quadrant == 1 ? c : quadrant == 2 ? -s : -c;
    *cosine = quadrant == 0 ? c : quadrant == 1 ? -s : quadrant == 2 ? -c : s;
}

// e^x for |x| ≤ 700, beyond as at the nearer end.
static inline double elementary_exp(double x)
{
    x = x < -700 ? -700 : x > 700 ? 700 : x;
    double n = rint(x * 1.44269504088896338700);
    double r = x - n * 6.93147180369123816490e-01 - n * 1.90821492927058770002e-10;
    double p = 1.0 / 6227020800.0;
    static const double inverse_factorials[] = {1.0 / 479001600.0,
                                                1.0 / 39916800.0,
                                                1.0 / 3628800.0,
                                                1.0 / 362880.0,
                                                1.0 / 40320.0,
                                                1.0 / 5040.0,
                                                1.0 / 720.0,
                                                1.0 / 120.0,
                                                1.0 / 24.0,
                                                1.0 / 6.0,
                                                0.5,
                                                1.0,
                                                1.0};
    for (size_t i = 0; i < sizeof inverse_factorials / sizeof *inverse_factorials; i++) {
        p = p * r + inverse_factorials[i];
    }
    uint64_t bits = (uint64_t)((int64_t)n + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return p * power;
}

// ln x for a normal x > 0: x = 2^n·m with m in [√½, √2), ln m = 2 artanh((m − 1)/(m + 1)).
static inline double elementary_log(double x)
{
    int n;
    double m = frexp(x, &n);
    if (m < 0.70710678118654752440) {
        m *= 2;
        n--;
    }
    double s = (m - 1) / (m + 1), z = s * s, p = 0;
    for (int k = 23; k >= 1; k -= 2) {
        p = p * z + 1.0 / k;
    }
    return n * 6.93147180369123816490e-01 + (2 * s * p + n * 1.90821492927058770002e-10);
}

#endif
