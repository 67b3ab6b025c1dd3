/* Where a review is, into the vault and out of it. */
#include "bookmark.h"

#include "place.h"

#include <string.h>

/* Leaving and a line that drops keep it at once. More often, somebody who compares images would see
 * more of a review than of other sessions. */
#define STAYED_MS 20000

static bool same(const struct lw_buf *a, const struct lw_buf *b)
{
    return a->len == b->len && memcmp(lw_buf_text(a), lw_buf_text(b), a->len) == 0;
}

static void keep(struct lw_bookmark *bookmark)
{
    const struct lw_buf *place = &bookmark->place;

    if (same(place, &bookmark->kept) ||
        lw_session_set_bookmark(bookmark->session, lw_buf_text(place), place->len, NULL) != LW_OK)
        return;
    lw_buf_clear(&bookmark->kept);
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

    if (bookmark->session == NULL)
        return;
    if (!look(bookmark, tui)) {
        if (now - bookmark->placed_ms < STAYED_MS)
            return;
        keep(bookmark);
    }
    bookmark->placed_ms = now;
}

void lw_bookmark_end(struct lw_bookmark *bookmark, struct lw_tui *tui, bool left)
{
    if (bookmark->session == NULL)
        return;
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

    if (bookmark->session == NULL ||
        lw_session_bookmark(bookmark->session, &at_ms, kept, &err) != LW_OK)
        return 0;
    if (lw_place_return(tui, lw_buf_text(kept), &err) == LW_OK)
        return at_ms;
    lw_tui_complain(tui, &err);
    return 0;
}

void lw_bookmark_clear(struct lw_bookmark *bookmark)
{
    lw_buf_free(&bookmark->kept);
    lw_buf_free(&bookmark->place);
}
