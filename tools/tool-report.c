/* tool-report.c - results and complaints, safe for a terminal
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tool.h"

/* The result of a larger input waits in a file, not in memory. */
#define MAX_HELD_BYTES (1024 * 1024)

char *
tool_display_name (const char *name)
{
  if (strcmp (name, "-") == 0)
    return g_strdup (_("standard input"));
  return g_filename_display_name (name);
}

/* An argument as UTF-8: as it is where it is valid, else from the locale's character set. */
char *
tool_text_argument (const char *argument)
{
  char *text = NULL;

  if (argument == NULL || g_utf8_validate (argument, -1, NULL))
    return g_strdup (argument);
  text = g_locale_to_utf8 (argument, -1, NULL, NULL, NULL);
  return text != NULL ? text : g_utf8_make_valid (argument, -1);
}

/* A string of JSON, its quotes included. */
char *
tool_quote_json (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr(JsonNode) node = json_node_init_string (json_node_alloc (), valid);
  g_autofree char *json = json_to_string (node, FALSE);
  g_auto(GStrv) parts = g_strsplit (json, "\x1F", -1);

  /* JSON-GLib 1.6 leaves this one control character as it is */
  return g_strjoinv ("\\u001f", parts);
}

static void
append_complaint (GString    *complaints,
                  const char *where,
                  const char *text)
{
  g_string_append (complaints, "imsg: ");
  if (where != NULL)
    {
      tool_append_clean (complaints, where, FALSE);
      g_string_append (complaints, ": ");
    }
  tool_append_clean (complaints, text, FALSE);
  g_string_append_c (complaints, '\n');
}

void
tool_complain (ToolReport *report,
               const char *name,
               const char *format,
               ...)
{
  g_autofree char *display_name = tool_display_name (name);
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  append_complaint (report->complaints, display_name, text);
}

/* On standard error at once, behind what has been printed; where may be NULL. */
void
tool_tell (const char *where,
           const char *text)
{
  g_autoptr(GString) complaint = g_string_new (NULL);

  append_complaint (complaint, where, text);
  fflush (stdout);
  fputs (complaint->str, stderr);
}

/* The same of an input as a whole. */
void
tool_tell_error (const char   *name,
                 const GError *error)
{
  g_autofree char *display_name = tool_display_name (name);

  tool_tell (display_name, error->message);
}

/* A problem of the message as a whole has no place to name. */
void
tool_complain_problem (ToolReport        *report,
                       const char        *name,
                       const IMsgProblem *problem)
{
  const char *where = imsg_problem_get_where (problem);

  if (*where != '\0')
    tool_complain (report, name, "%s: %s", where, imsg_problem_get_text (problem));
  else
    tool_complain (report, name, "%s", imsg_problem_get_text (problem));
}

/* On standard error: what a message that is written could not take over, or its file did not have. */
void
tool_tell_problems (const char *name,
                    GPtrArray  *problems)
{
  ToolReport report = { .complaints = g_string_new (NULL), .spool = -1 };

  for (guint i = 0; i < problems->len; i++)
    tool_complain_problem (&report, name, g_ptr_array_index (problems, i));
  fputs (report.complaints->str, stderr);
  g_string_free (report.complaints, TRUE);
}

void
tool_fail (ToolReport   *report,
           const char   *name,
           const GError *error)
{
  tool_complain (report, name, "%s", error->message);
  report->is_failed = TRUE;
}

static gboolean
is_large (const char *name)
{
  struct stat info;

  return stat (name, &info) != 0 || !S_ISREG (info.st_mode) || info.st_size > MAX_HELD_BYTES;
}

/* Where the result of an input goes that is for standard output, or for a file of several results:
 * at once if it may, else it waits for its turn, in memory or in a file. */
GOutputStream *
tool_report_begin_result (ToolReport  *report,
                          const char  *name,
                          GError     **error)
{
  if (report->direct != NULL)
    {
      fflush (stdout);
      return g_object_ref (report->direct);
    }
  if (!is_large (name))
    return g_memory_output_stream_new_resizable ();
  report->spool = tool_open_spool (error);
  return report->spool >= 0 ? g_unix_output_stream_new (report->spool, FALSE) : NULL;
}

/* What failed is left out, unless it went out at once. */
gboolean
tool_report_end_result (ToolReport     *report,
                        GOutputStream  *stream,
                        gboolean        is_good,
                        GError        **error)
{
  is_good = is_good && g_output_stream_close (stream, NULL, error);
  if (is_good && G_IS_MEMORY_OUTPUT_STREAM (stream))
    {
      GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (stream);

      g_string_append_len (report->output, g_memory_output_stream_get_data (memory),
                           g_memory_output_stream_get_data_size (memory));
    }
  if (!is_good && report->spool >= 0)
    {
      g_close (report->spool, NULL);
      report->spool = -1;
    }
  return is_good;
}

/* The code of ours that has the MAPI value of the error. */
const char *
tool_error_code (const GError *error)
{
  guint32 scode = imsg_error_get_scode (error);

  if (error->domain == IMSG_ERROR)
    return imsg_error_code_to_name (error->code);
  for (int code = IMSG_ERROR_FAILED; code <= IMSG_ERROR_FOLDER_CYCLE; code++)
    {
      g_autoptr(GError) ours = g_error_new_literal (IMSG_ERROR, code, "");

      if (imsg_error_get_scode (ours) == scode)
        return imsg_error_code_to_name (code);
    }
  return imsg_error_code_to_name (IMSG_ERROR_FAILED);
}

/* What a file says must not steer the terminal: control characters are shown, not sent. */
void
tool_append_clean (GString    *string,
                   const char *text,
                   gboolean    keep_lines)
{
  g_autofree char *valid = NULL;

  if (text == NULL)
    return;
  valid = g_utf8_make_valid (text, -1);
  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (keep_lines && (character == '\n' || character == '\t'))
        g_string_append_c (string, (char) character);
      else if (keep_lines && character == '\r')
        {
          if (at[1] != '\n')
            g_string_append_c (string, '\n');
        }
      else if (character == '\n' || character == '\r' || character == '\t')
        g_string_append_c (string, ' ');
      else if (character < 0x20 || (character >= 0x7F && character < 0xA0))
        g_string_append_printf (string, "\\x%02X", character);
      else
        g_string_append_unichar (string, character);
    }
}

char *
tool_clean (const char *text)
{
  GString *string = g_string_new (NULL);

  tool_append_clean (string, text, FALSE);
  return g_string_free (string, FALSE);
}

gboolean
tool_print (const char *text,
            gssize      length)
{
  gsize n_bytes = length < 0 ? strlen (text) : (gsize) length;

  return fwrite (text, 1, n_bytes, stdout) == n_bytes;
}
