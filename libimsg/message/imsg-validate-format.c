/* imsg-validate-format.c - the rules of [MS-OXMSG]
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-validate-private.h"

#include "imsg-crc-private.h"
#include "imsg-little-endian-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define ENTRY_BYTES 16
#define MAX_RECIPIENTS 2048
#define MAX_ATTACHMENTS 2048
#define STORE_UNICODE_OK 0x00040000
#define NO_SIZE 0xFFFFFFFFu

/* What the low byte of the reserved word says of an object ([MS-OXMSG] 2.4.2.2) */
#define MARK_MESSAGE 1
#define MARK_STORAGE 4

#define N_BUCKETS 31
#define GUID_BYTES 16
#define NAME_BYTES 8

static gboolean
is_text (guint type)
{
  return type == IMSG_PROPERTY_TYPE_STRING8 || type == IMSG_PROPERTY_TYPE_UNICODE;
}

/* Outlook writes these empty itself. */
static gboolean
may_be_empty (guint32 tag)
{
  switch (IMSG_TAG_ID (tag))
    {
    case IMSG_TAG_ID (IMSG_PR_SUBJECT_PREFIX):
    case IMSG_TAG_ID (IMSG_PR_DISPLAY_TO):
    case IMSG_TAG_ID (IMSG_PR_DISPLAY_CC):
    case IMSG_TAG_ID (IMSG_PR_DISPLAY_BCC):
      return TRUE;
    default:
      return FALSE;
    }
}

/* --- the property stream --- */

/* What the header of a message says of its recipients and attachments: the next ids at 8 and 12,
 * their numbers at 16 and 20. */
static void
check_counts (IMsgValidated *self,
              const guint8  *bytes)
{
  if (_imsg_get_u32 (bytes + 16) != self->n_recipients)
    _imsg_validated_tell (self, "counts", 0,
                          g_dngettext (GETTEXT_PACKAGE,
                                       "the header says %u recipient, there are %u",
                                       "the header says %u recipients, there are %u",
                                       _imsg_get_u32 (bytes + 16)),
                          _imsg_get_u32 (bytes + 16), self->n_recipients);
  if (_imsg_get_u32 (bytes + 20) != self->n_attachments)
    _imsg_validated_tell (self, "counts", 0,
                          g_dngettext (GETTEXT_PACKAGE,
                                       "the header says %u attachment, there are %u",
                                       "the header says %u attachments, there are %u",
                                       _imsg_get_u32 (bytes + 20)),
                          _imsg_get_u32 (bytes + 20), self->n_attachments);
  if (_imsg_get_u32 (bytes + 8) <= self->last_recipient)
    _imsg_validated_tell (self, "next-id", 0, _("the next recipient would be %u, which is in use"),
                          _imsg_get_u32 (bytes + 8));
  if (_imsg_get_u32 (bytes + 12) <= self->last_attachment)
    _imsg_validated_tell (self, "next-id", 0,
                          _("the next attachment would be %u, which is in use"),
                          _imsg_get_u32 (bytes + 12));
  if (self->n_recipients > MAX_RECIPIENTS)
    _imsg_validated_tell (self, "limits", 0,
                          g_dngettext (GETTEXT_PACKAGE,
                                       "%u recipient is more than %u",
                                       "%u recipients are more than %u",
                                       self->n_recipients),
                          self->n_recipients, MAX_RECIPIENTS);
  if (self->n_attachments > MAX_ATTACHMENTS)
    _imsg_validated_tell (self, "limits", 0,
                          g_dngettext (GETTEXT_PACKAGE,
                                       "%u attachment is more than %u",
                                       "%u attachments are more than %u",
                                       self->n_attachments),
                          self->n_attachments, MAX_ATTACHMENTS);
}

