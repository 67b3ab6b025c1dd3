/*
 * base: what every layer may use. Status table, buffers, text, clock, files.
 * Knows nothing of secrets, databases or terminals.
 */
#ifndef LW_BASE_H
#define LW_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#define LW_MUST_USE       __attribute__((warn_unused_result))
#define LW_PRINTF(f, a)   __attribute__((format(printf, f, a)))
#define LW_FORMAT_OF(a)   __attribute__((format_arg(a)))
#define LW_COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

/* ---- status ------------------------------------------------------------------------------- */

/* name, message, exit code (sysexits.h). One table gives the enum, the text and the manual. */
#define LW_STATUS_TABLE(X)                                                                         \
    X(OK, "ok", 0)                                                                                 \
    X(DONE, "no more rows", 0)                                                                     \
    X(USAGE, "wrong usage", 64)                                                                    \
    X(BAD_DATA, "data not understood", 65)                                                         \
    X(NOT_VAULT, "not a vault", 65)                                                                \
    X(DAMAGED, "damaged or altered", 65)                                                           \
    X(TOO_LONG, "too long", 65)                                                                    \
    X(NO_INPUT, "cannot be read", 66)                                                              \
    X(NOT_FOUND, "not found", 66)                                                                  \
    X(NO_TERMINAL, "needs a terminal", 69)                                                         \
    X(INTERNAL, "internal error", 70)                                                              \
    X(NO_MEMORY, "out of memory", 71)                                                              \
    X(CANNOT_CREATE, "cannot create", 73)                                                          \
    X(EXISTS, "exists already", 73)                                                                \
    X(READ_ONLY, "read-only", 73)                                                                  \
    X(IO, "input/output error", 74)                                                                \
    X(FULL, "no space left", 74)                                                                   \
    X(BUSY, "another process is writing", 75)                                                      \
    X(STALE, "the vault moved on", 75)                                                             \
    X(CANCELLED, "cancelled", 75)                                                                  \
    X(WRONG_PASSPHRASE, "wrong passphrase", 77)                                                    \
    X(REVOKED, "this passphrase no longer opens the vault", 77)                                    \
    X(REFUSED, "refused", 77)                                                                      \
    X(CONFIG, "configuration error", 78)

enum lw_status {
#define LW_STATUS_ENUM(name, message, code) LW_##name,
    LW_STATUS_TABLE(LW_STATUS_ENUM)
#undef LW_STATUS_ENUM
};

/* What went wrong, as one sentence for the user. Owned by the caller; text is always terminated. */
struct lw_error {
    enum lw_status status;
    char text[1024];
};

/* "damaged or altered" for LW_DAMAGED, as it is said. Static. */
const char *lw_status_message(enum lw_status status);
/* "DAMAGED" for LW_DAMAGED. Static. */
const char *lw_status_name(enum lw_status status);
/* Exit code of sysexits.h, 0 for LW_OK. */
int lw_status_exit_code(enum lw_status status);

/* The format is looked up. Stores status and sentence (no full stop, no newline) in err unless err
 * is NULL; returns status. */
enum lw_status lw_fail(struct lw_error *err, enum lw_status status, const char *format, ...)
    LW_PRINTF(3, 4);
/* As lw_fail, with ": " and strerror(errno) appended; status is FULL for ENOSPC and EDQUOT,
 * READ_ONLY for EROFS, NO_MEMORY for ENOMEM, else what the caller gave. */
enum lw_status lw_fail_errno(struct lw_error *err, enum lw_status status, const char *format, ...)
    LW_PRINTF(3, 4);
/* Puts context and ": " in front of the sentence that err already holds. */
void lw_error_prefix(struct lw_error *err, const char *format, ...) LW_PRINTF(2, 3);

/* ---- what is said ------------------------------------------------------------------------- */

/* Texts of the program for people are written in English and looked up where they are said: by
 * lw_fail and the other functions that share/po/said names, in tables by whoever draws them. Never
 * look up a text of a record, nor what another program reads. */
#define N_(text) text /* said elsewhere; here it is only found by share/po/update */
#define _(text)  lw_say(text)
/* One English word that is several in another language: C_("a task", "open"). */
#define C_(context, text) lw_say(context LW_SAY_CONTEXT text)
#define M_(context, text) context LW_SAY_CONTEXT text /* the same in a table */
#define LW_SAY_CONTEXT    "\004"

