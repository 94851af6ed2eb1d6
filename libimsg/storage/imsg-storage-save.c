/* imsg-storage-save.c - writing a storage from a picture of it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-replacement-private.h"
#include "imsg-storage-save-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BLOCK_ENTRIES 64

/* What was read of members that have no node */
typedef struct
{
  guint              n_entries;
  IMsgDirectoryEntry entries[BLOCK_ENTRIES];
} EntryBlock;

struct _IMsgStorageSave
{
  GArray          *entries; /* (element-type IMsgWriterEntry), the root first */
  GPtrArray       *blobs;   /* (element-type IMsgBlob): what the entries borrow and no node has */
  GPtrArray       *copies;  /* (element-type EntryBlock): the same; the last may not be full */
  IMsgNode        *node;    /* what the root showed; of the thread that uses the storage */
  guint64          n_changes;
  GFile           *file;
  IMsgSource      *source;   /* the old one; may be NULL */
  char            *identity; /* what the file must still be, NULL: anything */
  char            *etag;     /* likewise */
  IMsgLimits       limits;
  guint            version;
  gboolean         may_replace;
  gboolean         is_new_place;
  IMsgProgressFunc progress;
  gpointer         progress_data;

  /* Of the new file, once it is in place; may be NULL even then */
  IMsgSource      *new_source;
  IMsgDirectory   *new_directory;
  char            *new_etag;
};

/* --- the picture --- */

/* Where the members of a storage are, and which entry it is */
typedef struct
{
  IMsgNode      *node;      /* borrowed; NULL: nobody touched it */
  IMsgDirectory *directory; /* borrowed */
  guint32        number;
  guint32        entry;
} Place;

typedef struct
{
  IMsgStorageSave *save;
  GArray          *places; /* (element-type Place): the storages among the entries */
  guint32          parent;
  GError          *error;
} Flatten;

/* The nodes of the picture are not changed while it lives, and keep what they hold. */
static gboolean
borrow_content (Flatten          *flatten,
                const IMsgMember *member,
                IMsgWriterEntry  *entry)
{
  const IMsgNode *node = member->node;

  if (node != NULL && node->bytes != NULL)
    {
      entry->data = g_bytes_get_data (node->bytes, NULL);
      if (entry->data != NULL)
        return TRUE;
    }
  if (node != NULL && node->blob != NULL)
    {
      entry->blob = node->blob;
      return TRUE;
    }
  entry->blob = _imsg_member_open_blob (member, &flatten->error);
  if (entry->blob == NULL)
    return FALSE;
  if (member->directory != NULL && _imsg_directory_get_problems (member->directory)->len > 0)
    entry->blob = _imsg_blob_clip (entry->blob);
  g_ptr_array_add (flatten->save->blobs, entry->blob);
  return TRUE;
}

static const IMsgDirectoryEntry *
borrow_entry (Flatten          *flatten,
              const IMsgMember *member)
{
  GPtrArray *copies = flatten->save->copies;
  EntryBlock *block = copies->len > 0 ? g_ptr_array_index (copies, copies->len - 1) : NULL;

  if (member->node != NULL)
    return &member->node->entry;
  if (block == NULL || block->n_entries == BLOCK_ENTRIES)
    {
      block = g_new (EntryBlock, 1);
      block->n_entries = 0;
      g_ptr_array_add (copies, block);
    }
  block->entries[block->n_entries] = member->entry;
  return &block->entries[block->n_entries++];
}

static gboolean
flatten_member (const IMsgMember *member,
                gpointer          user_data)
{
  Flatten *flatten = user_data;
  IMsgStorageSave *self = flatten->save;
  IMsgWriterEntry entry = { .entry = borrow_entry (flatten, member), .parent = flatten->parent };

  if (member->entry.kind == IMSG_STORAGE_ENTRY_STREAM)
    {
      if (!borrow_content (flatten, member, &entry))
        return FALSE;
    }
  else
    {
      Place place = { member->node, member->directory, member->number, self->entries->len };

      g_array_append_val (flatten->places, place);
    }
  g_array_append_val (self->entries, entry);
  return TRUE;
}

