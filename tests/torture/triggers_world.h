/*
 * A machine for the supervisor's emergency part: clocks that the campaign moves, a folder of USB
 * devices, the kernel's news about them, a terminal, and a wipe that is only noted. What is tested
 * is the shipped src/guard/emergency.c with all that it asks; the calls by which it reaches the
 * machine are defined here.
 */
#ifndef LW_TORTURE_TRIGGERS_WORLD_H
#define LW_TORTURE_TRIGGERS_WORLD_H

#include "guard/internal.h"

#include "seeded.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { DEVICES = 7, QUEUE_MOST = 64, STATIONS = 12 };
enum news { NEWS_USB, NEWS_OTHER, NEWS_FOREIGN, NEWS_LOST, NEWS_BROKEN };

/* The paired one comes first. Of the others one differs in each number and in the serial. */
static const struct kind_of_device {
    const char *vendor, *product, *serial;
} kinds[DEVICES] = {
    {"0781", "5581", "4C53"}, {"0781", "5581", "4C54"},         {"0781", "5580", "4C53"},
    {"0782", "5581", "4C53"}, {"1d6b", "0002", "0000:00:14.0"}, {"0781", "5581", NULL},
    {"05e3", "0608", NULL}};

static const char *const stations[STATIONS] = {"1-1", "1-2",  "1-1.4",   "2-1", "2-2", "3-1",
                                               "9-9", "usb7", "1-1.4.2", "4-3", "0-1", "5-6"};

static struct machine {
    char folder[256], bus[300], away[300], vault[300], other[2][300];
    int64_t boot_ms, suspended_ms, real_ms;
    int64_t due_ms;     /* of the supervisor's timer; -1: off */
    int place[DEVICES]; /* index into stations; -1: not plugged in */
    bool readable;      /* the folder of devices */
    enum news queue[QUEUE_MOST];
    unsigned queued;
    bool listens; /* the kernel's news are to be had */
    unsigned typed;
    bool wiped;
    struct guard_supervision all;
    struct lw_supervisor setup;
    struct lw_emergency orders;
} machine;

static unsigned faults;

static void bad(const char *format, ...) LW_PRINTF(1, 2);

static void bad(const char *format, ...)
{
    va_list list;

    if (faults++ >= 20)
        return;
    printf("bad: at %lld ms: ", (long long)machine.boot_ms);
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    printf("\n");
}

static void must(bool good, const char *what)
{
    if (good)
        return;
    perror(what);
    exit(2);
}

/* ---- what the supervisor asks --------------------------------------------------------------- */

int clock_gettime(clockid_t clock, struct timespec *out)
{
    int64_t ms = clock == CLOCK_BOOTTIME    ? machine.boot_ms
                 : clock == CLOCK_MONOTONIC ? machine.boot_ms - machine.suspended_ms
                                            : machine.real_ms;

    out->tv_sec = ms / 1000;
    out->tv_nsec = ms % 1000 * 1000000;
    return 0;
}

int timerfd_settime(int fd, int flags, const struct itimerspec *at, struct itimerspec *before)
{
    (void)fd;
    (void)flags;
    (void)before;
    machine.due_ms = at->it_value.tv_sec * 1000 + (at->it_value.tv_nsec + 999999) / 1000000;
    if (at->it_value.tv_sec == 0 && at->it_value.tv_nsec == 0)
        machine.due_ms = -1;
    return 0;
}

