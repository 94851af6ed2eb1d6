/* inspector-recovery.c - what is not saved, kept where a crash does not reach it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-recovery.h"

#include "inspector-work.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/* In the folder of this process, which it holds locked: NAME.msg is the message, NAME.ini tells
 * its title and where it came from. A folder that nobody holds belonged to a process that is gone. */
#define FOLDER "imsg-inspector" G_DIR_SEPARATOR_S "recovery"
#define LOCK "lock"
#define GROUP "Message"
/* A change is kept soon, but a message that changes all the time not all the time */
#define DELAY_MS 100
#define INTERVAL_MS 1000
#define MAX_RECOVERED 1000
#define MAX_AT_ONCE 20
#define NAME_KEY "inspector-recovery-name"
#define ORIGINAL_KEY "inspector-original"

struct _InspectorRecovery
{
  GObject        parent_instance;

  InspectorView *view;
  IMsgSession   *session;
  GHashTable    *names;      /* (element-type utf8): of the copies this window has */
  guint          source;
  gint64         kept_at_us;  /* when copies were last made */
  guint          is_ended : 1;
};

G_DEFINE_FINAL_TYPE (InspectorRecovery, inspector_recovery, G_TYPE_OBJECT)

static char *
dup_parent_folder (void)
{
  return g_build_filename (g_get_user_state_dir (), FOLDER, NULL);
}

/* Takes the lock of a folder; -1 when somebody has it */
static int
lock_folder (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, LOCK, NULL);
  int fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      close (fd);
      return -1;
    }
  return fd;
}

/* The folder of this process; NULL when it cannot be made. Called by workers. */
static const char *
get_own_folder (void)
{
  static GMutex mutex;
  static char *own = NULL;

  g_mutex_lock (&mutex);
  if (own == NULL)
    {
      g_autofree char *parent = dup_parent_folder ();
      g_autofree char *name = g_uuid_string_random ();
      g_autofree char *folder = g_build_filename (parent, name, NULL);

      /* The lock is held until the process ends, in whatever way */
      if (g_mkdir_with_parents (folder, 0700) == 0 && lock_folder (folder) >= 0)
        own = g_steal_pointer (&folder);
    }
  g_mutex_unlock (&mutex);
  return own;
}

static void
remove_copy (const char *folder,
             const char *name)
{
  static const char * const endings[] = { ".ini", ".msg" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *file = g_strconcat (name, endings[i], NULL);
      g_autofree char *path = g_build_filename (folder, file, NULL);

      g_unlink (path);
    }
}

/* --- writing --- */

typedef struct
{
  char *name;
  char *title;
  char *original;  /* URI; NULL for none */
} Copy;

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  g_free (copy->name);
  g_free (copy->title);
  g_free (copy->original);
  g_free (copy);
}

static gboolean
write_private (const char  *folder,
               const char  *name,
               const char  *ending,
               const char  *data,
               gsize        length,
               GError     **error)
{
  g_autofree char *file = g_strconcat (name, ending, NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  return g_file_set_contents_full (path, data, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                   error);
}

static gpointer
write_in_thread (IMsgMessage   *snapshot,
                 gpointer       data,
                 GCancellable  *cancellable,
                 GError       **error)
{
  const Copy *copy = data;
  const char *folder = get_own_folder ();
  g_autoptr(GBytes) bytes = imsg_message_write_to_bytes (snapshot, cancellable, error);
  g_autoptr(GKeyFile) facts = g_key_file_new ();
  g_autofree char *text = NULL;
  gsize length = 0;

  if (bytes == NULL)
    return NULL;
  if (folder == NULL)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      return NULL;
    }
  g_key_file_set_string (facts, GROUP, "Title", copy->title);
  if (copy->original != NULL)
    g_key_file_set_string (facts, GROUP, "Original", copy->original);
  text = g_key_file_to_data (facts, &length, NULL);
  /* The message first: what tells of it must never be alone */
  if (write_private (folder, copy->name, ".msg", g_bytes_get_data (bytes, NULL),
                     g_bytes_get_size (bytes), error))
    write_private (folder, copy->name, ".ini", text, length, error);
  return NULL;
}

static void changed_cb (InspectorRecovery *self);

static const char *
get_name (IMsgMessage *message)
{
  const char *name = g_object_get_data (G_OBJECT (message), NAME_KEY);

  if (name == NULL)
    {
      g_object_set_data_full (G_OBJECT (message), NAME_KEY, g_uuid_string_random (), g_free);
      name = g_object_get_data (G_OBJECT (message), NAME_KEY);
    }
  return name;
}

static void
drop (InspectorRecovery *self,
      const char        *name)
{
  if (get_own_folder () != NULL)
    remove_copy (get_own_folder (), name);
  g_hash_table_remove (self->names, name);
}

