/* The lane: pages, roots, the tree, the pool. Layouts are specified in man/lapwing-vault.5. */
#ifndef LW_VAULT_LANE_H
#define LW_VAULT_LANE_H

#include "internal.h"

#define ENTRY_BYTES   25  /* page u32, birth u40, tag 16 */
#define NODE_FAN      160 /* entries of a node */
#define ROOT_FAN      80  /* entries of a root */
#define HEIGHT_MAX    3   /* 80 * 160^3 payloads, more than the largest vault has */
#define LISTED_MAX    96  /* pages of a commit that fits in one batch */
#define WAITING_BYTES 15  /* page u32, birth u40, death u40, overwritten u8 */
#define ROOT_WAITING  105 /* waiting pages that stand in the root itself */
#define LIST_WAITING  267 /* waiting pages of a list page */
#define LEVEL_LIST    0xFE
#define LEVEL_ROOT    0xFF
#define NODES_CACHED  1024 /* clean nodes kept: 4 MiB, enough for 640 MiB of payloads */

/* ---- page.c: one page of the pool, or a root ---- */

struct lane_keys {
    uint8_t pages[LW_KEY];
    uint8_t roots[LW_KEY];
    uint64_t pin_base; /* offset of PIN[0] */
};

/* The sixteen bytes in front of every payload. */
struct page_head {
    uint8_t level;
    uint32_t index;
    uint32_t commit;
    uint64_t birth;
};

/* Where a child stands and which one it must be. page 0: there is none. */
struct entry {
    uint32_t page;
    uint64_t birth;
    uint8_t tag[LW_TAG];
};

/* Locked memory; NULL: out of memory. Free with sodium_free. */
struct lane_keys *lane_keys_new(const struct lw_vault *vault, unsigned lane);

void page_seal(const struct lw_vault *vault, const struct lane_keys *keys, unsigned lane,
               const struct page_head *head, const uint8_t payload[LW_PAYLOAD],
               uint8_t page[LW_PAGE]);
bool page_open(const struct lw_vault *vault, const struct lane_keys *keys, unsigned lane,
               const uint8_t page[LW_PAGE], struct page_head *head, uint8_t payload[LW_PAYLOAD]);
/* Decrypts the head without authenticating it: a hint that the tree has to confirm. */
void page_peek(const struct lane_keys *keys, const uint8_t page[LW_PAGE], struct page_head *head);
const uint8_t *page_tag(const uint8_t page[LW_PAGE]);

void root_seal(const struct lw_vault *vault, const struct lane_keys *keys, unsigned lane,
               const struct page_head *head, const uint8_t payload[LW_PAYLOAD],
               uint8_t page[LW_PAGE]);
bool root_open(const struct lw_vault *vault, const struct lane_keys *keys, unsigned lane,
               unsigned which, const uint8_t page[LW_PAGE], struct page_head *head,
               uint8_t payload[LW_PAYLOAD]);

void entry_put(uint8_t *at, const struct entry *entry);
void entry_get(const uint8_t *at, struct entry *entry);

/* ---- root.c: layout of roots and of the list of waiting pages ---- */

/* A page that no root names any more, and the snapshots that may still need it: birth <= g < death.
 * Overwritten ones leave the list with the next commit. */
struct waiting {
    uint32_t page;
    uint64_t birth;
    uint64_t death;
    bool overwritten;
};

struct root {
    uint64_t generation;
    uint32_t commit;
    uint32_t pages; /* payloads */
    unsigned height;
    struct entry child[ROOT_FAN];
    unsigned listed_count; /* 0: the commit was larger and synced before its root */
    uint32_t listed[LISTED_MAX];
    uint8_t listed_hash[LW_HASH]; /* over the tags of the listed pages */
    uint32_t list_count;          /* continuation pages of the waiting list */
    struct entry list_head;       /* the first of them */
    unsigned waiting_count;       /* that stand in the root */
    struct waiting waiting[ROOT_WAITING];
    uint8_t tag[LW_TAG]; /* of the root page: its identity */
};

void root_encode(const struct root *root, uint8_t payload[LW_PAYLOAD]);
bool root_decode(const uint8_t payload[LW_PAYLOAD], uint32_t vault_pages, struct root *root);

struct waiting_list {
    struct waiting *item;
    size_t count, cap;
    struct entry *page; /* the list pages that hold it now */
    size_t page_count;
};

enum lw_status waiting_add(struct waiting_list *list, const struct waiting *item);
void waiting_free(struct waiting_list *list);
/* list page: next page, count, items */
void list_page_encode(const struct entry *next, const struct waiting *item, size_t count,
                      uint8_t payload[LW_PAYLOAD]);