static gboolean
flatten (IMsgStorageSave  *self,
         IMsgNode         *root,
         GError          **error)
{
  g_autoptr(GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  Flatten flatten = { self, places, 0, NULL };
  IMsgMember member;

  _imsg_member_init_node (&member, root);
  flatten_member (&member, &flatten);
  /* The array is its own queue: parents come before members, and nothing recurses. */
  for (guint i = 0; i < places->len && flatten.error == NULL; i++)
    {
      Place place = g_array_index (places, Place, i);

      flatten.parent = place.entry;
      if (place.node != NULL)
        _imsg_node_foreach (place.node, 0, flatten_member, &flatten);
      else
        {
          g_autoptr(IMsgNode) node = _imsg_node_new_for_entry (place.directory, place.number);

          _imsg_node_foreach (node, 0, flatten_member, &flatten);
        }
    }
  if (flatten.error == NULL)
    return TRUE;
  g_propagate_error (error, flatten.error);
  return FALSE;
}

/* What the file was when it was last read or written; NULL when that is not known. A source says it
 * only when asked, and of most messages nobody asks. */
static const char *
get_identity (const IMsgStorageRoot *root)
{
  if (root->is_source_old || root->source == NULL)
    return root->identity;
  return _imsg_source_get_identity (root->source);
}

IMsgStorageSave *
_imsg_storage_save_new (IMsgStorage       *storage,
                        GFile             *file,
                        IMsgStorageFlags   flags,
                        gboolean           is_forced,
                        GError           **error)
{
  g_autoptr(IMsgStorageSave) self = g_new0 (IMsgStorageSave, 1);
  IMsgStorageRoot *root = _imsg_storage_get_root (storage)->root;

  self->entries = g_array_new (FALSE, FALSE, sizeof (IMsgWriterEntry));
  self->blobs = g_ptr_array_new_with_free_func ((GDestroyNotify) _imsg_blob_unref);
  self->copies = g_ptr_array_new_with_free_func (g_free);
  if (!_imsg_storage_publish_streams (storage, error) ||
      !flatten (self, storage->node, error))
    return NULL;
  storage->node->is_shared = TRUE;
  self->node = _imsg_node_ref (storage->node);
  self->n_changes = storage->n_changes;
  self->limits = root->limits;
  self->version = (flags & IMSG_STORAGE_LARGE_SECTORS) != 0 ? 4 : root->version;
  self->progress = root->progress;
  self->progress_data = root->progress_data;
  if (root->source != NULL)
    self->source = _imsg_source_ref (root->source);
  self->is_new_place = file != NULL;
  if (file == NULL)
    file = root->file;
  if (file != NULL)
    self->file = g_object_ref (file);
  if (self->is_new_place)
    self->may_replace = (flags & IMSG_STORAGE_REPLACE) != 0;
  else
    {
      self->may_replace = !root->is_new || root->is_replacing || is_forced;
      if (!is_forced)
        {
          self->identity = g_strdup (get_identity (root));
          self->etag = g_strdup (root->etag);
        }
    }
  return g_steal_pointer (&self);
}

void
_imsg_storage_save_free (IMsgStorageSave *self)
{
  g_clear_pointer (&self->entries, g_array_unref);
  g_clear_pointer (&self->blobs, g_ptr_array_unref);
  g_clear_pointer (&self->copies, g_ptr_array_unref);
  g_clear_pointer (&self->node, _imsg_node_unref);
  g_clear_object (&self->file);
  g_clear_pointer (&self->source, _imsg_source_unref);
  g_clear_pointer (&self->new_source, _imsg_source_unref);
  g_clear_pointer (&self->new_directory, _imsg_directory_unref);
  g_free (self->identity);
  g_free (self->etag);
  g_free (self->new_etag);
  g_free (self);
}

/* --- writing it --- */

gboolean
_imsg_storage_save_write (IMsgStorageSave  *self,
                          GOutputStream    *sink,
                          gboolean          header_last,
                          GCancellable     *cancellable,
                          GError          **error)
{
  return _imsg_compound_write ((const IMsgWriterEntry *) self->entries->data, self->entries->len,
                               self->version, sink, header_last, self->progress,
                               self->progress_data, cancellable, error);
}

GBytes *
_imsg_storage_save_write_to_bytes (IMsgStorageSave  *self,
                                   GCancellable     *cancellable,
                                   GError          **error)
{
  return _imsg_compound_write_to_bytes ((const IMsgWriterEntry *) self->entries->data,
                                        self->entries->len, self->version, self->progress,
                                        self->progress_data, cancellable, error);
}

static gboolean
check_unchanged (IMsgStorageSave  *self,
                 GError          **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *identity = NULL;
  g_autofree char *name = NULL;

  if (self->identity == NULL)
    return TRUE;
  identity = _imsg_source_identify_file (self->file, &local_error);
  if (identity != NULL && strcmp (identity, self->identity) == 0)
    return TRUE;
  name = g_file_get_parse_name (self->file);
  if (identity != NULL)
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED,
                 _("“%s” was changed by somebody else since it was opened"), name);
  else if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED,
                 _("“%s” was removed since it was opened"), name);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
