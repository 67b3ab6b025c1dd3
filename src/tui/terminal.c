/* What every terminal shares: which one is opened, its bytes, its modes, its size. */
#include "terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum lw_status lw_terminal_open(const struct lw_tui_options *options, struct lw_terminal **out,
                                struct lw_error *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return lw_fail(err, LW_NO_TERMINAL,
                       "standard input and output must be a terminal for this");
    return options->plain ? lw_terminal_plain(options, out, err)
                          : lw_terminal_curses(options, out, err);
}

bool lw_tui_erases(void)
{
    char clearing[LW_TERMINAL_CLEARING];
    size_t len = lw_terminal_clearing(clearing, sizeof clearing);

    return len > 2 && memcmp(clearing, "\x1B[", 2) == 0;
}

void lw_terminal_free(struct lw_terminal *terminal)
{
    if (terminal != NULL)
        terminal->ops->free(terminal);
}

ssize_t lw_terminal_read(struct lw_terminal *terminal, void *bytes, size_t size)
{
    struct pollfd wait = {.fd = terminal->fd, .events = POLLIN};
    ssize_t got;

    if (poll(&wait, 1, 0) <= 0)
        return 0;
    got = read(terminal->fd, bytes, size);
    if (got > 0)
        return got;
    return got < 0 && (errno == EINTR || errno == EAGAIN) ? 0 : -1;
}

void lw_terminal_modes_set(void)
{
    struct termios modes;

    if (tcgetattr(STDIN_FILENO, &modes) != 0)
        return;
    modes.c_iflag &= ~(tcflag_t)(IXON | IXOFF | IXANY | ICRNL | INLCR | IGNCR | ISTRIP | BRKINT);
    modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
    modes.c_oflag &= ~(tcflag_t)ONLCR;
    modes.c_cc[VINTR] = _POSIX_VDISABLE;
    modes.c_cc[VSUSP] = _POSIX_VDISABLE;
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
}

void lw_terminal_send(const char *text)
{
    enum lw_status status = lw_fd_write(STDOUT_FILENO, text, strlen(text));

    (void)status; /* a terminal that is gone says so when it is read */
}

void lw_terminal_mark_pastes(const struct lw_terminal *terminal, bool on)
{
    if (terminal->pastes)
        lw_terminal_send(on ? "\x1B[?2004h" : "\x1B[?2004l");
}

/* Only to end the wait for keys. */
static void size_changed(int number)
{
    (void)number;
}

void lw_terminal_watch_size(void)
{
    struct sigaction changed = {.sa_handler = size_changed};

    sigaction(SIGWINCH, &changed, NULL);
}

void lw_terminal_real_size(int *rows, int *columns)
{
    struct winsize size = {0};

    *rows = *columns = 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
        *rows = size.ws_row;
        *columns = size.ws_col;
    }
}
