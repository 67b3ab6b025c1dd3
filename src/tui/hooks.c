/* What a worker's program tells its supervisor. */
#include "guard.h"
#include "tui.h"

static void tell_key(void *context)
{
    lw_activity_key(context);
}

static void tell_rest(void *context)
{
    lw_activity_rest(context);
}

static void tell_wrong(void *context)
{
    lw_activity_wrong(context);
}

static void tell_opened(void *context)
{
    lw_activity_opened(context);
}

static void tell_arm(void *context)
{
    lw_activity_arm(context);
}

static bool was_suspended(void *context)
{
    return lw_activity_suspended(context);
}

struct lw_program_hooks lw_program_hooks_of(struct lw_activity *activity,
                                            struct lw_program_memory *memory)
{
    return (struct lw_program_hooks){
        .key = tell_key,
        .rest = tell_rest,
        .wrong = tell_wrong,
        .opened = tell_opened,
        .arm = tell_arm,
        .suspended = was_suspended,
        .context = activity,
        .memory = memory,
    };
}
