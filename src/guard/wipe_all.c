/* The wipe as a whole: the vault, then those who have it open, then the other files. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ALSO_PATIENCE_MS 10000 /* for other files, when the vault is done */
#define PROGRESS_MS      1000

struct also {
    pid_t pid; /* 0: none, or it has ended */
    bool told;
    bool done; /* by the process itself */
    enum lw_status status;
    char text[200];
};

/* Of a detached header. */
struct head {
    pid_t pid; /* 0: none, or it has ended */
    struct lw_wipe_report report;
    bool done; /* by the process itself */
    enum lw_status status;
    char text[256];
};

struct work {
    const struct lw_wipe_orders *orders;
    struct head *head; /* shared with the process that wipes it; NULL: none */
    struct head alone; /* where nothing can be shared */
    struct lw_wipe_report vault;
    bool synced, kept, left; /* told */
    struct lw_wipe_news news;
    struct also *also; /* shared with the processes that wipe them; NULL: none */
    size_t also_count;
    int64_t progress_ms;
    bool rest; /* others and other files are seen to */
};

uint64_t lw_wipe_mark(int fd)
{
    struct stat info;
    uint64_t mark;

    if (fd < 0 || fstat(fd, &info) != 0)
        return 0;
    mark = (uint64_t)info.st_dev << 40 ^ (uint64_t)info.st_dev >> 24 ^ (uint64_t)info.st_ino;
    return mark != 0 ? mark : 1;
}

static uint64_t mark_of(const struct lw_wipe_orders *orders)
{
    int fd = orders->path == NULL ? -1 : open(orders->path, O_PATH | O_CLOEXEC);
    uint64_t mark = lw_wipe_mark(fd >= 0 ? fd : orders->held);

    if (fd >= 0)
        close(fd);
    return mark;
}

static void tell(struct work *work, enum lw_wipe_stage stage)
{
    work->news.stage = stage;
    if (work->orders->tell != NULL)
        work->orders->tell(work->orders->context, &work->news);
}

/* ---- other files ---------------------------------------------------------------------------- */

static void wipe_also(const struct work *work, size_t which, struct also *also)
{
    struct lw_wipe_report report;
    struct lw_error err = {.status = LW_OK};
    const struct lw_wipe_plan plan = {
        .path = work->orders->also[which],
        .held = -1,
        .simulate = work->orders->simulate,
    };

    also->status = lw_wipe_run(&plan, &report, &err);
    (void)snprintf(also->text, sizeof also->text, "%.199s", err.text);
    also->done = true;
}

/* Each by a process of its own: a device that does not answer holds nothing up. */
static void start_also(struct work *work)
{
    size_t count = work->orders->also_count;
    struct also *shared;

    if (count == 0)
        return;
    shared = mmap(NULL, count * sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                  -1, 0);
    if (shared == MAP_FAILED)
        return;
    work->also = shared;
    work->also_count = count;
    for (size_t i = 0; i < count; i++) {
        pid_t pid = fork();

        if (pid == 0) {
            wipe_also(work, i, &shared[i]);
            _exit(0);
        }
        shared[i].pid = pid;
    }
}

static void tell_also(struct work *work, size_t which, enum lw_status status, const char *text)
{
    work->news.which = which;
    work->news.status = status;
    (void)snprintf(work->news.text, sizeof work->news.text, "%s", text);
    tell(work, LW_WIPE_ALSO);
    work->news.status = LW_OK;
    work->news.text[0] = '\0';
}

/* How many have not ended. Only when the vault is done are those wiped here for which there is no
 * process (none could be started, or it was killed): one that never answers holds up what follows.
 */
static size_t reap_also(struct work *work, bool here)
{
    size_t left = 0;

    for (size_t i = 0; work->also != NULL && i < work->also_count; i++) {
        struct also *also = &work->also[i];
        int how;

        if (also->told)
            continue;
        if (also->pid > 0 && waitpid(also->pid, &how, WNOHANG) == 0) {
            left++;
            continue;
        }
        also->pid = 0;
        if (!also->done && !here)
            continue;
        if (!also->done)
            wipe_also(work, i, also);
        also->told = true;
        tell_also(work, i, also->status, also->text);
    }
    return left;
}

