/* imsg-name-map.c - which id stands for which name in a file
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-private.h"
#include "imsg-name-map-private.h"

#include <glib/gi18n-lib.h>

#define GUID_BYTES 16
#define MAX_GUID_INDEX 0x7FFF

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

IMsgNameMap *
_imsg_name_map_alloc (void)
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
  IMsgNameMap *self = _imsg_name_map_alloc ();

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
  g_clear_pointer (&self->reserved_sets, g_hash_table_unref);
  g_clear_pointer (&self->reserved_strings, g_array_unref);
  g_ptr_array_unref (self->names);
  g_byte_array_unref (self->entries);
  g_byte_array_unref (self->guids);
  g_byte_array_unref (self->strings);
  g_free (self);
}

gboolean
_imsg_name_map_get_guid (IMsgNameMap *self,
                         guint        guid_index,
                         IMsgGuid    *guid)
{
  if (guid_index == IMSG_INDEX_PS_MAPI)
    return _imsg_guid_parse (IMSG_PS_MAPI, guid);
  if (guid_index == IMSG_INDEX_PS_PUBLIC_STRINGS)
    return _imsg_guid_parse (IMSG_PS_PUBLIC_STRINGS, guid);
  if (guid_index < IMSG_FIRST_STORED_INDEX)
    return FALSE;
  guid_index -= IMSG_FIRST_STORED_INDEX;
  if (guid_index >= self->guids->len / GUID_BYTES)
    return FALSE;
  memcpy (guid->bytes, self->guids->data + (gsize) guid_index * GUID_BYTES, GUID_BYTES);
  return TRUE;
}

const IMsgPropertyName *
_imsg_name_map_lookup (IMsgNameMap *self,
                       guint        id)
{
  if (id < IMSG_FIRST_NAMED_ID || id - IMSG_FIRST_NAMED_ID >= self->names->len)
    return NULL;
  return g_ptr_array_index (self->names, id - IMSG_FIRST_NAMED_ID);
}

guint *
_imsg_name_map_list (IMsgNameMap *self,
                     gsize       *n_ids)
{
  guint *ids = g_new (guint, self->names->len);

  *n_ids = 0;
  for (guint i = 0; i < self->names->len; i++)
    if (g_ptr_array_index (self->names, i) != NULL)
      ids[(*n_ids)++] = IMSG_FIRST_NAMED_ID + i;
  return ids;
}

void
_imsg_name_map_pad (GByteArray *stream,
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
  static const IMsgGuid no_set;
  IMsgGuid known;
  guint guid_index;

  if (self->sets == NULL)
    {
      self->sets = g_hash_table_new_full (hash_guid, equal_guids, g_free, NULL);
      for (guint i = IMSG_INDEX_PS_MAPI; i <= MAX_GUID_INDEX; i++)
        if (_imsg_name_map_get_guid (self, i, &known))
          keep_set (self, &known, i);
        else
          break;
    }
  guid_index = GPOINTER_TO_UINT (g_hash_table_lookup (self->sets, guid));
  if (guid_index != 0)
    return guid_index;

  guid_index = IMSG_FIRST_STORED_INDEX + self->guids->len / GUID_BYTES;
  for (; g_hash_table_contains (self->reserved_sets, GUINT_TO_POINTER (guid_index)); guid_index++)
    g_byte_array_append (self->guids, no_set.bytes, GUID_BYTES);
  if (guid_index > MAX_GUID_INDEX)
    return 0;
  g_byte_array_append (self->guids, guid->bytes, GUID_BYTES);
  keep_set (self, guid, guid_index);
  return guid_index;
}

void
_imsg_name_map_append_entry (GByteArray          *stream,
                             const IMsgNameEntry *entry)
{
  guint32 name = GUINT32_TO_LE (entry->name);
  guint16 field = GUINT16_TO_LE (entry->field);
  guint16 index = GUINT16_TO_LE (entry->index);

  g_byte_array_append (stream, (const guint8 *) &name, 4);
  g_byte_array_append (stream, (const guint8 *) &field, 2);
  g_byte_array_append (stream, (const guint8 *) &index, 2);
}

/* Whether a string of so many bytes, its length included, would come to lie on a reserved offset:
 * then zeros go there, which read as an empty name. */
