/* imsg-storage-streams.c - reading and writing the members that are streams
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-storage-object-private.h"

#include <glib/gi18n-lib.h>

/* Dead references are swept out whenever the list has grown to this many, and then twice as many. */
#define STREAMS_MIN 16

#define TARGET_KEY "imsg-target"

/* Where a spool is published. */
typedef struct
{
  IMsgSpool   *spool; /* unowned: it owns this */
  IMsgStorage *storage;
  char        *name;
  gboolean     is_direct; /* what is written belongs to the storage before it is flushed */
  GWeakRef     stream;    /* of those: what reads and writes the spool */
} Target;

/* --- the open streams --- */

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
remember_stream (IMsgStorage *self,
                 gpointer     stream)
{
  GWeakRef *weak_ref = g_new0 (GWeakRef, 1);

  if (self->streams == NULL)
    self->streams = g_ptr_array_new_with_free_func (weak_ref_free);
  if (self->streams->len >= STREAMS_MIN && (self->streams->len & (self->streams->len - 1)) == 0)
    for (guint i = self->streams->len; i-- > 0;)
      {
        g_autoptr(GObject) alive = g_weak_ref_get (g_ptr_array_index (self->streams, i));

        if (alive == NULL)
          g_ptr_array_remove_index_fast (self->streams, i);
      }
  g_weak_ref_init (weak_ref, stream);
  g_ptr_array_add (self->streams, weak_ref);
}

void
_imsg_storage_end_streams (IMsgStorage *self)
{
  g_autoptr(GPtrArray) streams = g_steal_pointer (&self->streams);

  for (guint i = 0; streams != NULL && i < streams->len; i++)
    {
      g_autoptr(GObject) stream = g_weak_ref_get (g_ptr_array_index (streams, i));

      if (IMSG_IS_SPOOL (stream))
        _imsg_spool_end (IMSG_SPOOL (stream));
      else if (stream != NULL)
        _imsg_blob_stream_end (G_INPUT_STREAM (stream));
    }
}

static gboolean
publish_streams (IMsgStorage  *self,
                 GError      **error)
{
  g_autoptr(GPtrArray) alive = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer child = NULL;

  for (guint i = 0; self->streams != NULL && i < self->streams->len; i++)
    {
      GObject *stream = g_weak_ref_get (g_ptr_array_index (self->streams, i));

      if (stream != NULL)
        g_ptr_array_add (alive, stream);
    }
  for (guint i = 0; i < alive->len; i++)
    {
      GObject *stream = g_ptr_array_index (alive, i);
      Target *target = g_object_get_data (stream, TARGET_KEY);

      if (target != NULL && target->is_direct &&
          !_imsg_spool_publish (IMSG_SPOOL (stream), error))
        return FALSE;
    }
  g_ptr_array_set_size (alive, 0);
  if (self->children == NULL)
    return TRUE;
  g_hash_table_iter_init (&iter, self->children);
  while (g_hash_table_iter_next (&iter, &child, NULL))
    if (((IMsgStorage *) child)->base == NULL)
      g_ptr_array_add (alive, g_object_ref (child));
  for (guint i = 0; i < alive->len; i++)
    if (!publish_streams (g_ptr_array_index (alive, i), error))
      return FALSE;
  return TRUE;
}

guint64
_imsg_storage_count_changes (IMsgStorage *self)
{
  publish_streams (self, NULL);
  return self->n_changes;
}

/* Who hears of what a stream brings may close the storage. */
gboolean
_imsg_storage_publish_streams (IMsgStorage  *self,
                               GError      **error)
{
  return publish_streams (self, error) && _imsg_storage_check_open (self, error);
}

static gboolean
has_name (const Target    *target,
          const gunichar2 *units,
          guint            n_units)
{
  gunichar2 name[IMSG_NAME_UNITS];
  guint n_name = 0;

  return _imsg_storage_encode_name (target->name, name, &n_name) &&
         _imsg_name_compare (name, n_name, units, n_units) == 0;
}

