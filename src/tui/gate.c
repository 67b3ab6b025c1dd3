/* The loop of the gate: sizes, bytes, keys. */
#include "gate.h"

#include "typing.h"

#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define HEADER_LOOK_MS 500
#define PLAIN_ROWS     60

/* Where an escape sequence stands that is being swallowed. */
enum { OUTSIDE, AFTER_ESC, IN_CSI, ONE_MORE };

enum lw_status lw_gate_open(struct lw_gate *gate, struct lw_terminal *terminal,
                            const struct lw_program_hooks *hooks, struct lw_error *err)
{
    struct lw_key_sequence list[64];
    size_t count = terminal->ops->sequences(terminal, list, LW_COUNT_OF(list));

    *gate = (struct lw_gate){.terminal = terminal, .hooks = hooks, .grid = LW_GRID_INIT};
    gate->grid.ascii = terminal->ascii;
    gate->grid.plain = terminal->plain;
    if (lw_keys_new(&gate->keys) != LW_OK || lw_grid_resize(&gate->grid, 1, 1) != LW_OK) {
        lw_gate_close(gate);
        return lw_fail(err, LW_NO_MEMORY, "no memory for the screen");
    }
    for (size_t i = 0; i < count && i < LW_COUNT_OF(list); i++)
        lw_keys_learn(gate->keys, &list[i]);
    return LW_OK;
}

void lw_gate_close(struct lw_gate *gate)
{
    lw_keys_free(gate->keys);
    lw_grid_free(&gate->grid);
    gate->keys = NULL;
}

static int64_t steady_ms(void)
{
    return lw_ticks_ms(CLOCK_MONOTONIC);
}

static bool suspended(const struct lw_gate *gate)
{
    return gate->hooks->suspended != NULL && gate->hooks->suspended(gate->hooks->context);
}

static bool folder_of_header(const struct lw_gate *gate, struct stat *info)
{
    char folder[4096];
    char *slash;

    if (strlen(gate->header) >= sizeof folder)
        return false;
    memcpy(folder, gate->header, strlen(gate->header) + 1);
    slash = strrchr(folder, '/');
    if (slash == NULL)
        return stat(".", info) == 0;
    slash[slash == folder ? 1 : 0] = '\0';
    return stat(folder, info) == 0;
}

void lw_gate_watch_header(struct lw_gate *gate, const char *header)
{
    struct stat info = {.st_dev = 0};

    gate->header = header;
    if (header == NULL)
        return;
    gate->header_there = folder_of_header(gate, &info);
    gate->header_device = (uint64_t)info.st_dev;
    gate->header_inode = (uint64_t)info.st_ino;
}

static bool header_changed(const struct lw_gate *gate)
{
    struct stat info;
    bool there;

    if (gate->header == NULL)
        return false;
    there = folder_of_header(gate, &info);
    return there != gate->header_there || (there && ((uint64_t)info.st_dev != gate->header_device ||
                                                     (uint64_t)info.st_ino != gate->header_inode));
}

void lw_gate_show(struct lw_gate *gate, const struct lw_gate_page *page)
{
    int rows = 1;
    int columns = 1;
    struct lw_area area;

    if (suspended(gate))
        return;
    gate->terminal->ops->size(gate->terminal, &rows, &columns);
    if (gate->grid.plain && rows < PLAIN_ROWS)
        rows = PLAIN_ROWS; /* told in one go: nothing of a page is passed over */
    if ((rows != gate->grid.rows || columns != gate->grid.columns) &&
        lw_grid_resize(&gate->grid, rows, columns) != LW_OK)
        return;
    lw_grid_erase(&gate->grid);
    area = lw_area_whole(&gate->grid);
    lw_area_cursor(&area, 0, 0);
    gate->grid.scene = gate->terminal->scenes;
    lw_gate_draw(gate, page, &area);
    gate->terminal->ops->show(gate->terminal, &gate->grid);
}

/* ---- bytes ------------------------------------------------------------------------------------
 */

enum { BYTE_NONE = -1, BYTE_GONE = -2 };

/* One byte, so that none is read that belongs to whoever asks next. Returns without one after
 * wait_ms (-1: never), and where a signal came, since the size may be another one. */
