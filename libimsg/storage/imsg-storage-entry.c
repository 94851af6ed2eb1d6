/* imsg-storage-entry.c - one member of a storage, as a list shows it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-enum-types.h"
#include "imsg-storage-object-private.h"

/**
 * IMsgStorageEntry:
 *
 * What a [class@IMsg.Storage] says of one of its members: name, kind, size and times.
 *
 * An entry states facts as they were when it was made. When the member changes, the list of
 * entries says so and has a new one in its place.
 *
 * Source: `STATSTG`; [MS-CFB] 2.6.
 *
 * Since: 1.0
 */
/**
 * IMsgStorageEntryKind:
 * @IMSG_STORAGE_ENTRY_STORAGE: a storage, which has members
 * @IMSG_STORAGE_ENTRY_STREAM: a stream, which has bytes
 *
 * What a member of a storage is (`STGTY_STORAGE`, `STGTY_STREAM`).
 *
 * Since: 1.0
 */

struct _IMsgStorageEntry
{
  GObject parent_instance;

  char                *name;
  guint64              n_bytes;
  guint64              creation_time;
  guint64              modification_time;
  IMsgStorageEntryKind kind;
  guint32              state_bits;
  char                 class_id[IMSG_GUID_STRING_SIZE];
};

G_DEFINE_FINAL_TYPE (IMsgStorageEntry, imsg_storage_entry, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
  PROP_KIND,
  PROP_SIZE,
  PROP_CLASS_ID,
  PROP_STATE_BITS,
  PROP_CREATION_TIME,
  PROP_MODIFICATION_TIME,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
imsg_storage_entry_finalize (GObject *object)
{
  IMsgStorageEntry *self = IMSG_STORAGE_ENTRY (object);

  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (imsg_storage_entry_parent_class)->finalize (object);
}

static void
imsg_storage_entry_get_property (GObject    *object,
                                 guint       property_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  IMsgStorageEntry *self = IMSG_STORAGE_ENTRY (object);

  switch (property_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;

    case PROP_SIZE:
      g_value_set_uint64 (value, self->n_bytes);
      break;

    case PROP_CLASS_ID:
      g_value_set_string (value, imsg_storage_entry_get_class_id (self));
      break;

    case PROP_STATE_BITS:
      g_value_set_uint (value, self->state_bits);
      break;

    case PROP_CREATION_TIME:
      g_value_set_uint64 (value, self->creation_time);
      break;

    case PROP_MODIFICATION_TIME:
      g_value_set_uint64 (value, self->modification_time);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imsg_storage_entry_class_init (IMsgStorageEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = imsg_storage_entry_finalize;
  object_class->get_property = imsg_storage_entry_get_property;

  /**
   * IMsgStorageEntry:name:
   *
   * The name, as UTF-8.
   *
   * Since: 1.0
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);

  /**
   * IMsgStorageEntry:kind:
   *
   * Whether the member is a storage or a stream.
   *
   * Since: 1.0
   */
  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, IMSG_TYPE_STORAGE_ENTRY_KIND,
                                             IMSG_STORAGE_ENTRY_STREAM, flags);

  /**
   * IMsgStorageEntry:size:
   *
   * The bytes of a stream; 0 for a storage.
   *
   * Since: 1.0
   */
  properties[PROP_SIZE] = g_param_spec_uint64 ("size", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * IMsgStorageEntry:class-id:
   *
   * The class of a storage as a lower-case GUID with hyphens, or %NULL where it has none.
   *
   * Since: 1.0
   */
  properties[PROP_CLASS_ID] = g_param_spec_string ("class-id", NULL, NULL, NULL, flags);

  /**
   * IMsgStorageEntry:state-bits:
   *
   * The state bits of a storage, whose meaning its class defines.
   *
   * Since: 1.0
   */
  properties[PROP_STATE_BITS] = g_param_spec_uint ("state-bits", NULL, NULL, 0, G_MAXUINT32, 0,
                                                   flags);

  /**
   * IMsgStorageEntry:creation-time:
   *
   * When it was made, in ticks of 100 ns since 1601 UTC; 0 when not recorded.
   *
   * Since: 1.0
   */
  properties[PROP_CREATION_TIME] = g_param_spec_uint64 ("creation-time", NULL, NULL, 0,
                                                        G_MAXUINT64, 0, flags);

  /**
   * IMsgStorageEntry:modification-time:
   *
   * When it was last changed, in ticks of 100 ns since 1601 UTC; 0 when not recorded.
   *
   * Since: 1.0
   */
  properties[PROP_MODIFICATION_TIME] = g_param_spec_uint64 ("modification-time", NULL, NULL, 0,
                                                            G_MAXUINT64, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
imsg_storage_entry_init (IMsgStorageEntry *self)
{
}

/**
 * imsg_storage_entry_get_name:
 * @self: an entry
 *
 * Gets the name.
 *
 * Units that are no valid UTF-16 show as U+FFFD.
 *
 * Returns: the name, as UTF-8
 * Since: 1.0
 */
const char *
imsg_storage_entry_get_name (IMsgStorageEntry *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE_ENTRY (self), NULL);

  return self->name;
}

/**
 * imsg_storage_entry_get_kind:
 * @self: an entry
 *
 * Tells a storage from a stream.
 *
 * Returns: what it is
 * Since: 1.0
 */
IMsgStorageEntryKind
imsg_storage_entry_get_kind (IMsgStorageEntry *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE_ENTRY (self), IMSG_STORAGE_ENTRY_STREAM);

  return self->kind;
}

/**
 * imsg_storage_entry_get_size:
 * @self: an entry
 *
 * Gets the length of a stream.
 *
 * Returns: bytes; 0 for a storage
 * Since: 1.0
 */
guint64
imsg_storage_entry_get_size (IMsgStorageEntry *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE_ENTRY (self), 0);

  return self->n_bytes;
}

/**
 * imsg_storage_entry_get_class_id:
 * @self: an entry
 *
 * Gets the class of a storage.
 *
 * Returns: (nullable): a lower-case GUID with hyphens, or %NULL where it is all zero
 * Since: 1.0
 */
const char *
imsg_storage_entry_get_class_id (IMsgStorageEntry *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE_ENTRY (self), NULL);

  return self->class_id[0] != '\0' ? self->class_id : NULL;
}

/**
 * imsg_storage_entry_get_state_bits:
 * @self: an entry
 *
 * Gets the state bits of a storage.
 *
 * Returns: the bits
 * Since: 1.0
 */
guint32
imsg_storage_entry_get_state_bits (IMsgStorageEntry *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE_ENTRY (self), 0);

  return self->state_bits;
}

