/* imsg-name-map-storage.c - the map of names from and to its streams
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-private.h"
#include "imsg-crc-private.h"
#include "imsg-little-endian-private.h"
#include "imsg-name-map-private.h"

#include <glib/gi18n-lib.h>

#define GUID_BYTES 16
#define N_BUCKETS 31
#define GUID_STREAM 0x00020102u
#define ENTRY_STREAM 0x00030102u
#define STRING_STREAM 0x00040102u
#define BUCKET_STREAM(bucket) ((0x1000u + (bucket)) << 16 | 0x0102u)

static IMsgNameEntry
get_entry (IMsgNameMap *self,
           guint        index)
{
  const guint8 *bytes = self->entries->data + (gsize) index * IMSG_NAME_ENTRY_BYTES;
  IMsgNameEntry entry = { _imsg_get_u32 (bytes), _imsg_get_u16 (bytes + 4),
                          _imsg_get_u16 (bytes + 6) };

  return entry;
}

/* The UTF-16 bytes of a name; FALSE when the offset or length leave the stream. */
static gboolean
find_string (IMsgNameMap   *self,
             guint32        offset,
             const guint8 **bytes,
             guint32       *n_bytes)
{
  guint32 n_stored;

  if (self->strings->len < 4 || offset > self->strings->len - 4)
    return FALSE;
  n_stored = _imsg_get_u32 (self->strings->data + offset);
  if (n_stored > self->strings->len - 4 - offset)
    return FALSE;
  *bytes = self->strings->data + offset + 4;
  *n_bytes = n_stored & ~(guint32) 1;
  return TRUE;
}

/* (nullable): the name of an entry; why not is a problem, unless problems is NULL. */
static IMsgPropertyName *
read_name (IMsgNameMap *self,
           guint        index,
           gsize       *n_long_left,
           GPtrArray   *problems)
{
  IMsgNameEntry entry = get_entry (self, index);
  const guint8 *bytes;
  guint32 n_bytes;
  g_autofree char *string = NULL;
  gsize length;
  IMsgGuid guid;

  if (entry.index != index)
    _imsg_problem_list_tell (problems, IMSG_NAMEID_STORAGE, IMSG_ERROR_CORRUPT_DATA,
                             _("Name %u says that it is number %u; its place counts"), index,
                             entry.index);
  if (!_imsg_name_map_get_guid (self, entry.field >> 1, &guid))
    {
      _imsg_problem_list_tell (problems, IMSG_NAMEID_STORAGE, IMSG_ERROR_CORRUPT_DATA,
                               _("Name %u is of set %u, and there is no such set"), index,
                               (guint) entry.field >> 1);
      return NULL;
    }
  if ((entry.field & 1) == IMSG_PROPERTY_NAME_ID)
    return _imsg_property_name_new (&guid, entry.name, NULL);

  if (!find_string (self, entry.name, &bytes, &n_bytes))
    {
      _imsg_problem_list_tell (problems, IMSG_NAMEID_STORAGE, IMSG_ERROR_CORRUPT_DATA,
                               _("Name %u is outside the stream of strings"), index);
      return NULL;
    }
  if (n_bytes > IMSG_SHORT_NAME_BYTES)
    {
      if (n_bytes > *n_long_left)
        {
          _imsg_problem_list_tell (problems, IMSG_NAMEID_STORAGE, IMSG_ERROR_CORRUPT_DATA,
                                   g_dngettext (GETTEXT_PACKAGE,
                                                "Name %u has %u byte, more than the strings can "
                                                  "hold together",
                                                "Name %u has %u bytes, more than the strings can "
                                                  "hold together",
                                                n_bytes),
                                   index, n_bytes);
          return NULL;
        }
      *n_long_left -= n_bytes;
    }
  string = _imsg_utf16_decode (bytes, n_bytes, &length, NULL);
  if (strlen (string) != length)
    {
      _imsg_problem_list_tell (problems, IMSG_NAMEID_STORAGE, IMSG_ERROR_CORRUPT_DATA,
                               _("Name %u has a NUL inside"), index);
      return NULL;
    }
  return _imsg_property_name_new (&guid, 0, string);
}