static gboolean
skip_reserved (IMsgNameMap *self,
               guint        n_bytes)
{
  static const guint8 no_length[4];

  for (; self->next_reserved < self->reserved_strings->len; self->next_reserved++)
    {
      guint32 reserved = g_array_index (self->reserved_strings, guint32, self->next_reserved);

      if (reserved < self->strings->len)
        continue;
      if (reserved - self->strings->len >= n_bytes)
        return FALSE;
      while (self->strings->len < reserved + 4)
        g_byte_array_append (self->strings, no_length, 4);
      return TRUE;
    }
  return FALSE;
}

/* Appends text, in UTF-16, and gives its offset. */
static guint32
add_string (IMsgNameMap *self,
            GBytes      *bytes)
{
  guint32 n_bytes = (guint32) g_bytes_get_size (bytes);
  guint32 length = GUINT32_TO_LE (n_bytes);
  guint32 offset;

  while (skip_reserved (self, 4 + n_bytes))
    ;
  offset = self->strings->len;
  g_byte_array_append (self->strings, (const guint8 *) &length, 4);
  if (n_bytes > 0)
    g_byte_array_append (self->strings, g_bytes_get_data (bytes, NULL), n_bytes);
  _imsg_name_map_pad (self->strings, 4);
  return offset;
}

static guint
add_name (IMsgNameMap             *self,
          const IMsgPropertyName  *name,
          GError                 **error)
{
  const char *string = imsg_property_name_get_string (name);
  g_autofree char *lowered = NULL;
  g_autoptr(GBytes) encoded = NULL;
  IMsgPropertyName *added;
  guint index = self->entries->len / IMSG_NAME_ENTRY_BYTES;
  guint guid_index;
  IMsgNameEntry entry;

  if (index >= IMSG_MAX_NAMES)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   _("A file has room for %u named properties"), IMSG_MAX_NAMES);
      return 0;
    }
  /* In lower case, since readers differ on whether to lower before the CRC. */
  if (string != NULL && is_internet_header (name))
    string = lowered = g_ascii_strdown (string, -1);
  if (string != NULL)
    encoded = _imsg_utf16_encode (string, strlen (string));
  if (encoded != NULL && g_bytes_get_size (encoded) > IMSG_SHORT_NAME_BYTES)
    {
      gsize n_characters = g_bytes_get_size (encoded) / 2;

      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   g_dngettext (GETTEXT_PACKAGE,
                                "The name of a property has %zu character, and may have %d",
                                "The name of a property has %zu characters, and may have %d",
                                n_characters),
                   n_characters, IMSG_SHORT_NAME_BYTES / 2);
      return 0;
    }
  guid_index = add_guid (self, _imsg_property_name_get_guid (name));
  if (guid_index == 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   _("A file has room for %u property sets"), MAX_GUID_INDEX);
      return 0;
    }

  entry.name = encoded != NULL ? add_string (self, encoded) : imsg_property_name_get_id (name);
  entry.field = (guint16) (guid_index << 1 | (string != NULL));
  entry.index = (guint16) index;
  _imsg_name_map_append_entry (self->entries, &entry);
  added = _imsg_property_name_new (_imsg_property_name_get_guid (name), entry.name, string);
  g_ptr_array_add (self->names, added);
  g_hash_table_insert (self->indexes, added, GUINT_TO_POINTER (index));
  self->needs_write = TRUE;
  return IMSG_FIRST_NAMED_ID + index;
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
    return IMSG_FIRST_NAMED_ID + GPOINTER_TO_UINT (index);

  /* A number in PS_MAPI is the id of a tagged property. */
  if (is_number && strcmp (imsg_property_name_get_set (name), IMSG_PS_MAPI) == 0)
    {
      if (number > 0 && number < IMSG_FIRST_NAMED_ID)
        return number;
    }
  else if (create && self->is_unreadable)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                           _("The names of the file cannot be read, so none can be added"));
      return 0;
    }
  else if (create && self->reserved_sets == NULL)
    {
      _imsg_name_map_prepare (self);
      return _imsg_name_map_resolve (self, name, TRUE, error);
    }
  else if (create)
    {
      return add_name (self, name, error);
    }
  text = imsg_property_name_to_text (name);
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("No property is called %s"), text);
  return 0;
}

gboolean
_imsg_name_map_is_modified (IMsgNameMap *self)
{
  return self->needs_write;
}
