/* What the files of the base layer share among themselves. */
#ifndef LW_BASE_INTERNAL_H
#define LW_BASE_INTERNAL_H

#include "base.h"

/* FULL, READ_ONLY or NO_MEMORY where the number says so, else what the caller gave. */
enum lw_status lw_status_of_errno(int number, enum lw_status otherwise);

/* Cuts back to len bytes; the rest is zeroed. Used to take back what a failing call appended. */
void lw_buf_truncate(struct lw_buf *buf, size_t len);

/* Strict decoder: bytes of the one code point at text (NUL is one), 0 where the bytes are no
 * shortest-form UTF-8, a surrogate, beyond U+10FFFF, cut short, or where there are none. */
size_t lw_utf8_decode(const char *text, size_t len, uint32_t *codepoint);
/* Appends a code point that has a UTF-8 form. */
enum lw_status lw_utf8_add(struct lw_buf *out, uint32_t codepoint) LW_MUST_USE;

#endif
