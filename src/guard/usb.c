/* A USB device by its identity. What the kernel sends is only a reason to look: whether the device
 * is there is read from the list of devices each time, so neither a lost, a repeated nor a foreign
 * message can wipe anything. */
#include "trigger.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool parse_hex4(const char *text, uint16_t *out)
{
    unsigned value = 0;

    for (int i = 0; i < 4; i++) {
        char c = text[i];
        unsigned digit;

        if (c >= '0' && c <= '9')
            digit = (unsigned)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (unsigned)((c | 0x20) - 'a') + 10;
        else
            return false;
        value = value * 16 + digit;
    }
    *out = (uint16_t)value;
    return true;
}

bool lw_usb_parse(const char *text, struct lw_usb *out)
{
    struct lw_usb usb = {.set = true};
    size_t len = strlen(text);

    if (len < 9 || !parse_hex4(text, &usb.vendor) || text[4] != ':' ||
        !parse_hex4(text + 5, &usb.product))
        return false;
    if (len > 9 && (text[9] != ':' || len == 10 || len - 10 >= sizeof usb.serial))
        return false;
    if (len > 10)
        memcpy(usb.serial, text + 10, len - 10);
    *out = usb;
    return true;
}

/* ---- the list of devices -------------------------------------------------------------------- */

/* What an error says: the entry is not there, or nothing is known of it (no descriptor was left).
 */
static enum guard_seen seen_of_errno(void)
{
    return errno == ENOENT || errno == ENOTDIR || errno == ENODEV ? GUARD_ABSENT : GUARD_UNKNOWN;
}

/* PRESENT where FOLDER/DEVICE/NAME could be read; its first line. */
static enum guard_seen read_line(int device, const char *name, char line[LW_USB_TEXT])
{
    int fd = openat(device, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    enum guard_seen seen = GUARD_PRESENT;
    ssize_t len;

    if (fd < 0)
        return seen_of_errno();
    len = read(fd, line, LW_USB_TEXT - 1);
    if (len < 0)
        seen = seen_of_errno();
    close(fd);
    line[len > 0 ? len : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return seen;
}

static enum guard_seen has_number(int device, const char *name, uint16_t number)
{
    char line[LW_USB_TEXT] = "";
    uint16_t found;
    enum guard_seen seen = read_line(device, name, line);

    if (seen == GUARD_PRESENT &&
        (strlen(line) != 4 || !parse_hex4(line, &found) || found != number))
        return GUARD_ABSENT;
    return seen;
}

static enum guard_seen is_device(const struct lw_usb *usb, int device)
{
    char line[LW_USB_TEXT] = "";
    enum guard_seen seen = has_number(device, "idVendor", usb->vendor);

    if (seen == GUARD_PRESENT)
        seen = has_number(device, "idProduct", usb->product);
    if (seen != GUARD_PRESENT || usb->serial[0] == '\0')
        return seen;
    seen = read_line(device, "serial", line);
    return seen == GUARD_PRESENT && strcmp(line, usb->serial) != 0 ? GUARD_ABSENT : seen;
}

static enum guard_seen look_at(const struct lw_usb *usb, int folder, const char *name)
{
    int device = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum guard_seen seen;

    if (device < 0)
        return seen_of_errno();
    seen = is_device(usb, device);
    close(device);
    return seen;
}

enum guard_seen guard_usb_look(const struct lw_usb *usb, const char *folder)
{
    DIR *list = opendir(folder);
    enum guard_seen seen = GUARD_ABSENT;

    if (list == NULL)
        return GUARD_UNKNOWN;
    while (seen != GUARD_PRESENT) {
        struct dirent *entry;
        enum guard_seen one;

        errno = 0;
        entry = readdir(list);
        if (entry == NULL)
            break;
        one = entry->d_name[0] == '.' ? GUARD_ABSENT : look_at(usb, dirfd(list), entry->d_name);
        if (one != GUARD_ABSENT)
            seen = one;
        errno = 0;
    }
    if (seen == GUARD_ABSENT && errno != 0)
        seen = GUARD_UNKNOWN;
    closedir(list);
    return seen;
}

/* ---- the kernel's news ---------------------------------------------------------------------- */

int guard_usb_listen(void)
{
    const struct sockaddr_nl all = {.nl_family = AF_NETLINK, .nl_groups = 1};
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);

    if (fd < 0)
        return -1;
    if (bind(fd, (const struct sockaddr *)&all, sizeof all) == 0)
        return fd;
    close(fd);
    return -1;
}

bool guard_usb_concerns(const char *message, size_t len)
{
    static const char wanted[] = "SUBSYSTEM=usb";
    const char *end = message + len;

    while (message < end) {
        const char *nul = memchr(message, '\0', (size_t)(end - message));

        if (nul == NULL)
            return false;
        if (strcmp(message, wanted) == 0)
            return true;
        message = nul + 1;
    }
    return false;
}

bool guard_usb_news(int fd)
{
    char message[8192];
    bool concerns = false;

    for (;;) {
        struct sockaddr_nl from = {.nl_family = AF_UNSPEC};
        socklen_t from_len = sizeof from;
        ssize_t len = recvfrom(fd, message, sizeof message, 0, (struct sockaddr *)&from, &from_len);

        if (len < 0 && errno == ENOBUFS) {
            concerns = true; /* some were lost */
            continue;
        }
        if (len < 0 && errno == EINTR)
            continue;
        if (len <= 0)
            return concerns;
        /* other processes may send too; only the kernel has the number 0 */
        if (from_len == sizeof from && from.nl_family == AF_NETLINK && from.nl_pid == 0 &&
            guard_usb_concerns(message, (size_t)len))
            concerns = true;
    }
}
