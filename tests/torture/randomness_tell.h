/*
 * Can two kinds of samples be told apart by numbers taken from them? On one half of the samples the
 * best single number and a logistic regression over all of them are chosen; the other half judges.
 *
 * The area under the curve (how often a sample of the second kind scores higher than one of the
 * first) is 0.5 where nothing can be told. If so, every way to divide the ranks among the kinds is
 * as likely as any other: up to 80 samples they are counted, beyond that the normal distribution
 * with the variance of the rank sum, ties included, is near enough. An area so far off comes by
 * chance once in 2 * 10^6 rounds; a round asks fourteen times.
 */
#ifndef LW_TORTURE_RANDOMNESS_TELL_H
#define LW_TORTURE_RANDOMNESS_TELL_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS_MOST = 48, COUNTED_MOST = 80 };

#define TOLD_BY_CHANCE 5e-7

/* What is known of samples of two kinds. */
struct told {
    const char *name;
    const char *const *names; /* of the numbers; NULL: they have none */
    unsigned numbers;
    double (*row)[NUMBERS_MOST];
    bool *second;
    size_t count, cap;
};

static void told_add(struct told *told, bool second, const double *row)
{
    if (told->count == told->cap) {
        told->cap = told->cap * 2 + 64;
        told->row = realloc(told->row, told->cap * sizeof *told->row);
        told->second = realloc(told->second, told->cap * sizeof *told->second);
        if (!told->row || !told->second)
            exit(2);
    }
    memset(told->row[told->count], 0, sizeof *told->row);
    memcpy(told->row[told->count], row, told->numbers * sizeof *row);
    told->second[told->count++] = second;
}

/* ---- area under the curve ---- */

struct score {
    double value;
    bool second;
};

struct area {
    double area, deviation; /* the latter where nothing can be told */
    double p;               /* of one as far from 0.5 or farther */
};

static int score_order(const void *a, const void *b)
{
    double x = ((const struct score *)a)->value, y = ((const struct score *)b)->value;

    return (x > y) - (x < y);
}

/* Doubled ranks, ties sharing theirs, of sorted scores; returns the sum over the second kind. */
static int rank_all(const struct score *score, size_t count, int *rank, double *ties)
{
    int sum = 0;

    *ties = 0;
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && score[end].value == score[i].value; end++)
            continue;
        double equal = (double)(end - i);
        *ties += equal * equal * equal - equal;
        for (size_t j = i; j < end; j++) {
            rank[j] = (int)(i + end + 1);
            sum += score[j].second ? rank[j] : 0;
        }
    }
    return sum;
}

/* Of all choices of `ones` ranks, the part whose sum is as far from the mean as `sum` or farther.
 */
static double counted_p(const int *rank, int count, int ones, int sum)
{
    int total = count * (count + 1), mean = ones * (count + 1), off = abs(sum - mean);
    size_t width = (size_t)total + 1;
    double *ways = calloc(((size_t)ones + 1) * width, sizeof *ways), all = 0, far = 0;

    if (!ways)
        exit(2);
    ways[0] = 1;
    for (int i = 0; i < count; i++)
        for (int k = ones < i + 1 ? ones : i + 1; k > 0; k--)
            for (int s = total; s >= rank[i]; s--)
                ways[(size_t)k * width + (size_t)s] +=
                    ways[(size_t)(k - 1) * width + (size_t)(s - rank[i])];
    for (int s = 0; s <= total; s++) {
        double way = ways[(size_t)ones * width + (size_t)s];
        all += way;
        far += abs(s - mean) >= off ? way : 0;
    }
    free(ways);
    return far / all;
}

static struct area area_of(struct score *score, size_t count, bool exactly)
{
    int *rank = malloc((count + 1) * sizeof *rank), ones = 0, sum;
    double ties, n = (double)count;
    struct area area = {0.5, 0, 1};

    if (!rank)
        exit(2);
    qsort(score, count, sizeof *score, score_order);
    sum = rank_all(score, count, rank, &ties);
    for (size_t i = 0; i < count; i++)
        ones += score[i].second;
    double pairs = (double)ones * (n - ones);
    if (pairs > 0) {
        double variance = pairs / 12 * (n + 1 - ties / (n * (n - 1)));
        area.area = (sum / 2.0 - ones * (ones + 1.0) / 2) / pairs;
        area.deviation = sqrt(fmax(variance, 0)) / pairs;
    }
    if (area.deviation > 0)
        area.p = exactly && count <= COUNTED_MOST
                     ? counted_p(rank, (int)count, ones, sum)
                     : erfc(fabs(area.area - 0.5) / area.deviation / sqrt(2));
    free(rank);
    return area;
}

/* Which samples choose and which judge: every other one of each kind. */
static size_t halve(const struct told *told, bool judges, size_t *out)
{
    size_t seen[2] = {0, 0}, found = 0;

    for (size_t i = 0; i < told->count; i++)
        if ((seen[told->second[i]]++ % 2 == 1) == judges)
            out[found++] = i;
    return found;
}

static struct area area_of_number(const struct told *told, const size_t *rows, size_t count,
                                  unsigned number, bool exactly, struct score *room)
{
    for (size_t i = 0; i < count; i++)
        room[i] = (struct score){told->row[rows[i]][number], told->second[rows[i]]};
    return area_of(room, count, exactly);
}

/* ---- logistic regression: Newton's steps with a little ridge, on standardised numbers ---- */

