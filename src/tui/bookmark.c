/* Where somebody is, into the vault and out of it. */
#include "bookmark.h"

#include "place.h"

#include <string.h>

#define STAYED_MS 3000
#define LASTS_MS  (INT64_C(12) * 3600 * 1000)

static bool same(const struct lw_buf *a, const struct lw_buf *b)
{
    return a->len == b->len && memcmp(lw_buf_text(a), lw_buf_text(b), a->len) == 0;
}

static void keep(struct lw_bookmark *bookmark)
{
    const struct lw_buf *place = &bookmark->place;

    if (same(place, &bookmark->kept))
        return;
    (void)!lw_session_set_bookmark(bookmark->session, bookmark->read_only, lw_buf_text(place),
                                   place->len, NULL);
    lw_buf_clear(&bookmark->kept); /* one that was not written is not tried again until the next */
    if (lw_buf_add(&bookmark->kept, lw_buf_text(place), place->len) != LW_OK)
        lw_buf_clear(&bookmark->kept);
}

/* True where it is another one than before. */
static bool look(struct lw_bookmark *bookmark, struct lw_tui *tui)
{
    struct lw_buf place = LW_BUF_INIT;

    if (lw_place_say(tui, &place) != LW_OK || same(&place, &bookmark->place)) {
        lw_buf_free(&place);
        return false;
    }
    lw_buf_free(&bookmark->place);
    bookmark->place = place;
    return true;
}

void lw_bookmark_look(struct lw_bookmark *bookmark, struct lw_tui *tui)
{
    int64_t now = lw_tui_steady_ms(tui);

    if (look(bookmark, tui))
        bookmark->placed_ms = now;
    else if (now - bookmark->placed_ms >= STAYED_MS)
        keep(bookmark);
}

void lw_bookmark_end(struct lw_bookmark *bookmark, struct lw_tui *tui, bool left)
{
    if (left)
        lw_buf_clear(&bookmark->place);
    else
        (void)look(bookmark, tui);
    keep(bookmark);
}

int64_t lw_bookmark_return(struct lw_bookmark *bookmark, struct lw_tui *tui)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_buf *kept = &bookmark->kept;
    int64_t at_ms = 0;

    if (lw_session_bookmark(bookmark->session, bookmark->read_only, &at_ms, kept, &err) != LW_OK ||
        kept->len == 0 || lw_clock_now(lw_tui_clock(tui)) - at_ms > LASTS_MS)
        return 0;
    if (lw_place_return(tui, lw_buf_text(kept), &err) != LW_OK)
        lw_tui_complain(tui, &err);
    return at_ms;
}

void lw_bookmark_clear(struct lw_bookmark *bookmark)
{
    lw_buf_free(&bookmark->kept);
    lw_buf_free(&bookmark->place);
}
