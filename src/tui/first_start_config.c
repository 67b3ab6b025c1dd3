/* Whether the next start finds the new vault, and what is to be done for it. */
#include "first_start.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
}

static enum lw_status say_lines(const struct start *start, struct lw_buf *out)
{
    const char *header = start_header_path(start);
    enum lw_status status = lw_buf_addf(out, "[vault] file = \"%s\"", start->path.data);

    return status == LW_OK && header != NULL ? lw_buf_addf(out, " header = \"%s\"", header)
                                             : status;
}

static const char drill[] =
    "Before you need it: lapwing drill lets you practise lock and wipe on a "
    "vault that is thrown away. What Lapwing cannot do: man lapwing-safety";
static const char shown[] =
    "That file is in clear and shows where the vault is. Without it, name the vault when you "
    "start: lapwing FILE";
static const char apart[] =
    "Its header is on the stick. Keep that apart from this machine; there is only one.";

static enum lw_gate_end offer(struct start *start, const char *lines)
{
    const struct lw_config *config = start->request->config;
    const char *header = start_header_path(start);
    const char *body[] = {
        "The vault is made. Shall the next start find it by itself? Then these lines are added to",
        config->name,
        lines,
        shown,
        drill,
    };
    struct lw_gate_page page = {.body = body,
                                .body_count = LW_COUNT_OF(body),
                                .label = "Write it? (y, n) ",
                                .letters = "yn",
                                .hint = "y yes  n or Enter no"};
    enum lw_gate_end end;

    if (header != NULL)
        body[3] = "That file is in clear: it shows where the vault is, and that its header is on a "
                  "stick. Without it, name both when you start: lapwing --header HEADER FILE";
    do {
        struct lw_error err = {.status = LW_OK};

        end = start_ask(start, &page);
        if (end == LW_GATE_LETTER && page.letter == 'y' &&
            lw_config_add_vault(config->name, start->path.data, header, &err) != LW_OK) {
            start->message = err;
            end = LW_GATE_BACK;
        }
    } while (end == LW_GATE_BACK);
    return end;
}

/* The configuration is not written to here, and the next start would look for the header elsewhere.
 */
static enum lw_gate_end tell(struct start *start)
{
    const struct lw_config *config = start->request->config;
    const char *header = start_header_path(start);
    const char *body[] = {"The vault is made, with its header in it. But lapwing.ini says that it "
                          "is on a stick: take "
                          "the line header out of it before the next start.",
                          drill, NULL};
    struct lw_gate_page page = {
        .body = body, .body_count = 2, .label = "Press Enter ", .hint = "Enter next"};
    enum lw_gate_end end;

    if (header != NULL) {
        body[0] = apart;
        body[1] = same_text(config->vault, start->path.data)
                      ? "lapwing.ini does not say so: write this line into it, under [vault], or "
                        "name it when you start, with lapwing --header. Its file is"
                      : "When you start, name both: lapwing --header HEADER FILE. The header is";
        body[2] = header;
        page.body_count = 3;
    }
    do
        end = start_ask(start, &page);
    while (end == LW_GATE_BACK);
    return end;
}

enum lw_gate_end start_remember(struct start *start)
{
    const struct lw_config *config = start->request->config;
    const char *header = start_header_path(start);
    struct lw_buf lines = LW_BUF_INIT;
    bool named = same_text(config->vault, start->path.data);
    enum lw_gate_end end = LW_GATE_ENTER;

    if (config->vault == NULL && config->name != NULL && lw_config_can_hold(start->path.data) &&
        (header == NULL || lw_config_can_hold(header)) && say_lines(start, &lines) == LW_OK)
        end = offer(start, lines.data);
    else if (named ? !same_text(config->header, header) : header != NULL)
        end = tell(start);
    lw_buf_free(&lines);
    return end;
}
