/* tool-input.c - opening what is named on the command line
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>
#include <string.h>

#include "tool.h"

/* A list of names, a text to put in: nothing that is read whole is larger. */
#define MAX_READ_BYTES (64 * 1024 * 1024)

#define PEEK_BYTES 4096

static const guint8 compound_file_magic[] = { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 };

static GInputStream *
open_input (const char  *name,
            GError     **error)
{
  g_autoptr(GFile) file = NULL;

  if (strcmp (name, "-") == 0)
    return g_unix_input_stream_new (0, FALSE);
  file = g_file_new_for_commandline_arg (name);
  return G_INPUT_STREAM (g_file_read (file, NULL, error));
}

GBytes *
tool_read_all (const char  *name,
               GError     **error)
{
  g_autoptr(GInputStream) stream = open_input (name, error);
  g_autoptr(GByteArray) array = g_byte_array_new ();
  guint8 buffer[16384];
  gssize n_read = 0;

  if (stream == NULL)
    return NULL;
  while ((n_read = g_input_stream_read (stream, buffer, sizeof buffer, NULL, error)) > 0)
    {
      if (array->len + n_read > MAX_READ_BYTES)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                       _("More than %d bytes, too much to take in whole"), MAX_READ_BYTES);
          return NULL;
        }
      g_byte_array_append (array, buffer, n_read);
    }
  if (n_read < 0)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&array));
}

/* Standard input cannot be seeked in: it goes to a file that has no name any more when it is read. */
static GFile *
spool_standard_input (GError **error)
{
  g_autoptr(GFileIOStream) spool = NULL;
  g_autoptr(GFile) file = g_file_new_tmp ("imsg-XXXXXX", &spool, error);
  g_autoptr(GInputStream) input = NULL;

  if (file == NULL)
    return NULL;
  input = g_unix_input_stream_new (0, FALSE);
  if (g_output_stream_splice (g_io_stream_get_output_stream (G_IO_STREAM (spool)), input,
                              G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) < 0)
    {
      g_file_delete (file, NULL, NULL);
      return NULL;
    }
  return g_steal_pointer (&file);
}

static void
delete_spool (gpointer data)
{
  g_autoptr(GFile) file = data;

  g_file_delete (file, NULL, NULL);
}

/* The file of a name; that of standard input goes away with the object made from it. */
static GFile *
find_file (const char  *name,
           gboolean    *is_spool,
           GError     **error)
{
  *is_spool = strcmp (name, "-") == 0;
  return *is_spool ? spool_standard_input (error) : g_file_new_for_commandline_arg (name);
}

static gpointer
tie_to_file (gpointer  object,
             GFile    *file,
             gboolean  is_spool)
{
  if (is_spool && object == NULL)
    g_file_delete (file, NULL, NULL);
  else if (is_spool)
    g_object_set_data_full (object, "tool-spool", g_object_ref (file), delete_spool);
  return object;
}

/* Like imsg_session_open_message(), with "-" for standard input. */
IMsgMessage *
tool_open_message (IMsgSession    *session,
                   const char     *name,
                   IMsgOpenFlags   flags,
                   GError        **error)
{
  gboolean is_spool = FALSE;
  g_autoptr(GFile) file = find_file (name, &is_spool, error);

  if (file == NULL)
    return NULL;
  return tie_to_file (imsg_session_open_message (session, file, flags, NULL, error), file,
                      is_spool);
}

IMsgStorage *
tool_open_storage (const char  *name,
                   GError     **error)
{
  gboolean is_spool = FALSE;
  g_autoptr(GFile) file = find_file (name, &is_spool, error);

  if (file == NULL)
    return NULL;
  return tie_to_file (imsg_storage_open_file (file, IMSG_STORAGE_READ, NULL, error), file,
                      is_spool);
}

/* The first bytes of a calendar, a card or a mailbox; MIME is told by its first colon. */
typedef GPtrArray *(*Importer) (IMsgSession   *session,
                                GInputStream  *stream,
                                GCancellable  *cancellable,
                                GError       **error);

static const struct
{
  const char *beginning;
  Importer    import;
} importers[] = {
  { "BEGIN:VCALENDAR", imsg_session_import_icalendar },
  { "BEGIN:VCARD", imsg_session_import_vcard },
  { "From ", imsg_session_import_mbox },
};

static GPtrArray *
list_one (IMsgMessage *message)
{
  GPtrArray *messages;

  if (message == NULL)
    return NULL;
  messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (messages, message);
  return messages;
}

static GPtrArray *
import_text (IMsgSession   *session,
             GFile         *file,
             GInputStream  *stream,
             const char    *bytes,
             gsize          n_bytes,
             GError       **error)
{
  /* a byte order mark, and empty lines */
  if (n_bytes >= 3 && memcmp (bytes, "\xEF\xBB\xBF", 3) == 0)
    {
      bytes += 3;
      n_bytes -= 3;
    }
  while (n_bytes > 0 && g_ascii_isspace (*bytes))
    {
      bytes++;
      n_bytes--;
    }
  for (guint i = 0; i < G_N_ELEMENTS (importers); i++)
    {
      gsize length = strlen (importers[i].beginning);

      if (n_bytes >= length && g_ascii_strncasecmp (bytes, importers[i].beginning, length) == 0)
        return importers[i].import (session, stream, NULL, error);
    }
  if (n_bytes > 0 && *bytes == '{')
    return list_one (imsg_session_import_json (session, stream, NULL, error));
  if (n_bytes > 0 && memchr (bytes, ':', n_bytes) != NULL)
    return list_one (imsg_session_import_mime (session, stream, NULL, error));
  /* None of all: let the storage say what it is not */
  return list_one (imsg_session_open_message (session, file, IMSG_OPEN_READ_ONLY, NULL, error));
}

static GPtrArray *
import_file (IMsgSession  *session,
             GFile        *file,
             GError      **error)
{
  g_autoptr(GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autoptr(GInputStream) buffered = NULL;
  const char *bytes = NULL;
  gsize n_bytes = 0;

  if (stream == NULL)
    return NULL;
  buffered = g_buffered_input_stream_new_sized (G_INPUT_STREAM (stream), PEEK_BYTES);
  if (g_buffered_input_stream_fill (G_BUFFERED_INPUT_STREAM (buffered), PEEK_BYTES, NULL,
                                    error) < 0)
    return NULL;
  bytes = g_buffered_input_stream_peek_buffer (G_BUFFERED_INPUT_STREAM (buffered), &n_bytes);
  if (n_bytes >= sizeof compound_file_magic &&
      memcmp (bytes, compound_file_magic, sizeof compound_file_magic) == 0)
    return list_one (imsg_session_open_message (session, file, IMSG_OPEN_READ_ONLY, NULL, error));
  return import_text (session, file, buffered, bytes, n_bytes, error);
}

/* Opens a message, or makes messages of MIME, a mailbox, a calendar, cards or JSON: the first bytes
 * tell which it is. */
GPtrArray *
tool_import_messages (IMsgSession  *session,
                      const char   *name,
                      GError      **error)
{
  gboolean is_spool = FALSE;
  g_autoptr(GFile) file = find_file (name, &is_spool, error);
  GPtrArray *messages;

  if (file == NULL)
    return NULL;
  messages = import_file (session, file, error);
  /* what is imported is held open or in memory: the name may go as soon as the first message goes */
  tie_to_file (messages != NULL ? messages->pdata[0] : NULL, file, is_spool);
  return messages;
}
