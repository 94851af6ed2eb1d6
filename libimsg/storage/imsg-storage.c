/* imsg-storage.c - a tree of storages and streams, changed all at once or not at all
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-enum-types.h"
#include "imsg-problem-private.h"
#include "imsg-storage-object-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * IMsgStorage:
 *
 * A tree of storages and streams: what messages live on, as `IStorage` is for MAPI.
 *
 * A storage is read-only, or it is read/write and then always transacted: what is changed stays
 * in memory (large streams in temporary files) until [method@IMsg.Storage.commit] of the root
 * writes a whole new file and puts it in the place of the old one. A commit that fails leaves the
 * file as it was and the changes where they are; [method@IMsg.Storage.revert] drops them.
 *
 * A storage inside another belongs to its parent's transaction, unless it was opened with
 * %IMSG_STORAGE_TRANSACTED: then its changes are its own until it is committed, which makes them
 * part of the parent's. Reverting or closing a storage ends what was opened from it: every call
 * on an ended storage fails with %IMSG_ERROR_CLOSED, on its streams with %G_IO_ERROR_CLOSED.
 *
 * Names are compared without case, and have 1 to 31 UTF-16 units, none of them one of `/ \ : !`.
 * What was not changed is carried over byte for byte, whatever it is.
 *
 * ```c
 * g_autoptr(GFile) file = g_file_new_for_path ("message.msg");
 * g_autoptr(IMsgStorage) storage = imsg_storage_open_file (file, IMSG_STORAGE_READ_WRITE, NULL,
 *                                                          &error);
 * g_autoptr(GBytes) bytes = g_bytes_new_static ("hello", 5);
 *
 * if (storage == NULL ||
 *     !imsg_storage_write_stream (storage, "Note", bytes, &error) ||
 *     !imsg_storage_commit (storage, IMSG_COMMIT_DEFAULT, NULL, &error))
 *   return FALSE;
 * ```
 *
 * A storage is used by one thread at a time.
 *
 * Source: `IStorage`, `StgOpenStorage`; [MS-CFB].
 *
 * Since: 1.0
 */
/**
 * IMsgStorageFlags:
 * @IMSG_STORAGE_READ: for reading only (`STGM_READ`)
 * @IMSG_STORAGE_READ_WRITE: for changing too (`STGM_READWRITE`)
 * @IMSG_STORAGE_TRANSACTED: a member gets a transaction of its own (`STGM_TRANSACTED`); roots
 *   always have one
 * @IMSG_STORAGE_REPLACE: what is created may take the place of what is there (`STGM_CREATE`)
 * @IMSG_STORAGE_LARGE_SECTORS: a new file has sectors of 4096 bytes
 *
 * How a storage is opened or created.
 *
 * Since: 1.0
 */
/**
 * IMsgCommitFlags:
 * @IMSG_COMMIT_DEFAULT: nothing special
 * @IMSG_COMMIT_FORCE: also when the file was changed or removed by somebody else (`FORCE_SAVE`)
 *
 * How a storage is committed.
 *
 * Since: 1.0
 */

G_DEFINE_FINAL_TYPE (IMsgStorage, imsg_storage, G_TYPE_OBJECT)

GParamSpec *_imsg_storage_properties[IMSG_STORAGE_N_PROPS];

void
_imsg_storage_notify (IMsgStorage *self,
                      guint        property)
{
  g_object_notify_by_pspec (G_OBJECT (self), _imsg_storage_properties[property]);
}

IMsgStorage *
_imsg_storage_get_root (IMsgStorage *self)
{
  while (self->parent != NULL)
    self = self->parent;
  return self;
}

gboolean
_imsg_storage_check_open (IMsgStorage  *self,
                          GError      **error)
{
  if (!self->is_closed)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The storage “%s” is closed"),
               imsg_storage_get_name (self));
  return FALSE;
}

gboolean
_imsg_storage_check_writable (IMsgStorage  *self,
                              GError      **error)
{
  if (!_imsg_storage_check_open (self, error))
    return FALSE;
  if (!self->is_writable)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS,
                   _("The storage “%s” is open for reading only"), imsg_storage_get_name (self));
      return FALSE;
    }
  return TRUE;
}