static void
check_stream (IMsgValidated *self)
{
  gsize header_size = self->kind == IMSG_VALIDATED_MESSAGE    ? IMSG_STREAM_MESSAGE
                      : self->kind == IMSG_VALIDATED_EMBEDDED ? IMSG_STREAM_EMBEDDED
                                                              : IMSG_STREAM_SUBOBJECT;
  gsize n_bytes = 0;
  const guint8 *bytes = NULL;

  if (self->stream == NULL)
    {
      _imsg_validated_tell (self, "property-stream", 0, _("there is no %s"),
                            IMSG_PROPERTIES_STREAM);
      return;
    }
  bytes = g_bytes_get_data (self->stream, &n_bytes);
  if (n_bytes < header_size)
    {
      _imsg_validated_tell (self, "property-stream", 0,
                            g_dngettext (GETTEXT_PACKAGE,
                                         "%zu byte is less than the header of %zu",
                                         "%zu bytes are less than the header of %zu",
                                         n_bytes),
                            n_bytes, header_size);
      return;
    }
  if ((n_bytes - header_size) % ENTRY_BYTES != 0)
    _imsg_validated_tell (self, "property-stream", 0,
                          g_dngettext (GETTEXT_PACKAGE,
                                       "%zu byte after the last entry",
                                       "%zu bytes after the last entry",
                                       (n_bytes - header_size) % ENTRY_BYTES),
                          (n_bytes - header_size) % ENTRY_BYTES);
  if (_imsg_get_u32 (bytes) != 0 || _imsg_get_u32 (bytes + 4) != 0 ||
      (header_size == IMSG_STREAM_MESSAGE &&
       (_imsg_get_u32 (bytes + 24) != 0 || _imsg_get_u32 (bytes + 28) != 0)))
    _imsg_validated_tell (self, "header-reserved", 0, _("reserved bytes are not zero"));
  if (header_size != IMSG_STREAM_SUBOBJECT)
    check_counts (self, bytes);
}

/* --- entries --- */

static void
check_stream_of (IMsgValidated           *self,
                 const IMsgPropertyEntry *entry)
{
  guint type = IMSG_TAG_TYPE (entry->tag);
  guint32 size = _imsg_get_u32 (entry->value);
  IMsgStorageEntry *member = g_hash_table_lookup (self->members, GUINT_TO_POINTER (entry->tag));
  guint terminator = type == IMSG_PROPERTY_TYPE_UNICODE   ? 2
                     : type == IMSG_PROPERTY_TYPE_STRING8 ? 1
                                                          : 0;
  guint64 n_bytes = 0;

  if (member == NULL || imsg_storage_entry_get_kind (member) != IMSG_STORAGE_ENTRY_STREAM)
    {
      _imsg_validated_tell (self, "value-stream", entry->tag, _("its stream is missing"));
      return;
    }
  n_bytes = imsg_storage_entry_get_size (member);
  if (size != n_bytes + terminator)
    _imsg_validated_tell (self, "value-size", entry->tag,
                          terminator > 0
                            ? g_dngettext (GETTEXT_PACKAGE,
                                           "the entry says %u byte, the stream has %" PRIu64 " and "
                                             "no terminator",
                                           "the entry says %u bytes, the stream has %" PRIu64
                                             " and no terminator",
                                           size)
                            : g_dngettext (GETTEXT_PACKAGE,
                                           "the entry says %u byte, the stream has %" PRIu64,
                                           "the entry says %u bytes, the stream has %" PRIu64,
                                           size),
                          size, n_bytes);
  if (type == IMSG_PROPERTY_TYPE_UNICODE && n_bytes % 2 != 0)
    _imsg_validated_tell (self, "value-size", entry->tag,
                          _("UTF-16 text of an odd number of bytes"));
  if (type == IMSG_PROPERTY_TYPE_CLSID && n_bytes != GUID_BYTES)
    _imsg_validated_tell (self, "value-size", entry->tag,
                          g_dngettext (GETTEXT_PACKAGE,
                                       "a GUID of %" PRIu64 " byte",
                                       "a GUID of %" PRIu64 " bytes",
                                       n_bytes),
                          n_bytes);
  if (is_text (type) && n_bytes == 0 && !may_be_empty (entry->tag))
    _imsg_validated_tell (self, "empty-text", entry->tag, _("text of no characters"));
  if (imsg_property_tag_is_multi_valued (entry->tag) && _imsg_type_get_value_size (type) > 0 &&
      n_bytes % _imsg_type_get_value_size (type) != 0)
    _imsg_validated_tell (self, "value-size", entry->tag, _("its last value is cut short"));
}

