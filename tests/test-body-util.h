/* test-body-util.h - what the tests of bodies share
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

static inline GBytes *
test_bytes_from_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (; *hex != '\0'; hex++)
    {
      guint8 byte;

      if (*hex == ' ')
        continue;
      byte = g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]);
      g_byte_array_append (bytes, &byte, 1);
      hex++;
    }
  return g_byte_array_free_to_bytes (bytes);
}
