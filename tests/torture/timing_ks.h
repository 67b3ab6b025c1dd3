/*
 * The two-sample test of Kolmogorov and Smirnov: are these two samples drawn from one distribution?
 * D is the greatest distance between the two empirical distributions. Its probability is that of
 * Kolmogorov's limit law at (sqrt(n) + 0.12 + 0.11 / sqrt(n)) D, where n is the effective size,
 * one half of the common size of two samples of one size; that correction is from M. A. Stephens,
 * "Use of the Kolmogorov-Smirnov, Cramer-von Mises and related statistics without extensive
 * tables", Journal of the Royal Statistical Society B 32 (1970), and good from n = 4 on.
 */
#ifndef LW_TORTURE_TIMING_KS_H
#define LW_TORTURE_TIMING_KS_H

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

static int ks_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void ks_sort(double *sample, size_t count)
{
    qsort(sample, count, sizeof *sample, ks_order);
}

/* Of two sorted samples of one size; equal values are passed in both before they are compared. */
static double ks_distance(const double *one, const double *other, size_t count)
{
    size_t i = 0, j = 0, most = 0;

    while (i < count && j < count) {
        double value = one[i] < other[j] ? one[i] : other[j];

        while (i < count && one[i] <= value)
            i++;
        while (j < count && other[j] <= value)
            j++;
        size_t off = i > j ? i - j : j - i;
        most = off > most ? off : most;
    }
    return (double)most / (double)count;
}

/* Of a distance as great or greater, where there is nothing to be told. */
static double ks_p(double distance, size_t count)
{
    double n = sqrt((double)count / 2), x = (n + 0.12 + 0.11 / n) * distance, sum = 0, sign = 2;

    if (x < 0.2) /* the series does not converge there; it is 1 to twelve digits */
        return 1;
    for (int i = 1; i <= 100; i++, sign = -sign) {
        double term = exp(-2.0 * i * i * x * x);

        sum += sign * term;
        if (term < 1e-16)
            break;
    }
    return fmin(fmax(sum, 0), 1);
}

#endif