static int next_byte(struct lw_gate *gate, int wait_ms)
{
    struct pollfd wait = {.fd = gate->terminal->fd, .events = POLLIN};
    unsigned char byte = 0;
    ssize_t got;
    int found;

    if (wait.fd >= 0 && poll(&wait, 1, wait_ms) <= 0)
        return BYTE_NONE;
    got = gate->terminal->ops->read(gate->terminal, &byte, 1);
    found = got > 0 ? byte : got < 0 ? BYTE_GONE : BYTE_NONE;
    lw_zero(&byte, sizeof byte);
    if (got > 0 && gate->hooks->key != NULL)
        gate->hooks->key(gate->hooks->context);
    return found;
}

static void scroll(struct lw_gate *gate, int rows)
{
    int most = gate->body_all - gate->body_rows;

    gate->top += rows;
    if (gate->top > most)
        gate->top = most;
    if (gate->top < 0)
        gate->top = 0;
}

static void end_sequence(struct lw_gate *gate, int byte)
{
    gate->sequence = OUTSIDE;
    switch (byte) {
    case 'A':
        scroll(gate, -1);
        break;
    case 'B':
        scroll(gate, 1);
        break;
    case '~':
        if (gate->number == 5 || gate->number == 6)
            scroll(gate, gate->number == 5 ? -gate->body_rows : gate->body_rows);
        if (gate->number == 200 || gate->number == 201)
            gate->pasting = gate->number == 200;
        break;
    default:
        break;
    }
}

/* True for a byte that is part of an escape sequence: the keys that send them are no letters. */
static bool swallow(struct lw_gate *gate, int byte)
{
    switch (gate->sequence) {
    case AFTER_ESC:
        gate->number = 0;
        gate->sequence = byte == '[' ? IN_CSI : byte == 'O' ? ONE_MORE : OUTSIDE;
        return true;
    case IN_CSI:
        if (byte >= '0' && byte <= '9' && gate->number < 1000)
            gate->number = gate->number * 10 + (unsigned)(byte - '0');
        else if (byte == '[') /* of the Linux console */
            gate->sequence = ONE_MORE;
        else if (byte >= 0x40 && byte <= 0x7E)
            end_sequence(gate, byte);
        return true;
    case ONE_MORE:
        end_sequence(gate, byte);
        return true;
    default:
        if (byte == 0x1B)
            gate->sequence = AFTER_ESC;
        return byte == 0x1B;
    }
}

static void rest_if_empty(struct lw_gate *gate, const struct lw_gate_page *page)
{
    if (lw_passphrase_len(page->pass) == 0 && gate->hooks->rest != NULL)
        gate->hooks->rest(gate->hooks->context);
}

/* True where it ends the page. */
static bool take_byte(struct lw_gate *gate, struct lw_gate_page *page, int byte,
                      enum lw_gate_end *end)
{
    page->message.text[0] = '\0';
    if (swallow(gate, byte))
        return false;
    if (byte == '\r' || byte == '\n') {
        *end = LW_GATE_ENTER;
        return !gate->pasting;
    }
    if (byte == 0x03 || (byte == 0x04 && lw_passphrase_len(page->pass) == 0)) {
        *end = LW_GATE_LEAVE;
        return true;
    }
    if (byte == 0x15) {
        lw_passphrase_clear(page->pass);
    } else if (byte == '\b' || byte == 0x7F) {
        lw_passphrase_pop(page->pass);
        gate->signs -= gate->signs > 0;
    } else if (byte >= 0x20 && !lw_passphrase_push(page->pass, (uint8_t)byte)) {
        (void)lw_fail(&page->message, LW_TOO_LONG, "At most %d bytes; this one was not taken",
                      LW_PASSPHRASE_MAX);
    } else if (byte >= 0x20) {
        gate->signs += (byte & 0xC0) != 0x80;
    }
    if (lw_passphrase_len(page->pass) == 0)
        gate->signs = 0;
    rest_if_empty(gate, page);
    return false;
}

static enum lw_gate_end ask_passphrase(struct lw_gate *gate, struct lw_gate_page *page)
{
    enum lw_gate_end end = LW_GATE_ENTER;

