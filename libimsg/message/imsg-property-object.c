/* imsg-property-object.c - an object that is a set of properties
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-private.h"
#include "imsg-message-private.h"
#include "imsg-property-object-private.h"

#include <stdlib.h>
#include <string.h>

/**
 * IMsgPropertyObject:
 *
 * An object that is a set of properties, as MAPI's `IMAPIProp` is.
 *
 * A property is a tag (16 bits of id, 16 bits of type) and a value. Values come as
 * [struct@GLib.Variant], or plainly as text, numbers and times; large ones as streams. What was
 * not changed keeps its stored bytes to the last bit.
 *
 * ```c
 * g_autofree char *subject = imsg_property_object_get_string (object, IMSG_PR_SUBJECT);
 * g_autoptr(GDateTime) sent = imsg_property_object_get_datetime (object, IMSG_PR_CLIENT_SUBMIT_TIME);
 *
 * if (!imsg_property_object_set_string (object, IMSG_PR_SUBJECT, "New words", &error))
 *   g_printerr ("%s\n", error->message);
 * ```
 *
 * Changes stay in memory until the message is saved. Some properties are computed; of those a
 * file stores, the stored value is shown until what it is computed from changes and is saved.
 *
 * Since: 1.0
 */

G_DEFINE_ABSTRACT_TYPE (IMsgPropertyObject, imsg_property_object, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_PROPERTIES,
  PROP_WRITABLE,
  PROP_MODIFIED,
  PROP_CLOSED,
  PROP_UNICODE,
  N_PROPS
};

enum
{
  SIGNAL_PROPERTY_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* Below this many entries looking at each is quicker than an index */
#define INDEX_FROM 32

/* --- checks --- */

gboolean
_imsg_property_object_check (IMsgPropertyObject  *self,
                             GError             **error)
{
  if (self->is_deleted)
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED, "The %s was deleted",
                 G_OBJECT_TYPE_NAME (self) + strlen ("IMsg"));
  else if (self->is_closed)
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED, "The %s was closed",
                 G_OBJECT_TYPE_NAME (self) + strlen ("IMsg"));
  else
    return TRUE;
  return FALSE;
}

gboolean
_imsg_property_object_check_writable (IMsgPropertyObject  *self,
                                      GError             **error)
{
  if (!_imsg_property_object_check (self, error))
    return FALSE;
  if (self->is_writable)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS, "The %s is open for reading only",
               G_OBJECT_TYPE_NAME (self) + strlen ("IMsg"));
  return FALSE;
}

/* --- what the message around it says --- */

IMsgMessage *
_imsg_property_object_get_message (IMsgPropertyObject *self)
{
  return IMSG_PROPERTY_OBJECT_GET_CLASS (self)->get_message (self);
}

char *
_imsg_property_object_dup_path (IMsgPropertyObject *self)
{
  return IMSG_PROPERTY_OBJECT_GET_CLASS (self)->dup_path (self);
}

const IMsgLimits *
_imsg_property_object_get_limits (IMsgPropertyObject *self)
{
  IMsgMessage *message = _imsg_property_object_get_message (self);

  return message != NULL ? _imsg_message_get_limits (message) : _imsg_limits_get_default ();
}

guint
_imsg_property_object_get_code_page (IMsgPropertyObject *self)
{
  IMsgMessage *message = _imsg_property_object_get_message (self);

  return message != NULL ? imsg_message_get_code_page (message) : IMSG_CODE_PAGE_WINDOWS_1252;
}

IMsgNameMap *
_imsg_property_object_get_name_map (IMsgPropertyObject *self)
{
  IMsgMessage *message = _imsg_property_object_get_message (self);

  return message != NULL ? _imsg_message_get_name_map (message) : NULL;
}

/* Takes the problem. */
void
_imsg_property_object_add_problem (IMsgPropertyObject *self,
                                   IMsgProblem        *problem)
{
  IMsgMessage *message = _imsg_property_object_get_message (self);

  if (message != NULL)
    _imsg_message_add_problem (message, problem);
  else
    imsg_problem_unref (problem);
}

