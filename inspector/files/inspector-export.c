/* inspector-export.c - a message in other formats
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-export.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_NAME_CHARS 80

typedef gboolean (*ExportFunc) (IMsgMessage    *message,
                                GOutputStream  *stream,
                                GCancellable   *cancellable,
                                GPtrArray     **losses,
                                GError        **error);

static gboolean
export_text (IMsgMessage    *message,
             GOutputStream  *stream,
             GCancellable   *cancellable,
             GPtrArray     **losses,
             GError        **error)
{
  return imsg_message_export_body (message, IMSG_BODY_FORMAT_TEXT, stream, NULL, losses, error);
}

static gboolean
export_html (IMsgMessage    *message,
             GOutputStream  *stream,
             GCancellable   *cancellable,
             GPtrArray     **losses,
             GError        **error)
{
  return imsg_message_export_body (message, IMSG_BODY_FORMAT_HTML, stream, NULL, losses, error);
}

static gboolean
export_rtf (IMsgMessage    *message,
            GOutputStream  *stream,
            GCancellable   *cancellable,
            GPtrArray     **losses,
            GError        **error)
{
  return imsg_message_export_body (message, IMSG_BODY_FORMAT_RTF, stream, NULL, losses, error);
}

static gboolean
export_eml (IMsgMessage    *message,
            GOutputStream  *stream,
            GCancellable   *cancellable,
            GPtrArray     **losses,
            GError        **error)
{
  return imsg_message_export_mime_full (message, stream, IMSG_MIME_EXPORT_ARCHIVE, cancellable,
                                        losses, error);
}

static gboolean
export_ics (IMsgMessage    *message,
            GOutputStream  *stream,
            GCancellable   *cancellable,
            GPtrArray     **losses,
            GError        **error)
{
  return imsg_message_export_icalendar (message, stream, cancellable, losses, error);
}

static gboolean
export_vcf (IMsgMessage    *message,
            GOutputStream  *stream,
            GCancellable   *cancellable,
            GPtrArray     **losses,
            GError        **error)
{
  return imsg_message_export_vcard (message, stream, cancellable, losses, error);
}

static gboolean
export_json (IMsgMessage    *message,
             GOutputStream  *stream,
             GCancellable   *cancellable,
             GPtrArray     **losses,
             GError        **error)
{
  g_autofree char *json = NULL;

  json = imsg_message_to_json (message, IMSG_JSON_BODIES | IMSG_JSON_PRETTY, cancellable, error);
  return json != NULL &&
         g_output_stream_write_all (stream, json, strlen (json), NULL, NULL, error);
}

/* On a filter: the ending it stands for; on a chooser: the filter that its name began with */
#define SUFFIX_KEY "inspector-suffix"
#define SUGGESTED_KEY "inspector-suggested"

/* Our own files are written whole by the library itself, and need no function */
static const struct { const char *suffix; const char *name; ExportFunc func; } formats[] = {
  { "eml", N_("Internet mail (.eml)"), export_eml },
  { "txt", N_("Plain text (.txt)"), export_text },
  { "html", N_("HTML (.html)"), export_html },
  { "rtf", N_("Rich text (.rtf)"), export_rtf },
  { "ics", N_("Calendar (.ics)"), export_ics },
  { "vcf", N_("Contact (.vcf)"), export_vcf },
  { "json", N_("All properties (.json)"), export_json },
  { "msg", N_("Outlook message (.msg)"), NULL },
  { "oft", N_("Outlook template (.oft)"), NULL },
};

/* Beside the file, so that a file that is there stays until the export is done, however large */
static gboolean
export_whole (IMsgMessage   *message,
              ExportFunc     func,
              GFile         *file,
              GCancellable  *cancellable,
              GPtrArray    **losses,
              GError       **error)
{
  g_autoptr(GFile) folder = g_file_get_parent (file);
  g_autofree char *unique = g_uuid_string_random ();
  g_autofree char *name = g_strdup_printf (".%s.export", unique);
  g_autoptr(GFile) written = folder != NULL ? g_file_get_child (folder, name) : g_object_ref (file);
  g_autoptr(GFileOutputStream) stream = g_file_create (written, G_FILE_CREATE_NONE, cancellable,
                                                       error);

  if (stream == NULL)
    return FALSE;
  if (func (message, G_OUTPUT_STREAM (stream), cancellable, losses, error) &&
      g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, error) &&
      (folder == NULL || g_file_move (written, file, G_FILE_COPY_OVERWRITE, cancellable, NULL, NULL,
                                      error)))
    return TRUE;
  g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, NULL);
  g_file_delete (written, NULL, NULL);
  return FALSE;
}