int socket(int domain, int type, int protocol)
{
    (void)type;
    (void)protocol;
    must(domain == AF_NETLINK, "a socket");
    if (!machine.listens) {
        errno = EPERM;
        return -1;
    }
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* The addresses of these two are transparent unions in the C library's headers. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

int bind(int fd, __CONST_SOCKADDR_ARG address, socklen_t len)
{
    (void)fd;
    (void)address;
    (void)len;
    return 0;
}

static ssize_t put_message(enum news news, char *out, size_t most)
{
    static const char usb[] = "remove@/devices/pci0000:00/usb2/2-2\0ACTION=remove\0SUBSYSTEM=usb\0"
                              "PRODUCT=781/5581/100\0SEQNUM=7";
    static const char other[] = "change@/devices/virtual/net/lo\0ACTION=change\0SUBSYSTEM=net";
    size_t len = news == NEWS_OTHER ? sizeof other : sizeof usb;

    must(len <= most, "room for news");
    memcpy(out, news == NEWS_OTHER ? other : usb, len);
    return (ssize_t)(news == NEWS_BROKEN ? choose((uint32_t)len) + 1 : len);
}

ssize_t recvfrom(int fd, void *out, size_t most, int flags, __SOCKADDR_ARG address,
                 socklen_t *address_len)
{
    struct sockaddr_nl *from = (struct sockaddr_nl *)(void *)address.__sockaddr__;
    enum news news;

    (void)fd;
    (void)flags;
    if (machine.queued == 0) {
        errno = EAGAIN;
        return -1;
    }
    news = machine.queue[--machine.queued]; /* in any order */
    if (news == NEWS_LOST) {
        errno = ENOBUFS;
        return -1;
    }
    *from = (struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_pid = news == NEWS_FOREIGN ? 77 : 0};
    *address_len = sizeof *from;
    return put_message(news, out, most);
}

#pragma GCC diagnostic pop

void guard_terminal_clear(struct guard_terminal *terminal)
{
    (void)terminal;
    machine.typed = 0;
}

void guard_terminal_show(struct guard_terminal *terminal, const char *text)
{
    (void)terminal;
    (void)text;
}

bool guard_terminal_is_behind(const struct guard_terminal *terminal)
{
    (void)terminal;
    return false;
}

size_t guard_terminal_keys(const struct guard_terminal *terminal, char *keys, size_t most)
{
    size_t count = machine.typed < most ? machine.typed : most;

    (void)terminal;
    memset(keys, 'x', count);
    machine.typed = 0;
    return count;
}

static void wipe_noted(void);

void guard_wiper_start(struct guard_supervision *all, int64_t begun_us)
{
    (void)all;
    (void)begun_us;
    wipe_noted();
    machine.wiped = true;
}

bool guard_wiper_listen(struct guard_supervision *all)
{
    (void)all;
    return false;
}

static int64_t suspended_now(void *context)
{
    (void)context;
    return machine.suspended_ms;
}

/* ---- devices -------------------------------------------------------------------------------- */

static void device_path(unsigned device, char *out, size_t size)
{
    if (machine.place[device] < 0)
        (void)snprintf(out, size, "%s/%u", machine.away, device);
    else
        (void)snprintf(out, size, "%s/%s", machine.bus, stations[machine.place[device]]);
}

static void put_line(unsigned device, const char *name, const char *text)
{
    char path[600], of[400];
    FILE *file;

    device_path(device, of, sizeof of);
    (void)snprintf(path, sizeof path, "%s/%s", of, name);
    file = fopen(path, "w");
    must(file != NULL, path);
    fprintf(file, "%s\n", text);
    fclose(file);
}

static void make_devices(void)
{
    char path[400];

    must(mkdir(machine.bus, 0700) == 0 && mkdir(machine.away, 0700) == 0, machine.bus);
    machine.readable = true;
    for (unsigned i = 0; i < DEVICES; i++) {
        machine.place[i] = -1;
        device_path(i, path, sizeof path);
        must(mkdir(path, 0700) == 0, path);
        put_line(i, "idVendor", kinds[i].vendor);
        put_line(i, "idProduct", kinds[i].product);
        if (kinds[i].serial)
            put_line(i, "serial", kinds[i].serial);
    }
}

static bool is_free(int place)
{
    for (unsigned i = 0; i < DEVICES; i++)
        if (machine.place[i] == place)
            return false;
    return true;
}

/* To another place, or to none. */
static void move_device(unsigned device, bool in)
{
    char from[400], to[400];

    device_path(device, from, sizeof from);
    machine.place[device] = -1;
    while (in && machine.place[device] < 0) {
        int place = (int)choose(STATIONS);

        if (is_free(place))
            machine.place[device] = place;
    }
    device_path(device, to, sizeof to);
    must(strcmp(from, to) == 0 || rename(from, to) == 0, to);
}

static void let_read(bool readable)
{
    char hidden[320];

    (void)snprintf(hidden, sizeof hidden, "%s-hidden", machine.bus);
    if (readable != machine.readable)
        must(rename(readable ? hidden : machine.bus, readable ? machine.bus : hidden) == 0, hidden);
    machine.readable = readable;
}

static void send_news(enum news news)
{
    if (machine.listens && machine.queued < QUEUE_MOST)
        machine.queue[machine.queued++] = news;
}

static void make_machine(const char *folder)
{
    const char *const files[] = {machine.other[0], machine.vault, machine.other[1]};

    (void)snprintf(machine.folder, sizeof machine.folder, "%s", folder);
    (void)snprintf(machine.bus, sizeof machine.bus, "%s/bus", folder);
    (void)snprintf(machine.away, sizeof machine.away, "%s/away", folder);
    (void)snprintf(machine.vault, sizeof machine.vault, "%s/vault", folder);
    for (unsigned i = 0; i < 2; i++)
        (void)snprintf(machine.other[i], sizeof machine.other[i], "%s/other-%u", folder, i);
    for (unsigned i = 0; i < LW_COUNT_OF(files); i++) { /* neighbours on the disk */
        int fd = open(files[i], O_RDWR | O_CREAT | O_CLOEXEC, 0600);

        must(fd >= 0, files[i]);
        close(fd);
    }
    make_devices();
}

#endif