typedef struct
{
  InspectorRecovery *self;
  IMsgMessage       *message;
} Written;

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Written *written = user_data;
  g_autoptr(GError) error = NULL;
  const char *name = g_object_get_data (G_OBJECT (written->message), NAME_KEY);

  /* A disk that is full must not get in the way of the work: the copy is only missing */
  inspector_work_run_finish (result, &error);
  if (error != NULL)
    g_debug ("No copy was kept: %s", error->message);
  /* It may have been saved, or let go of, while it was written */
  if (written->self->is_ended || !g_hash_table_contains (written->self->names, name))
    drop (written->self, name);
  g_object_unref (written->self);
  g_object_unref (written->message);
  g_free (written);
}

static void
keep (InspectorRecovery *self,
      IMsgMessage       *message)
{
  GFile *original = imsg_message_get_file (message);
  const char *subject = imsg_message_get_subject (message);
  Copy *copy = g_new0 (Copy, 1);
  Written *written = g_new0 (Written, 1);

  if (original == NULL)
    original = g_object_get_data (G_OBJECT (message), ORIGINAL_KEY);
  copy->name = g_strdup (get_name (message));
  copy->title = g_strdup (subject != NULL ? subject : "");
  copy->original = original != NULL ? g_file_get_uri (original) : NULL;
  g_hash_table_add (self->names, g_strdup (copy->name));
  written->self = g_object_ref (self);
  written->message = g_object_ref (message);
  inspector_work_run_async (message, write_in_thread, copy, copy_free, NULL, NULL, written_cb,
                            written);
}

/* Whether it is the message that somebody works on, or holds that one */
static gboolean
is_worked_on (InspectorRecovery *self,
              IMsgMessage       *root)
{
  IMsgMessage *message = inspector_view_get_message (self->view);

  while (message != NULL && message != root)
    {
      IMsgAttachment *parent = imsg_message_get_parent (message);

      message = parent != NULL ? imsg_attachment_get_message (parent) : NULL;
    }
  return message == root;
}

static gboolean
update_cb (gpointer user_data)
{
  InspectorRecovery *self = user_data;
  GListModel *messages = imsg_session_get_messages (inspector_view_get_session (self->view));
  guint n_kept = 0;
  g_autoptr(GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer name;

  self->source = 0;
  self->kept_at_us = g_get_monotonic_time ();
  if (self->is_ended || imsg_session_is_closed (inspector_view_get_session (self->view)))
    return G_SOURCE_REMOVE;
  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(IMsgMessage) message = g_list_model_get_item (messages, i);

      if (!imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)))
        continue;
      g_hash_table_add (wanted, (gpointer) get_name (message));
      if (g_hash_table_contains (self->names, get_name (message)) && !is_worked_on (self, message))
        continue;
      if (n_kept++ < MAX_AT_ONCE)
        keep (self, message);
      else
        changed_cb (self);
    }
  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      if (!g_hash_table_contains (wanted, name))
        g_ptr_array_add (gone, g_strdup (name));
    }
  for (guint i = 0; i < gone->len; i++)
    drop (self, g_ptr_array_index (gone, i));
  return G_SOURCE_REMOVE;
}

static void
changed_cb (InspectorRecovery *self)
{
  gint64 since_ms = (g_get_monotonic_time () - self->kept_at_us) / 1000;
  gint64 delay_ms = self->kept_at_us == 0 ? DELAY_MS : MAX (INTERVAL_MS - since_ms, DELAY_MS);

  if (self->source == 0 && !self->is_ended)
    self->source = g_timeout_add ((guint) delay_ms, update_cb, self);
}

static void
session_changed_cb (InspectorRecovery *self)
{
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, inspector_view_get_session (self->view));
  g_signal_connect_object (self->session, "notify::has-unsaved-changes", G_CALLBACK (changed_cb),
                           self, G_CONNECT_SWAPPED);
  changed_cb (self);
}

static void
inspector_recovery_dispose (GObject *object)
{
  InspectorRecovery *self = INSPECTOR_RECOVERY (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->session);
  g_clear_object (&self->view);

  G_OBJECT_CLASS (inspector_recovery_parent_class)->dispose (object);
}

static void
inspector_recovery_finalize (GObject *object)
{
  g_hash_table_unref (INSPECTOR_RECOVERY (object)->names);

  G_OBJECT_CLASS (inspector_recovery_parent_class)->finalize (object);
}

static void
inspector_recovery_class_init (InspectorRecoveryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inspector_recovery_dispose;
  G_OBJECT_CLASS (klass)->finalize = inspector_recovery_finalize;
}