static void end_also(struct work *work)
{
    int64_t end = lw_ticks_ms(CLOCK_MONOTONIC) + ALSO_PATIENCE_MS;

    if (work->also == NULL && work->orders->also_count > 0)
        tell_also(work, 0, LW_NO_MEMORY, N_("no memory for the other files"));
    while (reap_also(work, true) > 0 && lw_ticks_ms(CLOCK_MONOTONIC) < end) {
        const struct timespec moment = {.tv_nsec = 20000000};

        (void)nanosleep(&moment, NULL);
    }
    for (size_t i = 0; work->also != NULL && i < work->also_count; i++) {
        if (!work->also[i].told)
            tell_also(work, i, LW_BUSY, N_("its device does not answer; it is tried on"));
    }
    if (work->also != NULL)
        (void)munmap(work->also, work->also_count * sizeof *work->also);
}

/* ---- a detached header ------------------------------------------------------------------------
 */

static void head_told(void *context, const struct lw_wipe_report *report)
{
    struct head *head = context;

    head->report = *report;
}

static void wipe_head(const struct lw_wipe_orders *orders, struct head *head)
{
    struct lw_wipe_report report;
    struct lw_error err = {.status = LW_OK};
    const struct lw_wipe_plan plan = {
        .path = orders->header,
        .held = -1,
        .keys_only = orders->keys_only,
        .simulate = orders->simulate,
        .begun_us = orders->begun_us,
        .told = head_told,
        .context = head,
    };

    head->status = lw_wipe_run(&plan, &report, &err);
    head->report.layered = report.layered;
    head->report.keys_gone = report.keys_gone;
    (void)snprintf(head->text, sizeof head->text, "%.255s", err.text);
    head->done = true;
}

/* At the same time as the vault, by a process of its own: a stick that does not answer must hold
 * nothing up, and neither must the vault's disk hold up the stick, which is why it is started before
 * the vault is written to. Its number is the parent's to write: what both write to is shared. */
static void start_head(struct work *work)
{
    struct head *shared;
    pid_t pid = -1;

    if (work->orders->header == NULL)
        return;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    work->head = shared == MAP_FAILED ? &work->alone : shared;
    if (shared != MAP_FAILED)
        pid = fork();
    if (pid == 0) {
        wipe_head(work->orders, work->head);
        _exit(0);
    }
    work->head->pid = pid;
}

/* Whether its process goes on. */
static bool head_goes_on(struct work *work)
{
    struct head *head = work->head;
    int how;

    if (head == NULL || head->pid <= 0)
        return false;
    if (waitpid(head->pid, &how, WNOHANG) == 0)
        return true;
    head->pid = 0;
    return false;
}

static void head_failed(struct work *work, const char *why)
{
    if (work->left)
        return;
    work->left = true;
    (void)snprintf(work->news.header_text, sizeof work->news.header_text, "%.255s", why);
    tell(work, LW_WIPE_HEADER);
}

/* Told when it is true of both. */
static void tell_keys(struct work *work)
{
    const struct head *head = work->head;
    const struct lw_wipe_report *vault = &work->vault;

    work->news.report = *vault;
    if (head != NULL && head->done && !head->report.keys_gone)
        head_failed(work, head->text);
    if (head != NULL && head->report.keys_us > vault->keys_us) {
        work->news.report.keys_us = head->report.keys_us;
        work->news.report.done_ms = head->report.done_ms;
    }
    work->news.report.keys_gone = vault->keys_gone && (head == NULL || head->report.keys_gone);
    work->news.report.header_left = work->left;
    work->news.report.layered = vault->layered || (head != NULL && head->report.layered);
    if (!work->synced && vault->keys_us > 0 && (head == NULL || head->report.keys_us > 0)) {
        work->synced = true;
        tell(work, LW_WIPE_SYNCED);
    }
    if (!work->kept && work->news.report.keys_gone) {
        work->kept = true;
        tell(work, LW_WIPE_KEPT);
    }
}

static void on_round(void *context)
{
    struct work *work = context;

    (void)head_goes_on(work);
    tell_keys(work);
}

