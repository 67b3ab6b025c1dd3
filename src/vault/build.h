/* Building a new vault file: create, resize, duress, revoke. */
#ifndef LW_VAULT_BUILD_H
#define LW_VAULT_BUILD_H

#include "head.h"

struct lw_build {
    struct lw_vault *vault;      /* the new one; its descriptor holds the lock on byte 0 */
    char *name;                  /* that it will have */
    char *new_name;              /* that it has until then */
    bool has_content;            /* more than random bytes are in it */
    uint8_t first_page[LW_PAGE]; /* salt, and random behind it */

    /* a header in a file of its own; NULL, -1: in the vault */
    char *head_name;
    char *head_new_name;
    int head_fd;         /* holds the lock on byte 0 */
    bool head_published; /* it has its name */

    /* a rewrite: */
    struct lw_vault *old;     /* the caller's */
    int old_fd;               /* holds the old file's writer lock; -1 when creating */
    struct keyring *old_ring; /* as it was when the copying began */
};

/* How much of the work a stage is. */
struct stage {
    const struct lw_progress *progress; /* the caller's, or NULL */
    uint64_t base;
    uint64_t total;
};
/* A progress that reports from stage->base on. */
struct lw_progress stage_progress(struct stage *stage);

/* ---- build_ring.c ---- */

/* USAGE where the plan cannot be meant. vault: the one to rewrite, NULL when creating. */
enum lw_status plan_check(const struct lw_build_plan *plan, const struct lw_vault *vault,
                          struct lw_error *err) LW_MUST_USE;
/* The keyring of a new vault with that salt. */
enum lw_status plan_ring_new(const struct lw_build_plan *plan, const uint8_t salt[LW_SALT],
                             struct keyring *ring, struct lw_error *err) LW_MUST_USE;
/* The keyring that follows old's. salt is the new file's: old's own unless plan->new_salt. */
enum lw_status plan_ring_next(const struct lw_build_plan *plan, const struct lw_vault *old,
                              const uint8_t salt[LW_SALT], struct keyring *ring,
                              struct lw_error *err) LW_MUST_USE;

/* ---- build_copy.c ---- */

/* What the lanes hold that both files know; zero for the others. */
struct contents {
    uint64_t payloads;
    uint64_t generation[LW_LANES];
    bool lost[LW_LANES]; /* not readable, and given up with its old key */
};
enum lw_status copy_count(struct lw_vault *old, const struct keyring *next,
                          struct contents *contents, struct lw_error *err) LW_MUST_USE;
/* FULL where that many payloads do not fit with some room to write. */
enum lw_status copy_fits(uint64_t payloads, uint64_t bytes, const char *path,
                         struct lw_error *err) LW_MUST_USE;
/* Formats every lane that the new vault knows, each going on after the old one's generation, and
 * copies what the old one (may be NULL) has. */
enum lw_status copy_lanes(struct lw_vault *old, struct lw_vault *fresh,
                          const struct contents *contents, struct stage *stage,
                          struct lw_error *err) LW_MUST_USE;

/* ---- publish.c ---- */

/* CANNOT_CREATE: says that this file system cannot take a rewrite, and what to do. */
enum lw_status build_no_exchange(const struct lw_build *build, struct lw_error *err);

#endif
