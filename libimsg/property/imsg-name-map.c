/* imsg-name-map.c - which id stands for which name in a file
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-private.h"
#include "imsg-property-private.h"

#define ENTRY_BYTES 8
#define GUID_BYTES 16
#define FIRST_ID 0x8000
/* 0xFFFE and 0xFFFF are no ids of properties. */
#define MAX_NAMES 0x7FFE
/* GUID indexes that stand for a set without its being stored; the stored ones follow. */
#define INDEX_PS_MAPI 1
#define INDEX_PS_PUBLIC_STRINGS 2
#define FIRST_STORED_INDEX 3
#define MAX_GUID_INDEX 0x7FFF
/* A name of this many bytes is never refused: the protocols stop at 255. Longer ones are read as
 * long as all of them together fit into the string stream, so that a small file cannot make one
 * long text the name of every property. */
#define SHORT_NAME_BYTES 1024

#define N_BUCKETS 31
#define GUID_STREAM 0x00020102u
#define ENTRY_STREAM 0x00030102u
#define STRING_STREAM 0x00040102u
#define BUCKET_STREAM(bucket) ((0x1000u + (bucket)) << 16 | 0x0102u)

struct _IMsgNameMap
{
  gatomicrefcount ref_count;
  GPtrArray      *names;   /* (element-type IMsgPropertyName), by property index; NULL unreadable */
  GHashTable     *indexes; /* name of names, borrowed -> its property index; of equals the first */
  GHashTable     *sets;    /* (nullable): GUID -> its index; made when the first name is added */
  GByteArray     *entries; /* the three streams as they are, damage included */
  GByteArray     *guids;
  GByteArray     *strings;
  guint           needs_write : 1;
  guint           is_unreadable : 1; /* a stream could not be read: nothing may be added */
};

/* Who writes a file must not know which names collide. Per process, since the hash function of a
 * table gets no other data. */
static guint64
get_seed (void)
{
  static gsize seed;

  if (g_once_init_enter (&seed))
    g_once_init_leave (&seed, ((gsize) g_random_int () << 16 ^ g_random_int ()) | 1);
  return seed;
}

static guint64
mix (guint64 hash,
     guint8  byte)
{
  return (hash ^ byte) * G_GUINT64_CONSTANT (0x100000001B3);
}

static gboolean
is_internet_header (const IMsgPropertyName *name)
{
  return strcmp (imsg_property_name_get_set (name), IMSG_PS_INTERNET_HEADERS) == 0;
}

static guint
hash_name (gconstpointer key)
{
  const IMsgPropertyName *name = key;
  const IMsgGuid *guid = _imsg_property_name_get_guid (name);
  const char *string = imsg_property_name_get_string (name);
  guint32 id = imsg_property_name_get_id (name);
  guint64 hash = get_seed ();

  for (guint i = 0; i < GUID_BYTES; i++)
    hash = mix (hash, guid->bytes[i]);
  if (string == NULL)
    for (guint i = 0; i < 4; i++, id >>= 8)
      hash = mix (hash, (guint8) id);
  else if (is_internet_header (name))
    for (; *string != '\0'; string++)
      hash = mix (hash, (guint8) g_ascii_tolower (*string));
  else
    for (; *string != '\0'; string++)
      hash = mix (hash, (guint8) *string);
  return (guint) (hash ^ hash >> 32);
}

static gboolean
equal_names (gconstpointer a,
             gconstpointer b)
{
  return imsg_property_name_equal (a, b);
}

static guint
hash_guid (gconstpointer key)
{
  const IMsgGuid *guid = key;
  guint64 hash = get_seed ();

  for (guint i = 0; i < GUID_BYTES; i++)
    hash = mix (hash, guid->bytes[i]);
  return (guint) (hash ^ hash >> 32);
}

static gboolean
equal_guids (gconstpointer a,
             gconstpointer b)
{
  return _imsg_guid_equal (a, b);
}

static void
unref_name (gpointer name)
{
  if (name != NULL)
    imsg_property_name_unref (name);
}

