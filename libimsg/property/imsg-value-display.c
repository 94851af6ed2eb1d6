/* imsg-value-display.c - values as one line for people
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <math.h>

#include "imsg-filetime-private.h"
#include "imsg-property-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* Bytes that a cell shows of binary data, and values of a list; nobody reads more in one line. */
#define SHOWN_BYTES 4096
#define SHOWN_VALUES 1000
#define ELLIPSIS "…"
/* 1899-12-30 as a FILETIME in days: day 0 of PT_APPTIME */
#define APPTIME_DAY_0 109205.0
#define TICKS_PER_DAY (86400.0 * IMSG_TICKS_PER_SECOND)

typedef struct
{
  GString *text;
  gsize    n_chars;
  gsize    max_chars;
} Line;

/* FALSE once the line is full. */
static gboolean
append_char (Line     *line,
             gunichar  c)
{
  if (line->n_chars >= line->max_chars)
    {
      line->n_chars = G_MAXSIZE;
      return FALSE;
    }
  g_string_append_unichar (line->text, c);
  line->n_chars++;
  return TRUE;
}

static gboolean
append (Line       *line,
        const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (!append_char (line, g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

static gboolean G_GNUC_PRINTF (2, 3)
append_printf (Line       *line,
               const char *format,
               ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return append (line, text);
}

/* Characters that would break the line, be invisible, or turn the direction of what follows. */
static gboolean
must_escape (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      /* Joiners shape scripts and emoji. */
      return c != 0x200C && c != 0x200D;
    default:
      return FALSE;
    }
}

const char *
_imsg_escape_character (gunichar c,
                        char     buffer[IMSG_ESCAPE_SIZE])
{
  if (c == '\n')
    return "\\n";
  if (c == '\r')
    return "\\r";
  if (c == '\t')
    return "\\t";
  if (!must_escape (c))
    return NULL;
  g_snprintf (buffer, IMSG_ESCAPE_SIZE, c < 0x100 ? "\\x%02X" : "\\u%04X", c);
  return buffer;
}

static gboolean
append_text (Line       *line,
             const char *text)
{
  char buffer[IMSG_ESCAPE_SIZE];

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      const char *escape = _imsg_escape_character (c, buffer);

      if (!(escape != NULL ? append (line, escape) : append_char (line, c)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
append_bytes (Line     *line,
              GVariant *value)
{
  gsize n_bytes;
  const guint8 *bytes = g_variant_get_fixed_array (value, &n_bytes, 1);

  if (!append_printf (line, "%" G_GSIZE_FORMAT " B", n_bytes))
    return FALSE;
  for (gsize i = 0; i < n_bytes; i++)
    if (!append_printf (line, i == SHOWN_BYTES ? ELLIPSIS : i == 0 ? "  %02X" : " %02X", bytes[i]))
      return FALSE;
    else if (i == SHOWN_BYTES)
      break;
  return TRUE;
}

static gboolean
append_time (Line    *line,
             guint64  ticks)
{
  g_autoptr(GDateTime) date_time = _imsg_filetime_to_date_time (ticks);
  g_autofree char *text = NULL;

  if (!_imsg_filetime_is_set (ticks) || date_time == NULL)
    return append_printf (line, _("not set (%" PRIu64 ")"), ticks);
  text = g_date_time_format (date_time, "%Y-%m-%d %H:%M:%S UTC");
  return append (line, text);
}

static gboolean
append_double (Line   *line,
               guint   type,
               double  number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (type == IMSG_PROPERTY_TYPE_APPTIME && number > -APPTIME_DAY_0 && number < 2958466.0)
    {
      /* The fraction is the time of the day, forwards before day 0 too */
      double day = trunc (number);
      double days = day + fabs (number - day) + APPTIME_DAY_0;
      guint64 ticks = (guint64) llround (days * TICKS_PER_DAY);
      g_autoptr(GDateTime) date_time = _imsg_filetime_to_date_time (ticks);
      g_autofree char *date = NULL;

      if (date_time != NULL)
        date = g_date_time_format (date_time, "%Y-%m-%d %H:%M:%S");
      if (date != NULL)
        return append (line, date);
    }
  g_ascii_formatd (text, sizeof text, type == IMSG_PROPERTY_TYPE_R4 ? "%.9g" : "%.15g", number);
  return append (line, text);
}

static gboolean
append_currency (Line   *line,
                 gint64  amount)
{
  guint64 size = amount < 0 ? -(guint64) amount : (guint64) amount;

  return append_printf (line, "%s%" G_GUINT64_FORMAT ".%04u", amount < 0 ? "-" : "",
                        size / 10000, (guint) (size % 10000));
}

static gboolean
append_value (Line     *line,
              guint     type,
              GVariant *value)
{
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      return append (line, g_variant_get_boolean (value) ? "true" : "false");
    case G_VARIANT_CLASS_INT16:
      return append_printf (line, "%d", g_variant_get_int16 (value));
    case G_VARIANT_CLASS_INT32:
      return append_printf (line, "%d", g_variant_get_int32 (value));
    case G_VARIANT_CLASS_UINT32:
      return append_printf (line, "0x%08X", g_variant_get_uint32 (value));
    case G_VARIANT_CLASS_INT64:
      if (type == IMSG_PROPERTY_TYPE_CURRENCY)
        return append_currency (line, g_variant_get_int64 (value));
      return append_printf (line, "%" G_GINT64_FORMAT, g_variant_get_int64 (value));
    case G_VARIANT_CLASS_UINT64:
      return append_time (line, g_variant_get_uint64 (value));
    case G_VARIANT_CLASS_DOUBLE:
      return append_double (line, type, g_variant_get_double (value));
    case G_VARIANT_CLASS_STRING:
      return append_text (line, g_variant_get_string (value, NULL));
    case G_VARIANT_CLASS_ARRAY:
      return append_bytes (line, value);
    default:
      return TRUE;
    }
}

static gboolean
append_list (Line     *line,
             guint     type,
             GVariant *value)
{
  gsize n_values = g_variant_n_children (value);

  if (!append_printf (line, "%" G_GSIZE_FORMAT " ×", n_values))
    return FALSE;
  for (gsize i = 0; i < n_values; i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (value, i);

      if (!append (line, i == 0 ? " " : "; "))
        return FALSE;
      if (i == SHOWN_VALUES)
        return append (line, ELLIPSIS);
      if (!append_value (line, type, child))
        return FALSE;
    }
  return TRUE;
}

char *
_imsg_value_to_display (guint32   tag,
                        GVariant *value,
                        gsize     max_chars)
{
  guint type = IMSG_TAG_TYPE (tag);
  Line line = { g_string_new (NULL), 0, max_chars != 0 ? max_chars : G_MAXSIZE - 1 };
  gboolean fits;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    fits = append_bytes (&line, value);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_ARRAY))
    fits = append_list (&line, type & ~(guint) IMSG_MULTI_VALUE_FLAG, value);
  else
    fits = append_value (&line, type, value);

  /* The mark of what was left out takes the place of the last character. */
  if (!fits)
    {
      char *last = g_utf8_find_prev_char (line.text->str, line.text->str + line.text->len);

      g_string_truncate (line.text, last != NULL ? (gsize) (last - line.text->str) : 0);
      g_string_append (line.text, ELLIPSIS);
    }
  return g_string_free (line.text, FALSE);
}
