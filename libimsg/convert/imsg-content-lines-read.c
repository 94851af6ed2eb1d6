/* imsg-content-lines-read.c - reading the lines of vCard (RFC 2425, RFC 6350, vCard 2.1)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-private.h"
#include "imsg-content-lines-private.h"
#include "imsg-error.h"
#include "imsg-limits-private.h"

#include <glib/gi18n-lib.h>

/* Parameters of one line that are looked at. */
#define MAX_PARAMETERS 64

/* Text of UTF-16 says so by its byte order mark; that of UTF-8 is left to those who read lines. */
static GBytes *
to_utf8 (GByteArray *bytes)
{
  g_autofree char *text = NULL;
  gsize length = 0;
  gboolean is_big_endian = bytes->len >= 2 && memcmp (bytes->data, "\xFE\xFF", 2) == 0;

  if (!is_big_endian && (bytes->len < 2 || memcmp (bytes->data, "\xFF\xFE", 2) != 0))
    return g_byte_array_free_to_bytes (g_byte_array_ref (bytes));
  for (guint i = 1; is_big_endian && i < bytes->len; i += 2)
    {
      guint8 high = bytes->data[i - 1];

      bytes->data[i - 1] = bytes->data[i];
      bytes->data[i] = high;
    }
  text = _imsg_utf16_decode (bytes->data + 2, bytes->len - 2, &length, NULL);
  return g_bytes_new_take (g_steal_pointer (&text), length);
}

GBytes *
_imsg_content_lines_read (GInputStream  *stream,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[16384];
  gssize n_read;

  while ((n_read = g_input_stream_read (stream, buffer, sizeof buffer, cancellable, error)) > 0)
    {
      if (bytes->len + (gsize) n_read > IMSG_MAX_CALENDAR_BYTES)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                       g_dngettext (GETTEXT_PACKAGE,
                                    "The text is longer than %d byte",
                                    "The text is longer than %d bytes",
                                    IMSG_MAX_CALENDAR_BYTES),
                       IMSG_MAX_CALENDAR_BYTES);
          return NULL;
        }
      g_byte_array_append (bytes, buffer, (guint) n_read);
    }
  return n_read < 0 ? NULL : to_utf8 (bytes);
}

GBytes *
_imsg_content_lines_unfold (GBytes *folded)
{
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (folded, &n_bytes);
  g_autoptr(GByteArray) joined = g_byte_array_sized_new ((guint) n_bytes);
  gsize start = 0;

  for (gsize i = 0; i < n_bytes; i++)
    {
      gsize next = bytes[i] == '\r' && i + 1 < n_bytes && bytes[i + 1] == '\n' ? i + 2 : i + 1;

      if ((bytes[i] != '\r' && bytes[i] != '\n') || next >= n_bytes ||
          (bytes[next] != ' ' && bytes[next] != '\t'))
        continue;
      g_byte_array_append (joined, bytes + start, (guint) (i - start));
      start = next + 1;
      i = next;
    }
  if (start < n_bytes)
    g_byte_array_append (joined, bytes + start, (guint) (n_bytes - start));
  return g_byte_array_free_to_bytes (g_steal_pointer (&joined));
}

static void
parameter_clear (gpointer data)
{
  IMsgContentParameter *parameter = data;

  g_free (parameter->name);
  g_free (parameter->value);
}

static void
line_free (gpointer data)
{
  IMsgContentLine *line = data;

  g_free (line->group);
  g_free (line->name);
  g_free (line->value);
  g_array_unref (line->parameters);
  g_free (line);
}

/* Up to one of the ends, quotes respected; moves there. */
static char *
take_word (const char **at,
           const char  *ends)
{
  g_autoptr(GString) word = g_string_new (NULL);
  gboolean is_quoted = FALSE;

  for (; **at != '\0' && (is_quoted || strchr (ends, **at) == NULL); (*at)++)
    if (**at == '"')
      is_quoted = !is_quoted;
    else
      g_string_append_c (word, **at);
  return g_utf8_make_valid (word->str, (gssize) word->len);
}

static void
add_parameter (IMsgContentLine *line,
               const char      *name,
               const char      *value)
{
  IMsgContentParameter parameter;

  if (line->parameters->len >= MAX_PARAMETERS)
    return;
  parameter.name = g_ascii_strup (name, -1);
  parameter.value = strcmp (parameter.name, "TYPE") == 0 ? g_ascii_strup (value, -1)
                                                         : g_strdup (value);
  g_array_append_val (line->parameters, parameter);
}