/* --- entries --- */

static int
compare_u64 (gconstpointer a,
             gconstpointer b)
{
  guint64 left = *(const guint64 *) a;
  guint64 right = *(const guint64 *) b;

  return left < right ? -1 : left > right;
}

static void
build_index (IMsgPropertyObject *self)
{
  g_clear_pointer (&self->index, g_free);
  if (self->entries->len < INDEX_FROM)
    return;

  self->index = g_new (guint64, self->entries->len);
  for (guint i = 0; i < self->entries->len; i++)
    self->index[i] =
      (guint64) IMSG_TAG_ID (g_array_index (self->entries, IMsgPropertyEntry, i).tag) << 32 | i;
  qsort (self->index, self->entries->len, sizeof (guint64), compare_u64);
}

/* Takes the array. */
void
_imsg_property_object_take_entries (IMsgPropertyObject     *self,
                                    GArray                 *entries,
                                    const IMsgStreamCounts *counts)
{
  g_clear_pointer (&self->entries, g_array_unref);
  self->entries = entries;
  if (counts != NULL)
    self->counts = *counts;
  self->is_loaded = TRUE;
  build_index (self);
}

static GArray *
read_entries (IMsgPropertyObject  *self,
              IMsgStreamCounts    *counts,
              GError             **error)
{
  const IMsgLimits *limits = _imsg_property_object_get_limits (self);
  g_autofree char *path = _imsg_property_object_dup_path (self);
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(GError) local_error = NULL;
  g_autoptr(IMsgBlob) blob = _imsg_storage_get_blob (self->storage, IMSG_PROPERTIES_STREAM,
                                                     &local_error);
  g_autoptr(GBytes) bytes = NULL;
  GArray *entries = NULL;

  if (blob != NULL)
    bytes = _imsg_blob_read_all (blob, limits->values[IMSG_LIMIT_VALUE_BYTES], NULL, &local_error);
  if (bytes != NULL)
    entries = _imsg_property_stream_read (bytes, self->header, counts, path, limits, problems,
                                          error);
  else
    {
      /* One sub-object that cannot be read leaves the others readable */
      g_ptr_array_add (problems, _imsg_problem_new_error (path, local_error));
      entries = g_array_new (FALSE, FALSE, sizeof (IMsgPropertyEntry));
    }
  for (guint i = 0; i < problems->len; i++)
    _imsg_property_object_add_problem (self, imsg_problem_ref (problems->pdata[i]));
  return entries;
}

gboolean
_imsg_property_object_load (IMsgPropertyObject  *self,
                            GError             **error)
{
  IMsgStreamCounts counts = { 0 };
  GArray *entries;

  if (self->is_loaded)
    return TRUE;
  if (!IMSG_PROPERTY_OBJECT_GET_CLASS (self)->open (self, error))
    return FALSE;
  if (self->storage == NULL)
    entries = g_array_new (FALSE, FALSE, sizeof (IMsgPropertyEntry));
  else
    entries = read_entries (self, &counts, error);
  if (entries == NULL)
    return FALSE;
  _imsg_property_object_take_entries (self, entries, &counts);
  return TRUE;
}

/* The first position that has an id; entries->len when none has. */
static guint
find_first (IMsgPropertyObject *self,
            guint               id,
            guint              *index_position)
{
  guint low = 0, high;

  if (self->index == NULL)
    {
      for (guint i = 0; i < self->entries->len; i++)
        if (IMSG_TAG_ID (g_array_index (self->entries, IMsgPropertyEntry, i).tag) == id)
          return i;
      return self->entries->len;
    }

  high = self->entries->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (self->index[middle] >> 32 < id)
        low = middle + 1;
      else
        high = middle;
    }
  *index_position = low;
  if (low < self->entries->len && self->index[low] >> 32 == id)
    return (guint32) self->index[low];
  return self->entries->len;
}