static IMsgNameMap *
name_map_new (void)
{
  IMsgNameMap *self = g_new0 (IMsgNameMap, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->names = g_ptr_array_new_with_free_func (unref_name);
  self->indexes = g_hash_table_new (hash_name, equal_names);
  self->entries = g_byte_array_new ();
  self->guids = g_byte_array_new ();
  self->strings = g_byte_array_new ();
  return self;
}

IMsgNameMap *
_imsg_name_map_new (void)
{
  IMsgNameMap *self = name_map_new ();

  self->needs_write = TRUE;
  return self;
}

IMsgNameMap *
_imsg_name_map_ref (IMsgNameMap *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
_imsg_name_map_unref (IMsgNameMap *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->indexes);
  g_clear_pointer (&self->sets, g_hash_table_unref);
  g_ptr_array_unref (self->names);
  g_byte_array_unref (self->entries);
  g_byte_array_unref (self->guids);
  g_byte_array_unref (self->strings);
  g_free (self);
}

static guint32
read_u32 (const guint8 *bytes)
{
  guint32 word;

  memcpy (&word, bytes, 4);
  return GUINT32_FROM_LE (word);
}

static guint16
read_u16 (const guint8 *bytes)
{
  return (guint16) (bytes[0] | bytes[1] << 8);
}

/* One entry of the entry stream, and of a bucket */
typedef struct
{
  guint32 name;  /* a number; an offset into the string stream; in a bucket the CRC of text */
  guint16 field; /* GUID index << 1 | kind */
  guint16 index;
} NameEntry;

static NameEntry
get_entry (IMsgNameMap *self,
           guint        index)
{
  const guint8 *bytes = self->entries->data + (gsize) index * ENTRY_BYTES;
  NameEntry entry = { read_u32 (bytes), read_u16 (bytes + 4), read_u16 (bytes + 6) };

  return entry;
}

static void
append_entry (GByteArray      *stream,
              const NameEntry *entry)
{
  guint32 name = GUINT32_TO_LE (entry->name);
  guint16 field = GUINT16_TO_LE (entry->field);
  guint16 index = GUINT16_TO_LE (entry->index);

  g_byte_array_append (stream, (const guint8 *) &name, 4);
  g_byte_array_append (stream, (const guint8 *) &field, 2);
  g_byte_array_append (stream, (const guint8 *) &index, 2);
}

static gboolean
get_guid (IMsgNameMap *self,
          guint        guid_index,
          IMsgGuid    *guid)
{
  if (guid_index == INDEX_PS_MAPI)
    return _imsg_guid_parse (IMSG_PS_MAPI, guid);
  if (guid_index == INDEX_PS_PUBLIC_STRINGS)
    return _imsg_guid_parse (IMSG_PS_PUBLIC_STRINGS, guid);
  if (guid_index < FIRST_STORED_INDEX ||
      guid_index - FIRST_STORED_INDEX >= self->guids->len / GUID_BYTES)
    return FALSE;
  memcpy (guid->bytes, self->guids->data + (gsize) (guid_index - FIRST_STORED_INDEX) * GUID_BYTES,
          GUID_BYTES);
  return TRUE;
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
  n_stored = read_u32 (self->strings->data + offset);
  if (n_stored > self->strings->len - 4 - offset)
    return FALSE;
  *bytes = self->strings->data + offset + 4;
  *n_bytes = n_stored & ~(guint32) 1;
  return TRUE;
}

static void G_GNUC_PRINTF (2, 3)
add_problem (GPtrArray  *problems,
             const char *format,
             ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  _imsg_problem_list_add (problems, _imsg_problem_new (IMSG_NAMEID_STORAGE, IMSG_ERROR_CORRUPT_DATA,
                                                       "%s", text));
}

/* (nullable): the name of an entry; why not is a problem. */
static IMsgPropertyName *
read_name (IMsgNameMap *self,
           guint        index,
           gsize       *n_long_left,
           GPtrArray   *problems)
{
  NameEntry entry = get_entry (self, index);
  const guint8 *bytes;
  guint32 n_bytes;
  g_autofree char *string = NULL;
  gsize length;
  IMsgGuid guid;

  if (entry.index != index)
    add_problem (problems, "Name %u says that it is number %u; its place counts", index,
                 entry.index);
  if (!get_guid (self, entry.field >> 1, &guid))
    {
      add_problem (problems, "Name %u is of set %u, and there is no such set", index,
                   (guint) entry.field >> 1);
      return NULL;
    }
  if ((entry.field & 1) == IMSG_PROPERTY_NAME_ID)
    return _imsg_property_name_new (&guid, entry.name, NULL);

  if (!find_string (self, entry.name, &bytes, &n_bytes))
    {
      add_problem (problems, "Name %u is outside the stream of strings", index);
      return NULL;
    }
  if (n_bytes > SHORT_NAME_BYTES)
    {
      if (n_bytes > *n_long_left)
        {
          add_problem (problems, "Name %u has %u bytes, more than the strings can hold together",
                       index, n_bytes);
          return NULL;
        }
      *n_long_left -= n_bytes;
    }
  string = _imsg_utf16_decode (bytes, n_bytes, &length, NULL);
  if (strlen (string) != length)
    {
      add_problem (problems, "Name %u has a NUL inside", index);
      return NULL;
    }
  return _imsg_property_name_new (&guid, 0, string);
}

static void
read_names (IMsgNameMap *self,
            GPtrArray   *problems)
{
  guint n_names = self->entries->len / ENTRY_BYTES;
  gsize n_long_left = self->strings->len;

  if (self->entries->len % ENTRY_BYTES != 0)
    add_problem (problems, "The stream of entries ends with %u bytes that make no entry",
                 self->entries->len % ENTRY_BYTES);
  if (self->guids->len % GUID_BYTES != 0)
    add_problem (problems, "The stream of GUIDs ends with %u bytes that make no GUID",
                 self->guids->len % GUID_BYTES);
  if (n_names > MAX_NAMES)
    {
      add_problem (problems, "There are %u names, and ids for %u", n_names, MAX_NAMES);
      n_names = MAX_NAMES;
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

          add_problem (problems, "Name %u is there before: %s", i, text);
        }
      else
        {
          g_hash_table_insert (self->indexes, name, GUINT_TO_POINTER (i));
        }
    }
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

  _imsg_substg_name (tag, name);
  if (!_imsg_storage_lookup (storage, name, &kind, &n_bytes))
    {
      add_problem (problems, "There is no stream %s", name);
      return;
    }
  blob = _imsg_storage_get_blob (storage, name, &error);
  if (blob != NULL)
    bytes = _imsg_blob_read_all (blob, MIN (limits->values[IMSG_LIMIT_VALUE_BYTES], G_MAXUINT / 2),
                                 NULL, &error);
  if (bytes == NULL)
    {
      self->is_unreadable = TRUE;
      _imsg_problem_list_add (problems, _imsg_problem_new_error (IMSG_NAMEID_STORAGE, error));
      return;
    }
  if (g_bytes_get_size (bytes) > 0)
    g_byte_array_append (stream, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
}

IMsgNameMap *
_imsg_name_map_read (IMsgStorage      *root,
                     const IMsgLimits *limits,
                     GPtrArray        *problems)
{
  IMsgNameMap *self = name_map_new ();
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

const IMsgPropertyName *
_imsg_name_map_lookup (IMsgNameMap *self,
                       guint        id)
{
  if (id < FIRST_ID || id - FIRST_ID >= self->names->len)
    return NULL;
  return g_ptr_array_index (self->names, id - FIRST_ID);
}

guint *
_imsg_name_map_list (IMsgNameMap *self,
                     gsize       *n_ids)
{
  guint *ids = g_new (guint, self->names->len);

  *n_ids = 0;
  for (guint i = 0; i < self->names->len; i++)
    if (g_ptr_array_index (self->names, i) != NULL)
      ids[(*n_ids)++] = FIRST_ID + i;
  return ids;
}

static void
pad_to (GByteArray *stream,
        guint       boundary)
{
  guint n_before = stream->len;
  guint n_padding = (boundary - n_before % boundary) % boundary;

  g_byte_array_set_size (stream, n_before + n_padding);
  if (n_padding > 0)
    memset (stream->data + n_before, 0, n_padding);
}

static void
keep_set (IMsgNameMap    *self,
          const IMsgGuid *guid,
          guint           guid_index)
{
  if (!g_hash_table_contains (self->sets, guid))
    g_hash_table_insert (self->sets, g_memdup2 (guid, sizeof *guid),
                         GUINT_TO_POINTER (guid_index));
}

/* The index of a set, which is stored unless it is already; 0 when there is no index left. */
static guint
add_guid (IMsgNameMap    *self,
          const IMsgGuid *guid)
{
  IMsgGuid known;
  guint guid_index;

  if (self->sets == NULL)
    {
      self->sets = g_hash_table_new_full (hash_guid, equal_guids, g_free, NULL);
      for (guint i = INDEX_PS_MAPI; i <= MAX_GUID_INDEX && get_guid (self, i, &known); i++)
        keep_set (self, &known, i);
    }
  guid_index = GPOINTER_TO_UINT (g_hash_table_lookup (self->sets, guid));
  if (guid_index != 0)
    return guid_index;

  guid_index = FIRST_STORED_INDEX + (self->guids->len + GUID_BYTES - 1) / GUID_BYTES;
  if (guid_index > MAX_GUID_INDEX)
    return 0;
  pad_to (self->guids, GUID_BYTES);
  g_byte_array_append (self->guids, guid->bytes, GUID_BYTES);
  keep_set (self, guid, guid_index);
  return guid_index;
}

/* Appends text and gives its offset. */
static guint32
add_string (IMsgNameMap *self,
            const char  *string)
{
  g_autoptr(GBytes) bytes = _imsg_utf16_encode (string, strlen (string));
  guint32 n_bytes = (guint32) g_bytes_get_size (bytes);
  guint32 length = GUINT32_TO_LE (n_bytes);
  guint32 offset;

  pad_to (self->strings, 4);
  offset = self->strings->len;
  g_byte_array_append (self->strings, (const guint8 *) &length, 4);
  if (n_bytes > 0)
    g_byte_array_append (self->strings, g_bytes_get_data (bytes, NULL), n_bytes);
  pad_to (self->strings, 4);
  return offset;
}

static guint
add_name (IMsgNameMap             *self,
          const IMsgPropertyName  *name,
          GError                 **error)
{
  const char *string = imsg_property_name_get_string (name);
  g_autofree char *lowered = NULL;
  IMsgPropertyName *added;
  guint index = self->entries->len / ENTRY_BYTES;
  guint guid_index;
  NameEntry entry;

  if (self->is_unreadable)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                           "The names of the file cannot be read, so none can be added");
      return 0;
    }
  /* Bytes that make no entry stay where they are, as an entry that has no name. */
  if (self->entries->len % ENTRY_BYTES != 0)
    index++;
  if (index >= MAX_NAMES)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   "A file has room for %u named properties", MAX_NAMES);
      return 0;
    }
  if (string != NULL && (strlen (string) > G_MAXUINT16 || self->strings->len > G_MAXUINT / 2))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   "The name of a property has %" G_GSIZE_FORMAT " bytes", strlen (string));
      return 0;
    }
  guid_index = add_guid (self, _imsg_property_name_get_guid (name));
  if (guid_index == 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   "A file has room for %u property sets", MAX_GUID_INDEX);
      return 0;
    }

  /* In lower case, since readers differ on whether to lower before the CRC. */
  if (string != NULL && is_internet_header (name))
    string = lowered = g_ascii_strdown (string, -1);
  pad_to (self->entries, ENTRY_BYTES);
  while (self->names->len < index)
    g_ptr_array_add (self->names, NULL);

  entry.name = string != NULL ? add_string (self, string) : imsg_property_name_get_id (name);
  entry.field = (guint16) (guid_index << 1 | (string != NULL));
  entry.index = (guint16) index;
  append_entry (self->entries, &entry);
  added = _imsg_property_name_new (_imsg_property_name_get_guid (name), entry.name, string);
  g_ptr_array_add (self->names, added);
  g_hash_table_insert (self->indexes, added, GUINT_TO_POINTER (index));
  self->needs_write = TRUE;
  return FIRST_ID + index;
}