/* ";NAME=value,value" or, in vCard 2.1, ";VALUE" */
static void
read_parameters (IMsgContentLine *line,
                 const char     **at)
{
  while (**at == ';')
    {
      g_autofree char *name = NULL;

      (*at)++;
      name = take_word (at, "=;:");
      if (**at != '=')
        {
          gboolean is_encoding = g_ascii_strcasecmp (name, "QUOTED-PRINTABLE") == 0 ||
                                 g_ascii_strcasecmp (name, "BASE64") == 0;

          add_parameter (line, is_encoding ? "ENCODING" : "TYPE", name);
          continue;
        }
      do
        {
          g_autofree char *value = NULL;

          (*at)++;
          value = take_word (at, ",;:");
          /* a quoted list is one value that lists several */
          if (g_ascii_strcasecmp (name, "TYPE") == 0 && strchr (value, ',') != NULL)
            {
              g_auto(GStrv) parts = g_strsplit (value, ",", MAX_PARAMETERS);

              for (guint i = 0; parts[i] != NULL; i++)
                add_parameter (line, name, parts[i]);
            }
          else
            add_parameter (line, name, value);
        }
      while (**at == ',');
    }
}

static GBytes *
decode_quoted_printable (const char *text)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  for (; *text != '\0'; text++)
    {
      guint8 byte = (guint8) *text;

      if (*text == '=')
        {
          int high = g_ascii_xdigit_value (text[1]);
          int low = high >= 0 ? g_ascii_xdigit_value (text[2]) : -1;

          if (low < 0)
            continue;
          byte = (guint8) (high << 4 | low);
          text += 2;
        }
      g_byte_array_append (bytes, &byte, 1);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static gboolean
is_quoted_printable (const IMsgContentLine *line)
{
  const char *encoding = _imsg_content_line_get_parameter (line, "ENCODING");

  return encoding != NULL && g_ascii_strcasecmp (encoding, "QUOTED-PRINTABLE") == 0;
}

static char *
decode_value (const IMsgContentLine *line,
              const char            *value)
{
  const char *charset = _imsg_content_line_get_parameter (line, "CHARSET");
  guint code_page = charset != NULL ? _imsg_code_page_from_charset (charset) : 0;
  g_autoptr(GBytes) bytes = is_quoted_printable (line) ? decode_quoted_printable (value)
                                                       : g_bytes_new (value, strlen (value));
  gsize n_bytes = 0;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  g_autofree char *text = NULL;

  if (n_bytes == 0)
    return g_strdup ("");
  text = code_page != 0 ? _imsg_code_page_decode (code_page, data, n_bytes, NULL, NULL)
                        : _imsg_text_make_valid (data, n_bytes);
  return g_utf8_make_valid (text, -1);
}

/* NULL for what is no line. */
static IMsgContentLine *
parse_line (const char *text)
{
  IMsgContentLine *line = g_new0 (IMsgContentLine, 1);
  const char *at = text;
  g_autofree char *whole = take_word (&at, ";:");
  const char *dot = strrchr (whole, '.');

  line->name = g_ascii_strup (dot != NULL ? dot + 1 : whole, -1);
  line->group = dot != NULL ? g_ascii_strup (whole, dot - whole) : NULL;
  line->parameters = g_array_new (FALSE, FALSE, sizeof (IMsgContentParameter));
  g_array_set_clear_func (line->parameters, parameter_clear);
  read_parameters (line, &at);
  if (*at != ':' || *line->name == '\0')
    {
      line_free (line);
      return NULL;
    }
  line->value = decode_value (line, at + 1);
  return line;
}

/* A line that is put together from those of the stream. */
typedef struct
{
  GString  *text;
  gsize     n_scanned; /* of the part before the value */
  gboolean  is_in_quotes;
  gboolean  has_value;
  gboolean  has_soft_breaks; /* the value is quoted-printable */
} PendingLine;

static void
scan (PendingLine *pending)
{
  GString *text = pending->text;

  for (; !pending->has_value && pending->n_scanned < text->len; pending->n_scanned++)
    if (text->str[pending->n_scanned] == '"')
      pending->is_in_quotes = !pending->is_in_quotes;
    else if (text->str[pending->n_scanned] == ':' && !pending->is_in_quotes)
      {
        g_autofree char *head = g_strndup (text->str, pending->n_scanned + 1);
        IMsgContentLine *line = parse_line (head);

        pending->has_value = TRUE;
        pending->has_soft_breaks = line != NULL && is_quoted_printable (line);
        g_clear_pointer (&line, line_free);
      }
}

static void
finish_line (PendingLine *pending,
             GPtrArray   *lines)
{
  IMsgContentLine *line = pending->text->len > 0 ? parse_line (pending->text->str) : NULL;

  if (line != NULL)
    g_ptr_array_add (lines, line);
  g_string_truncate (pending->text, 0);
  *pending = (PendingLine){ .text = pending->text };
}

/* Soft line breaks come before folds: what follows one keeps the blanks that it begins with. */
GPtrArray *
_imsg_content_lines_parse (GBytes *bytes)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);
  gsize n_bytes = 0;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  g_autoptr(GString) text = g_string_new (NULL);
  PendingLine pending = { .text = text };
  gsize offset = 0;

  while (offset < n_bytes)
    {
      gsize end = offset;

      if (text->len == 0 && n_bytes - offset >= 3 && memcmp (data + offset, "\xEF\xBB\xBF", 3) == 0)
        end = offset = offset + 3;
      while (end < n_bytes && data[end] != '\r' && data[end] != '\n' && data[end] != '\0')
        end++;
      g_string_append_len (text, data + offset, (gssize) (end - offset));
      scan (&pending);
      offset = end + 1;
      if (offset < n_bytes && data[end] == '\r' && data[offset] == '\n')
        offset++;
      if (offset < n_bytes && pending.has_soft_breaks && text->len > 0 &&
          text->str[text->len - 1] == '=')
        g_string_truncate (text, text->len - 1);
      else if (offset < n_bytes && data[end] != '\0' &&
               (data[offset] == ' ' || data[offset] == '\t'))
        offset++;
      else
        finish_line (&pending, lines);
    }
  if (text->len > 0)
    finish_line (&pending, lines);
  return lines;
}