/* The next position after one that has the same id; entries->len when there is none. */
static guint
find_next (IMsgPropertyObject *self,
           guint               position,
           guint              *index_position)
{
  guint id = IMSG_TAG_ID (g_array_index (self->entries, IMsgPropertyEntry, position).tag);

  if (self->index == NULL)
    {
      for (guint i = position + 1; i < self->entries->len; i++)
        if (IMSG_TAG_ID (g_array_index (self->entries, IMsgPropertyEntry, i).tag) == id)
          return i;
      return self->entries->len;
    }

  (*index_position)++;
  if (*index_position < self->entries->len && self->index[*index_position] >> 32 == id)
    return (guint32) self->index[*index_position];
  return self->entries->len;
}

static gboolean
is_text_type (guint type)
{
  type &= ~IMSG_MULTI_VALUE_FLAG;
  return type == IMSG_PROPERTY_TYPE_STRING8 || type == IMSG_PROPERTY_TYPE_UNICODE;
}

/* How well a stored type answers to the one asked for; more is better. */
static guint
match_type (guint stored,
            guint wanted)
{
  if (stored == wanted)
    return 4;
  if (is_text_type (stored) && is_text_type (wanted) &&
      (stored & IMSG_MULTI_VALUE_FLAG) == (wanted & IMSG_MULTI_VALUE_FLAG))
    return 3;
  return stored == IMSG_PROPERTY_TYPE_UNICODE ? 2 : 1;
}

const IMsgPropertyEntry *
_imsg_property_object_find_entry (IMsgPropertyObject *self,
                                  guint32             tag)
{
  const IMsgPropertyEntry *best = NULL;
  guint best_match = 0;
  guint at = 0;

  if (self->entries == NULL)
    return NULL;
  for (guint i = find_first (self, IMSG_TAG_ID (tag), &at); i < self->entries->len;
       i = find_next (self, i, &at))
    {
      const IMsgPropertyEntry *entry = &g_array_index (self->entries, IMsgPropertyEntry, i);
      guint match = match_type (IMSG_TAG_TYPE (entry->tag), IMSG_TAG_TYPE (tag));

      if (match > best_match)
        {
          best = entry;
          best_match = match;
        }
    }
  return best;
}

static IMsgPropertyEdit *
find_edit (IMsgPropertyObject *self,
           guint               id)
{
  IMsgPropertyEdit *edit = NULL;

  if (self->edits != NULL)
    edit = g_hash_table_lookup (self->edits, GUINT_TO_POINTER (id));
  if (edit == NULL && self->staged != NULL)
    edit = g_hash_table_lookup (self->staged, GUINT_TO_POINTER (id));
  return edit;
}

gboolean
_imsg_property_object_lookup (IMsgPropertyObject *self,
                              guint32             tag,
                              IMsgPropertySlot   *slot)
{
  memset (slot, 0, sizeof *slot);
  if (!_imsg_property_object_load (self, NULL))
    return FALSE;

  slot->edit = find_edit (self, IMSG_TAG_ID (tag));
  if (slot->edit != NULL && !slot->edit->keeps_value)
    {
      slot->tag = slot->edit->tag;
      slot->attributes = slot->edit->attributes;
      return slot->tag != 0;
    }

  slot->entry = _imsg_property_object_find_entry (self, tag);
  if (slot->entry == NULL)
    return FALSE;
  slot->tag = slot->entry->tag;
  slot->attributes = slot->edit != NULL ? slot->edit->attributes : slot->entry->attributes;
  return TRUE;
}

/* --- listing --- */

gboolean
_imsg_property_object_is_computed_id (IMsgPropertyObject *self,
                                      guint               id)
{
  const guint16 *ids = IMSG_PROPERTY_OBJECT_GET_CLASS (self)->computed_ids;

  while (ids != NULL && *ids != 0)
    if (*ids++ == id)
      return TRUE;
  return FALSE;
}

gboolean
_imsg_property_object_offers (IMsgPropertyObject *self,
                              guint               id,
                              guint32            *tag)
{
  const guint32 *offered = IMSG_PROPERTY_OBJECT_GET_CLASS (self)->offered_tags;

  for (; offered != NULL && *offered != 0; offered++)
    if (IMSG_TAG_ID (*offered) == id)
      {
        *tag = *offered;
        if (IMSG_TAG_TYPE (*tag) == IMSG_PROPERTY_TYPE_UNICODE &&
            !imsg_property_object_is_unicode (self))
          *tag = IMSG_TAG (IMSG_PROPERTY_TYPE_STRING8, id);
        return TRUE;
      }
  return FALSE;
}