/* It had all the time that the vault took. */
static void end_head(struct work *work)
{
    int64_t end = lw_ticks_ms(CLOCK_MONOTONIC) + ALSO_PATIENCE_MS;

    if (work->head == NULL)
        return;
    while (head_goes_on(work) && lw_ticks_ms(CLOCK_MONOTONIC) < end) {
        const struct timespec moment = {.tv_nsec = 20000000};

        (void)nanosleep(&moment, NULL);
        tell_keys(work);
    }
    if (work->head->pid > 0)
        head_failed(work, N_("its device does not answer; it is tried on"));
    else if (!work->head->done) /* no process could be started, or it was killed */
        wipe_head(work->orders, work->head);
    tell_keys(work);
}

/* ---- the vault ------------------------------------------------------------------------------ */

/* Those who know the keys could write them back. */
static void end_others(struct work *work)
{
    const struct lw_wipe_orders *orders = work->orders;

    if (orders->name != NULL &&
        !guard_others_end(orders->name, orders->simulate, orders->reach ? mark_of(orders) : 0))
        tell(work, LW_WIPE_UNSEEN);
}

static void see_to_the_rest(struct work *work)
{
    if (work->rest)
        return;
    work->rest = true;
    start_also(work);
    end_others(work);
}

static void told(void *context, const struct lw_wipe_report *report)
{
    struct work *work = context;

    work->vault = *report;
    tell_keys(work);
    if (report->keys_us == 0)
        tell(work, LW_WIPE_FAILING);
    see_to_the_rest(work);
}

static bool step(void *context, uint64_t done, uint64_t total)
{
    struct work *work = context;
    int64_t now = lw_ticks_ms(CLOCK_MONOTONIC);

    if (now - work->progress_ms >= PROGRESS_MS) {
        work->progress_ms = now;
        work->news.done = done;
        work->news.total = total;
        tell(work, LW_WIPE_PROGRESS);
        (void)reap_also(work, false);
    }
    on_round(work);
    return work->orders->step == NULL || work->orders->step(work->orders->context);
}

/* The vault alone. */
static enum lw_status wipe_vault(struct work *work, struct lw_wipe_report *report,
                                 struct lw_error *why)
{
    const struct lw_wipe_orders *orders = work->orders;
    const struct lw_progress progress = {.step = step, .context = work};
    const struct lw_wipe_plan plan = {
        .path = orders->path,
        .held = orders->held,
        .keys_only = orders->keys_only,
        .simulate = orders->simulate,
        .begun_us = orders->begun_us,
        .progress = &progress,
        .told = told,
        .round = on_round,
        .context = work,
    };

    if (!orders->header_alone)
        return lw_wipe_run(&plan, report, why);
    *report =
        (struct lw_wipe_report){.keys_gone = true, .keys_us = 1, .rest_gone = !orders->keys_only};
    work->rest = true;
    return LW_OK;
}

enum lw_status lw_wipe_all(const struct lw_wipe_orders *orders, struct lw_wipe_report *report,
                           struct lw_error *err)
{
    struct work work = {.orders = orders};
    struct lw_error why = {.status = LW_OK};
    enum lw_status status;

    start_head(&work);
    status = wipe_vault(&work, report, &why);
    see_to_the_rest(&work); /* where no vault was found */
    work.vault = *report;
    end_head(&work);
    report->keys_us = work.news.report.keys_us;
    report->done_ms = work.news.report.done_ms;
    report->layered = work.news.report.layered;
    if (work.head != NULL) {
        report->header_left = report->keys_gone && !work.head->report.keys_gone;
        report->keys_gone = report->keys_gone && work.head->report.keys_gone;
    }
    if (report->header_left && status == LW_OK)
        status = lw_fail(&why, LW_IO, "the header could not be wiped: %s", work.news.header_text);
    work.news.report = *report;
    work.news.status = status;
    (void)snprintf(work.news.text, sizeof work.news.text, "%.255s", why.text);
    tell(&work, LW_WIPE_ENDED);
    work.news.status = LW_OK;
    end_also(&work);
    if (work.head != NULL && work.head != &work.alone)
        (void)munmap(work.head, sizeof *work.head);
    if (status != LW_OK && err != NULL)
        *err = why;
    return status;
}