void
_imsg_storage_set_modified (IMsgStorage *self,
                            gboolean     is_modified)
{
  if (self->is_modified == is_modified)
    return;
  self->is_modified = is_modified;
  _imsg_storage_notify (self, IMSG_STORAGE_PROP_MODIFIED);
}

static void
root_free (IMsgStorageRoot *root)
{
  g_clear_object (&root->file);
  g_clear_pointer (&root->source, _imsg_source_unref);
  g_clear_pointer (&root->problems, g_ptr_array_unref);
  g_free (root->identity);
  g_free (root->etag);
  g_free (root);
}

static void
imsg_storage_dispose (GObject *object)
{
  IMsgStorage *self = IMSG_STORAGE (object);

  if (self->parent != NULL)
    _imsg_storage_forget_child (self->parent, self);
  if (self->entries != NULL)
    {
      _imsg_storage_entries_detach (self->entries);
      g_clear_object (&self->entries);
    }
  g_clear_object (&self->parent);

  G_OBJECT_CLASS (imsg_storage_parent_class)->dispose (object);
}

static void
imsg_storage_finalize (GObject *object)
{
  IMsgStorage *self = IMSG_STORAGE (object);

  g_clear_pointer (&self->node, _imsg_node_unref);
  g_clear_pointer (&self->base, _imsg_node_unref);
  g_clear_pointer (&self->children, g_hash_table_unref);
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  g_clear_pointer (&self->root, root_free);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (imsg_storage_parent_class)->finalize (object);
}