/* Whether an offered property has a value now, or is an object. */
static gboolean
has_computed (IMsgPropertyObject *self,
              guint32             tag)
{
  return IMSG_TAG_TYPE (tag) == IMSG_PROPERTY_TYPE_OBJECT ||
         IMSG_PROPERTY_OBJECT_GET_CLASS (self)->computes (self, tag);
}

static int
compare_sequence (gconstpointer a,
                  gconstpointer b)
{
  const IMsgPropertyEdit *left = *(IMsgPropertyEdit *const *) a;
  const IMsgPropertyEdit *right = *(IMsgPropertyEdit *const *) b;

  return left->sequence < right->sequence ? -1 : left->sequence > right->sequence;
}

static void
collect_new (IMsgPropertyObject *self,
             GHashTable         *layer,
             GPtrArray          *edits)
{
  GHashTableIter iter;
  gpointer key, value;

  if (layer == NULL)
    return;
  g_hash_table_iter_init (&iter, layer);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      IMsgPropertyEdit *edit = value;

      if (edit->tag == 0 || edit->keeps_value || find_edit (self, GPOINTER_TO_UINT (key)) != edit)
        continue;
      if (_imsg_property_object_find_entry (self, edit->tag) == NULL)
        g_ptr_array_add (edits, edit);
    }
}

/* (transfer full) (element-type guint32) */
GArray *
_imsg_property_object_collect (IMsgPropertyObject *self,
                               gboolean            with_offered)
{
  GArray *tags = g_array_new (FALSE, FALSE, sizeof (guint32));
  const guint32 *offered = IMSG_PROPERTY_OBJECT_GET_CLASS (self)->offered_tags;
  g_autoptr(GPtrArray) fresh = NULL;

  if (!_imsg_property_object_load (self, NULL))
    return tags;

  for (guint i = 0; i < self->entries->len; i++)
    {
      const IMsgPropertyEntry *entry = &g_array_index (self->entries, IMsgPropertyEntry, i);
      IMsgPropertyEdit *edit = find_edit (self, IMSG_TAG_ID (entry->tag));
      guint at = 0;

      if (edit == NULL || edit->keeps_value)
        g_array_append_val (tags, entry->tag);
      else if (edit->tag != 0 && find_first (self, IMSG_TAG_ID (entry->tag), &at) == i)
        g_array_append_val (tags, edit->tag);
    }

  if (self->edits != NULL || self->staged != NULL)
    {
      fresh = g_ptr_array_new ();
      collect_new (self, self->edits, fresh);
      collect_new (self, self->staged, fresh);
      g_ptr_array_sort (fresh, compare_sequence);
      for (guint i = 0; i < fresh->len; i++)
        g_array_append_val (tags, ((IMsgPropertyEdit *) fresh->pdata[i])->tag);
    }

  for (; with_offered && offered != NULL && *offered != 0; offered++)
    {
      IMsgPropertySlot slot;
      guint32 tag;

      if (!_imsg_property_object_lookup (self, IMSG_TAG (0, IMSG_TAG_ID (*offered)), &slot) &&
          _imsg_property_object_offers (self, IMSG_TAG_ID (*offered), &tag) &&
          has_computed (self, tag))
        g_array_append_val (tags, tag);
    }
  return tags;
}

/**
 * imsg_property_object_list_tags:
 * @self: a property object
 * @n_tags: (out): how many there are
 *
 * Lists the tags of all properties, computed ones included (`IMAPIProp::GetPropList`).
 *
 * Stored properties come first, in the order of the file; then those that are new; then those
 * that are computed. Text has the type it is stored with.
 *
 * Returns: (transfer full) (array length=n_tags): tags; empty once @self is closed
 * Since: 1.0
 */