enum lw_status list_page_decode(const uint8_t payload[LW_PAYLOAD], uint32_t vault_pages,
                                uint64_t newest, struct entry *next, struct waiting_list *into);
/* False where it leads outside of the pool, or is younger than what names it. */
bool entry_fits(const struct entry *entry, uint32_t vault_pages, uint64_t newest);

/* ---- pagemap.c: page number -> number ---- */

struct pagemap {
    uint32_t *key; /* 0: empty place */
    uint32_t *value;
    size_t cap, count;
};

enum lw_status pagemap_put(struct pagemap *map, uint32_t page, uint32_t value);
bool pagemap_get(const struct pagemap *map, uint32_t page, uint32_t *value);
void pagemap_remove(struct pagemap *map, uint32_t page);
void pagemap_clear(struct pagemap *map); /* frees */

/* ---- nodes.c: decrypted nodes, kept while they are the ones that their parent names ---- */

struct node {
    uint8_t level;
    uint32_t index;
    bool dirty;
    struct entry self; /* as the parent names it; page 0: not written yet */
    uint8_t payload[LW_PAYLOAD];
    struct node *chain;         /* of its bucket */
    struct node *newer, *older; /* of clean and dirty alike, by last use */
};

struct node_cache {
    struct node **bucket;
    size_t bucket_count, count, dirty_count;
    struct node *newest, *oldest;
};

enum lw_status nodes_init(struct node_cache *cache);
void nodes_free(struct node_cache *cache);
struct node *nodes_find(struct node_cache *cache, uint8_t level, uint32_t index);
/* A zeroed node in place of one with that level and index; makes room first. NULL: no memory. */
struct node *nodes_add(struct node_cache *cache, uint8_t level, uint32_t index);
void nodes_set_dirty(struct node_cache *cache, struct node *node);
void nodes_set_clean(struct node_cache *cache, struct node *node);
void nodes_drop(struct node_cache *cache, struct node *node);
void nodes_drop_dirty(struct node_cache *cache);

/* ---- tree.c: one lane's tree as of one root ---- */

struct tree {
    const struct lw_vault *vault;
    unsigned lane;
    int fd; /* of the connection */
    struct lane_keys *keys;
    uint8_t raw[2][LW_PAGE]; /* both roots, as last read or written */
    bool loaded;
    bool fell_back;
    struct root root;
    uint8_t believed[LW_TAG]; /* tag of the newest root that was validated */
    uint8_t synced[LW_TAG];   /* tag of the newest root known to be on the disk */
    struct node_cache nodes;
};

enum lw_status tree_init(struct tree *tree, const struct lw_vault *vault, unsigned lane, int fd);
void tree_free(struct tree *tree);
/* Reads both roots; *changed: they are not the ones of the last call. root is the newest readable
 * one, not validated yet. DAMAGED: none is readable. */
enum lw_status tree_read_roots(struct tree *tree, bool *changed);
/* Compares the root pages with the last ones read, without taking them over. */
enum lw_status tree_has_moved(struct tree *tree, bool *moved);
/* Whether one of them opens, by one read, whatever is found. */
enum lw_status tree_has_root(const struct tree *tree, bool *found);
/* No root on the disk is as new as this tree's: its writer could not sync it and took it back. */
bool tree_was_taken_back(const struct tree *tree);
/* Makes sure that the newest root's commit is there whole; falls back to the one before. *moved:
 * the root pages changed meanwhile, start again. */
enum lw_status tree_believe(struct tree *tree, bool *moved);
/* Entry of (level, index), level 0 for payloads; page 0 where there is none. */
enum lw_status tree_find(struct tree *tree, uint8_t level, uint32_t index, struct entry *entry);
/* Reads and authenticates a page, which must be what the entry says. */
enum lw_status tree_read_page(struct tree *tree, const struct entry *entry, uint8_t level,
                              uint32_t index, uint8_t payload[LW_PAYLOAD]);
/* The node, made and marked dirty with all nodes above it; grows the tree where needed. */
enum lw_status tree_dirty_node(struct tree *tree, uint8_t level, uint32_t index, struct node **out);
/* Sets the entry of (level, index) in its parent, which must be dirty. */
void tree_set_entry(struct tree *tree, uint8_t level, uint32_t index, const struct entry *entry);
enum lw_status tree_load_waiting(struct tree *tree, struct waiting_list *list);
/* Calls visit for every page of the tree, nodes and list pages too, with what names it; DONE from
 * the visitor means not to go below that page. */
typedef enum lw_status tree_visitor(void *context, const struct entry *entry, uint8_t level,
                                    uint32_t index);
