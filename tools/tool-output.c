/* tool-output.c - writing files, never over others and never outside of the folder
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tool.h"

/* Room for a number and an ending in a name of at most 255 bytes */
#define MAX_NAME_BYTES 200

/* A new file, or with force one that takes the place of what has the name (a link included). */
GOutputStream *
tool_create_file (GFile     *file,
                  gboolean   force,
                  GError   **error)
{
  GError *own_error = NULL;
  GFileOutputStream *stream = NULL;

  if (force)
    return G_OUTPUT_STREAM (g_file_replace (file, NULL, FALSE,
                                            G_FILE_CREATE_REPLACE_DESTINATION, NULL, error));
  stream = g_file_create (file, G_FILE_CREATE_NONE, NULL, &own_error);
  if (g_error_matches (own_error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    {
      g_autofree char *name = g_file_get_parse_name (file);

      g_clear_error (&own_error);
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION,
                   _("%s exists; --force replaces it"), name);
    }
  else if (own_error != NULL)
    g_propagate_error (error, own_error);
  return G_OUTPUT_STREAM (stream);
}

/* Closes the file; one that was not finished goes away again. */
gboolean
tool_finish_file (GOutputStream  *stream,
                  GFile          *file,
                  gboolean        is_good,
                  gboolean        force,
                  GError        **error)
{
  g_autoptr(GCancellable) cancelled = NULL;

  if (is_good && g_output_stream_close (stream, NULL, error))
    return TRUE;
  /* A cancelled close of a replacing stream leaves the old file */
  cancelled = g_cancellable_new ();
  g_cancellable_cancel (cancelled);
  g_output_stream_close (stream, cancelled, NULL);
  if (!force)
    g_file_delete (file, NULL, NULL);
  return FALSE;
}

/* Before a file is written by its name. Without force the name must be free, and is taken; with it
 * the file there is replaced, but none that a link leads to. */
gboolean
tool_claim_file (GFile     *file,
                 gboolean   force,
                 GError   **error)
{
  g_autoptr(GOutputStream) stream = NULL;

  if (!force)
    {
      stream = tool_create_file (file, FALSE, error);
      return stream != NULL && g_output_stream_close (stream, NULL, error);
    }
  return g_file_query_file_type (file, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL) !=
           G_FILE_TYPE_SYMBOLIC_LINK ||
         g_file_delete (file, NULL, error);
}

gboolean
tool_make_directory (GFile   *directory,
                     GError **error)
{
  g_autoptr(GError) own_error = NULL;

  if (g_file_make_directory_with_parents (directory, NULL, &own_error) ||
      g_error_matches (own_error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&own_error));
  return FALSE;
}

/* The last part of a name without its ending, for the results made from it. */
char *
tool_stem (const char *name)
{
  g_autofree char *base = NULL;
  char *dot = NULL;

  if (strcmp (name, "-") == 0)
    return g_strdup ("message");
  base = g_path_get_basename (name);
  dot = strrchr (base, '.');
  /* What is nothing but dots would name this folder, or the one around it */
  if (dot != NULL && strspn (base, ".") < (gsize) (dot - base))
    *dot = '\0';
  return strspn (base, ".") < strlen (base) ? g_steal_pointer (&base) : g_strdup ("message");
}

/* The name of a stream or storage as a file name: reversible, and harmless everywhere. */
char *
tool_safe_name (const char *name)
{
  GString *safe = g_string_new (NULL);

  for (const char *at = name; *at != '\0'; at++)
    {
      guchar byte = (guchar) *at;

      if (byte < 0x20 || byte == 0x7F || strchr ("%/\\:*?\"<>|", byte) != NULL ||
          (byte == '.' && at == name))
        g_string_append_printf (safe, "%%%02X", byte);
      else
        g_string_append_c (safe, *at);
    }
  if (safe->len == 0)
    g_string_append (safe, "%00");
  return g_string_free (safe, FALSE);
}

ToolFolder *
tool_folder_new (GFile    *directory,
                 gboolean  force)
{
  ToolFolder *self = g_new0 (ToolFolder, 1);

  self->directory = g_object_ref (directory);
  self->taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->force = force;
  return self;
}

void
tool_folder_free (ToolFolder *self)
{
  g_object_unref (self->directory);
  g_hash_table_unref (self->taken);
  g_free (self);
}

/* Cuts at a character's boundary, where it is UTF-8: a name of a file is any bytes. */
static char *
cut (const char *text,
     gsize       max_bytes)
{
  gsize length = strlen (text);

  if (length > max_bytes)
    for (length = max_bytes; length > 0 && (text[length] & 0xC0) == 0x80; length--)
      ;
  return g_strndup (text, length);
}

/* Names that a file system may take for one have the same. */
static char *
fold (const char *name)
{
  return g_utf8_validate (name, -1, NULL) ? g_utf8_casefold (name, -1)
                                          : g_ascii_strdown (name, -1);
}

/* A file in the folder under a name that this run has not used: "a.txt", then "a (2).txt". */
GFile *
tool_folder_get_file (ToolFolder *self,
                      const char *safe_name)
{
  const char *dot = strrchr (safe_name, '.');
  g_autofree char *ending = NULL;
  g_autofree char *whole_stem = NULL;
  g_autofree char *stem = NULL;

  if (dot == NULL || dot == safe_name || strlen (dot) > 20)
    dot = safe_name + strlen (safe_name);
  ending = g_strdup (dot);
  whole_stem = g_strndup (safe_name, dot - safe_name);
  stem = cut (whole_stem, MAX_NAME_BYTES);
  for (guint number = 1;; number++)
    {
      g_autofree char *name = number == 1 ? g_strconcat (stem, ending, NULL)
                                          : g_strdup_printf ("%s (%u)%s", stem, number, ending);
      char *folded = fold (name);
      guint n_seen = GPOINTER_TO_UINT (g_hash_table_lookup (self->taken, folded));

      /* Of many files with one name each would try all the numbers before its own */
      g_hash_table_insert (self->taken, folded, GUINT_TO_POINTER (MAX (n_seen, number) + 1));
      if (n_seen == 0)
        return g_file_get_child (self->directory, name);
      if (number == 1)
        number = n_seen - 1;
    }
}
