/* verb-storage.c - imsg storage: the storages and streams under a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <gio/gunixoutputstream.h>
#include <stdio.h>
#include <string.h>

#include "tool.h"

typedef struct
{
  char     *action;
  char     *file_name;
  char     *path;
  char     *directory;
  gboolean  force;
} Command;

/* A storage being walked, and where in it the walk is: the tree may be deep, the C stack is not. */
typedef struct
{
  IMsgStorage *storage;
  GFile       *directory; /* for extract */
  char        *path;      /* ends in a slash, but for the root */
  guint        next;
} Level;

typedef gboolean (*Visit) (IMsgStorage       *parent,
                           IMsgStorageEntry  *entry,
                           const Level       *level,
                           guint              depth,
                           gboolean           force,
                           GError           **error);

static void
level_clear (gpointer data)
{
  Level *level = data;

  g_clear_object (&level->storage);
  g_clear_object (&level->directory);
  g_clear_pointer (&level->path, g_free);
}

static void
push (GArray      *levels,
      IMsgStorage *storage,
      GFile       *directory,
      char        *path)
{
  Level level = { g_object_ref (storage), directory != NULL ? g_object_ref (directory) : NULL,
                  path, 0 };

  g_array_append_val (levels, level);
}

/* Visits every entry below, parents before their members. What cannot be opened is complained of. */
static gboolean
walk (IMsgStorage *root,
      GFile       *directory,
      const char  *root_path,
      Visit        visit,
      gboolean     force)
{
  g_autoptr(GArray) levels = g_array_new (FALSE, FALSE, sizeof (Level));
  gboolean is_good = TRUE;

  g_array_set_clear_func (levels, level_clear);
  push (levels, root, directory, g_strdup (root_path));
  while (levels->len > 0)
    {
      Level *level = &g_array_index (levels, Level, levels->len - 1);
      GListModel *entries = imsg_storage_get_entries (level->storage);
      g_autoptr(IMsgStorageEntry) entry = g_list_model_get_item (entries, level->next);
      g_autoptr(GError) error = NULL;

      if (entry == NULL)
        {
          g_array_set_size (levels, levels->len - 1);
          continue;
        }
      level->next++;
      if (!visit (level->storage, entry, level, levels->len - 1, force, &error))
        {
          g_autofree char *where = g_strconcat (level->path, imsg_storage_entry_get_name (entry),
                                                NULL);

          tool_tell (where, error->message);
          is_good = FALSE;
          continue;
        }
      if (imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STORAGE)
        {
          const char *name = imsg_storage_entry_get_name (entry);
          g_autoptr(IMsgStorage) child =
            imsg_storage_open_storage (level->storage, name, IMSG_STORAGE_READ, &error);
          g_autofree char *safe_name = tool_safe_name (name);
          g_autoptr(GFile) inner =
            level->directory != NULL ? g_file_get_child (level->directory, safe_name) : NULL;
          char *path = g_strdup_printf ("%s%s/", level->path, name);

          if (child != NULL)
            push (levels, child, inner, path);
          else
            {
              tool_tell (path, error->message);
              g_free (path);
              is_good = FALSE;
            }
        }
    }
  return is_good;
}

static gboolean
list_entry (IMsgStorage       *parent,
            IMsgStorageEntry  *entry,
            const Level       *level,
            guint              depth,
            gboolean           force,
            GError           **error)
{
  g_autofree char *path = g_strconcat (level->path, imsg_storage_entry_get_name (entry), NULL);
  g_autofree char *clean = tool_clean (path);

  if (imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STORAGE)
    printf ("storage\t-\t%s/\n", clean);
  else
    printf ("stream\t%" G_GUINT64_FORMAT "\t%s\n", imsg_storage_entry_get_size (entry), clean);
  return TRUE;
}

