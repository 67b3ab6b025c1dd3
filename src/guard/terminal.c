/* The terminal as the supervisor holds it: settings, foreground, clearing. Nothing here waits for
 * the terminal except, for a moment, the very end. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BLANK_ROWS = 100, BLANK_MOST = 1000 }; /* at least, as sizes can be wrong; at most */

/* Works with and without an alternate screen, whatever the worker was in the middle of. A terminal
 * ignores what it does not know. */
static const char clearing[] = "\x18\033\\"          /* end a sequence or string cut in two */
                               "\033[0m\033(B\017"   /* plain text, ASCII */
                               "\033[r\033[H\033[2J" /* the alternate screen first */
                               "\033[?1049l"         /* leave it */
                               "\033[?1000l\033[?1002l\033[?1003l\033[?1006l" /* mouse off */
                               "\033[?2004l"          /* bracketed paste off */
                               "\033[?1l\033>\033[4l" /* keypad, insert mode off */
                               "\033[?7h\033[?25h"    /* wrap lines, show the cursor */
                               "\033[0m\033[r\033[H\033[2J\033[3J"; /* and what scrolled off */

/* What does not fit is left out. */
static void put(struct guard_terminal *terminal, const char *text, size_t len)
{
    if (len > sizeof(terminal->out) - terminal->out_len)
        len = sizeof(terminal->out) - terminal->out_len;
    memcpy(terminal->out + terminal->out_len, text, len);
    terminal->out_len += len;
}

static void put_clearing(struct guard_terminal *terminal)
{
    struct winsize size = {.ws_row = 0};
    int rows = BLANK_ROWS;

    if (!terminal->unerasable) {
        put(terminal, clearing, sizeof(clearing) - 1);
        return;
    }
    if (ioctl(terminal->fd, TIOCGWINSZ, &size) == 0 && size.ws_row > rows)
        rows = size.ws_row < BLANK_MOST ? size.ws_row : BLANK_MOST;
    for (int row = 0; row < rows; row++)
        put(terminal, "\r\n", 2);
}

/* Whether one of the lines of a text is this one. */
static bool has_line(const char *text, const char *line, size_t len)
{
    while (*text != '\0') {
        size_t other = strcspn(text, "\n");

        if (other == len && memcmp(text, line, len) == 0)
            return true;
        text += other + (text[other] == '\n');
    }
    return false;
}

/* Without what only colours it. */
static void put_uncoloured(struct guard_terminal *terminal, const char *line, size_t len)
{
    for (size_t at = 0; at < len; at++) {
        if (line[at] != '\033') {
            put(terminal, line + at, 1);
            continue;
        }
        while (at < len && line[at] != 'm')
            at++;
    }
}

/* What is not written yet stays: it may be the clearing. */
static void put_lines(struct guard_terminal *terminal, const char *text)
{
    memmove(terminal->out, terminal->out + terminal->out_at, terminal->out_len - terminal->out_at);
    terminal->out_len -= terminal->out_at;
    terminal->out_at = 0;
    if (terminal->out_len + strlen(text) >
        sizeof(terminal->out)) { /* nobody reads: from the start */
        terminal->out_len = 0;
        terminal->said[0] = '\0';
        put_clearing(terminal);
    }
    for (const char *line = text; *line != '\0';) {
        size_t len = strcspn(line, "\n");

        if (len > 1 && !has_line(terminal->said, line, len))
            put_uncoloured(terminal, line, len + (line[len] == '\n'));
        line += len + (line[len] == '\n');
    }
    (void)snprintf(terminal->said, sizeof(terminal->said), "%s", text);
}

static void choose_settings(struct guard_terminal *terminal, unsigned char chord)
{
    struct termios *ours = &terminal->ours;

    *ours = terminal->before;
    ours->c_iflag &= ~(tcflag_t)(IXON | ISTRIP);
    ours->c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN | NOFLSH | TOSTOP);
    ours->c_lflag |= ISIG;
    ours->c_cc[VQUIT] = chord;
    ours->c_cc[VINTR] = _POSIX_VDISABLE;
    ours->c_cc[VSUSP] = _POSIX_VDISABLE;
    ours->c_cc[VMIN] = 1;
    ours->c_cc[VTIME] = 0;
}

