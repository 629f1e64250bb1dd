// exp, log, sin and cos in double precision from additions, multiplications and divisions alone.
// Compiled once, for the baseline instruction set, so the bits never depend on the machine or on its C library.
#include "ckernels.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

static double from_bits(uint64_t bits) {
    double value;
    memcpy(&value, &bits, 8);
    return value;
}

// Nearest integer for |x| < 2^51: adding 1.5 * 2^52 pushes the fraction out.
static double nearest(double x) { return (x + 0x1.8p52) - 0x1.8p52; }

double ck_exp(double x) {
    double n = nearest(x * 1.4426950408889634);
    // log 2 in two parts; the first ends in 21 zero bits, so n times it is exact.
    double r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
    // Taylor series on |r| <= 0.35: the 15th term is below 1e-19.
    double sum = 1.0;
    for (int k = 14; k >= 1; k--) sum = 1.0 + sum * r / (double)k;
    return sum * from_bits((uint64_t)((int64_t)n + 1023) << 52);
}

double ck_log(double x) {
    uint64_t bits;
    memcpy(&bits, &x, 8);
    int64_t exponent = (int64_t)(bits >> 52) - 1023;
    double m = from_bits((bits & 0xfffffffffffff) | 0x3ff0000000000000); // 1 <= m < 2
    if (m > 1.4142135623730951) {
        m *= 0.5;
        exponent += 1;
    }
    // log m = 2 artanh(s); |s| <= 0.172, so the term of s^23 is below 1e-18.
    double s = (m - 1.0) / (m + 1.0), s2 = s * s, sum = 0.0;
    for (int k = 21; k >= 1; k -= 2) sum = sum * s2 + 1.0 / (double)k;
    double n = (double)exponent;
    return n * 0x1.62e42feep-1 + (2.0 * s * sum + n * 0x1.a39ef35793c76p-33);
}

void ck_sincos(double x, double *sine, double *cosine) {
    double n = nearest(x * 0.6366197723675814);
    // pi / 2 in three parts of 25, 25 and 53 bits: with n below 2^27 the first two products are exact.
    double r = ((x - n * 0x1.921fb5p+0) - n * 0x1.110b46p-26) - n * 0x1.1a62633145c07p-54;
    double r2 = r * r, s = 0.0, c = 0.0;
    for (int k = 19; k >= 3; k -= 2) s = (1.0 + s) * -r2 / (double)(k * (k - 1));
    for (int k = 20; k >= 2; k -= 2) c = (1.0 + c) * -r2 / (double)(k * (k - 1));
    s = r + r * s;
    c = 1.0 + c;
    switch ((int64_t)n & 3) {
    case 0: *sine = s, *cosine = c; break;
    case 1: *sine = c, *cosine = -s; break;
    case 2: *sine = -s, *cosine = -c; break;
    default: *sine = -c, *cosine = s; break;
    }
}