static gboolean
print_branch (IMsgStorage       *parent,
              IMsgStorageEntry  *entry,
              const Level       *level,
              guint              depth,
              gboolean           force,
              GError           **error)
{
  const char *name = imsg_storage_entry_get_name (entry);
  const char *class_id = imsg_storage_entry_get_class_id (entry);
  g_autofree char *clean = tool_clean (name);

  printf ("%*s%s", (int) (2 * (depth + 1)), "", clean);
  if (imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STREAM)
    printf ("  %" G_GUINT64_FORMAT "\n", imsg_storage_entry_get_size (entry));
  else if (class_id != NULL && strspn (class_id, "0-") != strlen (class_id))
    printf ("/  {%s}\n", class_id);
  else
    printf ("/\n");
  return TRUE;
}

static gboolean
copy_stream (IMsgStorage    *storage,
             const char     *name,
             GOutputStream  *output,
             GError        **error)
{
  g_autoptr(GInputStream) input = imsg_storage_open_stream (storage, name, error);

  return input != NULL &&
         g_output_stream_splice (output, input, G_OUTPUT_STREAM_SPLICE_NONE, NULL, error) >= 0;
}

static gboolean
extract_entry (IMsgStorage       *parent,
               IMsgStorageEntry  *entry,
               const Level       *level,
               guint              depth,
               gboolean           force,
               GError           **error)
{
  const char *name = imsg_storage_entry_get_name (entry);
  g_autofree char *safe_name = tool_safe_name (name);
  g_autoptr(GFile) file = g_file_get_child (level->directory, safe_name);
  g_autoptr(GOutputStream) output = NULL;
  gboolean is_good = FALSE;

  /* A link in the place of a folder would lead elsewhere */
  if (imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STORAGE)
    {
      if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL) ==
          G_FILE_TYPE_DIRECTORY)
        return TRUE;
      return g_file_make_directory (file, NULL, error);
    }
  output = tool_create_file (file, force, error);
  if (output == NULL)
    return FALSE;
  is_good = copy_stream (parent, name, output, error);
  return tool_finish_file (output, file, is_good, force, error);
}

/* Finds what a path names; either *storage or *stream_name (with *storage its parent) comes back. */
static gboolean
resolve (IMsgStorage  *root,
         const char   *path,
         IMsgStorage **storage,
         char        **stream_name,
         GError      **error)
{
  g_auto(GStrv) parts = g_strsplit (path != NULL ? path : "", "/", -1);
  g_autoptr(IMsgStorage) current = g_object_ref (root);

  *stream_name = NULL;
  for (char **part = parts; *part != NULL; part++)
    {
      g_autofree char *name = g_uri_unescape_string (*part, NULL);
      g_autoptr(IMsgStorageEntry) entry = NULL;

      if (**part == '\0')
        continue;
      entry = imsg_storage_find_entry (current, *part);
      if (entry == NULL && name != NULL)
        entry = imsg_storage_find_entry (current, name);
      if (entry == NULL || *stream_name != NULL)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("There is no “%s” in it"), path);
          g_clear_pointer (stream_name, g_free);
          return FALSE;
        }
      if (imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STREAM)
        *stream_name = g_strdup (imsg_storage_entry_get_name (entry));
      else
        {
          IMsgStorage *child = imsg_storage_open_storage (current,
                                                          imsg_storage_entry_get_name (entry),
                                                          IMSG_STORAGE_READ, error);

          if (child == NULL)
            return FALSE;
          g_object_unref (current);
          current = child;
        }
    }
  *storage = g_steal_pointer (&current);
  return TRUE;
}

static gboolean
cat (IMsgStorage  *storage,
     const char   *stream_name,
     GError      **error)
{
  g_autoptr(GOutputStream) output = g_unix_output_stream_new (1, FALSE);

  if (stream_name != NULL)
    return copy_stream (storage, stream_name, output, error);
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
               _("It is a storage; “imsg storage list” shows what is in it"));
  return FALSE;
}