/* Takes a compiled catalogue of gettext (.mo, little-endian), once, before there are threads or
 * children. The bytes must stay. A translation that is empty, no UTF-8 or takes other arguments
 * than its text is left out. BAD_DATA where they are no such catalogue. */
enum lw_status lw_catalogue_use(const char *data, size_t len) LW_MUST_USE;
/* Back to English. */
void lw_catalogue_drop(void);
/* True where there is a catalogue. */
bool lw_say_russian(void);
/* The text in the language of the catalogue, else the text itself. No memory, no system call. */
const char *lw_say(const char *text) LW_FORMAT_OF(1);
/* The same for what is counted: lw_say_count("%zu entry", "%zu entries", count). */
const char *lw_say_count(const char *one, const char *many, uint64_t count) LW_FORMAT_OF(1)
    LW_FORMAT_OF(2);
/* True where both texts take the same arguments as formats of printf. */
bool lw_say_takes_same(const char *text, const char *other);

/* ---- buffer ------------------------------------------------------------------------------- */

/* Growing bytes, always with a NUL after len. All memory it gives up is zeroed first, since record
 * text passes through it. Start with LW_BUF_INIT. */
struct lw_buf {
    char *data; /* NULL while empty */
    size_t len; /* bytes, without the NUL */
    size_t cap;
};
#define LW_BUF_INIT {NULL, 0, 0}

enum lw_status lw_buf_reserve(struct lw_buf *buf, size_t more) LW_MUST_USE;
enum lw_status lw_buf_add(struct lw_buf *buf, const void *data, size_t len) LW_MUST_USE;
enum lw_status lw_buf_adds(struct lw_buf *buf, const char *text) LW_MUST_USE;
enum lw_status lw_buf_addc(struct lw_buf *buf, char c) LW_MUST_USE;
enum lw_status lw_buf_addf(struct lw_buf *buf, const char *format, ...) LW_PRINTF(2, 3) LW_MUST_USE;
/* As lw_buf_adds and lw_buf_addf, but the text or format is said: looked up first. */
enum lw_status lw_buf_says(struct lw_buf *buf, const char *text) LW_MUST_USE;
enum lw_status lw_buf_sayf(struct lw_buf *buf, const char *format, ...) LW_PRINTF(2, 3) LW_MUST_USE;
/* "" while empty; valid until the next change. */
const char *lw_buf_text(const struct lw_buf *buf);
/* Empties without giving memory back (contents zeroed). */
void lw_buf_clear(struct lw_buf *buf);
/* Zeroes and frees; the buffer can be used again. NULL does nothing. */
void lw_buf_free(struct lw_buf *buf);

/* malloc'd copy of len bytes plus NUL, or NULL. Free with lw_text_free. */
char *lw_text_copy(const char *text, size_t len) LW_MUST_USE;
/* Zeroes up to the NUL and frees. NULL does nothing. */
void lw_text_free(char *text);
/* Zeroing that the compiler keeps. */
void lw_zero(void *data, size_t len);

/* ---- text: UTF-8 -------------------------------------------------------------------------- */

/* True when the bytes are well-formed UTF-8 without NUL; else *bad (may be NULL) is the offset of
 * the first byte that is not. */
bool lw_utf8_valid(const char *text, size_t len, size_t *bad);
/* Bytes of the mark (U+FEFF) that some programs put in front of a file of text: 3 or 0. */
size_t lw_utf8_mark(const char *text, size_t len);
/* Bytes of the blank that text begins with: a space, one that does not break a line (U+00A0, U+202F)
 * or is thin (U+2000 to U+200A), a tab, an end of line; 0 where it begins with none. */
size_t lw_utf8_blank(const char *text, size_t len);
/* Decodes one code point of well-formed text at text[0..len); returns bytes used (0 at the end). */
size_t lw_utf8_next(const char *text, size_t len, uint32_t *codepoint);
/* Appends the NFC form. BAD_DATA where the text is not well-formed. */
enum lw_status lw_utf8_nfc(const char *text, size_t len, struct lw_buf *out) LW_MUST_USE;
/* Appends the form used to compare names: NFKD, case folded, accents and outer blanks dropped,
 * inner blanks single. BAD_DATA where the text is not well-formed. */
enum lw_status lw_utf8_fold(const char *text, size_t len, struct lw_buf *out) LW_MUST_USE;
/* Byte length of the grapheme cluster at text (0 at the end); *columns, unless NULL, is its width as
 * lw_utf8_columns counts it. */