    gate->sequence = OUTSIDE;
    gate->pasting = false;
    gate->signs = 0;
    rest_if_empty(gate, page);
    for (;;) {
        int byte;

        if (suspended(gate) || (lw_passphrase_len(page->pass) == 0 && header_changed(gate)))
            return LW_GATE_LOCK;
        lw_gate_show(gate, page);
        byte = next_byte(gate, gate->sequence == AFTER_ESC ? LW_KEYS_ESC_MS
                               : gate->header != NULL      ? HEADER_LOOK_MS
                                                           : -1);
        if (byte == BYTE_GONE)
            return LW_GATE_GONE;
        if (byte == BYTE_NONE && gate->sequence == AFTER_ESC)
            return LW_GATE_BACK;
        if (byte >= 0 && take_byte(gate, page, byte, &end))
            return end;
    }
}

/* ---- keys -------------------------------------------------------------------------------------
 */

static bool is_control(const struct lw_key *key, char letter)
{
    return key->code == LW_KEY_TEXT && key->modifiers == LW_MOD_CTRL &&
           key->point == (uint32_t)letter;
}

static void scroll_key(struct lw_gate *gate, const struct lw_key *key)
{
    if (key->code == LW_KEY_UP || key->code == LW_KEY_DOWN)
        scroll(gate, key->code == LW_KEY_UP ? -1 : 1);
    else if (key->code == LW_KEY_PAGE_UP || key->code == LW_KEY_PAGE_DOWN)
        scroll(gate, key->code == LW_KEY_PAGE_UP ? -gate->body_rows : gate->body_rows);
}

/* True where there was something below. */
static bool read_on(struct lw_gate *gate, const struct lw_gate_page *page, const struct lw_key *key)
{
    bool space = key->code == LW_KEY_TEXT && key->modifiers == 0 && key->point == ' ';
    bool below = gate->top + gate->body_rows < gate->body_all;

    if (!page->paged || !below || (key->code != LW_KEY_ENTER && !space))
        return false;
    scroll(gate, gate->body_rows);
    return true;
}

static bool take_key(struct lw_gate *gate, struct lw_gate_page *page, const struct lw_key *key,
                     enum lw_gate_end *end)
{
    struct lw_key latin = lw_key_latin(key);
    bool used = false;

    page->message.text[0] = '\0';
    if (read_on(gate, page, key))
        return false;
    if (key->code == LW_KEY_GONE)
        *end = LW_GATE_GONE;
    else if (key->code == LW_KEY_ENTER)
        *end = LW_GATE_ENTER;
    else if (key->code == LW_KEY_ESC)
        *end = LW_GATE_BACK;
    else if (is_control(key, 'c'))
        *end = LW_GATE_LEAVE;
    else if (page->input == LW_GATE_TEXT &&
             lw_typing_key(&page->field->editor, key, &used, &page->message) == LW_OK && used)
        return false;
    else if (page->letters != NULL && latin.code == LW_KEY_TEXT && latin.modifiers == 0 &&
             latin.point > 0 && latin.point < 0x80 &&
             strchr(page->letters, (int)latin.point) != NULL) {
        page->letter = (char)latin.point;
        *end = LW_GATE_LETTER;
    } else {
        scroll_key(gate, key);
        return false;
    }
    return true;
}

static enum lw_gate_end ask_key(struct lw_gate *gate, struct lw_gate_page *page)
{
    enum lw_gate_end end = LW_GATE_ENTER;

    for (;;) {
        struct lw_key key;
        char byte;
        int found;

        if (suspended(gate))
            return LW_GATE_LOCK;
        while (lw_keys_next(gate->keys, steady_ms(), &key)) {
            if (take_key(gate, page, &key, &end))
                return end;
        }
        lw_gate_show(gate, page);
        found = next_byte(gate, lw_keys_wait(gate->keys, steady_ms()));
        byte = (char)found;
        if (found == BYTE_GONE)
            lw_keys_end(gate->keys);
        else if (found >= 0)
            (void)lw_keys_feed(gate->keys, &byte, 1, steady_ms());
    }
}

enum lw_gate_end lw_gate_ask(struct lw_gate *gate, struct lw_gate_page *page)
{
    gate->top = 0;
    gate->terminal->scenes++;
    return page->input == LW_GATE_PASSPHRASE ? ask_passphrase(gate, page) : ask_key(gate, page);
}