struct model {
    unsigned size; /* with the constant, which is the last one */
    double mean[NUMBERS_MOST], scale[NUMBERS_MOST], weight[NUMBERS_MOST + 1];
};

static double model_score(const struct model *model, const double *row)
{
    double sum = model->weight[model->size - 1];

    for (unsigned i = 0; i + 1 < model->size; i++)
        sum += model->weight[i] * (row[i] - model->mean[i]) * model->scale[i];
    return sum;
}

static void model_standardise(struct model *model, const struct told *told, const size_t *rows,
                              size_t count)
{
    for (unsigned i = 0; i < told->numbers; i++) {
        double sum = 0, squares = 0;
        for (size_t j = 0; j < count; j++)
            sum += told->row[rows[j]][i];
        model->mean[i] = sum / (double)count;
        for (size_t j = 0; j < count; j++) {
            double off = told->row[rows[j]][i] - model->mean[i];
            squares += off * off;
        }
        model->scale[i] = squares > 1e-12 ? sqrt((double)count / squares) : 0;
    }
}

/* Gauss with the symmetric, positive matrix that the ridge makes of it; the result stands in v. */
static void solve(double m[][NUMBERS_MOST + 1], double *v, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        for (unsigned j = i + 1; j < size; j++) {
            double part = m[j][i] / m[i][i];
            for (unsigned k = i; k < size; k++)
                m[j][k] -= part * m[i][k];
            v[j] -= part * v[i];
        }
    for (unsigned i = size; i-- > 0;) {
        for (unsigned k = i + 1; k < size; k++)
            v[i] -= m[i][k] * v[k];
        v[i] /= m[i][i];
    }
}

static void model_step(struct model *model, const struct told *told, const size_t *rows,
                       size_t count)
{
    double m[NUMBERS_MOST + 1][NUMBERS_MOST + 1] = {{0}}, v[NUMBERS_MOST + 1] = {0};
    double x[NUMBERS_MOST + 1];
    unsigned size = model->size;

    for (unsigned i = 0; i < size; i++) {
        m[i][i] = 5; /* the ridge */
        v[i] = -5 * model->weight[i];
    }
    for (size_t r = 0; r < count; r++) {
        const double *row = told->row[rows[r]];
        double p = 1 / (1 + exp(-fmin(fmax(model_score(model, row), -30), 30)));
        for (unsigned i = 0; i + 1 < size; i++)
            x[i] = (row[i] - model->mean[i]) * model->scale[i];
        x[size - 1] = 1;
        for (unsigned i = 0; i < size; i++) {
            v[i] += x[i] * (told->second[rows[r]] - p);
            for (unsigned j = 0; j < size; j++)
                m[i][j] += x[i] * x[j] * fmax(p * (1 - p), 1e-6);
        }
    }
    solve(m, v, size);
    for (unsigned i = 0; i < size; i++)
        model->weight[i] += v[i];
}

/* ---- the judgement ---- */

static unsigned judge_area(const struct told *told, const char *how, struct area area)
{
    bool tells = area.p < TOLD_BY_CHANCE;
    double width = 3.29 * area.deviation; /* 99.9 % */

    printf("%s%s by %s: %.4f, 99.9 %% from %.4f to %.4f, p = %.2g\n", tells ? "bad: " : "",
           told->name, how, area.area, fmax(area.area - width, 0), fmin(area.area + width, 1),
           area.p);
    return tells;
}

static unsigned judge_best(const struct told *told, const size_t *rows, const size_t counts[2],
                           struct score *room)
{
    double most = -1;
    unsigned best = 0;
    char how[80];

    for (unsigned i = 0; i < told->numbers; i++) {
        struct area area = area_of_number(told, rows, counts[0], i, false, room);
        double off = area.deviation > 0 ? fabs(area.area - 0.5) / area.deviation : 0;
        if (off > most) {
            most = off;
            best = i;
        }
    }
    (void)snprintf(how, sizeof how, "number %u%s%s", best, told->names ? ", " : "",
                   told->names ? told->names[best] : "");
    return judge_area(told, how,
                      area_of_number(told, rows + counts[0], counts[1], best, true, room));
}

static unsigned judge_model(const struct told *told, const size_t *rows, const size_t counts[2],
                            struct score *room)
{
    static struct model model;

    memset(&model, 0, sizeof model);
    model.size = told->numbers + 1;
    model_standardise(&model, told, rows, counts[0]);
    for (int i = 0; i < 12; i++)
        model_step(&model, told, rows, counts[0]);
    for (size_t i = 0; i < counts[1]; i++) {
        size_t row = rows[counts[0] + i];
        room[i] = (struct score){model_score(&model, told->row[row]), told->second[row]};
    }
    return judge_area(told, "regression", area_of(room, counts[1], true));
}

/* Prints both areas; how many of them tell the kinds apart. */
static unsigned told_judge(const struct told *told)
{
    size_t *rows = malloc((told->count + 1) * sizeof *rows), counts[2];
    struct score *room = malloc((told->count + 1) * sizeof *room);
    unsigned found = 0;

    if (!rows || !room)
        exit(2);
    counts[0] = halve(told, false, rows);
    counts[1] = halve(told, true, rows + counts[0]);
    if (counts[0] > 0 && counts[1] > 0)
        found = judge_best(told, rows, counts, room) + judge_model(told, rows, counts, room);
    free(rows);
    free(room);
    return found;
}

#endif
