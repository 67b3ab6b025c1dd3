/* What else can see or keep memory: sleep, core dumps, other programs, the host of a virtual
 * machine. */
#include "host_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_other_unit(void *context, const char *name)
{
    bool *found = context;

    *found = strncmp(name, "lapwing-lock", 12) == 0;
    return !*found;
}

/* share/systemd, enabled; for which user is not looked at. */
static bool locks_before_sleep(const struct host_run *run)
{
    bool found = false;

    (void)host_each_name(run, "/etc/systemd/system/sleep.target.wants", is_other_unit, &found);
    return found;
}

static void examine_suspend(struct host_run *run)
{
    static const char *const topic = N_("suspend");
    char states[256];

    if (!host_word(run, states, sizeof(states), "/sys/power/state"))
        host_say(run, LW_HOST_MEMORY, LW_HOST_NOTE, topic, "Switch the machine off instead",
                 HOST_CANNOT " (/sys/power/state)");
    else if (strstr(states, "mem") == NULL && strstr(states, "freeze") == NULL &&
             strstr(states, "standby") == NULL)
        host_say(run, LW_HOST_MEMORY, LW_HOST_FINE, topic, "", "this system does not do it");
    else if (locks_before_sleep(run))
        host_say(run, LW_HOST_MEMORY, LW_HOST_NOTE, topic, "Switch the machine off where you can",
                 "Lapwing is locked before; the rest of memory stays readable");
    else
        host_say(run, LW_HOST_MEMORY, LW_HOST_NOTE, topic,
                 "Lock before, by the unit in lapwing-safety(7); better, switch off",
                 "a sleeping machine keeps all that was open in its memory");
}

/* ---- core dumps --------------------------------------------------------------------------------
 */

/* The limit of the process that started this one; the own one is 0 already. */
static bool parent_dumps(const struct host_run *run)
{
    static const char *const key = "Max core file size";
    struct lw_buf text = LW_BUF_INIT;
    unsigned long long pid = 0;
    const char *found = NULL;
    bool dumps = true;

    if (host_read(run, &text, "/proc/self/status")) {
        found = strstr(text.data, "\nPPid:\t");
        pid = found != NULL ? strtoull(found + 7, NULL, 10) : 0;
    }
    found = host_read(run, &text, "/proc/%llu/limits", pid) ? strstr(text.data, key) : NULL;
    if (found != NULL) {
        found += strlen(key);
        found += strspn(found, " ");
        dumps = strncmp(found, "0 ", 2) != 0;
    }
    lw_buf_free(&text);
    return dumps;
}

static void examine_core(struct host_run *run)
{
    static const char *const topic = N_("core dumps");
    static const char *const todo =
        N_("Switch it off: kernel.core_pattern = |/bin/false in /etc/sysctl.d");
    char pattern[256];
    const char *program;

    if (!host_word(run, pattern, sizeof(pattern), "/proc/sys/kernel/core_pattern"))
        host_say(run, LW_HOST_MEMORY, LW_HOST_NOTE, topic, "",
                 HOST_CANNOT "; Lapwing itself makes none");
    else if (pattern[0] == '|') {
        pattern[strcspn(pattern, " ")] = '\0';
        program = strrchr(pattern, '/');
        program = program != NULL ? program + 1 : pattern + 1;
        if (strcmp(program, "false") == 0 || strcmp(program, "true") == 0)
            host_say(run, LW_HOST_MEMORY, LW_HOST_FINE, topic, "", "thrown away");
        else
            host_say(run, LW_HOST_MEMORY, LW_HOST_NOTE, topic, todo,
                     "of a terminal that crashes are kept by %s", program);
    } else if (pattern[0] == '\0' || !parent_dumps(run))
        host_say(run, LW_HOST_MEMORY, LW_HOST_FINE, topic, "", "none");
    else
        host_say(run, LW_HOST_MEMORY, LW_HOST_NOTE, topic,
                 "Put \"ulimit -c 0\" into the profile of your shell",
                 "of a terminal that crashes go to a file");
}

