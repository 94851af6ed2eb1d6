/* tool-input.c - opening what is named on the command line
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tool.h"

/* A list of names, a text to put in: nothing that is read whole is larger. */
#define MAX_READ_BYTES (64 * 1024 * 1024)

#define PEEK_BYTES 4096

/* Enough to tell what is in UTF-16, and whole characters: no kind begins with a pair of them. */
#define PEEK_UTF16_BYTES 64

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

/* All of a file as text. Bytes behind a NUL would not be in it: that is no text. */
char *
tool_read_text (const char  *name,
                GError     **error)
{
  g_autoptr(GBytes) bytes = tool_read_all (name, error);
  gsize n_bytes = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &n_bytes) : NULL;

  if (bytes == NULL)
    return NULL;
  if (n_bytes == 0)
    return g_strdup ("");
  if (g_utf8_validate (text, n_bytes, NULL))
    return g_strndup (text, n_bytes);
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE, _("%s is no UTF-8 text"), name);
  return NULL;
}

/* What is read: the file of a name, or what came out of a pipe. */
typedef struct
{
  GFile *file;
  int    spool; /* a file without a name that holds the pipe's bytes, or -1 */
} Input;

static void
input_clear (Input *self)
{
  g_clear_object (&self->file);
  if (self->spool >= 0)
    g_close (self->spool, NULL);
  self->spool = -1;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Input, input_clear)

/* A file for bytes that must wait. It has lost its name before there is anything in it: nothing stays
 * behind, however the program ends. */
int
tool_open_spool (GError **error)
{
  g_autofree char *name = NULL;
  int spool = g_file_open_tmp ("imsg-XXXXXX", &name, error);

  if (spool >= 0)
    g_unlink (name);
  return spool;
}

/* A pipe cannot be seeked in: its bytes go to a file. */
static gboolean
spool (Input         *self,
       GInputStream  *pipe,
       GError       **error)
{
  g_autofree char *path = NULL;
  g_autoptr(GOutputStream) output = NULL;

  self->spool = tool_open_spool (error);
  if (self->spool < 0)
    return FALSE;
  output = g_unix_output_stream_new (self->spool, FALSE);
  if (g_output_stream_splice (output, pipe, G_OUTPUT_STREAM_SPLICE_NONE, NULL, error) < 0)
    return FALSE;
  path = g_strdup_printf ("/proc/self/fd/%d", self->spool);
  self->file = g_file_new_for_path (path);
  return TRUE;
}

static gboolean
is_special (GFile *file)
{
  const char *path = g_file_peek_path (file);
  struct stat info;

  return path != NULL && stat (path, &info) == 0 &&
         (S_ISFIFO (info.st_mode) || S_ISSOCK (info.st_mode) || S_ISCHR (info.st_mode));
}

/* Standard input, or a pipe with a name, such as <(…) of a shell makes. */
gboolean
tool_is_pipe (const char *name)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (name);

  return strcmp (name, "-") == 0 || is_special (file);
}

static gboolean
input_open (Input       *self,
            const char  *name,
            gboolean     dash_is_standard_input,
            GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (name);
  gboolean is_standard_input = dash_is_standard_input && strcmp (name, "-") == 0;
  g_autoptr(GInputStream) pipe = NULL;

  if (is_standard_input || is_special (file))
    {
      pipe = is_standard_input ? g_unix_input_stream_new (0, FALSE)
                               : G_INPUT_STREAM (g_file_read (file, NULL, error));
      return pipe != NULL && spool (self, pipe, error);
    }
  self->file = g_steal_pointer (&file);
  return TRUE;
}

static void
close_spool (gpointer data)
{
  g_close (GPOINTER_TO_INT (data), NULL);
}

/* The bytes of a pipe last as long as the object that reads them. */
static gpointer
input_give_to (Input    *self,
               gpointer  object)
{
  if (object != NULL && self->spool >= 0)
    g_object_set_data_full (object, "tool-spool", GINT_TO_POINTER (self->spool), close_spool);
  if (object != NULL)
    self->spool = -1;
  return object;
}