guint32 *
imsg_property_object_list_tags (IMsgPropertyObject *self,
                                gsize              *n_tags)
{
  GArray *tags;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);
  g_return_val_if_fail (n_tags != NULL, NULL);

  *n_tags = 0;
  if (!_imsg_property_object_check (self, NULL))
    return g_new0 (guint32, 1);
  tags = _imsg_property_object_collect (self, TRUE);
  *n_tags = tags->len;
  if (tags->len == 0)
    g_array_set_size (tags, 1);
  return (guint32 *) (gpointer) g_array_free (tags, FALSE);
}

/**
 * imsg_property_object_find_tag:
 * @self: a property object
 * @tag: a tag; its type counts only where two properties share the id
 *
 * Finds the tag, type and all, under which a property is stored or computed.
 *
 * Returns: the tag, or 0 when there is no such property
 * Since: 1.0
 */
guint32
imsg_property_object_find_tag (IMsgPropertyObject *self,
                               guint32             tag)
{
  IMsgPropertySlot slot;
  guint32 offered;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), 0);

  if (!_imsg_property_object_check (self, NULL))
    return 0;
  if (_imsg_property_object_lookup (self, tag, &slot))
    return slot.tag;
  if (_imsg_property_object_offers (self, IMSG_TAG_ID (tag), &offered) &&
      has_computed (self, offered))
    return offered;
  return 0;
}

/**
 * imsg_property_object_has_value:
 * @self: a property object
 * @tag: a tag; text answers to both its types, and type 0 to any
 *
 * Tells whether a property is there, stored or computed.
 *
 * Returns: whether [method@PropertyObject.get_value] would find it
 * Since: 1.0
 */
gboolean
imsg_property_object_has_value (IMsgPropertyObject *self,
                                guint32             tag)
{
  guint wanted = IMSG_TAG_TYPE (tag);
  guint32 found;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);

  found = imsg_property_object_find_tag (self, tag);
  return found != 0 && (wanted == 0 || match_type (IMSG_TAG_TYPE (found), wanted) >= 3);
}

/* --- state --- */

/**
 * imsg_property_object_is_writable:
 * @self: a property object
 *
 * Tells whether values can be changed.
 *
 * Returns: %FALSE when it was opened for reading only, or is closed
 * Since: 1.0
 */
gboolean
imsg_property_object_is_writable (IMsgPropertyObject *self)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);

  return self->is_writable && !self->is_closed && !self->is_deleted;
}

/**
 * imsg_property_object_is_modified:
 * @self: a property object
 *
 * Tells whether it, or anything in it, has changes that are not saved.
 *
 * Returns: whether there is something to save
 * Since: 1.0
 */
gboolean
imsg_property_object_is_modified (IMsgPropertyObject *self)
{
  IMsgPropertyObjectClass *klass;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);

  if (self->is_closed || self->is_deleted)
    return FALSE;
  klass = IMSG_PROPERTY_OBJECT_GET_CLASS (self);
  return _imsg_property_object_has_edits (self) || _imsg_property_object_has_staged (self) ||
         (klass->has_changes != NULL && klass->has_changes (self));
}

/**
 * imsg_property_object_is_closed:
 * @self: a property object
 *
 * Tells whether it was closed: every call on it then fails with %IMSG_ERROR_CLOSED.
 *
 * Returns: whether it is closed
 * Since: 1.0
 */
gboolean
imsg_property_object_is_closed (IMsgPropertyObject *self)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), TRUE);

  return self->is_closed;
}

/**
 * imsg_property_object_is_unicode:
 * @self: a property object
 *
 * Tells whether text is stored as Unicode (`PT_UNICODE`) or in a code page (`PT_STRING8`).
 *
 * It is so for a whole message with its recipients and attachments: `STORE_UNICODE_OK` in
 * `PR_STORE_SUPPORT_MASK`. Source: [MS-OXMSG] 2.1.1.
 *
 * Returns: whether text is stored as Unicode
 * Since: 1.0
 */