static void
read_names (IMsgNameMap *self,
            GPtrArray   *problems)
{
  guint n_names = self->entries->len / IMSG_NAME_ENTRY_BYTES;
  gsize n_long_left = self->strings->len;

  if (self->entries->len % IMSG_NAME_ENTRY_BYTES != 0)
    _imsg_problem_list_tell (problems, IMSG_NAMEID_STORAGE, IMSG_ERROR_CORRUPT_DATA,
                             g_dngettext (GETTEXT_PACKAGE,
                                          "The stream of entries ends with %u byte that makes no "
                                            "entry",
                                          "The stream of entries ends with %u bytes that make no "
                                            "entry",
                                          self->entries->len % IMSG_NAME_ENTRY_BYTES),
                             self->entries->len % IMSG_NAME_ENTRY_BYTES);
  if (self->guids->len % GUID_BYTES != 0)
    _imsg_problem_list_tell (problems, IMSG_NAMEID_STORAGE, IMSG_ERROR_CORRUPT_DATA,
                             g_dngettext (GETTEXT_PACKAGE,
                                          "The stream of GUIDs ends with %u byte that makes no "
                                            "GUID",
                                          "The stream of GUIDs ends with %u bytes that make no "
                                            "GUID",
                                          self->guids->len % GUID_BYTES),
                             self->guids->len % GUID_BYTES);
  if (n_names > IMSG_MAX_NAMES)
    {
      _imsg_problem_list_tell (problems, IMSG_NAMEID_STORAGE, IMSG_ERROR_CORRUPT_DATA,
                               g_dngettext (GETTEXT_PACKAGE,
                                            "There is %u name, and ids for %u",
                                            "There are %u names, and ids for %u",
                                            n_names),
                               n_names, IMSG_MAX_NAMES);
      n_names = IMSG_MAX_NAMES;
    }

  for (guint i = 0; i < n_names; i++)
    {
      IMsgPropertyName *name = read_name (self, i, &n_long_left, problems);

      g_ptr_array_add (self->names, name);
      if (name == NULL)
        continue;
      if (g_hash_table_contains (self->indexes, name))
        {
          g_autofree char *text = imsg_property_name_to_text (name);

          _imsg_problem_list_tell (problems, IMSG_NAMEID_STORAGE, IMSG_ERROR_CORRUPT_DATA,
                                   _("Name %u is there before: %s"), i, text);
        }
      else
        {
          g_hash_table_insert (self->indexes, name, GUINT_TO_POINTER (i));
        }
    }
}

static void
set_name (IMsgNameMap      *self,
          guint             index,
          IMsgPropertyName *name)
{
  gpointer other;

  self->names->pdata[index] = name;
  if (!g_hash_table_lookup_extended (self->indexes, name, NULL, &other) ||
      GPOINTER_TO_UINT (other) > index)
    g_hash_table_replace (self->indexes, name, GUINT_TO_POINTER (index));
}

static int
compare_offsets (gconstpointer a,
                 gconstpointer b)
{
  guint32 first = *(const guint32 *) a;
  guint32 second = *(const guint32 *) b;

  return (first > second) - (first < second);
}

/* Notes what an entry without a name refers to past the end of the streams. */
static void
reserve (IMsgNameMap *self,
         guint        index)
{
  IMsgNameEntry entry = get_entry (self, index);
  IMsgGuid guid;

  if (!_imsg_name_map_get_guid (self, entry.field >> 1, &guid))
    g_hash_table_add (self->reserved_sets, GUINT_TO_POINTER (entry.field >> 1));
  if ((entry.field & 1) == IMSG_PROPERTY_NAME_STRING &&
      (guint64) entry.name + 4 > self->strings->len)
    g_array_append_val (self->reserved_strings, entry.name);
}

void
_imsg_name_map_prepare (IMsgNameMap *self)
{
  gsize n_long_left = self->strings->len;
  guint n_names;

  _imsg_name_map_pad (self->entries, IMSG_NAME_ENTRY_BYTES);
  _imsg_name_map_pad (self->guids, GUID_BYTES);
  _imsg_name_map_pad (self->strings, 4);
  self->reserved_sets = g_hash_table_new (g_direct_hash, g_direct_equal);
  self->reserved_strings = g_array_new (FALSE, FALSE, sizeof (guint32));

  /* What was cut short may have become a name by the zeros behind it. */
  n_names = MIN (self->entries->len / IMSG_NAME_ENTRY_BYTES, IMSG_MAX_NAMES);
  while (self->names->len < n_names)
    g_ptr_array_add (self->names, NULL);
  for (guint i = 0; i < n_names; i++)
    if (g_ptr_array_index (self->names, i) == NULL)
      {
        IMsgPropertyName *name = read_name (self, i, &n_long_left, NULL);

        if (name != NULL)
          set_name (self, i, name);
        else
          reserve (self, i);
      }
  g_array_sort (self->reserved_strings, compare_offsets);
}