void
_imsg_storage_move_streams (IMsgStorage     *self,
                            const gunichar2 *units,
                            guint            n_units,
                            const char      *new_name)
{
  for (guint i = 0; self->streams != NULL && i < self->streams->len; i++)
    {
      g_autoptr(GObject) stream = g_weak_ref_get (g_ptr_array_index (self->streams, i));
      Target *target = stream != NULL ? g_object_get_data (stream, TARGET_KEY) : NULL;

      if (target == NULL || !has_name (target, units, n_units))
        continue;
      if (new_name == NULL)
        {
          _imsg_spool_end (IMSG_SPOOL (stream));
          continue;
        }
      g_free (target->name);
      target->name = g_strdup (new_name);
    }
}

/* Where a stream of some name is, or is to be */
typedef struct
{
  gboolean   is_found;
  IMsgMember member; /* when found */
  gunichar2  units[IMSG_NAME_UNITS]; /* the name of a new one */
  guint      n_units;
} StreamPlace;

static gboolean
find_stream_place (IMsgStorage  *self,
                   const char   *name,
                   StreamPlace  *place,
                   GError      **error)
{
  if (!_imsg_storage_check_writable (self, error))
    return FALSE;
  /* Names as messages give them are turned into UTF-16 once. */
  place->n_units = _imsg_name_from_ascii (name, place->units);
  if (place->n_units > 0)
    place->is_found = _imsg_node_find (self->node, place->units, place->n_units, &place->member);
  else
    place->is_found = _imsg_storage_find (self, name, &place->member);
  if (!place->is_found)
    {
      if (place->n_units == 0)
        place->n_units = _imsg_name_from_utf8 (name, place->units, error);
      return place->n_units > 0;
    }
  if (place->member.entry.kind == IMSG_STORAGE_ENTRY_STREAM)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_COLLISION,
               _("“%s” in the storage “%s” is a storage, not a stream"), name,
               imsg_storage_get_name (self));
  return FALSE;
}

/* Who edits a stream goes on with what others make of it. */
static void
refill_edited (IMsgStorage     *self,
               const gunichar2 *units,
               guint            n_units,
               IMsgBlob        *blob,
               GBytes          *bytes,
               IMsgSpool       *writer)
{
  for (guint i = 0; self->streams != NULL && i < self->streams->len; i++)
    {
      g_autoptr(GObject) stream = g_weak_ref_get (g_ptr_array_index (self->streams, i));
      Target *target = stream != NULL ? g_object_get_data (stream, TARGET_KEY) : NULL;
      g_autoptr(IMsgBlob) content = NULL;

      if (target == NULL || !target->is_direct || target->spool == writer ||
          !has_name (target, units, n_units))
        continue;
      content = blob != NULL ? _imsg_blob_ref (blob) : _imsg_blob_new_for_bytes (bytes);
      if (!_imsg_spool_fill (target->spool, content, NULL, NULL))
        _imsg_spool_end (target->spool);
    }
}

/* Takes blob or bytes; writer: what they come from, or NULL. */
static gboolean
set_content (IMsgStorage  *self,
             const char   *name,
             IMsgBlob     *blob,
             GBytes       *bytes,
             IMsgSpool    *writer,
             GError      **error)
{
  StreamPlace place;
  IMsgNode *node = NULL;

  if (!find_stream_place (self, name, &place, error))
    return FALSE;
  _imsg_storage_edit (self);
  if (place.is_found)
    node = _imsg_storage_edit_member (self, place.member.entry.name, place.member.entry.n_units);
  else
    node = _imsg_node_new (IMSG_STORAGE_ENTRY_STREAM, place.units, place.n_units);
  if (blob != NULL)
    _imsg_node_set_blob (node, blob);
  else
    _imsg_node_set_bytes (node, bytes);
  if (place.is_found)
    refill_edited (self, node->entry.name, node->entry.n_units, blob, bytes, writer);
  if (!place.is_found)
    _imsg_storage_add_member (self, node);
  else if (self->entries != NULL)
    _imsg_storage_entries_changed (self->entries,
                                   _imsg_node_get_position (self->node, node->entry.name,
                                                            node->entry.n_units), 1, 1);
  _imsg_storage_edited (self);
  return TRUE;
}