static void
imsg_storage_get_property (GObject    *object,
                           guint       property_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  IMsgStorage *self = IMSG_STORAGE (object);

  switch (property_id)
    {
    case IMSG_STORAGE_PROP_NAME:
      g_value_set_string (value, imsg_storage_get_name (self));
      break;

    case IMSG_STORAGE_PROP_FILE:
      g_value_set_object (value, imsg_storage_get_file (self));
      break;

    case IMSG_STORAGE_PROP_PARENT:
      g_value_set_object (value, self->parent);
      break;

    case IMSG_STORAGE_PROP_WRITABLE:
      g_value_set_boolean (value, self->is_writable);
      break;

    case IMSG_STORAGE_PROP_MODIFIED:
      g_value_set_boolean (value, self->is_modified);
      break;

    case IMSG_STORAGE_PROP_CLOSED:
      g_value_set_boolean (value, self->is_closed);
      break;

    case IMSG_STORAGE_PROP_VERSION:
      g_value_set_uint (value, imsg_storage_get_version (self));
      break;

    case IMSG_STORAGE_PROP_CLASS_ID:
      g_value_take_string (value, imsg_storage_dup_class_id (self));
      break;

    case IMSG_STORAGE_PROP_ENTRIES:
      g_value_set_object (value, imsg_storage_get_entries (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imsg_storage_class_init (IMsgStorageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamSpec **properties = _imsg_storage_properties;
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = imsg_storage_dispose;
  object_class->finalize = imsg_storage_finalize;
  object_class->get_property = imsg_storage_get_property;

  /**
   * IMsgStorage:name: (getter get_name)
   *
   * The name in its parent.
   *
   * Since: 1.0
   */
  properties[IMSG_STORAGE_PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);

  /**
   * IMsgStorage:file: (getter get_file)
   *
   * The file of a root, or %NULL.
   *
   * Since: 1.0
   */
  properties[IMSG_STORAGE_PROP_FILE] = g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE,
                                                            flags);

  /**
   * IMsgStorage:parent: (getter get_parent)
   *
   * The storage it is a member of, or %NULL for a root.
   *
   * Since: 1.0
   */
  properties[IMSG_STORAGE_PROP_PARENT] = g_param_spec_object ("parent", NULL, NULL,
                                                              IMSG_TYPE_STORAGE, flags);

  /**
   * IMsgStorage:writable: (getter is_writable)
   *
   * Whether it can be changed.
   *
   * Since: 1.0
   */
  properties[IMSG_STORAGE_PROP_WRITABLE] = g_param_spec_boolean ("writable", NULL, NULL, FALSE,
                                                                 flags);

  /**
   * IMsgStorage:modified: (getter is_modified)
   *
   * Whether it has changes that its transaction did not commit.
   *
   * Since: 1.0
   */
  properties[IMSG_STORAGE_PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE,
                                                                 flags);

  /**
   * IMsgStorage:closed: (getter is_closed)
   *
   * Whether it was closed, by itself or with its parent.
   *
   * Since: 1.0
   */
  properties[IMSG_STORAGE_PROP_CLOSED] = g_param_spec_boolean ("closed", NULL, NULL, FALSE, flags);

  /**
   * IMsgStorage:version: (getter get_version)
   *
   * The major version of the file: 3, or 4 with sectors of 4096 bytes.
   *
   * Since: 1.0
   */
  properties[IMSG_STORAGE_PROP_VERSION] = g_param_spec_uint ("version", NULL, NULL, 0, 4, 3,
                                                             flags);

  /**
   * IMsgStorage:class-id: (getter dup_class_id)
   *
   * The class, as a lower-case GUID with hyphens, or %NULL where it has none.
   *
   * Since: 1.0
   */
  properties[IMSG_STORAGE_PROP_CLASS_ID] = g_param_spec_string ("class-id", NULL, NULL, NULL,
                                                                flags);

  /**
   * IMsgStorage:entries: (getter get_entries)
   *
   * The members, in the order of the container; it follows edits.
   *
   * Since: 1.0
   */
  properties[IMSG_STORAGE_PROP_ENTRIES] = g_param_spec_object ("entries", NULL, NULL,
                                                               G_TYPE_LIST_MODEL, flags);

  g_object_class_install_properties (object_class, IMSG_STORAGE_N_PROPS, properties);
}

static void
imsg_storage_init (IMsgStorage *self)
{
}

IMsgStorage *
_imsg_storage_new_root (IMsgDirectory    *directory,
                        IMsgSource       *source,
                        GFile            *file,
                        IMsgStorageFlags  flags,
                        const IMsgLimits *limits)
{
  static const gunichar2 root_name[] = { 'R', 'o', 'o', 't', ' ', 'E', 'n', 't', 'r', 'y' };
  IMsgStorage *self = g_object_new (IMSG_TYPE_STORAGE, NULL);
  IMsgStorageRoot *root = g_new0 (IMsgStorageRoot, 1);

  self->root = root;
  root->source = source;
  root->file = file != NULL ? g_object_ref (file) : NULL;
  root->limits = *limits;
  if (directory != NULL)
    {
      self->node = _imsg_node_new_for_entry (directory, 0);
      root->problems = g_ptr_array_ref (_imsg_directory_get_problems (directory));
      root->version = _imsg_directory_get_version (directory);
    }
  else
    {
      self->node = _imsg_node_new (IMSG_STORAGE_ENTRY_STORAGE, root_name,
                                   G_N_ELEMENTS (root_name));
      root->problems = _imsg_problem_list_new ();
      root->version = (flags & IMSG_STORAGE_LARGE_SECTORS) != 0 ? 4 : 3;
      root->is_new = TRUE;
    }
  self->node->is_shared = TRUE;
  self->base = _imsg_node_ref (self->node);
  self->name = _imsg_name_to_utf8 (self->node->entry.name, self->node->entry.n_units);
  self->is_writable = (flags & IMSG_STORAGE_READ_WRITE) != 0;
  return self;
}

/**
 * imsg_storage_get_name:
 * @self: a storage
 *
 * Gets the name it has in its parent; that of a root says nothing.
 *
 * Returns: the name, as UTF-8
 * Since: 1.0
 */
const char *
imsg_storage_get_name (IMsgStorage *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);

  if (self->name == NULL)
    self->name = _imsg_name_to_utf8 (self->units, self->n_units);
  return self->name;
}

/**
 * imsg_storage_get_file:
 * @self: a storage
 *
 * Gets the file that a root is read from and committed to.
 *
 * Returns: (transfer none) (nullable): the file, or %NULL for a storage in memory or in another
 * Since: 1.0
 */
GFile *
imsg_storage_get_file (IMsgStorage *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);

  return self->root != NULL ? self->root->file : NULL;
}

/**
 * imsg_storage_get_parent:
 * @self: a storage
 *
 * Gets the storage it is a member of.
 *
 * Returns: (transfer none) (nullable): the parent, or %NULL for a root
 * Since: 1.0
 */
IMsgStorage *
imsg_storage_get_parent (IMsgStorage *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);

  return self->parent;
}