static void
inspector_recovery_init (InspectorRecovery *self)
{
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

InspectorRecovery *
inspector_recovery_new (InspectorView *view)
{
  InspectorRecovery *self = g_object_new (INSPECTOR_TYPE_RECOVERY, NULL);

  self->view = g_object_ref (view);
  g_signal_connect_object (view, "notify::session", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (inspector_view_get_history (view), "changed", G_CALLBACK (changed_cb),
                           self, G_CONNECT_SWAPPED);
  session_changed_cb (self);
  return self;
}

void
inspector_recovery_discard (InspectorRecovery *self)
{
  g_autofree char **names = NULL;

  g_return_if_fail (INSPECTOR_IS_RECOVERY (self));

  self->is_ended = TRUE;
  names = (char **) g_hash_table_get_keys_as_array (self->names, NULL);
  for (guint i = 0; names[i] != NULL; i++)
    remove_copy (get_own_folder (), names[i]);
  g_hash_table_remove_all (self->names);
}

/* --- after a crash --- */

void
inspector_recovered_free (gpointer recovered)
{
  InspectorRecovered *self = recovered;

  g_free (self->path);
  g_free (self->title);
  g_clear_object (&self->original);
  g_free (self);
}

/* What one folder has; one with nothing in it goes */
static void
read_folder (const char *folder,
             GPtrArray  *found)
{
  g_autoptr(GDir) directory = g_dir_open (folder, 0, NULL);
  const char *file = NULL;
  guint n_found = found->len;

  while (directory != NULL && found->len < MAX_RECOVERED &&
         (file = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, file, NULL);
      g_autofree char *stem = NULL;
      g_autofree char *facts_path = NULL;
      g_autofree char *uri = NULL;
      g_autoptr(GKeyFile) facts = g_key_file_new ();
      InspectorRecovered *recovered = NULL;

      if (!g_str_has_suffix (path, ".msg"))
        continue;
      stem = g_strndup (path, strlen (path) - strlen (".msg"));
      facts_path = g_strconcat (stem, ".ini", NULL);
      g_key_file_load_from_file (facts, facts_path, G_KEY_FILE_NONE, NULL);
      uri = g_key_file_get_string (facts, GROUP, "Original", NULL);
      recovered = g_new0 (InspectorRecovered, 1);
      recovered->path = g_steal_pointer (&path);
      recovered->title = g_key_file_get_string (facts, GROUP, "Title", NULL);
      recovered->original = uri != NULL ? g_file_new_for_uri (uri) : NULL;
      g_ptr_array_add (found, recovered);
    }
  if (found->len == n_found)
    {
      g_autofree char *lock = g_build_filename (folder, LOCK, NULL);

      g_unlink (lock);
      g_rmdir (folder);
    }
}

static gpointer
find_in_thread (IMsgMessage   *snapshot,
                gpointer       data,
                GCancellable  *cancellable,
                GError       **error)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (inspector_recovered_free);
  g_autofree char *parent = dup_parent_folder ();
  g_autoptr(GDir) directory = g_dir_open (parent, 0, NULL);
  const char *name = NULL;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *folder = g_build_filename (parent, name, NULL);
      int fd = lock_folder (folder);

      if (fd < 0)
        continue;
      read_folder (folder, found);
      close (fd);
    }
  return found;
}

void
inspector_recovery_find_async (GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  inspector_work_run_async (NULL, find_in_thread, NULL, NULL, (GDestroyNotify) g_ptr_array_unref,
                            cancellable, callback, user_data);
}

GPtrArray *
inspector_recovery_find_finish (GAsyncResult  *result,
                                GError       **error)
{
  return inspector_work_run_finish (result, error);
}

static void
remove_recovered (const InspectorRecovered *recovered)
{
  g_autofree char *folder = g_path_get_dirname (recovered->path);
  g_autofree char *file = g_path_get_basename (recovered->path);
  g_autofree char *lock = g_build_filename (folder, LOCK, NULL);

  file[strlen (file) - strlen (".msg")] = '\0';
  remove_copy (folder, file);
  /* The last one takes the folder along */
  g_unlink (lock);
  g_rmdir (folder);
}

void
inspector_recovery_take (InspectorRecovery  *self,
                         IMsgMessage        *message,
                         InspectorRecovered *recovered)
{
  const char *folder = get_own_folder ();
  const char *name = get_name (message);
  g_autofree char *file = g_strconcat (name, ".msg", NULL);
  g_autofree char *path = folder != NULL ? g_build_filename (folder, file, NULL) : NULL;

  g_return_if_fail (INSPECTOR_IS_RECOVERY (self));

  if (recovered->original != NULL)
    g_object_set_data_full (G_OBJECT (message), ORIGINAL_KEY, g_object_ref (recovered->original),
                            g_object_unref);
  g_hash_table_add (self->names, g_strdup (name));
  if (path != NULL && g_rename (recovered->path, path) == 0)
    remove_recovered (recovered);
  changed_cb (self);
}

void
inspector_recovery_forget (GPtrArray *recovered)
{
  for (guint i = 0; i < recovered->len; i++)
    remove_recovered (g_ptr_array_index (recovered, i));
}