gboolean
_imsg_storage_put_stream (IMsgStorage  *self,
                          const char   *name,
                          IMsgBlob     *blob,
                          GBytes       *bytes,
                          GError      **error)
{
  g_autoptr(GError) local_error = NULL;

  if (set_content (self, name, blob, bytes, NULL, &local_error))
    return TRUE;
  if (g_error_matches (local_error, IMSG_ERROR, IMSG_ERROR_COLLISION))
    return imsg_storage_remove (self, name, error) &&
           set_content (self, name, blob, bytes, NULL, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* --- the API --- */

/**
 * imsg_storage_read_stream:
 * @self: a storage
 * @name: the name of a stream
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads a stream whole.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND when there is no stream of that name, %IMSG_ERROR_TOO_BIG when
 * it is over the limit of one value ([enum@IMsg.Limit]), %IMSG_ERROR_CORRUPT_DATA when the file
 * has not all of it, %IMSG_ERROR_CLOSED, or a %G_IO_ERROR.
 *
 * Returns: (transfer full): its bytes
 * Since: 1.0
 */
GBytes *
imsg_storage_read_stream (IMsgStorage   *self,
                          const char    *name,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(IMsgBlob) blob = NULL;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  blob = _imsg_storage_get_blob (self, name, error);
  if (blob == NULL)
    return NULL;
  return _imsg_blob_read_all (blob, _imsg_storage_get_root (self)->root->limits.values
                                      [IMSG_LIMIT_VALUE_BYTES], cancellable, error);
}

/**
 * imsg_storage_write_stream:
 * @self: a storage
 * @name: a name
 * @bytes: what it is to hold
 * @error: return location for an error
 *
 * Makes a stream, or replaces what it holds.
 *
 * Fails with %IMSG_ERROR_COLLISION when @name is a storage, %IMSG_ERROR_INVALID_PARAMETER for a
 * name that cannot be, %IMSG_ERROR_NO_ACCESS, %IMSG_ERROR_CLOSED.
 *
 * Returns: %TRUE if it was written
 * Since: 1.0
 */
gboolean
imsg_storage_write_stream (IMsgStorage  *self,
                           const char   *name,
                           GBytes       *bytes,
                           GError      **error)
{
  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);

  return set_content (self, name, NULL, bytes, NULL, error);
}

/**
 * imsg_storage_open_stream:
 * @self: a storage
 * @name: the name of a stream
 * @error: return location for an error
 *
 * Opens a stream for reading.
 *
 * It can be sought, and goes on reading what the stream held when it was opened. Reading fails
 * with %IMSG_ERROR_CORRUPT_DATA where the file has not all of it, and with %G_IO_ERROR_CLOSED
 * once @self is closed.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND, %IMSG_ERROR_CLOSED.
 *
 * Source: `IStorage::OpenStream`.
 *
 * Returns: (transfer full): the stream
 * Since: 1.0
 */
GInputStream *
imsg_storage_open_stream (IMsgStorage  *self,
                          const char   *name,
                          GError      **error)
{
  g_autoptr(IMsgBlob) blob = NULL;
  GInputStream *stream = NULL;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  blob = _imsg_storage_get_blob (self, name, error);
  if (blob == NULL)
    return NULL;
  stream = _imsg_blob_open_stream (blob);
  remember_stream (self, stream);
  return stream;
}

static void
target_free (gpointer data)
{
  Target *target = data;

  g_object_set_data (G_OBJECT (target->spool), TARGET_KEY, NULL);
  g_object_unref (target->storage);
  g_weak_ref_clear (&target->stream);
  g_free (target->name);
  g_free (target);
}

static gboolean
publish (IMsgBlob  *blob,
         gpointer   user_data,
         GError   **error)
{
  Target *target = user_data;
  /* Closing the storage frees the target */
  g_autoptr(IMsgStorage) storage = g_object_ref (target->storage);

  return set_content (storage, target->name, blob, NULL, target->spool, error);
}

/* stream: what reads and writes the spool; NULL: it is only written, and only flushing tells */
static void
set_target (IMsgSpool   *spool,
            IMsgStorage *self,
            const char  *name,
            GIOStream   *stream)
{
  Target *target = g_new0 (Target, 1);

  target->spool = spool;
  target->storage = g_object_ref (self);
  target->name = g_strdup (name);
  target->is_direct = stream != NULL;
  g_weak_ref_init (&target->stream, stream);
  g_object_set_data (G_OBJECT (spool), TARGET_KEY, target);
  _imsg_spool_set_publish (spool, publish, target, target_free);
  remember_stream (self, spool);
}

/**
 * imsg_storage_replace_stream:
 * @self: a storage
 * @name: a name
 * @error: return location for an error
 *
 * Opens a stream to be written from its start.
 *
 * What is written becomes the stream when it is flushed or closed; until then what is there
 * stays. It can be sought and cut. Closed with a cancelled cancellable, it changes nothing.
 *
 * Fails with %IMSG_ERROR_COLLISION when @name is a storage, %IMSG_ERROR_INVALID_PARAMETER for a
 * name that cannot be, %IMSG_ERROR_NO_ACCESS, %IMSG_ERROR_CLOSED.
 *
 * Source: `IStorage::CreateStream` with `STGM_CREATE`.
 *
 * Returns: (transfer full): the stream
 * Since: 1.0
 */
GOutputStream *
imsg_storage_replace_stream (IMsgStorage  *self,
                             const char   *name,
                             GError      **error)
{
  IMsgSpool *spool = NULL;
  StreamPlace place;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (!find_stream_place (self, name, &place, error))
    return NULL;
  spool = _imsg_spool_new ();
  set_target (spool, self, name, NULL);
  return G_OUTPUT_STREAM (spool);
}

/* The stream of that name that is being edited, if any */
static GIOStream *
find_edited (IMsgStorage *self,
             const char  *name)
{
  gunichar2 units[IMSG_NAME_UNITS];
  guint n_units = 0;

  if (!_imsg_storage_encode_name (name, units, &n_units))
    return NULL;
  for (guint i = 0; self->streams != NULL && i < self->streams->len; i++)
    {
      g_autoptr(GObject) stream = g_weak_ref_get (g_ptr_array_index (self->streams, i));
      Target *target = stream != NULL ? g_object_get_data (stream, TARGET_KEY) : NULL;

      if (target != NULL && target->is_direct && has_name (target, units, n_units))
        return g_weak_ref_get (&target->stream);
    }
  return NULL;
}

/**
 * imsg_storage_edit_stream:
 * @self: a storage
 * @name: a name
 * @create: whether to make the stream when there is none
 * @error: return location for an error
 *
 * Opens a stream to be read and written at one position, as `IStream` is.
 *
 * It can be sought, also behind its end, and cut. What is written becomes part of @self when the
 * stream is flushed or closed, and when @self is committed or copied. Opened again while it is
 * open, it is the same object. What is written to the stream in another way takes the place of what
 * it holds.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND, %IMSG_ERROR_COLLISION when @name is a storage,
 * %IMSG_ERROR_INVALID_PARAMETER for a name that cannot be, %IMSG_ERROR_CORRUPT_DATA when what is
 * there cannot be read, %IMSG_ERROR_NO_ACCESS, %IMSG_ERROR_CLOSED.
 *
 * Source: `IStorage::OpenStream`, `IStream`.
 *
 * Returns: (transfer full): the stream
 * Since: 1.0
 */
GIOStream *
imsg_storage_edit_stream (IMsgStorage  *self,
                          const char   *name,
                          gboolean      create,
                          GError      **error)
{
  g_autoptr(IMsgSpool) spool = NULL;
  g_autoptr(IMsgBlob) blob = NULL;
  GIOStream *stream = NULL;
  StreamPlace place;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (!find_stream_place (self, name, &place, error))
    return NULL;
  if (!place.is_found && create)
    {
      g_autoptr(IMsgBlob) nothing = _imsg_blob_new_empty ();

      if (!set_content (self, name, nothing, NULL, NULL, error))
        return NULL;
    }
  stream = find_edited (self, name);
  if (stream != NULL)
    return stream;
  spool = _imsg_spool_new ();
  blob = _imsg_storage_get_blob (self, name, error);
  if (blob == NULL || !_imsg_spool_fill (spool, blob, NULL, error))
    return NULL;
  stream = _imsg_spool_open_io_stream (spool);
  set_target (spool, self, name, stream);
  return stream;
}
