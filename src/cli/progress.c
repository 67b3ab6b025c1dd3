/* How far something long has come, on standard error. */
#include "internal.h"

#include <stdio.h>

#define SHOW_AFTER_MS 300
#define SHOW_EVERY_MS 200

static bool step(void *context, uint64_t done, uint64_t total)
{
    struct lw_meter *meter = context;
    int64_t now = lw_clock_now(meter->clock);
    char text[32];

    if (!meter->out->terminal || total == 0 || now - meter->started_ms < SHOW_AFTER_MS ||
        now - meter->shown_ms < SHOW_EVERY_MS)
        return true;
    meter->shown_ms = now;
    lw_out_flush_now(meter->out);
    if (meter->out->waiting.len > 0)
        return true; /* a terminal that stalls is not worth waiting for */
    uint64_t percent = done >= total ? 100 : (uint64_t)((double)done * 100.0 / (double)total);
    lw_out_control(meter->out, "\r");
    lw_out_text(meter->out, meter->what);
    snprintf(text, sizeof(text), " %3u %%", (unsigned)percent);
    lw_out_text(meter->out, text);
    lw_out_control(meter->out, "\033[K");
    lw_out_flush_now(meter->out);
    return true;
}

void lw_meter_start(struct lw_meter *meter, struct lw_cli *cli, const char *what)
{
    *meter = (struct lw_meter){
        .out = &cli->errs,
        .what = what,
        .clock = cli->clock,
        .started_ms = lw_clock_now(cli->clock),
    };
    meter->progress = (struct lw_progress){.step = step, .context = meter};
}

void lw_meter_end(struct lw_meter *meter)
{
    if (meter->shown_ms == 0)
        return;
    lw_out_control(meter->out, "\r\033[K");
    lw_out_flush(meter->out);
    meter->shown_ms = 0;
}
