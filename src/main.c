/* Language, limits, libraries, dispatch; and the screens under their supervisor. */
#include "app.h"
#include "cli.h"
#include "guard.h"
#include "tui.h"

#include <malloc.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

struct screens {
    const struct lw_program_request *request;
    struct lw_program_memory *memory; /* shared by one worker and the next */
};

/* What is given back goes back to the system at once: of its own accord the C library keeps ever
 * more of it, the larger the pieces that were in use. */
#define MEMORY_KEPT (128 * 1024)

static enum lw_status start_libraries(struct lw_error *err)
{
    enum lw_status status = lw_crypto_start();

    mallopt(M_MMAP_THRESHOLD, MEMORY_KEPT);
    mallopt(M_TRIM_THRESHOLD, MEMORY_KEPT);
    if (status == LW_OK)
        status = lw_store_start();
    if (status != LW_OK)
        return lw_fail(err, status, "the libraries cannot be started");
    return LW_OK;
}

/* In a process of its own, which knows. */
static int work(void *context, struct lw_activity *activity)
{
    const struct screens *screens = context;
    const struct lw_program_hooks hooks = lw_program_hooks_of(activity, screens->memory);
    struct lw_error err = {.status = LW_OK};
    bool lock = false;
    enum lw_status status = start_libraries(&err);

    if (status == LW_OK)
        status = lw_program_run(screens->request, &hooks, &lock, &err);
    if (lock)
        return LW_WORKER_LOCK;
    if (status != LW_OK)
        lw_cli_complain(&err);
    return lw_status_exit_code(status);
}

static enum lw_status run_screens(const struct lw_program_request *request, int *code,
                                  struct lw_error *err)
{
    const struct lw_config *config = request->config;
    struct lw_supervisor setup = {
        .name = LW_GUARD_NAME,
        .chord = config->chord >= 0 ? (unsigned char)config->chord : 0,
        .idle_ms = config->idle_ms >= 0 ? config->idle_ms : LW_IDLE_DEFAULT,
        .emergency = &config->emergency,
        .vault = request->vault,
        .header = request->header,
        .plain = config->plain,
        .unerasable = config->plain && !lw_tui_erases(),
    };
    struct screens screens = {.request = request};
    enum lw_status status;

    screens.memory = mmap(NULL, sizeof(*screens.memory), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (screens.memory == MAP_FAILED)
        return lw_fail_errno(err, LW_NO_MEMORY, "no memory");
    setup.made = screens.memory->vault;
    setup.made_header = screens.memory->header;
    status = lw_supervise(&setup, work, &screens, code, err);
    munmap(screens.memory, sizeof(*screens.memory));
    return status;
}

static enum lw_status run_drill(const struct lw_program_request *request, struct lw_drill_end *end,
                                struct lw_error *err)
{
    return lw_drill_run(request, start_libraries, end, err);
}

int main(int argc, char **argv)
{
    struct lw_program program = {.start = start_libraries, .run = run_screens, .drill = run_drill};
    struct lw_error err = {.status = LW_OK}, exposed = {.status = LW_OK};
    enum lw_status status = lw_guard_standard(&err);

    if (status == LW_OK && lw_guard_process(&exposed) != LW_OK)
        program.exposed = &exposed;
    if (status != LW_OK) {
        lw_cli_complain(&err);
        return lw_status_exit_code(status);
    }
    lw_language_start();      /* reads its file now, while it may */
    (void)lw_sandbox_all();   /* what it lacks is said by the process that knows */
    tzset();                  /* reads its file now, while it may */
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an answer of write() */
    return lw_cli_main(argc, argv, &program);
}