/**
 * imsg_storage_entry_get_creation_time:
 * @self: an entry
 *
 * Gets the time at which it was made.
 *
 * Returns: ticks of 100 ns since 1601 UTC; 0 when not recorded
 * Since: 1.0
 */
guint64
imsg_storage_entry_get_creation_time (IMsgStorageEntry *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE_ENTRY (self), 0);

  return self->creation_time;
}

/**
 * imsg_storage_entry_get_modification_time:
 * @self: an entry
 *
 * Gets the time of the last change.
 *
 * Returns: ticks of 100 ns since 1601 UTC; 0 when not recorded
 * Since: 1.0
 */
guint64
imsg_storage_entry_get_modification_time (IMsgStorageEntry *self)
{
  g_return_val_if_fail (IMSG_IS_STORAGE_ENTRY (self), 0);

  return self->modification_time;
}

IMsgStorageEntry *
_imsg_storage_entry_new (const IMsgDirectoryEntry *entry)
{
  IMsgStorageEntry *self = g_object_new (IMSG_TYPE_STORAGE_ENTRY, NULL);

  self->name = _imsg_name_to_utf8 (entry->name, entry->n_units);
  self->kind = entry->kind;
  self->n_bytes = entry->kind == IMSG_STORAGE_ENTRY_STREAM ? entry->n_bytes : 0;
  self->creation_time = entry->creation_time;
  self->modification_time = entry->modification_time;
  self->state_bits = entry->state_bits;
  if (!_imsg_guid_is_nil (&entry->class_id))
    _imsg_guid_print (&entry->class_id, self->class_id);
  return self;
}