size_t lw_utf8_cluster(const char *text, size_t len, unsigned *columns);
/* The last border between clusters at or before the byte at, len where at is beyond the end. The same
 * borders as a walk with lw_utf8_cluster from the start finds. */
size_t lw_utf8_floor(const char *text, size_t len, size_t at);
/* True for what words are made of: letters, marks, digits, the low line and joiners. */
bool lw_utf8_is_word(uint32_t codepoint);
/* Terminal columns of well-formed text, by grapheme cluster (a cluster is 1 or 2 columns; an
 * invisible format character on its own, such as U+200B, is 0). */
size_t lw_utf8_columns(const char *text, size_t len);
/* Byte length of the longest prefix of whole grapheme clusters that fits in columns. */
size_t lw_utf8_fit(const char *text, size_t len, size_t columns);
/* Bytes of the longest beginning that fits in columns, broken at a blank where there is one; *next
 * is where the following piece starts. At least one cluster is taken. */
size_t lw_utf8_break(const char *text, size_t len, size_t columns, size_t *next);

/* What may go to a terminal, the one place that decides it. Control characters (C0, DEL, C1) and
 * direction characters (U+061C, U+200E, U+200F, U+202A-202E, U+2066-2069), line and paragraph
 * separators, interlinear and tag characters become U+FFFD; bytes that are no UTF-8 too. Newlines
 * and tabs stay where multiline is true, else they become one blank each. */
enum lw_status lw_text_clean(const char *text, size_t len, bool multiline, struct lw_buf *out)
    LW_MUST_USE;
/* True for the code points that lw_text_clean replaces (newline and tab included). */
bool lw_text_is_unprintable(uint32_t codepoint);
/* Appends text as a JSON string in quotes. Escapes what JSON demands, and as \uXXXX every code
 * point of lw_text_is_unprintable, so that the output is lossless and harmless on a terminal.
 * BAD_DATA where the text is no UTF-8. */
enum lw_status lw_json_string(const char *text, size_t len, struct lw_buf *out) LW_MUST_USE;
/* Appends text for a CSV cell (RFC 4180): quoted where needed, quotes doubled. */
enum lw_status lw_csv_cell(const char *text, size_t len, struct lw_buf *out) LW_MUST_USE;

/* ---- the difference between two texts (difference.c) -------------------------------------------- */

enum lw_piece_kind { LW_PIECE_SAME, LW_PIECE_REMOVED, LW_PIECE_ADDED };
struct lw_piece {
    enum lw_piece_kind kind;
    const char *text; /* in one of the two, not terminated */
    size_t len;       /* not 0 */
};
typedef enum lw_status lw_piece_visitor(void *context, const struct lw_piece *piece);
/* Hands out, from the beginning, what stayed, what was removed, what was added, by words of any
 * script: what is not added makes up `before`, what is not removed `after`. Where more than 1,000
 * words were changed, all between the equal ends is one change. Well-formed text. */
enum lw_status lw_text_difference(const char *before, const char *after, lw_piece_visitor *visit,
                                  void *context) LW_MUST_USE;

/* ---- spellings (spelling.c, spelling_text.c) ------------------------------------------------ */

/* Appends the keys of one word, separated by blanks: words that were carried from Cyrillic to Latin
 * letters by different conventions, or never, have one in common. None for other scripts, for one or
 * two Latin letters, and for more than 48 letters. The key of a key is itself. BAD_DATA where the text
 * is not well-formed. */
enum lw_status lw_spelling_keys(const char *word, size_t len, struct lw_buf *out) LW_MUST_USE;
/* Finds the next word from *at on: letters, marks and digits, and apostrophes inside. */
bool lw_spelling_word(const char *text, size_t len, size_t *at, size_t *word_len);
/* Appends the keys of all words of a text, each once, separated by blanks, but for those that are
 * the word itself. */
enum lw_status lw_spelling_text(const char *text, size_t len, struct lw_buf *out) LW_MUST_USE;
/* Does every one of the words stand in the text in some spelling (*all), and nothing else (*whole)?
 * Order does not count. Both false where there is no word. */
enum lw_status lw_spelling_has(const char *text, size_t len, const char *words, size_t words_len,
                               bool *all, bool *whole) LW_MUST_USE;