enum lw_status tree_walk(struct tree *tree, tree_visitor *visit, void *context);
/* True where the tree (its nodes, payloads, list pages) stands on that page under that head. */
enum lw_status tree_stands_on(struct tree *tree, const struct waiting_list *list, uint32_t page,
                              const struct page_head *head, bool *live);
uint64_t tree_capacity(unsigned height);

/* ---- lane ---- */

enum lane_level { LANE_NONE, LANE_SNAPSHOT, LANE_WRITER };

struct written {
    uint32_t page;
    uint8_t tag[LW_TAG];
};

struct lw_lane {
    struct lw_vault *vault;
    int fd;
    enum lw_lane_mode mode;
    enum lane_level level;
    bool broken; /* what is on the disk is not known any more */
    char error[200];
    struct tree own;
    struct tree other;
    bool has_other;
    uint64_t pinned;
    struct {
        uint32_t last;  /* payload of the scan that was read last */
        uint32_t stray; /* last one that did not belong to it */
        uint32_t run;   /* payloads of it so far */
        uint32_t until; /* asked for up to here */
    } scan;             /* for reading ahead */

    /* the transaction, between reserve and unreserve */
    struct root base; /* what a rollback goes back to */
    bool changed;
    bool adopted; /* base was written by somebody else: its overwriting may not have been synced */
    bool pool_ready;                   /* pool_begin was called */
    struct waiting_list waiting;       /* of own.root as committed, then what becomes of it */
    struct pagemap waiting_at;         /* page -> index in waiting */
    struct waiting_list other_waiting; /* pages of these are left alone */
    struct pagemap other_waiting_at;
    uint64_t *pins;
    size_t pin_count;
    struct pagemap written_at; /* page -> index in written */
    struct written *written;
    size_t written_count, written_cap;
    struct waiting_list freed; /* death: this commit */
    struct pagemap freed_at;
    uint8_t *used; /* bitmap of the whole file, made when probing fails */
    uint64_t unused;
    size_t reused; /* items of waiting that were looked at for reuse */
    struct {
        bool ready;
        uint8_t key[crypto_stream_chacha20_KEYBYTES];
        uint64_t pages; /* made with that key */
    } noise;
};

enum lw_status lane_fail(struct lw_lane *lane, enum lw_status status, const char *format, ...)
    LW_PRINTF(3, 4);

/* The newest root of the other lane. BUSY: a writer was faster, unless the caller is the writer. */
enum lw_status lane_load_other(struct lw_lane *lane);

/* commit.c */
enum lw_status commit_write(struct lw_lane *lane);

/* pool.c */
/* Loads what waits to be freed and which snapshots are pinned; does nothing the second time. */
enum lw_status pool_begin(struct lw_lane *lane);
/* Forgets all of it, and what this transaction wrote. */
void pool_end(struct lw_lane *lane);
/* Bits of the pages that must not be taken, over the whole file; *unused counts the others. */
enum lw_status pool_map(struct lw_lane *lane, uint8_t **used, uint64_t *unused);
/* A free page, uniformly at random over the pool; it is not remembered. NOT_FOUND: some dozens of
 * draws met none. */
enum lw_status pool_probe(struct lw_lane *lane, uint32_t *page);
/* A page to be written before the commit: one that waits and nothing needs any more, so that
 * writing there is its overwriting too; else a free page, uniformly at random over the pool. spare:
 * pages that must remain free (0 for what a commit itself needs). */
enum lw_status pool_take(struct lw_lane *lane, uint32_t spare, uint32_t *page);
/* Seals, writes and remembers a page of this transaction; *entry names it then. */
enum lw_status pool_write(struct lw_lane *lane, uint32_t page, uint8_t level, uint32_t index,
                          const uint8_t payload[LW_PAYLOAD], struct entry *entry);
/* A page of the committed tree is not needed any more. */
enum lw_status pool_free(struct lw_lane *lane, const struct entry *entry);
/* Random bytes over a page of the file. */
enum lw_status pool_overwrite(struct lw_lane *lane, uint32_t page);
/* Overwrites a page that this transaction wrote and does not need. */
enum lw_status pool_discard(struct lw_lane *lane, uint32_t page);
/* Overwrites all pages of this transaction. */
void pool_discard_all(struct lw_lane *lane);
/* Does a tree, as it will be with this commit, stand on that page? */
enum lw_status pool_is_live(struct lw_lane *lane, uint32_t at, bool *live);
/* Does a snapshot still need it? */
bool pool_is_pinned(const struct lw_lane *lane, const struct waiting *item);

#endif
