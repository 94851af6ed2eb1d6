/* tool-json.c - several values of JSON, one behind the other
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "tool.h"

#define CHUNK_BYTES (64 * 1024)

typedef struct
{
  GInputStream *stream;
  GByteArray   *bytes;     /* that are read and not given out */
  gsize         start;     /* of the value that is looked at */
  gsize         n_scanned;
  guint64       depth;
  gboolean      is_in_string;
  gboolean      is_escaped;
} JsonReader;

/* TRUE where a value ends. */
static gboolean
scan (JsonReader *self)
{
  while (self->n_scanned < self->bytes->len)
    {
      char c = (char) self->bytes->data[self->n_scanned++];

      if (self->is_escaped)
        self->is_escaped = FALSE;
      else if (self->is_in_string)
        {
          self->is_escaped = c == '\\';
          self->is_in_string = c != '"';
        }
      else if (c == '"')
        self->is_in_string = TRUE;
      else if (c == '{' || c == '[')
        self->depth++;
      else if ((c == '}' || c == ']') && self->depth > 0 && --self->depth == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_blank (const guint8 *bytes,
          gsize         n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    if (!g_ascii_isspace (bytes[i]))
      return FALSE;
  return TRUE;
}

static GBytes *
take (JsonReader *self)
{
  const guint8 *value = self->bytes->data + self->start;
  gsize n_bytes = self->n_scanned - self->start;

  self->start = self->n_scanned;
  return n_bytes == 0 || is_blank (value, n_bytes) ? NULL : g_bytes_new (value, n_bytes);
}

/* The next value; NULL at the end, or with an error. What is too long to be one is given out as far as
 * it is known, and ends the reading. */
static GBytes *
read_value (JsonReader  *self,
            guint64      max_bytes,
            GError     **error)
{
  g_autofree guint8 *chunk = NULL;
  gssize n_read = 1;

  while (!scan (self) && n_read > 0 && self->bytes->len - self->start <= max_bytes)
    {
      if (self->start > 0)
        {
          g_byte_array_remove_range (self->bytes, 0, (guint) self->start);
          self->n_scanned -= self->start;
          self->start = 0;
        }
      if (chunk == NULL)
        chunk = g_malloc (CHUNK_BYTES);
      n_read = g_input_stream_read (self->stream, chunk, CHUNK_BYTES, NULL, error);
      if (n_read < 0)
        return NULL;
      g_byte_array_append (self->bytes, chunk, (guint) n_read);
    }
  return take (self);
}

/* Makes a message of each value. One that is none, such as what "imsg dump" says of a file that it
 * could not read, is complained of and left out. */
GPtrArray *
tool_import_json (IMsgSession   *session,
                  GInputStream  *stream,
                  const char    *name,
                  ToolReport    *report,
                  GError       **error)
{
  guint64 max_bytes = imsg_session_get_limit (session, IMSG_LIMIT_VALUE_BYTES);
  guint64 max_messages = imsg_session_get_limit (session, IMSG_LIMIT_IMPORT_PARTS);
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autoptr(GError) own_error = NULL;
  JsonReader reader = { .stream = stream, .bytes = bytes };
  GBytes *value = NULL;

  for (guint number = 0; (value = read_value (&reader, max_bytes, &own_error)) != NULL; number++)
    {
      g_autoptr(GInputStream) text = g_memory_input_stream_new_from_bytes (value);
      IMsgMessage *message = NULL;

      g_bytes_unref (value);
      if (number >= max_messages)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                       _("It holds more than %u messages"), number);
          return NULL;
        }
      message = imsg_session_import_json (session, text, NULL, &own_error);
      if (message != NULL)
        {
          g_ptr_array_add (messages, message);
          continue;
        }
      tool_complain (report, name, _("value %u: %s"), number, own_error->message);
      report->is_failed = TRUE;
      g_clear_error (&own_error);
    }
  if (own_error == NULL)
    return g_steal_pointer (&messages);
  g_propagate_error (error, g_steal_pointer (&own_error));
  return NULL;
}