/* The stream of lengths of a multi-valued text or binary property, and its values. */
static void
check_values_of (IMsgValidated           *self,
                 const IMsgPropertyEntry *entry)
{
  gsize record_size = IMSG_TAG_TYPE (entry->tag) == IMSG_PROPERTY_TYPE_MV_BINARY ? 8 : 4;
  g_autoptr(GBytes) lengths = _imsg_validated_read (self, entry->tag);
  guint n_streams =
    GPOINTER_TO_UINT (g_hash_table_lookup (self->values, GUINT_TO_POINTER (entry->tag)));
  const guint8 *bytes = NULL;
  gsize n_bytes = 0;

  if (lengths == NULL)
    {
      _imsg_validated_tell (self, "value-stream", entry->tag,
                            _("its stream of lengths is missing"));
      return;
    }
  bytes = g_bytes_get_data (lengths, &n_bytes);
  if (_imsg_get_u32 (entry->value) != n_bytes)
    _imsg_validated_tell (self, "value-size", entry->tag,
                          g_dngettext (GETTEXT_PACKAGE,
                                       "the entry says %u byte, the stream of lengths has %zu",
                                       "the entry says %u bytes, the stream of lengths has %zu",
                                       _imsg_get_u32 (entry->value)),
                          _imsg_get_u32 (entry->value), n_bytes);
  if (n_bytes % record_size != 0 || n_bytes / record_size != n_streams)
    {
      _imsg_validated_tell (self, "value-count", entry->tag,
                            g_dngettext (GETTEXT_PACKAGE,
                                         "%zu byte of lengths for %u values",
                                         "%zu bytes of lengths for %u values",
                                         n_bytes),
                            n_bytes, n_streams);
      return;
    }
  for (gsize i = 0; i < n_bytes / record_size; i++)
    {
      char name[IMSG_SUBSTG_NAME_SIZE];
      g_autoptr(IMsgStorageEntry) value = NULL;

      _imsg_substg_value_name (entry->tag, (guint32) i, name);
      value = imsg_storage_find_entry (self->storage, name);
      if (value == NULL)
        _imsg_validated_tell (self, "value-stream", entry->tag, _("%s is missing"), name);
      else if (imsg_storage_entry_get_size (value) != _imsg_get_u32 (bytes + i * record_size))
        _imsg_validated_tell (self, "value-size", entry->tag,
                              g_dngettext (GETTEXT_PACKAGE,
                                           "%s has %" PRIu64 " byte, its length says %u",
                                           "%s has %" PRIu64 " bytes, its length says %u",
                                           imsg_storage_entry_get_size (value)),
                              name, imsg_storage_entry_get_size (value),
                              _imsg_get_u32 (bytes + i * record_size));
    }
}

