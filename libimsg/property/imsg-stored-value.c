/* imsg-stored-value.c - the stored form of a value, from and to the storage of its object
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-little-endian-private.h"
#include "imsg-property-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* PT_OBJECT has no size */
#define NO_SIZE 0xFFFFFFFFu

static void
set_size (IMsgPropertyEntry *entry,
          guint32            n_bytes)
{
  guint32 word = GUINT32_TO_LE (n_bytes);

  memset (entry->value, 0, IMSG_INLINE_BYTES);
  memcpy (entry->value, &word, 4);
}

/* The size of an entry counts the terminator that the stream of single text leaves out. */
static guint
get_terminator_size (guint type)
{
  switch (type)
    {
    case IMSG_PROPERTY_TYPE_STRING8:
      return 1;
    case IMSG_PROPERTY_TYPE_UNICODE:
      return 2;
    default:
      return 0;
    }
}

static guint
get_record_size (guint type)
{
  return type == IMSG_PROPERTY_TYPE_MV_BINARY ? 8 : 4;
}

/* What a stream holds, and instead if there is no such stream: NULL makes that an error. */
static GBytes *
read_stream (IMsgStorage  *storage,
             const char   *name,
             guint64       max_bytes,
             GBytes       *instead,
             GError      **error)
{
  g_autoptr(GError) missing = NULL;
  g_autoptr(IMsgBlob) blob = _imsg_storage_get_blob (storage, name, &missing);
  IMsgStorageEntryKind kind;
  guint64 n_bytes;

  if (blob != NULL)
    return _imsg_blob_read_all (blob, max_bytes, NULL, error);
  /* No text is empty text, but where its stream has to be a storage is damage */
  if (instead != NULL && g_error_matches (missing, IMSG_ERROR, IMSG_ERROR_NOT_FOUND) &&
      (g_bytes_get_size (instead) > 0 || !_imsg_storage_lookup (storage, name, &kind, &n_bytes)))
    return g_bytes_ref (instead);
  g_propagate_error (error, g_steal_pointer (&missing));
  return NULL;
}

static gboolean
is_missing (IMsgStorage *storage,
            const char  *name)
{
  IMsgStorageEntryKind kind;
  guint64 n_bytes;

  return !_imsg_storage_lookup (storage, name, &kind, &n_bytes) ||
         kind != IMSG_STORAGE_ENTRY_STREAM;
}

/* The streams of a list's values. All of them together may have as many bytes as one value. */
static gboolean
read_values (IMsgStorage       *storage,
             const IMsgLimits  *limits,
             IMsgStoredValue   *stored,
             GError           **error)
{
  g_autoptr(GBytes) empty = g_bytes_new_static (NULL, 0);
  gsize n_values = g_bytes_get_size (stored->bytes) / get_record_size (IMSG_TAG_TYPE (stored->tag));
  guint64 n_left = limits->values[IMSG_LIMIT_VALUE_BYTES];

  if (n_values > limits->values[IMSG_LIMIT_DIRECTORY_ENTRIES])
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   g_dngettext (GETTEXT_PACKAGE,
                                "Property 0x%08X has %zu value, more than a file has streams",
                                "Property 0x%08X has %zu values, more than a file has streams",
                                n_values),
                   stored->tag, n_values);
      return FALSE;
    }
  stored->values = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (gsize i = 0; i < n_values; i++)
    {
      char name[IMSG_SUBSTG_NAME_SIZE];
      GBytes *value;

      _imsg_substg_value_name (stored->tag, (guint32) i, name);
      value = read_stream (storage, name, n_left, empty, error);
      if (value == NULL)
        return FALSE;
      g_ptr_array_add (stored->values, value);
      n_left -= g_bytes_get_size (value);
    }
  return TRUE;
}

gboolean
_imsg_stored_value_read (IMsgStorage              *storage,
                         const IMsgPropertyEntry  *entry,
                         const IMsgLimits         *limits,
                         IMsgStoredValue          *stored,
                         GError                  **error)
{
  guint type = IMSG_TAG_TYPE (entry->tag);
  IMsgStoredForm form = _imsg_type_get_stored_form (type);
  char name[IMSG_SUBSTG_NAME_SIZE];
  g_autoptr(GBytes) instead = NULL;

  memset (stored, 0, sizeof *stored);
  stored->tag = entry->tag;
  if (form == IMSG_STORED_INLINE)
    {
      stored->bytes = g_bytes_new (entry->value, _imsg_type_get_value_size (type));
      return TRUE;
    }
  if (form == IMSG_STORED_STORAGE)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                   _("Property 0x%08X is an object: it has no value"), entry->tag);
      return FALSE;
    }

  _imsg_substg_name (entry->tag, name);
  if (form == IMSG_STORED_UNKNOWN)
    instead = g_bytes_new (entry->value, IMSG_INLINE_BYTES);
  else if (imsg_property_tag_is_text (entry->tag))
    instead = g_bytes_new_static (NULL, 0);
  stored->bytes = read_stream (storage, name, limits->values[IMSG_LIMIT_VALUE_BYTES], instead,
                               error);
  if (stored->bytes == NULL)
    return FALSE;

  if (type == IMSG_PROPERTY_TYPE_MV_CLSID &&
      g_bytes_get_size (stored->bytes) / 16 > limits->values[IMSG_LIMIT_DIRECTORY_ENTRIES])
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG, _("Property 0x%08X has too many values"),
                   entry->tag);
      _imsg_stored_value_clear (stored);
      return FALSE;
    }
  if (form == IMSG_STORED_STREAMS && !read_values (storage, limits, stored, error))
    {
      _imsg_stored_value_clear (stored);
      return FALSE;
    }
  return TRUE;
}