static gboolean
extract (Command      *command,
         IMsgStorage  *storage,
         const char   *stream_name,
         gboolean     *is_complete,
         GError      **error)
{
  g_autoptr(GFile) directory = g_file_new_for_commandline_arg (command->directory);
  g_autoptr(GFile) file = NULL;
  g_autoptr(GOutputStream) output = NULL;
  g_autofree char *safe_name = NULL;
  gboolean is_good = FALSE;

  if (!tool_make_directory (directory, error))
    return FALSE;
  if (stream_name == NULL)
    {
      *is_complete = walk (storage, directory, "", extract_entry, command->force);
      return TRUE;
    }
  safe_name = tool_safe_name (stream_name);
  file = g_file_get_child (directory, safe_name);
  output = tool_create_file (file, command->force, error);
  if (output == NULL)
    return FALSE;
  is_good = copy_stream (storage, stream_name, output, error);
  return tool_finish_file (output, file, is_good, command->force, error);
}

static gboolean
perform (Command   *command,
         gboolean  *is_complete,
         GError   **error)
{
  g_autoptr(IMsgStorage) root = tool_open_storage (command->file_name, error);
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autofree char *stream_name = NULL;
  gboolean is_good = TRUE;

  if (root == NULL || !resolve (root, command->path, &storage, &stream_name, error))
    return FALSE;
  if (strcmp (command->action, "cat") == 0)
    is_good = cat (storage, stream_name, error);
  else if (strcmp (command->action, "extract") == 0)
    is_good = extract (command, storage, stream_name, is_complete, error);
  else if (stream_name != NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                   _("It is a stream; “imsg storage cat” prints it"));
      is_good = FALSE;
    }
  else if (strcmp (command->action, "list") == 0)
    *is_complete = walk (storage, NULL, "", list_entry, FALSE);
  else
    {
      g_autofree char *class_id = imsg_storage_dup_class_id (storage);
      g_autofree char *clean = tool_clean (command->file_name);

      printf ("%s  {%s}\n", clean, class_id != NULL ? class_id : "");
      *is_complete = walk (storage, NULL, "", print_branch, FALSE);
    }
  problems = imsg_storage_list_problems (root);
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    {
      const IMsgProblem *problem = g_ptr_array_index (problems, i);

      tool_tell (imsg_problem_get_where (problem), imsg_problem_get_text (problem));
    }
  imsg_storage_close (root);
  return is_good;
}

static int
run (Command  *command,
     char    **arguments)
{
  static const char *const actions[] = { "list", "tree", "cat", "extract", NULL };
  guint n_arguments = arguments != NULL ? g_strv_length (arguments) : 0;
  g_autoptr(GError) error = NULL;
  gboolean is_complete = TRUE;

  if (n_arguments < 2 || n_arguments > 3)
    return tool_usage ("%s", _("An action and a file are needed"));
  command->action = arguments[0];
  command->file_name = arguments[1];
  command->path = arguments[2];
  if (!g_strv_contains (actions, command->action))
    return tool_usage (_("“%s” is no action: it is list, tree, cat or extract"), command->action);
  if (strcmp (command->action, "cat") == 0 && command->path == NULL)
    return tool_usage ("%s", _("Say which stream to print"));
  if (strcmp (command->action, "extract") == 0 && command->directory == NULL)
    return tool_usage ("%s", _("Say with -C which folder the files go into"));
  if (perform (command, &is_complete, &error))
    return is_complete ? TOOL_OK : TOOL_FAILED;
  tool_tell_error (command->file_name, error);
  return TOOL_FAILED;
}

int
verb_storage (int    argc,
              char **argv)
{
  g_autoptr(GOptionContext) context = NULL;
  Command command = { NULL };
  g_auto(GStrv) arguments = NULL;
  int result = TOOL_USAGE;
  const GOptionEntry entries[] = {
    { "directory", 'C', 0, G_OPTION_ARG_FILENAME, &command.directory,
      N_("Extract into the folder DIR, which is made if need be"), N_("DIR") },
    { "force", 'f', 0, G_OPTION_ARG_NONE, &command.force, N_("Replace files that exist"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  context = tool_context_new (_("list|tree|cat|extract FILE [PATH]"),
                              _("Lists the storages and streams of a compound file, prints a "
                                "stream, or writes them to a folder. A PATH has slashes between "
                                "its names; %XX stands for a character that cannot be typed."),
                              entries);
  if (tool_context_parse (context, &argc, &argv))
    result = run (&command, arguments);
  g_free (command.directory);
  return result;
}
