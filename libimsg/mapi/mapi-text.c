/* mapi-text.c - 16-bit text to UTF-8 and back
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-private.h"

gsize
mapi_wide_length (const WCHAR *text)
{
  gsize n = 0;

  while (text[n] != 0)
    n++;
  return n;
}

char *
mapi_wide_to_utf8 (const WCHAR *text)
{
  GString *utf8 = g_string_new (NULL);

  for (; *text != 0; text++)
    {
      gunichar c = *text;

      if (c >= 0xD800 && c < 0xDC00 && text[1] >= 0xDC00 && text[1] < 0xE000)
        {
          c = 0x10000 + ((c - 0xD800) << 10) + (text[1] - 0xDC00);
          text++;
        }
      else if (c >= 0xD800 && c < 0xE000)
        {
          c = 0xFFFD;
        }
      g_string_append_unichar (utf8, c);
    }
  return g_string_free (utf8, FALSE);
}

char *
mapi_wide_to_utf8_strict (const WCHAR *text)
{
  return g_utf16_to_utf8 ((const gunichar2 *) text, -1, NULL, NULL, NULL);
}

char *
mapi_name_key (const char *name)
{
  glong n_units = 0;
  g_autofree gunichar2 *wide = g_utf8_to_utf16 (name, -1, NULL, &n_units, NULL);

  for (glong i = 0; i < n_units; i++)
    wide[i] = mapi_name_upper (wide[i]);
  return g_utf16_to_utf8 (wide, n_units, NULL, NULL, NULL);
}

gboolean
mapi_names_equal (const char *a,
                  const char *b)
{
  g_autofree char *key_a = mapi_name_key (a);
  g_autofree char *key_b = mapi_name_key (b);

  return g_strcmp0 (key_a, key_b) == 0;
}

LPWSTR
mapi_utf8_to_task_wide (const char *text)
{
  glong n_units = 0;
  g_autofree gunichar2 *wide = g_utf8_to_utf16 (text, -1, NULL, &n_units, NULL);

  if (wide == NULL)
    return NULL;
  return mapi_task_memdup (wide, ((gsize) n_units + 1) * sizeof (WCHAR));
}

LPWSTR
mapi_utf8_to_wide (const char           *text,
                   const MapiAllocators *allocators,
                   gpointer              base)
{
  glong n_units = 0;
  g_autofree gunichar2 *wide = g_utf8_to_utf16 (text, -1, NULL, &n_units, NULL);
  LPWSTR copy;

  if (wide == NULL)
    return NULL;
  copy = mapi_allocate (allocators, base, ((gsize) n_units + 1) * sizeof (WCHAR));
  if (copy != NULL)
    memcpy (copy, wide, ((gsize) n_units + 1) * sizeof (WCHAR));
  return copy;
}