/**
 * imsg_storage_is_writable:
 * @self: a storage
 *
 * Tells whether it was opened for changing.
 *
 * Returns: %TRUE if it can be changed
 * Since: 1.0
 */
gboolean
imsg_storage_is_writable (IMsgStorage *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);

  return self->is_writable;
}

/**
 * imsg_storage_is_modified:
 * @self: a storage
 *
 * Tells whether it has changes that were not committed.
 *
 * What was written to a stream counts once the stream is flushed or closed.
 *
 * Returns: %TRUE if there is something to commit or revert
 * Since: 1.0
 */
gboolean
imsg_storage_is_modified (IMsgStorage *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);

  return self->is_modified;
}

/**
 * imsg_storage_is_closed:
 * @self: a storage
 *
 * Tells whether it was closed, by itself or with its parent.
 *
 * Returns: %TRUE if every other call will fail
 * Since: 1.0
 */
gboolean
imsg_storage_is_closed (IMsgStorage *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);

  return self->is_closed;
}

/**
 * imsg_storage_get_version:
 * @self: a storage
 *
 * Gets the major version of the compound file, which a commit keeps.
 *
 * Returns: 3 for sectors of 512 bytes, 4 for 4096
 * Since: 1.0
 */
guint
imsg_storage_get_version (IMsgStorage *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE (self), 0);

  return _imsg_storage_get_root (self)->root->version;
}

/**
 * imsg_storage_list_problems:
 * @self: a storage
 *
 * Lists what was found damaged when the container was opened.
 *
 * A member may have the same list as its root: damage is known by the file.
 *
 * Returns: (transfer container) (element-type IMsgProblem): the problems, maybe none
 * Since: 1.0
 */
GPtrArray *
imsg_storage_list_problems (IMsgStorage *self)
{
  GPtrArray *problems = NULL;
  GPtrArray *copy = NULL;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);

  problems = _imsg_storage_get_root (self)->root->problems;
  copy = _imsg_problem_list_new ();
  for (guint i = 0; i < problems->len; i++)
    _imsg_problem_list_add (copy, imsg_problem_ref (g_ptr_array_index (problems, i)));
  return copy;
}

void
_imsg_storage_tell_parent (IMsgStorage *self)
{
  IMsgStorage *parent = self->parent;
  IMsgMember member;

  /* Who heard of it before may have removed it */
  if (parent != NULL && parent->node != NULL && parent->entries != NULL &&
      _imsg_node_find (parent->node, self->units, self->n_units, &member))
    _imsg_storage_entries_changed (parent->entries,
                                   _imsg_node_get_position (parent->node, self->units,
                                                            self->n_units), 1, 1);
}

void
_imsg_storage_get_class_guid (IMsgStorage *self,
                              IMsgGuid    *class_id)
{
  if (self->node != NULL)
    *class_id = self->node->entry.class_id;
  else
    memset (class_id, 0, sizeof *class_id);
}

gboolean
_imsg_storage_set_class_guid (IMsgStorage     *self,
                              const IMsgGuid  *class_id,
                              GError         **error)
{
  if (!_imsg_storage_check_writable (self, error))
    return FALSE;
  if (_imsg_guid_equal (&self->node->entry.class_id, class_id))
    return TRUE;
  _imsg_storage_edit (self)->entry.class_id = *class_id;
  _imsg_storage_notify (self, IMSG_STORAGE_PROP_CLASS_ID);
  if (self->base == NULL)
    _imsg_storage_tell_parent (self);
  _imsg_storage_edited (self);
  return TRUE;
}

/**
 * imsg_storage_dup_class_id:
 * @self: a storage
 *
 * Gets the class of its contents.
 *
 * Source: `IStorage::Stat`.
 *
 * Returns: (transfer full) (nullable): a lower-case GUID with hyphens, or %NULL where it has none
 * Since: 1.0
 */
char *
imsg_storage_dup_class_id (IMsgStorage *self)
{
  IMsgGuid class_id;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);

  _imsg_storage_get_class_guid (self, &class_id);
  return _imsg_guid_is_nil (&class_id) ? NULL : _imsg_guid_to_text (&class_id);
}