gboolean
imsg_property_object_is_unicode (IMsgPropertyObject *self)
{
  IMsgMessage *message;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);

  message = _imsg_property_object_get_message (self);
  return message == NULL || _imsg_message_is_unicode (message);
}

/**
 * imsg_property_object_get_storage:
 * @self: a property object
 *
 * Gets the storage that it lives on.
 *
 * Changes are written there when the message is saved, not before.
 *
 * Returns: (transfer none) (nullable): the storage; %NULL while there is none, and once closed
 * Since: 1.0
 */
IMsgStorage *
imsg_property_object_get_storage (IMsgPropertyObject *self)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);

  if (self->is_closed || self->is_deleted ||
      !IMSG_PROPERTY_OBJECT_GET_CLASS (self)->open (self, NULL))
    return NULL;
  return self->storage;
}

/**
 * imsg_property_object_get_properties:
 * @self: a property object
 *
 * Gets the list of its properties, which follows every change.
 *
 * Returns: (transfer none): a list of [class@IMsg.Property]
 * Since: 1.0
 */
GListModel *
imsg_property_object_get_properties (IMsgPropertyObject *self)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);

  if (self->list == NULL)
    self->list = _imsg_property_list_new (self);
  return G_LIST_MODEL (self->list);
}

void
_imsg_property_object_update_modified (IMsgPropertyObject *self)
{
  gboolean modified = imsg_property_object_is_modified (self);

  if (self->was_modified == (guint) modified)
    return;
  self->was_modified = modified;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODIFIED]);
  if (IMSG_PROPERTY_OBJECT_GET_CLASS (self)->modified_changed != NULL)
    IMSG_PROPERTY_OBJECT_GET_CLASS (self)->modified_changed (self);
}

void
_imsg_property_object_set_writable (IMsgPropertyObject *self,
                                    gboolean            writable)
{
  if (self->is_writable == (guint) writable)
    return;
  self->is_writable = writable;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WRITABLE]);
}

/* The detail is there only when somebody connected with it: no quark is made for the others. */
void
_imsg_property_object_emit_changed (IMsgPropertyObject *self,
                                    guint32             tag)
{
  IMsgPropertyObjectClass *klass = IMSG_PROPERTY_OBJECT_GET_CLASS (self);
  guint type = IMSG_TAG_TYPE (tag);
  char detail[9];

  g_object_ref (self);
  if (type == IMSG_PROPERTY_TYPE_STRING8 || type == (IMSG_PROPERTY_TYPE_STRING8 | 0x1000))
    type++;
  g_snprintf (detail, sizeof detail, "%04x%04x", IMSG_TAG_ID (tag), type);

  if (klass->changed != NULL)
    klass->changed (self, IMSG_TAG_ID (tag));
  if (self->list != NULL)
    _imsg_property_list_changed (self->list, IMSG_TAG_ID (tag));
  g_signal_emit (self, signals[SIGNAL_PROPERTY_CHANGED], g_quark_try_string (detail), tag);
  _imsg_property_object_update_modified (self);
  g_object_unref (self);
}

gsize
_imsg_property_object_get_memory_use (IMsgPropertyObject *self)
{
  gsize n_bytes = sizeof *self;

  if (self->entries != NULL)
    n_bytes += self->entries->len * (sizeof (IMsgPropertyEntry) +
                                     (self->index != NULL ? sizeof (guint64) : 0));
  if (self->list != NULL)
    n_bytes += _imsg_property_list_get_memory_use (self->list);
  return n_bytes;
}

/* --- closing --- */

void
_imsg_property_object_close (IMsgPropertyObject *self)
{
  IMsgPropertyObjectClass *klass = IMSG_PROPERTY_OBJECT_GET_CLASS (self);

  if (self->is_closed)
    return;

  if (klass->closing != NULL)
    klass->closing (self);
  _imsg_property_object_end_streams (self);
  self->is_closed = TRUE;
  g_clear_pointer (&self->edits, g_hash_table_unref);
  g_clear_pointer (&self->staged, g_hash_table_unref);
  g_clear_pointer (&self->originals, g_hash_table_unref);
  g_clear_pointer (&self->flushed, g_array_unref);
  g_clear_pointer (&self->entries, g_array_unref);
  g_clear_pointer (&self->index, g_free);
  self->is_loaded = FALSE;
  if (self->list != NULL)
    _imsg_property_list_disconnect (self->list);
  g_clear_object (&self->storage);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLOSED]);
  _imsg_property_object_update_modified (self);
  if (klass->closed != NULL)
    klass->closed (self);
}