static void
check_object_of (IMsgValidated           *self,
                 const IMsgPropertyEntry *entry)
{
  IMsgStorageEntry *member = g_hash_table_lookup (self->members, GUINT_TO_POINTER (entry->tag));
  guint32 method = _imsg_validated_get_u32 (self, IMSG_PR_ATTACH_METHOD);
  guint8 mark = entry->value[4];

  if (member == NULL || imsg_storage_entry_get_kind (member) != IMSG_STORAGE_ENTRY_STORAGE)
    {
      _imsg_validated_tell (self, "value-stream", entry->tag, _("its storage is missing"));
      return;
    }
  if (_imsg_get_u32 (entry->value) != NO_SIZE)
    _imsg_validated_tell (self, "object-size", entry->tag, _("an object with the size 0x%08X"),
                          _imsg_get_u32 (entry->value));
  if (self->kind == IMSG_VALIDATED_ATTACHMENT &&
      mark != (method == 5 ? MARK_MESSAGE : MARK_STORAGE))
    _imsg_validated_tell (self, "object-mark", entry->tag,
                          _("an object of attachment method %u marked with %u"), method, mark);
}

static void
check_entry (IMsgValidated           *self,
             const IMsgPropertyEntry *entry)
{
  switch (_imsg_type_get_stored_form (IMSG_TAG_TYPE (entry->tag)))
    {
    case IMSG_STORED_INLINE:
      if (IMSG_TAG_TYPE (entry->tag) == IMSG_PROPERTY_TYPE_BOOLEAN &&
          _imsg_get_u16 (entry->value) > 1)
        _imsg_validated_tell (self, "boolean", entry->tag, _("neither 0 nor 1 but %u"),
                              _imsg_get_u16 (entry->value));
      break;
    case IMSG_STORED_STREAM:
      check_stream_of (self, entry);
      break;
    case IMSG_STORED_STREAMS:
      check_values_of (self, entry);
      break;
    case IMSG_STORED_STORAGE:
      check_object_of (self, entry);
      break;
    case IMSG_STORED_UNKNOWN:
      _imsg_validated_tell (self, "type", entry->tag, _("a type that is not known"));
      break;
    }
}

static void
check_entries (IMsgValidated *self)
{
  gboolean has_unicode = FALSE;
  gboolean has_ansi = FALSE;

  for (guint i = 0; i < self->entries->len; i++)
    {
      const IMsgPropertyEntry *entry = &g_array_index (self->entries, IMsgPropertyEntry, i);
      guint type = IMSG_TAG_TYPE (entry->tag) & ~(guint) IMSG_MULTI_VALUE_FLAG;

      has_unicode |= type == IMSG_PROPERTY_TYPE_UNICODE;
      has_ansi |= type == IMSG_PROPERTY_TYPE_STRING8;
      if (_imsg_validated_find (self, entry->tag) != entry)
        _imsg_validated_tell (self, "duplicate", entry->tag, _("entered more than once"));
      else
        check_entry (self, entry);
    }
  if (has_unicode && has_ansi)
    _imsg_validated_tell (self, "mixed-text", 0, _("8-bit and Unicode text in one object"));
  if (self->kind != IMSG_VALIDATED_MESSAGE && self->kind != IMSG_VALIDATED_EMBEDDED)
    return;
  if (has_unicode &&
      !(_imsg_validated_get_u32 (self, IMSG_PR_STORE_SUPPORT_MASK) & STORE_UNICODE_OK))
    _imsg_validated_tell (self, "store-mask", IMSG_PR_STORE_SUPPORT_MASK,
                          _("Unicode text, and the mask does not say so"));
  if (has_ansi && !has_unicode &&
      (_imsg_validated_get_u32 (self, IMSG_PR_STORE_SUPPORT_MASK) & STORE_UNICODE_OK))
    _imsg_validated_tell (self, "store-mask", IMSG_PR_STORE_SUPPORT_MASK,
                          _("8-bit text, and the mask says Unicode"));
}

static void
check_orphans (IMsgValidated *self)
{
  GHashTableIter iter;
  gpointer key = NULL;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (_imsg_validated_find (self, GPOINTER_TO_UINT (key)) == NULL)
      _imsg_validated_tell (self, "orphan", GPOINTER_TO_UINT (key), _("a stream without an entry"));
  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (_imsg_validated_find (self, GPOINTER_TO_UINT (key)) == NULL)
      _imsg_validated_tell (self, "orphan", GPOINTER_TO_UINT (key), _("values without an entry"));
}