/* A missing stream is an empty one. */
static void
read_stream (IMsgNameMap      *self,
             IMsgStorage      *storage,
             guint32           tag,
             const IMsgLimits *limits,
             GByteArray       *stream,
             GPtrArray        *problems)
{
  char name[IMSG_SUBSTG_NAME_SIZE];
  g_autoptr(IMsgBlob) blob = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  IMsgStorageEntryKind kind;
  guint64 n_bytes;
  gboolean is_cut = FALSE;

  _imsg_substg_name (tag, name);
  if (!_imsg_storage_lookup (storage, name, &kind, &n_bytes))
    {
      _imsg_problem_list_tell (problems, IMSG_NAMEID_STORAGE, IMSG_ERROR_CORRUPT_DATA,
                               _("There is no stream %s"), name);
      return;
    }
  blob = _imsg_storage_get_blob (storage, name, &error);
  if (blob != NULL)
    bytes = _imsg_blob_read_readable (blob,
                                      MIN (limits->values[IMSG_LIMIT_VALUE_BYTES], G_MAXUINT / 2),
                                      &is_cut, NULL, &error);
  if (bytes == NULL)
    {
      self->is_unreadable = TRUE;
      _imsg_problem_list_add (problems, _imsg_problem_new_error (IMSG_NAMEID_STORAGE, error));
      return;
    }
  /* Names that are missing may have the ids that new ones would get */
  self->is_unreadable |= is_cut;
  if (g_bytes_get_size (bytes) > 0)
    g_byte_array_append (stream, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
}

IMsgNameMap *
_imsg_name_map_read (IMsgStorage      *root,
                     const IMsgLimits *limits,
                     GPtrArray        *problems)
{
  IMsgNameMap *self = _imsg_name_map_alloc ();
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(GError) error = NULL;
  IMsgStorageEntryKind kind;
  guint64 n_bytes;

  if (!_imsg_storage_lookup (root, IMSG_NAMEID_STORAGE, &kind, &n_bytes))
    return self;
  storage = imsg_storage_open_storage (root, IMSG_NAMEID_STORAGE, IMSG_STORAGE_READ, &error);
  if (storage == NULL)
    {
      self->is_unreadable = TRUE;
      _imsg_problem_list_add (problems, _imsg_problem_new_error (IMSG_NAMEID_STORAGE, error));
      return self;
    }
  read_stream (self, storage, GUID_STREAM, limits, self->guids, problems);
  read_stream (self, storage, ENTRY_STREAM, limits, self->entries, problems);
  read_stream (self, storage, STRING_STREAM, limits, self->strings, problems);
  read_names (self, problems);
  return self;
}

static gboolean
write_stream (IMsgStorage  *storage,
              guint32       tag,
              GByteArray   *stream,
              GError      **error)
{
  char name[IMSG_SUBSTG_NAME_SIZE];
  g_autoptr(GBytes) bytes = g_bytes_new (stream->data, stream->len);
  g_autoptr(IMsgBlob) blob = _imsg_blob_new_for_bytes (bytes);

  _imsg_substg_name (tag, name);
  return _imsg_storage_put_stream (storage, name, blob, NULL, error);
}

/* Every entry goes into the bucket of its name, except one whose text cannot be found. */
static gboolean
write_buckets (IMsgNameMap  *self,
               IMsgStorage  *storage,
               GError      **error)
{
  g_autoptr(GPtrArray) buckets = NULL;

  buckets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  for (guint i = 0; i < N_BUCKETS; i++)
    g_ptr_array_add (buckets, g_byte_array_new ());
  for (guint i = 0; i < self->names->len; i++)
    {
      IMsgNameEntry entry = get_entry (self, i);
      GByteArray *bucket;
      const guint8 *bytes;
      guint32 n_bytes;

      if ((entry.field & 1) != 0)
        {
          if (g_ptr_array_index (self->names, i) == NULL ||
              !find_string (self, entry.name, &bytes, &n_bytes))
            continue;
          entry.name = _imsg_crc (bytes, n_bytes);
        }
      entry.index = (guint16) i;
      bucket = g_ptr_array_index (buckets, (entry.name ^ entry.field) % N_BUCKETS);
      _imsg_name_map_append_entry (bucket, &entry);
    }

  for (guint i = 0; i < N_BUCKETS; i++)
    {
      GByteArray *bucket = g_ptr_array_index (buckets, i);
      char name[IMSG_SUBSTG_NAME_SIZE];

      _imsg_substg_name (BUCKET_STREAM (i), name);
      if (bucket->len > 0 ? !write_stream (storage, BUCKET_STREAM (i), bucket, error)
                          : !_imsg_storage_clear (storage, name, error))
        return FALSE;
    }
  return TRUE;
}

void
_imsg_name_map_touch (IMsgNameMap *self)
{
  self->needs_write = TRUE;
}

gboolean
_imsg_name_map_write (IMsgNameMap  *self,
                      IMsgStorage  *root,
                      GError      **error)
{
  g_autoptr(IMsgStorage) storage = NULL;
  IMsgStorageEntryKind kind;
  guint64 n_bytes;

  if (!self->needs_write)
    return TRUE;
  if (_imsg_storage_lookup (root, IMSG_NAMEID_STORAGE, &kind, &n_bytes))
    storage = imsg_storage_open_storage (root, IMSG_NAMEID_STORAGE, IMSG_STORAGE_READ_WRITE, error);
  else
    storage = imsg_storage_create_storage (root, IMSG_NAMEID_STORAGE, IMSG_STORAGE_READ_WRITE,
                                           error);
  if (storage == NULL ||
      !write_stream (storage, GUID_STREAM, self->guids, error) ||
      !write_stream (storage, ENTRY_STREAM, self->entries, error) ||
      !write_stream (storage, STRING_STREAM, self->strings, error) ||
      !write_buckets (self, storage, error))
    return FALSE;
  self->needs_write = FALSE;
  return TRUE;
}