guint64
_imsg_property_entry_get_size (IMsgStorage             *storage,
                               const IMsgPropertyEntry *entry)
{
  guint type = IMSG_TAG_TYPE (entry->tag);
  IMsgStoredForm form = _imsg_type_get_stored_form (type);
  IMsgStorageEntryKind kind;
  guint64 n_total, n_bytes, n_values;
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (form == IMSG_STORED_INLINE)
    return _imsg_type_get_value_size (type);
  _imsg_substg_name (entry->tag, name);
  if (!_imsg_storage_lookup (storage, name, &kind, &n_total) || kind != IMSG_STORAGE_ENTRY_STREAM)
    return form == IMSG_STORED_UNKNOWN ? IMSG_INLINE_BYTES : 0;
  if (form != IMSG_STORED_STREAMS)
    return n_total;

  n_values = MIN (n_total / get_record_size (type),
                  _imsg_limits_get_default ()->values[IMSG_LIMIT_DIRECTORY_ENTRIES]);
  for (guint64 i = 0; i < n_values; i++)
    {
      _imsg_substg_value_name (entry->tag, (guint32) i, name);
      if (_imsg_storage_lookup (storage, name, &kind, &n_bytes) &&
          kind == IMSG_STORAGE_ENTRY_STREAM)
        n_total += n_bytes;
    }
  return n_total;
}

void
_imsg_property_entry_check (IMsgStorage             *storage,
                            const IMsgPropertyEntry *entry,
                            const char              *where,
                            GPtrArray               *problems)
{
  guint type = IMSG_TAG_TYPE (entry->tag);
  IMsgStoredForm form = _imsg_type_get_stored_form (type);
  guint32 n_promised = _imsg_get_u32 (entry->value);
  char name[IMSG_SUBSTG_NAME_SIZE];
  IMsgStorageEntryKind kind, wanted;
  guint64 n_bytes;
  gboolean found;

  if (form == IMSG_STORED_INLINE || form == IMSG_STORED_UNKNOWN)
    return;
  _imsg_substg_name (entry->tag, name);
  found = _imsg_storage_lookup (storage, name, &kind, &n_bytes);
  wanted = form == IMSG_STORED_STORAGE ? IMSG_STORAGE_ENTRY_STORAGE : IMSG_STORAGE_ENTRY_STREAM;
  if (!found || kind != wanted)
    {
      _imsg_problem_list_tell (problems, where, IMSG_ERROR_CORRUPT_DATA,
                               wanted == IMSG_STORAGE_ENTRY_STORAGE
                                 ? _("Property 0x%08X has no storage %s")
                                 : _("Property 0x%08X has no stream %s"),
                               entry->tag, name);
      return;
    }
  if (form == IMSG_STORED_STORAGE)
    return;
  /* Text whose stored terminator is in both sizes is as common as text without. */
  if (n_promised != n_bytes + get_terminator_size (type) && n_promised != n_bytes)
    _imsg_problem_list_tell (problems, where, IMSG_ERROR_CORRUPT_DATA,
                             g_dngettext (GETTEXT_PACKAGE,
                                          "Property 0x%08X: its stream holds %" PRIu64 " byte, its "
                                            "entry says %u",
                                          "Property 0x%08X: its stream holds %" PRIu64 " bytes, "
                                            "its entry says %u",
                                          n_bytes),
                             entry->tag, n_bytes, n_promised);
  if (form == IMSG_STORED_STREAMS)
    for (guint64 i = 0; i < MIN (n_bytes / get_record_size (type), IMSG_MAX_PROBLEMS); i++)
      {
        _imsg_substg_value_name (entry->tag, (guint32) i, name);
        if (is_missing (storage, name))
          _imsg_problem_list_tell (problems, where, IMSG_ERROR_CORRUPT_DATA,
                                   _("Property 0x%08X has no stream %s"), entry->tag, name);
      }
}