/* Like imsg_session_open_message(), with "-" for standard input. */
IMsgMessage *
tool_open_message (IMsgSession    *session,
                   const char     *name,
                   IMsgOpenFlags   flags,
                   GError        **error)
{
  g_auto(Input) input = { NULL, -1 };

  if (!input_open (&input, name, TRUE, error))
    return NULL;
  return input_give_to (&input, imsg_session_open_message (session, input.file, flags, NULL,
                                                           error));
}

IMsgStorage *
tool_open_storage (const char  *name,
                   GError     **error)
{
  g_auto(Input) input = { NULL, -1 };

  if (!input_open (&input, name, TRUE, error))
    return NULL;
  return input_give_to (&input, imsg_storage_open_file (input.file, IMSG_STORAGE_READ, NULL,
                                                        error));
}

/* Attaches a file: one that is a message goes in as a message. */
gboolean
tool_attach (IMsgMessage  *message,
             const char   *name,
             GError      **error)
{
  g_auto(Input) input = { NULL, -1 };
  g_autofree char *base_name = g_path_get_basename (name);
  g_autofree char *file_name = g_filename_display_name (base_name);
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(IMsgMessage) inner = NULL;
  gboolean is_done = FALSE;

  if (!input_open (&input, name, FALSE, error))
    return FALSE;
  attachment = imsg_message_create_attachment (message, error);
  if (attachment == NULL)
    return FALSE;
  inner = imsg_message_open_file (input.file, IMSG_OPEN_READ_ONLY, NULL, NULL);
  if (inner != NULL)
    {
      is_done = imsg_attachment_set_message (attachment, inner, NULL, error);
      imsg_message_close (inner);
    }
  else
    is_done = imsg_attachment_set_file (attachment, input.file, NULL, error) &&
              (input.spool < 0 || imsg_attachment_set_file_name (attachment, file_name, error));
  /* The bytes may be read when the message is written, not before */
  input_give_to (&input, attachment);
  return is_done;
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

/* Calendars and cards may be in UTF-16: their first bytes in UTF-8, else NULL. */
static char *
decode_beginning (const char *bytes,
                  gsize       n_bytes,
                  gsize      *length)
{
  if (n_bytes < 2 || (memcmp (bytes, "\xFF\xFE", 2) != 0 && memcmp (bytes, "\xFE\xFF", 2) != 0))
    return NULL;
  return g_convert (bytes, (gssize) MIN (n_bytes & ~(gsize) 1, PEEK_UTF16_BYTES), "UTF-8", "UTF-16",
                    NULL, length, NULL);
}

static GPtrArray *
import_text (IMsgSession   *session,
             GFile         *file,
             GInputStream  *stream,
             const char    *name,
             const char    *bytes,
             gsize          n_bytes,
             ToolReport    *report,
             GError       **error)
{
  gsize n_decoded = 0;
  g_autofree char *decoded = decode_beginning (bytes, n_bytes, &n_decoded);

  if (decoded != NULL)
    {
      bytes = decoded;
      n_bytes = n_decoded;
    }
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
    return tool_import_json (session, stream, name, report, error);
  if (n_bytes > 0 && memchr (bytes, ':', n_bytes) != NULL)
    return list_one (imsg_session_import_mime (session, stream, NULL, error));
  /* None of all: let the storage say what it is not */
  return list_one (imsg_session_open_message (session, file, IMSG_OPEN_READ_ONLY, NULL, error));
}

static GPtrArray *
import_file (IMsgSession  *session,
             GFile        *file,
             const char   *name,
             ToolReport   *report,
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
  return import_text (session, file, buffered, name, bytes, n_bytes, report, error);
}

/* Opens a message, or makes messages of MIME, a mailbox, a calendar, cards or JSON: the first bytes
 * tell which it is. What fails for itself among several is in the report. */
GPtrArray *
tool_import_messages (IMsgSession  *session,
                      const char   *name,
                      ToolReport   *report,
                      GError      **error)
{
  g_auto(Input) input = { NULL, -1 };
  GPtrArray *messages;

  if (!input_open (&input, name, TRUE, error))
    return NULL;
  messages = import_file (session, input.file, name, report, error);
  /* what is imported is held open or in memory: the spool may go as soon as the first one goes */
  input_give_to (&input, messages != NULL && messages->len > 0 ? messages->pdata[0] : NULL);
  return messages;
}