/* A word, and its keys as lw_spelling_keys gives them. */
struct lw_spelled {
    const char *word;
    size_t len;
    const char *keys; /* "" where it has none */
};
/* Are they one word in some spelling, as lw_spelling_has takes it? For who keeps the keys. */
enum lw_status lw_spelling_same(const struct lw_spelled *a, const struct lw_spelled *b,
                                bool *same) LW_MUST_USE;

/* ---- numbers ------------------------------------------------------------------------------ */

/* Whole text as a decimal number in [0, max]; no sign, no blanks. False where it is not that. */
bool lw_parse_u64(const char *text, size_t len, uint64_t max, uint64_t *out);
/* "64M", "1G", "4194304": bytes with K, M, G as powers of 1024. */
bool lw_parse_size(const char *text, uint64_t *bytes);
/* 2 * len lower-case digits and a NUL. */
void lw_hex_encode(const uint8_t *data, size_t len, char *out);
/* Exactly 2 * len hexadecimal digits (either case). */
bool lw_hex_decode(const char *text, size_t text_len, uint8_t *out, size_t len);

void lw_put_u16(uint8_t *at, uint16_t value); /* little-endian, like the vault */
void lw_put_u32(uint8_t *at, uint32_t value);
void lw_put_u40(uint8_t *at, uint64_t value);
void lw_put_u48(uint8_t *at, uint64_t value);
void lw_put_u64(uint8_t *at, uint64_t value);
uint16_t lw_get_u16(const uint8_t *at);
uint32_t lw_get_u32(const uint8_t *at);
uint64_t lw_get_u40(const uint8_t *at);
uint64_t lw_get_u48(const uint8_t *at);
uint64_t lw_get_u64(const uint8_t *at);

/* ---- clock -------------------------------------------------------------------------------- */

/* Handed in, so that tests can hold time still. */
struct lw_clock {
    int64_t (*now_ms)(void *context);                       /* since 1970-01-01T00:00:00Z */
    int (*offset_minutes)(void *context, int64_t unix_sec); /* local UTC offset at that moment */
    void *context;
};
extern const struct lw_clock lw_clock_system;

/* What one of the kernel's clocks says: CLOCK_MONOTONIC, which nobody sets, or CLOCK_BOOTTIME, which
 * moreover goes on while the machine sleeps. */
int64_t lw_ticks_ms(clockid_t clock);
int64_t lw_ticks_us(clockid_t clock);

int64_t lw_clock_now(const struct lw_clock *clock);
int lw_clock_offset(const struct lw_clock *clock, int64_t unix_sec);

/* Proleptic Gregorian. days since 1970-01-01; year may be negative (astronomical). */
int64_t lw_date_to_days(int64_t year, unsigned month, unsigned day);
void lw_date_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day);
unsigned lw_date_month_length(int64_t year, unsigned month);
/* Time in stretches that are numbered: years as they are called, months since January of year 0, days
 * and hours since 1970-01-01. */
enum lw_scale { LW_SCALE_YEARS, LW_SCALE_MONTHS, LW_SCALE_DAYS, LW_SCALE_HOURS, LW_SCALES };
/* The one that a wall-clock second since 1970 lies in; the ends of int64 stay what they are. */
int64_t lw_scale_bucket(enum lw_scale scale, int64_t second);
/* Its first second. */
int64_t lw_scale_start(enum lw_scale scale, int64_t bucket);
/* "2014-12-13T18:00:00.000Z" from milliseconds; out holds at least 32 bytes. */
void lw_time_format(int64_t unix_ms, char out[32]);
/* Reads exactly that form (fraction optional, "Z" demanded). */
bool lw_time_parse(const char *text, size_t len, int64_t *unix_ms);

/* ---- files -------------------------------------------------------------------------------- */

/* All len bytes at offset or an error; DAMAGED where the file ends before. */
enum lw_status lw_file_read_at(int fd, void *data, size_t len, off_t offset) LW_MUST_USE;
enum lw_status lw_file_write_at(int fd, const void *data, size_t len, off_t offset) LW_MUST_USE;
/* All len bytes to a stream descriptor; goes on after EINTR and short writes. */
enum lw_status lw_fd_write(int fd, const void *data, size_t len) LW_MUST_USE;
/* Appends what comes until end of file; TOO_LONG beyond limit bytes. */
enum lw_status lw_fd_read_all(int fd, size_t limit, struct lw_buf *out) LW_MUST_USE;
/* fsync of the folder that holds path. */
enum lw_status lw_path_sync_folder(const char *path) LW_MUST_USE;

#endif