/* A group of our own: a make or a shell script above would die of the chord's SIGQUIT. */
static enum lw_status take_foreground(struct guard_terminal *terminal, struct lw_error *err)
{
    if (tcgetpgrp(terminal->fd) != terminal->group_before)
        return lw_fail(err, LW_NO_TERMINAL,
                       "another program is using this terminal; start this one in the foreground");
    if (terminal->group_before == getpid())
        return LW_OK;
    if (setpgid(0, 0) != 0)
        return lw_fail_errno(err, LW_INTERNAL, "no process group of its own");
    if (tcsetpgrp(terminal->fd, getpid()) == 0)
        return LW_OK;
    lw_fail_errno(err, LW_NO_TERMINAL, "the terminal cannot be taken");
    (void)setpgid(0, terminal->group_before);
    return LW_NO_TERMINAL;
}

enum lw_status guard_terminal_take(struct guard_terminal *terminal,
                                   const struct lw_supervisor *setup, struct lw_error *err)
{
    enum lw_status status;

    *terminal = (struct guard_terminal){
        .group_before = getpgrp(), .plain = setup->plain, .unerasable = setup->unerasable};
    terminal->fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (terminal->fd < 0)
        return lw_fail(err, LW_NO_TERMINAL, "this needs a terminal");
    if (tcgetattr(terminal->fd, &terminal->before) == 0)
        status = take_foreground(terminal, err);
    else
        status = lw_fail_errno(err, LW_NO_TERMINAL, "the terminal does not answer");
    if (status != LW_OK) {
        close(terminal->fd);
        terminal->fd = -1;
        return status;
    }
    choose_settings(terminal, setup->chord ? setup->chord : LW_CHORD_DEFAULT);
    return LW_OK;
}

bool guard_terminal_is_ours(const struct guard_terminal *terminal)
{
    return tcgetpgrp(terminal->fd) == getpgrp();
}

/* Always TCSANOW: the other ways wait until the terminal has read everything. */
void guard_terminal_prepare(struct guard_terminal *terminal)
{
    if (!guard_terminal_is_ours(terminal))
        return;
    (void)tcsetattr(terminal->fd, TCSANOW, &terminal->ours);
    (void)tcflush(terminal->fd, TCIFLUSH);
}

void guard_terminal_clear(struct guard_terminal *terminal)
{
    if (guard_terminal_is_ours(terminal)) {
        (void)tcsetattr(terminal->fd, TCSANOW, &terminal->ours);
        (void)tcflush(terminal->fd, TCIOFLUSH);
    }
    terminal->out_at = terminal->out_len = 0;
    terminal->said[0] = '\0';
    put_clearing(terminal);
    guard_terminal_push(terminal);
}

void guard_terminal_show(struct guard_terminal *terminal, const char *text)
{
    if (terminal->plain) {
        put_lines(terminal, text);
    } else {
        terminal->out_at = terminal->out_len = 0;
        put_clearing(terminal);
        put(terminal, text, strlen(text));
    }
    guard_terminal_push(terminal);
}

bool guard_terminal_is_behind(const struct guard_terminal *terminal)
{
    return terminal->out_at < terminal->out_len;
}

size_t guard_terminal_keys(const struct guard_terminal *terminal, char *keys, size_t most)
{
    ssize_t got = guard_terminal_is_ours(terminal) ? read(terminal->fd, keys, most) : 0;

    return got > 0 ? (size_t)got : 0;
}

void guard_terminal_push(struct guard_terminal *terminal)
{
    while (guard_terminal_is_behind(terminal)) {
        ssize_t written = write(terminal->fd, terminal->out + terminal->out_at,
                                terminal->out_len - terminal->out_at);

        if (written > 0)
            terminal->out_at += (size_t)written;
        else if (written < 0 && errno == EAGAIN)
            return;
        else
            terminal->out_at = terminal->out_len; /* the terminal is gone */
    }
}

void guard_terminal_give_back(struct guard_terminal *terminal)
{
    int64_t end = lw_ticks_ms(CLOCK_MONOTONIC) + GUARD_PATIENCE_MS;
    int64_t left = GUARD_PATIENCE_MS;

    while (guard_terminal_is_behind(terminal) && left > 0) {
        struct pollfd wait = {.fd = terminal->fd, .events = POLLOUT};

        (void)poll(&wait, 1, (int)left);
        guard_terminal_push(terminal);
        left = end - lw_ticks_ms(CLOCK_MONOTONIC);
    }
    if (guard_terminal_is_ours(terminal)) {
        (void)tcsetattr(terminal->fd, TCSANOW, &terminal->before);
        if (terminal->group_before != getpgrp())
            (void)tcsetpgrp(terminal->fd, terminal->group_before);
    }
    if (terminal->group_before != getpgrp())
        (void)setpgid(0, terminal->group_before); /* not where that group is gone */
    close(terminal->fd);
    terminal->fd = -1;
}