/**
 * imsg_storage_set_class_id:
 * @self: a storage
 * @class_id: (nullable): a GUID, or %NULL for none
 * @error: return location for an error
 *
 * Sets the class of its contents.
 *
 * Fails with %IMSG_ERROR_INVALID_PARAMETER when @class_id is no GUID, %IMSG_ERROR_NO_ACCESS,
 * %IMSG_ERROR_CLOSED.
 *
 * Source: `IStorage::SetClass`.
 *
 * Returns: %TRUE if it was set
 * Since: 1.0
 */
gboolean
imsg_storage_set_class_id (IMsgStorage  *self,
                           const char   *class_id,
                           GError      **error)
{
  IMsgGuid guid = { 0 };

  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);

  if (class_id != NULL && !_imsg_guid_parse (class_id, &guid))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER, _("“%s” is no GUID"), class_id);
      return FALSE;
    }
  return _imsg_storage_set_class_guid (self, &guid, error);
}

/**
 * imsg_storage_get_state_bits:
 * @self: a storage
 *
 * Gets the state bits, whose meaning the class of the storage defines.
 *
 * Returns: the bits, 0 once @self is closed
 * Since: 1.0
 */
guint32
imsg_storage_get_state_bits (IMsgStorage *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE (self), 0);

  return self->node != NULL ? self->node->entry.state_bits : 0;
}

/**
 * imsg_storage_set_state_bits:
 * @self: a storage
 * @bits: the values
 * @mask: which bits to set
 * @error: return location for an error
 *
 * Sets some of the state bits.
 *
 * Fails with %IMSG_ERROR_NO_ACCESS, %IMSG_ERROR_CLOSED.
 *
 * Source: `IStorage::SetStateBits`.
 *
 * Returns: %TRUE if they were set
 * Since: 1.0
 */
gboolean
imsg_storage_set_state_bits (IMsgStorage  *self,
                             guint32       bits,
                             guint32       mask,
                             GError      **error)
{
  guint32 value = 0;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);

  if (!_imsg_storage_check_writable (self, error))
    return FALSE;
  value = (self->node->entry.state_bits & ~mask) | (bits & mask);
  if (value == self->node->entry.state_bits)
    return TRUE;
  _imsg_storage_edit (self)->entry.state_bits = value;
  if (self->base == NULL)
    _imsg_storage_tell_parent (self);
  _imsg_storage_edited (self);
  return TRUE;
}

/**
 * imsg_storage_get_entries:
 * @self: a storage
 *
 * Gets its members, in the order of the container, as a list that follows edits.
 *
 * Once @self is closed the list is empty.
 *
 * Source: `IStorage::EnumElements`.
 *
 * Returns: (transfer none): a list of [class@IMsg.StorageEntry]
 * Since: 1.0
 */
GListModel *
imsg_storage_get_entries (IMsgStorage *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);

  if (self->entries == NULL)
    self->entries = _imsg_storage_entries_new (self);
  return G_LIST_MODEL (self->entries);
}

/**
 * imsg_storage_close:
 * @self: a storage
 *
 * Closes it, and everything that was opened from it.
 *
 * Changes that its transaction did not commit are dropped. Closing twice does nothing.
 *
 * Since: 1.0
 */
void
imsg_storage_close (IMsgStorage *self)
{
  g_return_if_fail (IMSG_IS_STORAGE (self));

  if (self->is_closed)
    return;
  if (self->parent != NULL)
    _imsg_storage_forget_child (self->parent, self);
  _imsg_storage_end (self);
}

gsize
_imsg_storage_get_memory_use (IMsgStorage *self)
{
  gsize n_bytes = sizeof *self;

  if (self->root != NULL && self->root->source != NULL)
    n_bytes += _imsg_source_get_memory_use (self->root->source);
  if (self->node != NULL && self->node->directory != NULL && self->parent == NULL)
    n_bytes += _imsg_directory_get_memory_use (self->node->directory);
  if (self->children != NULL)
    n_bytes += g_hash_table_size (self->children) * (sizeof *self + sizeof *self->node);
  return n_bytes;
}

void
_imsg_storage_set_progress (IMsgStorage      *self,
                            IMsgProgressFunc  progress,
                            gpointer          user_data)
{
  IMsgStorageRoot *root = _imsg_storage_get_root (self)->root;

  root->progress = progress;
  root->progress_data = user_data;
}
