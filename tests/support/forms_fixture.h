/* The shipped kinds of entry for tests that stand below the layer that reads files: their files are
 * simpler than what a team may write. */
#ifndef LW_TEST_FORMS_FIXTURE_H
#define LW_TEST_FORMS_FIXTURE_H

#include "forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void forms_fixture_must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "share/forms: %s; start in the top folder\n", what);
    abort();
}

static inline void forms_fixture_end(struct lw_forms *forms, struct lw_kind **kind)
{
    struct lw_error err = {.status = LW_OK};
    size_t question;

    if (*kind == NULL)
        return;
    forms_fixture_must(lw_kind_finish(*kind, &question, &err) == LW_OK, err.text);
    forms_fixture_must(lw_forms_put(forms, *kind, &err) == LW_OK, err.text);
    *kind = NULL;
}

static inline void forms_fixture_line(struct lw_forms *forms, struct lw_kind **kind,
                                      size_t *question, char *line)
{
    struct lw_error err = {.status = LW_OK};
    char *equals = strstr(line, " = ");
    char *slash = strchr(line, '/');
    size_t len = strcspn(line, "\n");

    line[len] = '\0';
    if (line[0] == '[' && (slash == NULL || *kind == NULL)) {
        forms_fixture_end(forms, kind);
        forms_fixture_must(lw_kind_new(line + 1, len - 2, kind, &err) == LW_OK, err.text);
        *question = LW_KIND_ITSELF;
    } else if (line[0] == '[') {
        forms_fixture_must(
            lw_kind_ask(*kind, slash + 1, strlen(slash) - 2, question, &err) == LW_OK, err.text);
    } else if (line[0] != '#' && len > 0) {
        forms_fixture_must(equals != NULL, line);
        char *value = equals + 3;

        *equals = '\0';
        if (value[0] == '"') { /* nothing else is quoted there */
            value[strlen(value) - 1] = '\0';
            value++;
        }
        forms_fixture_must(lw_kind_take(*kind, *question, line, value, &err) == LW_OK, err.text);
    }
}

static inline struct lw_forms *forms_fixture_new(enum lw_language language)
{
    static const char *const files[] = {"share/forms/acts.ini", "share/forms/public.ini",
                                        "share/forms/work.ini"};
    struct lw_forms *forms = lw_forms_new(NULL, language);
    struct lw_kind *kind = NULL;
    size_t question = LW_KIND_ITSELF;
    char line[1024];

    forms_fixture_must(forms != NULL, "no memory");
    for (size_t i = 0; i < LW_COUNT_OF(files); i++) {
        FILE *file = fopen(files[i], "r");

        forms_fixture_must(file != NULL, files[i]);
        while (fgets(line, sizeof line, file) != NULL)
            forms_fixture_line(forms, &kind, &question, line);
        fclose(file);
        forms_fixture_end(forms, &kind);
    }
    return forms;
}

/* Made once for the process, Russian where a catalogue is there. */
static inline const struct lw_forms *forms_fixture(void)
{
    static struct lw_forms *forms;

    if (forms == NULL)
        forms = forms_fixture_new(lw_say_russian() ? LW_RUSSIAN : LW_ENGLISH);
    return forms;
}

#endif