/* ---- locked memory, other programs, the machine under this one ---------------------------------
 */

static void examine_lock_limit(struct host_run *run)
{
    static const char *const topic = N_("memory lock");
    const struct lw_host_answers *answers = &run->host->answers;
    uint64_t limit = answers->ignores_lock_limit ? UINT64_MAX : answers->lock_limit;
    enum lw_host_level level = run->plain_swap ? LW_HOST_WEAK : LW_HOST_NOTE;

    if (limit >= LW_HOST_LOCKED) {
        host_say(run, LW_HOST_MEMORY, LW_HOST_FINE, topic, "",
                 "what is open can be kept out of swap");
        return;
    }
    host_say(run, LW_HOST_MEMORY, level, topic,
             "Set \"* - memlock 16384\" in /etc/security/limits.conf, log in again",
             "%llu KiB of the %llu that keep what is open out of swap",
             (unsigned long long)(limit >> 10), (unsigned long long)(LW_HOST_LOCKED >> 10));
}

static void examine_others(struct host_run *run)
{
    static const char *const topic = N_("other programs");
    static const char *const todo = N_("Set kernel.yama.ptrace_scope = 1 in /etc/sysctl.d");
    char scope[32];

    if (!host_word(run, scope, sizeof(scope), "/proc/sys/kernel/yama/ptrace_scope"))
        host_say(run, LW_HOST_MEMORY, LW_HOST_NOTE, topic, "Start no program that you do not know",
                 "yours may look into your terminal, not into Lapwing");
    else if (strcmp(scope, "0") == 0)
        host_say(run, LW_HOST_MEMORY, LW_HOST_NOTE, topic, todo,
                 "yours may look into your terminal, not into Lapwing");
    else
        host_say(run, LW_HOST_MEMORY, LW_HOST_FINE, topic, "", "cannot look into each other");
}

static bool is_virtual(const struct host_run *run)
{
    static const char *const vendors[] = {"QEMU",      "VMware",         "innotek", "VirtualBox",
                                          "Xen",       "Bochs",          "KVM",     "Amazon EC2",
                                          "Parallels", "Google Compute", "Virtual"};
    static const char *const places[] = {"sys_vendor", "product_name"};
    struct lw_buf text = LW_BUF_INIT;
    bool found = host_has(run, "/sys/hypervisor/type");
    const char *flags;
    char word[256];

    for (size_t i = 0; i < LW_COUNT_OF(places) && !found; i++) {
        if (!host_word(run, word, sizeof(word), "/sys/class/dmi/id/%s", places[i]))
            continue;
        for (size_t j = 0; j < LW_COUNT_OF(vendors) && !found; j++)
            found = strstr(word, vendors[j]) != NULL;
    }
    if (!found && host_read(run, &text, "/proc/cpuinfo")) {
        flags = strstr(text.data, "\nflags");
        text.data[flags != NULL ? (size_t)(flags - text.data) + strcspn(flags + 1, "\n") + 1 : 0] =
            '\0';
        found = flags != NULL && strstr(flags, " hypervisor") != NULL;
    }
    lw_buf_free(&text);
    return found;
}

static void examine_machine(struct host_run *run)
{
    run->virtual = is_virtual(run);
    if (run->virtual)
        host_say(run, LW_HOST_MEMORY, LW_HOST_NOTE, "virtual machine",
                 "Use a machine of your own, or trust who runs this one",
                 "whoever runs it sees its memory and copies its disk");
    else
        host_say(run, LW_HOST_MEMORY, LW_HOST_FINE, "virtual machine", "", "no sign of one");
    if (host_has(run, "/run/.containerenv") || host_has(run, "/.dockerenv"))
        host_say(run, LW_HOST_MEMORY, LW_HOST_NOTE, "container",
                 "Run doctor outside of it as well: much cannot be seen from here",
                 "this is one; its host sees everything in it");
}

void host_examine_memory(struct host_run *run)
{
    examine_suspend(run);
    examine_core(run);
    examine_lock_limit(run);
    examine_others(run);
    examine_machine(run);
}