guint
_imsg_name_map_resolve (IMsgNameMap             *self,
                        const IMsgPropertyName  *name,
                        gboolean                 create,
                        GError                 **error)
{
  gboolean is_number = imsg_property_name_get_kind (name) == IMSG_PROPERTY_NAME_ID;
  guint32 number = imsg_property_name_get_id (name);
  g_autofree char *text = NULL;
  gpointer index;

  if (g_hash_table_lookup_extended (self->indexes, name, NULL, &index))
    return FIRST_ID + GPOINTER_TO_UINT (index);

  /* A number in PS_MAPI is the id of a tagged property. */
  if (is_number && strcmp (imsg_property_name_get_set (name), IMSG_PS_MAPI) == 0)
    {
      if (number > 0 && number < FIRST_ID)
        return number;
    }
  else if (create)
    {
      return add_name (self, name, error);
    }
  text = imsg_property_name_to_text (name);
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, "No property is called %s", text);
  return 0;
}

gboolean
_imsg_name_map_is_modified (IMsgNameMap *self)
{
  return self->needs_write;
}

/* CRC-32 with nothing inverted at either end, as [MS-OXRTFCP] has it too. */
static guint32
compute_crc (const guint8 *bytes,
             gsize         n_bytes)
{
  guint32 crc = 0;

  for (gsize i = 0; i < n_bytes; i++)
    {
      crc ^= bytes[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (0xEDB88320u & -(crc & 1));
    }
  return crc;
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
  return _imsg_storage_set_blob (storage, name, blob, error);
}

/* Every entry goes into the bucket of its name, except one whose text cannot be found. */
static gboolean
write_buckets (IMsgNameMap  *self,
               IMsgStorage  *storage,
               GError      **error)
{
  g_autoptr(GPtrArray) buckets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);

  for (guint i = 0; i < N_BUCKETS; i++)
    g_ptr_array_add (buckets, g_byte_array_new ());
  for (guint i = 0; i < self->names->len; i++)
    {
      NameEntry entry = get_entry (self, i);
      const guint8 *bytes;
      guint32 n_bytes;

      if ((entry.field & 1) != 0)
        {
          if (g_ptr_array_index (self->names, i) == NULL ||
              !find_string (self, entry.name, &bytes, &n_bytes))
            continue;
          entry.name = compute_crc (bytes, n_bytes);
        }
      entry.index = (guint16) i;
      append_entry (g_ptr_array_index (buckets, (entry.name ^ entry.field) % N_BUCKETS), &entry);
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
