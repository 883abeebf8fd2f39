#include <stdint.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

/* ICU names its functions with its version (utrans_openU_72) through macros, which Swift does not see. */

typedef UTransliterator *pabean_transliterator;

static inline pabean_transliterator pabean_transliterator_open(const char *identifier) {
  UChar name[256];
  UErrorCode status = U_ZERO_ERROR;
  int32_t length = 0;
  u_strFromUTF8(name, 256, &length, identifier, -1, &status);
  if (U_FAILURE(status)) return 0;
  pabean_transliterator opened = utrans_openU(name, length, UTRANS_FORWARD, 0, 0, 0, &status);
  return U_FAILURE(status) ? 0 : opened;
}

/* The length in UTF-16 units, or a negative number when the text does not fit or cannot be read. */
static inline int32_t pabean_transliterator_apply(
    pabean_transliterator transliterator, uint16_t *text, int32_t length, int32_t capacity) {
  UErrorCode status = U_ZERO_ERROR;
  int32_t limit = length;
  utrans_transUChars(transliterator, (UChar *)text, &length, capacity, 0, &limit, &status);
  return U_FAILURE(status) || length > capacity ? -1 : length;
}

static inline void pabean_transliterator_close(pabean_transliterator transliterator) { utrans_close(transliterator); }
