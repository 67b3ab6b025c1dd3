/* The configuration: any bytes give a configuration and warnings, and what counts is in bounds. */
#include "app.h"
#include "fuzz.h"

struct told {
    struct lw_buf text;
    unsigned last, count;
};

static void tell(void *context, const char *text)
{
    struct told *told = context;
    unsigned line = 0;

    MUST(lw_utf8_valid(text, strlen(text), NULL) && strchr(text, '\n') == NULL);
    MUST(sscanf(text, "c.ini:%u: ", &line) == 1 && line > told->last); /* one for each line */
    told->last = line;
    told->count++;
    MUST(lw_buf_addf(&told->text, "%s\n", text) == LW_OK);
}

static void judge_path(const char *path)
{
    MUST(path == NULL || (path[0] == '/' && lw_utf8_valid(path, strlen(path), NULL) &&
                          strpbrk(path, "\n\\\"") == NULL));
}

static void judge(const struct lw_config *config)
{
    judge_path(config->vault);
    judge_path(config->exchange);
    MUST(config->kdf >= -1 && config->kdf < (int)lw_kdf_profile_count);
    MUST(config->idle_ms >= -1 && config->idle_ms <= 24 * 3600 * 1000);
    MUST(config->chord >= -1 && config->chord < 0x20);
    MUST(config->author == NULL || (config->author[0] != '\0' &&
                                    lw_utf8_valid(config->author, strlen(config->author), NULL)));
    for (size_t i = 0; i < config->binding_count; i++) {
        MUST(strchr(config->bindings[i].text, '=') != NULL && config->bindings[i].line > 0);
        MUST(i == 0 || config->bindings[i].line > config->bindings[i - 1].line);
    }
}

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void must_be_same(const struct lw_config *a, const struct lw_config *b)
{
    MUST(same(a->vault, b->vault) && same(a->exchange, b->exchange) && same(a->author, b->author));
    MUST(a->kdf == b->kdf && a->idle_ms == b->idle_ms && a->chord == b->chord);
    MUST(a->no_colours == b->no_colours && a->ascii == b->ascii && a->mask == b->mask);
    MUST(a->binding_count == b->binding_count);
}

/* What counts in a file counts in the same file with another line at its end; and the first vault
 * that is named stays, or is the one that was added. */
static void with_more(const char *text, size_t size, const struct lw_config *config)
{
    struct lw_buf longer = LW_BUF_INIT;
    struct lw_config other;

    MUST(lw_buf_add(&longer, text, size) == LW_OK);
    MUST(lw_buf_adds(&longer, "\n[vault]\nfile = \"/srv/v\"\n") == LW_OK);
    MUST(lw_config_parse("c.ini", longer.data, longer.len, NULL, NULL, &other, NULL) == LW_OK);
    MUST(same(other.vault, config->vault != NULL ? config->vault : "/srv/v"));
    lw_text_free(other.vault);
    other.vault = config->vault;
    must_be_same(config, &other);
    other.vault = NULL;
    lw_config_clear(&other);
    lw_buf_free(&longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct told told = {.text = LW_BUF_INIT};
    struct lw_config config;
    struct lw_error err = {0};
    enum lw_status status;

    setenv("HOME", "/home/h", 1);
    status = lw_config_parse("c.ini", text, size, tell, &told, &config, &err);
    MUST(status == LW_OK);
    judge(&config);
    with_more(text, size, &config);
    lw_config_clear(&config);
    lw_buf_free(&told.text);
    return 0;
}