_imsg_storage_save_run (IMsgStorageSave  *self,
                        GCancellable     *cancellable,
                        GError          **error)
{
  g_autoptr(IMsgReplacement) replacement = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !check_unchanged (self, error))
    return FALSE;
  /* Whatever was opened from the old file goes on reading it. */
  if (self->source != NULL && !_imsg_source_pin (self->source, error))
    return FALSE;
  replacement = _imsg_replacement_begin (self->file, self->etag, self->may_replace, cancellable,
                                         error);
  if (replacement == NULL ||
      !_imsg_storage_save_write (self, _imsg_replacement_get_stream (replacement), TRUE,
                                 cancellable, error) ||
      !_imsg_replacement_sync (replacement, cancellable, error) ||
      !check_unchanged (self, error) ||
      !_imsg_replacement_finish (replacement, &self->new_etag, error))
    return FALSE;

  /* The save is done, and cannot fail any more. Where the new file cannot be read just now, the
   * storage goes on with what it has, which is the same. */
  self->new_source = _imsg_source_new_for_file (self->file, NULL, NULL);
  if (self->new_source != NULL)
    self->new_directory = _imsg_storage_read_directory (self->new_source, &self->limits, NULL,
                                                        NULL);
  return TRUE;
}

/* --- going on --- */

/* Those below come first. */
static void
clear_quietly (IMsgStorage *storage,
               GPtrArray   *cleared)
{
  GHashTableIter iter;
  gpointer key = NULL;

  if (storage->children != NULL)
    {
      g_hash_table_iter_init (&iter, storage->children);
      while (g_hash_table_iter_next (&iter, &key, NULL))
        if (((IMsgStorage *) key)->base == NULL)
          clear_quietly (key, cleared);
    }
  if (storage->is_modified)
    g_ptr_array_add (cleared, g_object_ref (storage));
  storage->is_modified = FALSE;
}

/* Who hears of it may change any of them again. */
void
_imsg_storage_clear_modified (IMsgStorage *storage)
{
  g_autoptr(GPtrArray) cleared = g_ptr_array_new_with_free_func (g_object_unref);

  clear_quietly (storage, cleared);
  for (guint i = 0; i < cleared->len; i++)
    _imsg_storage_notify (g_ptr_array_index (cleared, i), IMSG_STORAGE_PROP_MODIFIED);
}

void
_imsg_storage_set_base (IMsgStorage *storage,
                        IMsgNode    *node)
{
  node->is_shared = TRUE;
  _imsg_node_ref (node);
  g_clear_pointer (&storage->base, _imsg_node_unref);
  storage->base = node;
}

void
_imsg_storage_save_apply (IMsgStorageSave *self,
                          IMsgStorage     *storage)
{
  IMsgStorageRoot *root = storage->root;
  gboolean is_same = storage->n_changes == self->n_changes;
  guint version = root->version;
  g_autoptr(IMsgNode) node = NULL;

  if (storage->is_closed)
    return;
  if (self->new_directory != NULL)
    node = _imsg_node_new_for_entry (self->new_directory, 0);
  else
    node = _imsg_node_ref (self->node);
  _imsg_storage_set_base (storage, node);

  root->is_new = FALSE;
  root->is_replacing = FALSE;
  root->version = self->new_directory != NULL ? _imsg_directory_get_version (self->new_directory)
                                              : self->version;
  if (self->file != NULL)
    {
      g_clear_pointer (&root->identity, g_free);
      root->is_source_old = self->new_directory == NULL;
      if (self->new_directory == NULL)
        root->identity = self->new_source != NULL
          ? g_strdup (_imsg_source_get_identity (self->new_source))
          : _imsg_source_identify_file (self->file, NULL);
      g_free (root->etag);
      root->etag = g_steal_pointer (&self->new_etag);
    }
  if (self->new_directory != NULL)
    {
      g_clear_pointer (&root->source, _imsg_source_unref);
      root->source = g_steal_pointer (&self->new_source);
      g_ptr_array_unref (root->problems);
      root->problems = g_ptr_array_ref (_imsg_directory_get_problems (self->new_directory));
    }
  if (self->is_new_place)
    g_set_object (&root->file, self->file);
  if (is_same && self->new_directory != NULL)
    _imsg_storage_set_node (storage, node, FALSE);

  /* Now that all is in place, it is told */
  if (is_same)
    _imsg_storage_clear_modified (storage);
  if (root->version != version)
    _imsg_storage_notify (storage, IMSG_STORAGE_PROP_VERSION);
  if (self->is_new_place)
    _imsg_storage_notify (storage, IMSG_STORAGE_PROP_FILE);
}
