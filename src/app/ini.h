/* Of ini.c. */
#ifndef LW_APP_INI_H
#define LW_APP_INI_H

#include "base.h"

#include <iniparser/iniparser.h>

#define INI_LINE 1000 /* bytes of a line; iniparser's own limit is 1024 */

void ini_trim(const char **text, size_t *len);
/* Takes the quotes off; or gives the reason why the value would not come through iniparser whole.
 */
const char *ini_value(const char **text, size_t *len);
/* What iniparser makes of lines that were judged; NULL: no memory. */
dictionary *ini_load(const struct lw_buf *good);

#endif