static void
check_attachment (IMsgValidated *self)
{
  const guint32 data_bytes = IMSG_TAG (IMSG_PROPERTY_TYPE_BINARY, 0x3701);
  const guint32 data_object = IMSG_TAG (IMSG_PROPERTY_TYPE_OBJECT, 0x3701);
  guint32 method = _imsg_validated_get_u32 (self, IMSG_PR_ATTACH_METHOD);

  if (_imsg_validated_find (self, IMSG_PR_ATTACH_METHOD) == NULL)
    {
      _imsg_validated_tell (self, "attachment-method", 0, _("no attachment method"));
      return;
    }
  if (method == 1 && _imsg_validated_find (self, data_bytes) == NULL)
    _imsg_validated_tell (self, "attachment-data", 0, _("attached by value, without data"));
  if ((method == 5 || method == 6) && _imsg_validated_find (self, data_object) == NULL)
    _imsg_validated_tell (self, "attachment-data", 0, _("an attached object, without a storage"));
  if (method > 7)
    _imsg_validated_tell (self, "attachment-method", 0, _("attachment method %u is not known"),
                          method);
}

void
_imsg_validate_format (IMsgValidated *self)
{
  check_stream (self);
  check_entries (self);
  check_orphans (self);
  if (self->kind == IMSG_VALIDATED_ATTACHMENT)
    check_attachment (self);
}

/* --- named properties --- */

static GBytes *
read_map_stream (IMsgValidated *self,
                 IMsgStorage   *map,
                 guint32        tag,
                 gsize          record_size,
                 gboolean       is_required)
{
  char name[IMSG_SUBSTG_NAME_SIZE];
  GBytes *bytes = NULL;

  _imsg_substg_name (tag, name);
  bytes = imsg_storage_read_stream (map, name, self->cancellable, NULL);
  if (bytes == NULL && is_required)
    _imsg_validated_tell (self, "name-streams", 0, _("the name table has no %s"), name);
  if (bytes != NULL && g_bytes_get_size (bytes) % record_size != 0)
    _imsg_validated_tell (self, "name-streams", 0, _("%s ends in a part of a record"), name);
  return bytes != NULL ? bytes : g_bytes_new_static ("", 0);
}

/* What a bucket says of an entry; FALSE when its text lies outside of the string stream. */
static gboolean
hash_entry (const guint8 *entry,
            GBytes       *strings,
            guint32      *hash)
{
  gsize n_bytes = 0;
  const guint8 *bytes = g_bytes_get_data (strings, &n_bytes);
  guint32 offset = _imsg_get_u32 (entry);
  guint32 length = 0;

  *hash = offset;
  if ((_imsg_get_u16 (entry + 4) & 1) == 0)
    return TRUE;
  if (offset > n_bytes || n_bytes - offset < 4)
    return FALSE;
  length = _imsg_get_u32 (bytes + offset);
  if (length > n_bytes - offset - 4)
    return FALSE;
  *hash = _imsg_crc (bytes + offset + 4, length);
  return TRUE;
}

/* Every entry stands once, in the bucket of its hash; the table is keyed by bucket and index. */
static guint
count_bucket_entries (IMsgValidated *self,
                      IMsgStorage   *map,
                      GHashTable    *in_bucket)
{
  guint n_entries = 0;

  for (guint bucket = 0; bucket < N_BUCKETS; bucket++)
    {
      g_autoptr(GBytes) stream = read_map_stream (self, map, (0x1000 + bucket) << 16 | 0x0102,
                                                  NAME_BYTES, FALSE);
      gsize n_bytes = 0;
      const guint8 *bytes = g_bytes_get_data (stream, &n_bytes);

      for (gsize at = 0; at + NAME_BYTES <= n_bytes; at += NAME_BYTES)
        {
          guint64 *key = g_new (guint64, 1);

          *key = (guint64) _imsg_get_u32 (bytes + at) << 32 | (guint64) bucket << 16 |
                 _imsg_get_u16 (bytes + at + 6);
          g_hash_table_add (in_bucket, key);
          n_entries++;
        }
    }
  return n_entries;
}