void
_imsg_property_object_mark_deleted (IMsgPropertyObject *self)
{
  self->is_deleted = TRUE;
  _imsg_property_object_close (self);
}

static void
imsg_property_object_dispose (GObject *object)
{
  IMsgPropertyObject *self = IMSG_PROPERTY_OBJECT (object);

  _imsg_property_object_close (self);
  g_clear_object (&self->list);
  G_OBJECT_CLASS (imsg_property_object_parent_class)->dispose (object);
}

static void
imsg_property_object_finalize (GObject *object)
{
  IMsgPropertyObject *self = IMSG_PROPERTY_OBJECT (object);

  g_clear_pointer (&self->streams, g_ptr_array_unref);
  G_OBJECT_CLASS (imsg_property_object_parent_class)->finalize (object);
}

static void
imsg_property_object_get_property (GObject    *object,
                                   guint       property_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  IMsgPropertyObject *self = IMSG_PROPERTY_OBJECT (object);

  switch (property_id)
    {
    case PROP_PROPERTIES:
      g_value_set_object (value, imsg_property_object_get_properties (self));
      break;
    case PROP_WRITABLE:
      g_value_set_boolean (value, imsg_property_object_is_writable (self));
      break;
    case PROP_MODIFIED:
      g_value_set_boolean (value, imsg_property_object_is_modified (self));
      break;
    case PROP_CLOSED:
      g_value_set_boolean (value, self->is_closed);
      break;
    case PROP_UNICODE:
      g_value_set_boolean (value, imsg_property_object_is_unicode (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imsg_property_object_class_init (IMsgPropertyObjectClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = imsg_property_object_dispose;
  object_class->finalize = imsg_property_object_finalize;
  object_class->get_property = imsg_property_object_get_property;

  /**
   * IMsgPropertyObject:properties: (getter get_properties)
   *
   * The properties, a list that follows every change.
   *
   * Since: 1.0
   */
  properties[PROP_PROPERTIES] =
    g_param_spec_object ("properties", NULL, NULL, G_TYPE_LIST_MODEL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * IMsgPropertyObject:writable: (getter is_writable)
   *
   * Whether values can be changed.
   *
   * Since: 1.0
   */
  properties[PROP_WRITABLE] =
    g_param_spec_boolean ("writable", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * IMsgPropertyObject:modified: (getter is_modified)
   *
   * Whether there are changes that are not saved.
   *
   * Since: 1.0
   */
  properties[PROP_MODIFIED] =
    g_param_spec_boolean ("modified", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * IMsgPropertyObject:closed: (getter is_closed)
   *
   * Whether it was closed.
   *
   * Since: 1.0
   */
  properties[PROP_CLOSED] =
    g_param_spec_boolean ("closed", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * IMsgPropertyObject:unicode: (getter is_unicode)
   *
   * Whether text is stored as Unicode.
   *
   * Since: 1.0
   */
  properties[PROP_UNICODE] =
    g_param_spec_boolean ("unicode", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * IMsgPropertyObject::property-changed:
   * @self: the object
   * @tag: the tag of the property, as it is stored or was until now
   *
   * Emitted after a property was set, deleted or reverted.
   *
   * The detail is the tag as eight lower-case hexadecimal digits, text always as `PT_UNICODE`:
   * `property-changed::0037001f` for the subject, however it is stored.
   *
   * Since: 1.0
   */
  signals[SIGNAL_PROPERTY_CHANGED] =
    g_signal_new ("property-changed", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                  G_TYPE_UINT);
}

static void
imsg_property_object_init (IMsgPropertyObject *self)
{
  self->header = IMSG_STREAM_SUBOBJECT;
}
