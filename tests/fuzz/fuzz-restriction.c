/* fuzz-restriction.c - any text as a restriction, written out and read again
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "fuzz-main.h"
#include "imsg-restriction.h"

static const char *const seeds[] = {
  "PR_SUBJECT ~ \"report\" and PR_MESSAGE_SIZE > 1000",
  "PR_SUBJECT_A < PR_SUBJECT_A or 0x68010003 = property(0x68020003)",
  "not (exists PR_SENT_REPRESENTING_NAME or PR_IMPORTANCE = 2)",
};

void
fuzz_add_seeds (GPtrArray *list)
{
  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    g_ptr_array_add (list, g_bytes_new_static (seeds[i], strlen (seeds[i])));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autofree char *text = g_strndup ((const char *) data, n_bytes);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgRestriction) restriction = imsg_restriction_parse (valid, &error);
  g_autoptr(IMsgRestriction) again = NULL;
  g_autofree char *written = NULL;
  g_autofree char *rewritten = NULL;

  if (restriction == NULL)
    {
      g_assert_nonnull (error);
      return 0;
    }
  imsg_restriction_check (restriction, NULL);
  written = imsg_restriction_to_text (restriction);
  again = imsg_restriction_parse (written, &error);
  g_assert_no_error (error);
  rewritten = imsg_restriction_to_text (again);
  g_assert_cmpstr (written, ==, rewritten);
  return 0;
}