/* The place of the format that a name ends in, or that of none */
static guint
find_format (const char *name)
{
  const char *dot = strrchr (name, '.');
  guint i = 0;

  while (i < G_N_ELEMENTS (formats) &&
         (dot == NULL || g_ascii_strcasecmp (dot + 1, formats[i].suffix) != 0))
    i++;
  return i;
}

gboolean
inspector_export_message (IMsgMessage   *message,
                          GFile         *file,
                          GCancellable  *cancellable,
                          GPtrArray    **losses,
                          GError       **error)
{
  g_autofree char *name = g_file_get_basename (file);
  guint format = find_format (name);

  if (format < G_N_ELEMENTS (formats))
    return formats[format].func == NULL
             ? imsg_message_write_to_file (message, file, cancellable, error)
             : export_whole (message, formats[format].func, file, cancellable, losses, error);
  g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                       _("The ending of the name must be one of eml, txt, html, rtf, ics, vcf, "
                         "json, msg and oft."));
  return FALSE;
}

static gboolean
is_possible (IMsgMessage *message,
             const char  *suffix)
{
  if (g_str_equal (suffix, "ics"))
    return imsg_message_is_calendar (message);
  if (g_str_equal (suffix, "vcf"))
    return imsg_message_is_contact (message);
  return TRUE;
}

void
inspector_export_add_filters (GtkFileChooser *chooser,
                              IMsgMessage    *message,
                              const char     *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr(GtkFileFilter) filter = NULL;

      if (!is_possible (message, formats[i].suffix))
        continue;
      filter = gtk_file_filter_new ();
      gtk_file_filter_set_name (filter, _(formats[i].name));
      gtk_file_filter_add_suffix (filter, formats[i].suffix);
      g_object_set_data (G_OBJECT (filter), SUFFIX_KEY, (gpointer) formats[i].suffix);
      gtk_file_chooser_add_filter (chooser, filter);
      if (!g_str_has_suffix (name, formats[i].suffix))
        continue;
      gtk_file_chooser_set_filter (chooser, filter);
      g_object_set_data_full (G_OBJECT (chooser), SUGGESTED_KEY, g_object_ref (filter),
                              g_object_unref);
    }
}

/* (transfer full): what to export to. The ending says how; who chose another format in the list
 * wants that one, and a name without an ending gets that of the list. */
GFile *
inspector_export_get_chosen_file (GtkFileChooser *chooser)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file (chooser);
  g_autoptr(GFile) folder = g_file_get_parent (file);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *renamed = NULL;
  GtkFileFilter *filter = gtk_file_chooser_get_filter (chooser);
  const char *suffix = filter != NULL ? g_object_get_data (G_OBJECT (filter), SUFFIX_KEY) : NULL;
  gboolean has_format = find_format (name) < G_N_ELEMENTS (formats);

  if (suffix == NULL || folder == NULL ||
      (has_format && filter == g_object_get_data (G_OBJECT (chooser), SUGGESTED_KEY)))
    return g_steal_pointer (&file);
  /* Any other dot is part of the name */
  if (has_format)
    *strrchr (name, '.') = '\0';
  renamed = g_strdup_printf ("%s.%s", name, suffix);
  return g_file_get_child (folder, renamed);
}

char *
inspector_export_suggest_name (IMsgMessage *message,
                               const char  *suffix)
{
  const char *subject = imsg_message_get_subject (message);
  g_autoptr(GString) name = g_string_new (NULL);
  guint n_chars = 0;

  for (const char *at = subject != NULL ? subject : ""; *at != '\0' && n_chars < MAX_NAME_CHARS;
       at = g_utf8_next_char (at), n_chars++)
    {
      gunichar character = g_utf8_get_char (at);

      if (character < 128 && strchr ("/\\:*?\"<>|", (char) character) != NULL)
        g_string_append_c (name, '_');
      else if (g_unichar_isprint (character) && g_unichar_type (character) != G_UNICODE_FORMAT)
        g_string_append_unichar (name, character);
    }
  g_strstrip (name->str);
  name->len = strlen (name->str);
  while (name->len > 0 && name->str[0] == '.')
    g_string_erase (name, 0, 1);
  if (name->len == 0)
    g_string_assign (name, _("Untitled"));
  g_string_append_printf (name, ".%s", suffix);
  return g_string_free (g_steal_pointer (&name), FALSE);
}
