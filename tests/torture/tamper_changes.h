/* What is done to the vault of tamper_world.h: one change is some pages and what is put on them. */
#ifndef LW_TEST_TAMPER_CHANGES_H
#define LW_TEST_TAMPER_CHANGES_H

#include "tamper_world.h"

#include <stdarg.h>

enum { AT_MOST = 8 };

/* One change: pages and what was put on them. */
static struct {
    size_t count;
    struct {
        uint32_t page;
        uint8_t bytes[LW_PAGE];
    } put[AT_MOST];
    bool stale_root; /* an older root was put back, so an older state may be shown without a word */
    char what[240];
} change;

static void change_begin(void)
{
    change.count = 0;
    change.stale_root = false;
    change.what[0] = '\0';
}

__attribute__((format(printf, 1, 2))) static void change_tell(const char *format, ...)
{
    size_t len = strlen(change.what);
    va_list list;

    va_start(list, format);
    (void)vsnprintf(change.what + len, sizeof change.what - len, format, list);
    va_end(list);
}

/* The page as changed so far, to be changed. */
static uint8_t *change_page(uint32_t page)
{
    for (size_t i = 0; i < change.count; i++)
        if (change.put[i].page == page)
            return change.put[i].bytes;
    must_be(change.count < AT_MOST);
    change.put[change.count].page = page;
    memcpy(change.put[change.count].bytes, world.base + (size_t)page * LW_PAGE, LW_PAGE);
    return change.put[change.count++].bytes;
}

static bool is_root(uint32_t page)
{
    return page >= PAGE_ROOTS && page < PAGE_POOL;
}

static void put_page(uint32_t page, const uint8_t *bytes)
{
    memcpy(change_page(page), bytes, LW_PAGE);
}

static void flip(uint32_t page, uint32_t bit)
{
    change_tell(" bit %u of page %u;", (unsigned)bit, (unsigned)page);
    change_page(page)[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

static uint32_t draw_live(void)
{
    unsigned lane = choose(LW_LANES);

    return world.live[lane][choose((uint32_t)world.lives[lane])];
}

/* Half of them pages that something stands on. */
static uint32_t draw_page(void)
{
    return choose(2) == 0 ? draw_live() : PAGE_POOL + choose(PAGES - PAGE_POOL);
}

static void swap(void)
{
    uint32_t a = draw_page(), b = choose(4) == 0 ? draw_page() : draw_live();
    uint8_t page[LW_PAGE];

    if (choose(20) == 0) {
        a = PAGE_HEADER_A + choose(6);
        b = PAGE_HEADER_A + choose(6);
    }
    change_tell(" pages %u and %u swapped;", (unsigned)a, (unsigned)b);
    memcpy(page, change_page(a), LW_PAGE);
    put_page(a, change_page(b));
    put_page(b, page);
}

static void stale(bool roots)
{
    const struct version *version;

    do
        version = &world.version[choose((uint32_t)world.versions)];
    while (roots != is_root(version->page) || (!roots && version->page < PAGE_POOL));
    change_tell(" an older page %u;", (unsigned)version->page);
    change.stale_root |= roots;
    put_page(version->page, version->bytes);
}

static void blank(void)
{
    static const uint8_t zero[LW_PAGE];
    uint32_t page = choose(8) == 0 ? choose(PAGE_POOL) : draw_page();

    change_tell(" page %u zeroed;", (unsigned)page);
    put_page(page, zero);
}

/* A page, or a root, of one lane over one of the other. */
static void across(void)
{
    unsigned lane = choose(LW_LANES);
    uint32_t from = world.live[lane][choose((uint32_t)world.lives[lane])];
    uint32_t to = world.live[1 - lane][choose((uint32_t)world.lives[1 - lane])];

    if (choose(4) == 0) {
        from = root_page(lane, choose(2));
        to = root_page(choose(2), choose(2));
    }
    change_tell(" page %u over %u;", (unsigned)from, (unsigned)to);
    change.stale_root |= is_root(to) && from != to;
    put_page(to, world.base + (size_t)from * LW_PAGE);
}

static void strange(void)
{
    uint32_t page = choose(4) == 0 ? choose(PAGE_POOL) : draw_page();

    change_tell(" page %u of another vault;", (unsigned)page);
    put_page(page, world.strange + (size_t)page * LW_PAGE);
}

static void header_of_before(void)
{
    const uint8_t *old = world.old_header[choose((uint32_t)world.old_headers)];
    unsigned kind = choose(4);

    change_tell(" header %u of before;", kind);
    if (kind == 3) { /* the copies change places */
        put_page(PAGE_HEADER_A, world.base + (size_t)PAGE_HEADER_B * LW_PAGE);
        put_page(PAGE_HEADER_B, world.base + (size_t)PAGE_HEADER_A * LW_PAGE);
        return;
    }
    if (kind != 1)
        put_page(PAGE_HEADER_A, old);
    if (kind != 0)
        put_page(PAGE_HEADER_B, old + LW_PAGE);
}

static void draw_change(void)
{
    switch (choose(9)) {
    case 0:
        flip(choose(PAGE_ROOTS), choose(LW_PAGE * 8));
        break;
    case 1:
        flip(PAGE_ROOTS + choose(4), choose(LW_PAGE * 8));
        break;
    case 2:
        flip(draw_page(), choose(LW_PAGE * 8));
        break;
    case 3:
        swap();
        break;
    case 4:
        stale(choose(3) == 0);
        break;
    case 5:
        blank();
        break;
    case 6:
        across();
        break;
    case 7:
        strange();
        break;
    default:
        header_of_before();
    }
}

#endif