const char *
_imsg_content_line_get_parameter (const IMsgContentLine *line,
                                  const char            *name)
{
  for (guint i = 0; i < line->parameters->len; i++)
    {
      const IMsgContentParameter *parameter =
        &g_array_index (line->parameters, IMsgContentParameter, i);

      if (strcmp (parameter->name, name) == 0)
        return parameter->value;
    }
  return NULL;
}

gboolean
_imsg_content_line_has_type (const IMsgContentLine *line,
                             const char            *type)
{
  for (guint i = 0; i < line->parameters->len; i++)
    {
      const IMsgContentParameter *parameter =
        &g_array_index (line->parameters, IMsgContentParameter, i);

      if (strcmp (parameter->name, "TYPE") == 0 && strcmp (parameter->value, type) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Moves past one part, up to the separator or the end; commas of a list become blanks. */
static char *
take_part (const char **at,
           char         separator,
           gboolean     is_list)
{
  g_autoptr(GString) part = g_string_new (NULL);

  for (; **at != '\0' && (separator == '\0' || **at != separator); (*at)++)
    if (**at == '\\' && (*at)[1] != '\0')
      {
        (*at)++;
        if (**at == 'n' || **at == 'N')
          g_string_append_c (part, '\n');
        else
          g_string_append_c (part, **at);
      }
    else
      g_string_append_c (part, is_list && **at == ',' ? ' ' : **at);
  return g_string_free (g_steal_pointer (&part), FALSE);
}

char *
_imsg_content_line_dup_text (const IMsgContentLine *line)
{
  const char *at = line->value;

  return take_part (&at, '\0', FALSE);
}

static GPtrArray *
split (const IMsgContentLine *line,
       char                   separator,
       gboolean               is_list)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  const char *at = line->value;

  for (;;)
    {
      g_ptr_array_add (parts, take_part (&at, separator, is_list));
      if (*at == '\0')
        return parts;
      at++;
    }
}

GPtrArray *
_imsg_content_line_split (const IMsgContentLine *line,
                          char                   separator)
{
  return split (line, separator, FALSE);
}

GPtrArray *
_imsg_content_line_split_lists (const IMsgContentLine *line)
{
  return split (line, ';', TRUE);
}

GBytes *
_imsg_content_line_decode (const IMsgContentLine *line)
{
  const char *encoding = _imsg_content_line_get_parameter (line, "ENCODING");
  const char *data = NULL;
  gsize n_bytes = 0;
  guchar *decoded;

  if (encoding != NULL &&
      (g_ascii_strcasecmp (encoding, "B") == 0 || g_ascii_strcasecmp (encoding, "BASE64") == 0))
    data = line->value;
  else if (g_ascii_strncasecmp (line->value, "data:", 5) == 0)
    {
      data = strstr (line->value, ";base64,");
      data = data != NULL ? data + strlen (";base64,") : NULL;
    }
  if (data == NULL)
    return NULL;
  decoded = g_base64_decode (data, &n_bytes);
  return g_bytes_new_take (decoded, n_bytes);
}