/* Removes the streams of values from index first on: those that the stream of lengths counts, and
 * others that follow without a gap. */
static gboolean
clear_values (IMsgStorage  *storage,
              guint32       tag,
              guint32       first,
              GError      **error)
{
  char name[IMSG_SUBSTG_NAME_SIZE];
  IMsgStorageEntryKind kind;
  guint64 n_bytes, n_counted = 0;

  _imsg_substg_name (tag, name);
  if (_imsg_storage_lookup (storage, name, &kind, &n_bytes))
    n_counted = MIN (n_bytes / get_record_size (IMSG_TAG_TYPE (tag)),
                     _imsg_limits_get_default ()->values[IMSG_LIMIT_DIRECTORY_ENTRIES]);
  for (guint32 i = first; ; i++)
    {
      _imsg_substg_value_name (tag, i, name);
      if (_imsg_storage_lookup (storage, name, &kind, &n_bytes))
        {
          if (!_imsg_storage_clear (storage, name, error))
            return FALSE;
        }
      else if (i >= n_counted)
        {
          return TRUE;
        }
    }
}

gboolean
_imsg_stored_value_remove (IMsgStorage  *storage,
                           guint32       tag,
                           GError      **error)
{
  IMsgStoredForm form = _imsg_type_get_stored_form (IMSG_TAG_TYPE (tag));
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (form == IMSG_STORED_INLINE)
    return TRUE;
  if (form == IMSG_STORED_STREAMS && !clear_values (storage, tag, 0, error))
    return FALSE;
  _imsg_substg_name (tag, name);
  return _imsg_storage_clear (storage, name, error);
}

gboolean
_imsg_stored_value_write (IMsgStorage            *storage,
                          const IMsgStoredValue  *stored,
                          IMsgPropertyEntry      *entry,
                          GError                **error)
{
  guint type = IMSG_TAG_TYPE (stored->tag);
  IMsgStoredForm form = _imsg_type_get_stored_form (type);
  gsize n_bytes = g_bytes_get_size (stored->bytes);
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (form == IMSG_STORED_STORAGE || n_bytes > NO_SIZE - 2)
    {
      g_set_error (error, IMSG_ERROR,
                   form == IMSG_STORED_STORAGE ? IMSG_ERROR_INVALID_TYPE : IMSG_ERROR_TOO_BIG,
                   _("Property 0x%08X cannot be stored as a value"), stored->tag);
      return FALSE;
    }
  entry->tag = stored->tag;
  _imsg_substg_name (stored->tag, name);
  if (form == IMSG_STORED_INLINE || (form == IMSG_STORED_UNKNOWN && n_bytes == IMSG_INLINE_BYTES))
    {
      if (form == IMSG_STORED_UNKNOWN && !_imsg_storage_clear (storage, name, error))
        return FALSE;
      memset (entry->value, 0, IMSG_INLINE_BYTES);
      memcpy (entry->value, g_bytes_get_data (stored->bytes, NULL),
              MIN (n_bytes, IMSG_INLINE_BYTES));
      return TRUE;
    }

  if (form == IMSG_STORED_STREAMS)
    {
      guint n_values = stored->values != NULL ? stored->values->len : 0;

      if (!clear_values (storage, stored->tag, n_values, error))
        return FALSE;
      for (guint i = 0; i < n_values; i++)
        {
          char value_name[IMSG_SUBSTG_NAME_SIZE];

          _imsg_substg_value_name (stored->tag, i, value_name);
          if (!_imsg_storage_put_stream (storage, value_name, NULL,
                                         g_ptr_array_index (stored->values, i), error))
            return FALSE;
        }
    }
  set_size (entry, (guint32) n_bytes + get_terminator_size (type));
  return _imsg_storage_put_stream (storage, name, NULL, stored->bytes, error);
}

gboolean
_imsg_stored_blob_write (IMsgStorage        *storage,
                         guint32             tag,
                         IMsgBlob           *blob,
                         IMsgPropertyEntry  *entry,
                         GError            **error)
{
  guint type = IMSG_TAG_TYPE (tag);
  IMsgStoredForm form = _imsg_type_get_stored_form (type);
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (form != IMSG_STORED_STREAM && form != IMSG_STORED_UNKNOWN)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_TYPE,
                   _("Property 0x%08X is not stored in one stream"), tag);
      return FALSE;
    }
  if (_imsg_blob_get_size (blob) > NO_SIZE - 2)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   _("Property 0x%08X: %" PRIu64 " bytes are more than its entry can count"), tag,
                   _imsg_blob_get_size (blob));
      return FALSE;
    }
  entry->tag = tag;
  set_size (entry, (guint32) _imsg_blob_get_size (blob) + get_terminator_size (type));
  _imsg_substg_name (tag, name);
  return _imsg_storage_put_stream (storage, name, blob, NULL, error);
}
