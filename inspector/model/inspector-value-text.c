/* inspector-value-text.c - types in words, and text as it is stored
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-value.h"

#include <glib/gi18n.h>

const char *
inspector_value_type_word (IMsgPropertyType type)
{
  static const struct { IMsgPropertyType type; const char *word; } words[] = {
    { IMSG_PROPERTY_TYPE_NULL, N_("nothing") },
    { IMSG_PROPERTY_TYPE_I2, N_("16-bit integer") },
    { IMSG_PROPERTY_TYPE_LONG, N_("integer") },
    { IMSG_PROPERTY_TYPE_R4, N_("float") },
    { IMSG_PROPERTY_TYPE_DOUBLE, N_("double") },
    { IMSG_PROPERTY_TYPE_CURRENCY, N_("currency") },
    { IMSG_PROPERTY_TYPE_APPTIME, N_("application time") },
    { IMSG_PROPERTY_TYPE_ERROR, N_("error code") },
    { IMSG_PROPERTY_TYPE_BOOLEAN, N_("boolean") },
    { IMSG_PROPERTY_TYPE_OBJECT, N_("object") },
    { IMSG_PROPERTY_TYPE_I8, N_("64-bit integer") },
    { IMSG_PROPERTY_TYPE_STRING8, N_("8-bit text") },
    { IMSG_PROPERTY_TYPE_UNICODE, N_("text") },
    { IMSG_PROPERTY_TYPE_SYSTIME, N_("time") },
    { IMSG_PROPERTY_TYPE_CLSID, N_("GUID") },
    { IMSG_PROPERTY_TYPE_SVREID, N_("server entry ID") },
    { IMSG_PROPERTY_TYPE_SRESTRICTION, N_("restriction") },
    { IMSG_PROPERTY_TYPE_ACTIONS, N_("rule actions") },
    { IMSG_PROPERTY_TYPE_BINARY, N_("binary") },
    { IMSG_PROPERTY_TYPE_MV_I2, N_("16-bit integers") },
    { IMSG_PROPERTY_TYPE_MV_LONG, N_("integers") },
    { IMSG_PROPERTY_TYPE_MV_R4, N_("floats") },
    { IMSG_PROPERTY_TYPE_MV_DOUBLE, N_("doubles") },
    { IMSG_PROPERTY_TYPE_MV_CURRENCY, N_("currencies") },
    { IMSG_PROPERTY_TYPE_MV_APPTIME, N_("application times") },
    { IMSG_PROPERTY_TYPE_MV_I8, N_("64-bit integers") },
    { IMSG_PROPERTY_TYPE_MV_STRING8, N_("8-bit texts") },
    { IMSG_PROPERTY_TYPE_MV_UNICODE, N_("texts") },
    { IMSG_PROPERTY_TYPE_MV_SYSTIME, N_("times") },
    { IMSG_PROPERTY_TYPE_MV_CLSID, N_("GUIDs") },
    { IMSG_PROPERTY_TYPE_MV_BINARY, N_("binaries") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (words[i].type == type)
        return _(words[i].word);
    }
  return _("unknown type");
}

char *
inspector_value_to_line (const char *text,
                         guint       max_chars)
{
  g_autoptr(GString) line = g_string_new (NULL);
  guint n_chars = 0;

  for (const char *at = text != NULL ? text : ""; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (n_chars++ == max_chars)
        {
          g_string_append (line, "…");
          break;
        }
      if (character == '\n')
        g_string_append (line, "↵");
      else if (character == '\t')
        g_string_append (line, "⇥");
      else if (character == '\r')
        continue;
      else if (g_unichar_iscntrl (character) ||
               g_unichar_type (character) == G_UNICODE_FORMAT)
        g_string_append_printf (line, "\\u%04X", character);
      else
        g_string_append_unichar (line, character);
    }
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static gboolean
is_exact_utf16 (const guint8 *bytes,
                gsize         n_bytes)
{
  gboolean after_high = FALSE;

  if (n_bytes % 2 != 0)
    return FALSE;
  for (gsize i = 0; i < n_bytes; i += 2)
    {
      guint unit = bytes[i] | bytes[i + 1] << 8;
      gboolean is_low = unit >= 0xDC00 && unit < 0xE000;

      if (unit == 0 || is_low != after_high)
        return FALSE;
      after_high = unit >= 0xD800 && unit < 0xDC00;
    }
  return !after_high;
}

/* Whether text that is read and written again would give the same bytes */
gboolean
inspector_value_is_text_exact (IMsgPropertyType  type,
                               guint             code_page,
                               GBytes           *stored)
{
  gsize width = type == IMSG_PROPERTY_TYPE_UNICODE ? 2 : 1;
  gsize n_bytes = 0;
  const guint8 *bytes = g_bytes_get_data (stored, &n_bytes);
  g_autoptr(GBytes) text_bytes = NULL;
  g_autoptr(GBytes) again = NULL;
  g_autofree char *text = NULL;

  /* Some writers store the terminator */
  while (n_bytes >= width && n_bytes % width == 0 && bytes[n_bytes - 1] == 0 &&
         bytes[n_bytes - width] == 0)
    n_bytes -= width;
  if (type == IMSG_PROPERTY_TYPE_UNICODE)
    return is_exact_utf16 (bytes, n_bytes);

  text_bytes = g_bytes_new_from_bytes (stored, 0, n_bytes);
  text = imsg_text_decode (code_page, text_bytes);
  again = text != NULL ? imsg_text_encode (code_page, text, NULL) : NULL;
  return again != NULL && g_bytes_equal (again, text_bytes);
}

/* How many bytes a text takes when it is stored */
gsize
inspector_value_count_text_bytes (IMsgPropertyType  type,
                                  guint             code_page,
                                  const char       *text)
{
  g_autoptr(GBytes) bytes = NULL;
  gsize n_units = 0;

  if (type != IMSG_PROPERTY_TYPE_UNICODE)
    {
      bytes = imsg_text_encode_lossy (code_page, text);
      return g_bytes_get_size (bytes);
    }
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    n_units += g_utf8_get_char (at) > 0xFFFF ? 2 : 1;
  return 2 * n_units;
}