static void
check_names (IMsgValidated *self,
             IMsgStorage   *map)
{
  g_autoptr(GBytes) sets = read_map_stream (self, map, 0x00020102, GUID_BYTES, TRUE);
  g_autoptr(GBytes) entries = read_map_stream (self, map, 0x00030102, NAME_BYTES, TRUE);
  g_autoptr(GBytes) strings = read_map_stream (self, map, 0x00040102, 1, TRUE);
  g_autoptr(GHashTable) in_bucket = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                                           NULL);
  guint n_in_buckets = count_bucket_entries (self, map, in_bucket);
  guint n_entries = g_bytes_get_size (entries) / NAME_BYTES;
  guint n_sets = g_bytes_get_size (sets) / GUID_BYTES;
  const guint8 *bytes = g_bytes_get_data (entries, NULL);

  for (guint i = 0; i < n_entries; i++)
    {
      const guint8 *entry = bytes + i * NAME_BYTES;
      guint16 field = _imsg_get_u16 (entry + 4);
      guint set = field >> 1;
      guint32 hash = 0;
      guint64 key = 0;

      if (_imsg_get_u16 (entry + 6) != i)
        _imsg_validated_tell (self, "name-index", 0, _("name %u has the index %u"), i,
                              _imsg_get_u16 (entry + 6));
      if (set == 0 || set > n_sets + 2)
        _imsg_validated_tell (self, "name-set", 0, _("name %u is of set %u, which is not there"),
                              i, set);
      if (!hash_entry (entry, strings, &hash))
        {
          _imsg_validated_tell (self, "name-text", 0, _("the text of name %u lies outside"), i);
          continue;
        }
      key = (guint64) hash << 32 | (guint64) ((hash ^ field) % N_BUCKETS) << 16 |
            _imsg_get_u16 (entry + 6);
      if (!g_hash_table_contains (in_bucket, &key))
        _imsg_validated_tell (self, "name-buckets", 0,
                              _("name %u is not in the bucket of its hash"), i);
    }
  if (n_in_buckets != n_entries)
    _imsg_validated_tell (self, "name-buckets", 0,
                          g_dngettext (GETTEXT_PACKAGE,
                                       "%u name, and %u entries in buckets",
                                       "%u names, and %u entries in buckets",
                                       n_entries),
                          n_entries, n_in_buckets);
  for (guint i = 0; i < self->entries->len; i++)
    {
      guint32 tag = g_array_index (self->entries, IMsgPropertyEntry, i).tag;

      if (IMSG_TAG_ID (tag) >= 0x8000 && IMSG_TAG_ID (tag) - 0x8000 >= n_entries)
        _imsg_validated_tell (self, "name-missing", tag,
                              _("an id of a named property without a name"));
    }
}

void
_imsg_validate_nameid (IMsgValidated *self)
{
  g_autoptr(IMsgStorageEntry) member = imsg_storage_find_entry (self->storage, IMSG_NAMEID_STORAGE);
  g_autoptr(IMsgStorage) map = NULL;

  if (self->kind != IMSG_VALIDATED_MESSAGE)
    {
      if (member != NULL)
        _imsg_validated_tell (self, "name-table", 0, _("a name table below the outermost message"));
      return;
    }
  map = imsg_storage_open_storage (self->storage, IMSG_NAMEID_STORAGE, IMSG_STORAGE_READ, NULL);
  if (map != NULL)
    check_names (self, map);
  else
    _imsg_validated_tell (self, "name-table", 0, _("there is no %s"), IMSG_NAMEID_STORAGE);
}
