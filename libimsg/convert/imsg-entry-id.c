/* imsg-entry-id.c - the entry ids that name people
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-entry-id-private.h"

#include "imsg-code-page-private.h"
#include "imsg-little-endian-private.h"

/* Every entry id: 4 bytes of flags, 16 of provider, then what the provider likes. */
#define PROVIDER_OFFSET 4
#define DATA_OFFSET 20

#define ONE_OFF_UNICODE 0x8000

/* A wrapped entry id holds another after one byte; honest ones are wrapped once. */
#define MAX_WRAPS 4

/* Entries of one flat list that are looked at; Outlook's own limit for recipients. */
#define MAX_FLAT_ENTRIES 2048

static const guint8 one_off_provider[16] = {
  0x81, 0x2B, 0x1F, 0xA4, 0xBE, 0xA3, 0x10, 0x19, 0x9D, 0x6E, 0x00, 0xDD, 0x01, 0x0F, 0x54, 0x02
};
static const guint8 address_book_provider[16] = {
  0xDC, 0xA7, 0x40, 0xC8, 0xC0, 0x42, 0x10, 0x1A, 0xB4, 0xB9, 0x08, 0x00, 0x2B, 0x2F, 0xE1, 0x82
};
static const guint8 wrapped_provider[16] = {
  0xC0, 0x91, 0xAD, 0xD3, 0x51, 0x9D, 0xCF, 0x11, 0xA4, 0xA9, 0x00, 0xAA, 0x00, 0x47, 0xFA, 0xA4
};

/* The text up to its NUL, or to the end where the NUL was cut off; moves past it. */
static char *
take_text (const guint8 **bytes,
           gsize         *n_bytes,
           gboolean       is_utf16,
           guint          code_page)
{
  gsize unit = is_utf16 ? 2 : 1;
  gsize length = 0;
  gsize taken;
  char *text;

  while (length + unit <= *n_bytes &&
         ((*bytes)[length] != 0 || (is_utf16 && (*bytes)[length + 1] != 0)))
    length += unit;
  text = is_utf16 ? _imsg_utf16_decode (*bytes, length, NULL, NULL)
                  : _imsg_code_page_decode (code_page, *bytes, length, NULL, NULL);
  taken = MIN (length + unit, *n_bytes);
  *bytes += taken;
  *n_bytes -= taken;
  return text;
}

/* u16 version, u16 flags, then display name, address type, address */
static gboolean
parse_one_off (const guint8      *data,
               gsize              n_bytes,
               guint              code_page,
               IMsgEntryIdPerson *person)
{
  gboolean is_utf16;

  if (n_bytes < 4)
    return FALSE;
  is_utf16 = ((guint) data[2] | (guint) data[3] << 8) & ONE_OFF_UNICODE;
  data += 4;
  n_bytes -= 4;
  person->name = take_text (&data, &n_bytes, is_utf16, code_page);
  person->address_type = take_text (&data, &n_bytes, is_utf16, code_page);
  person->address = take_text (&data, &n_bytes, is_utf16, code_page);
  return TRUE;
}

/* u32 version, u32 type, then the X.500 name in 8-bit text */
static gboolean
parse_address_book (const guint8      *data,
                    gsize              n_bytes,
                    IMsgEntryIdPerson *person)
{
  if (n_bytes <= 8)
    return FALSE;
  data += 8;
  n_bytes -= 8;
  person->address_type = g_strdup ("EX");
  person->address = take_text (&data, &n_bytes, FALSE, IMSG_CODE_PAGE_WINDOWS_1252);
  return TRUE;
}

gboolean
_imsg_entry_id_parse (const guint8      *bytes,
                      gsize              n_bytes,
                      guint              code_page,
                      IMsgEntryIdPerson *person)
{
  memset (person, 0, sizeof *person);
  for (guint i = 0; i < MAX_WRAPS && n_bytes > DATA_OFFSET; i++)
    {
      const guint8 *provider = bytes + PROVIDER_OFFSET;

      if (memcmp (provider, one_off_provider, 16) == 0)
        return parse_one_off (bytes + DATA_OFFSET, n_bytes - DATA_OFFSET, code_page, person);
      if (memcmp (provider, address_book_provider, 16) == 0)
        return parse_address_book (bytes + DATA_OFFSET, n_bytes - DATA_OFFSET, person);
      if (memcmp (provider, wrapped_provider, 16) != 0)
        return FALSE;
      bytes += DATA_OFFSET + 1;
      n_bytes -= DATA_OFFSET + 1;
    }
  return FALSE;
}

void
_imsg_entry_id_person_clear (IMsgEntryIdPerson *person)
{
  g_clear_pointer (&person->name, g_free);
  g_clear_pointer (&person->address_type, g_free);
  g_clear_pointer (&person->address, g_free);
}

/* u32 count, u32 bytes that follow, then each: u32 size, the entry id, padding to 4. */
GPtrArray *
_imsg_flat_entry_list_parse (GBytes *bytes)
{
  GPtrArray *entry_ids = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  gsize offset = 8;
  guint32 count;

  if (n_bytes < 8)
    return entry_ids;
  count = MIN (_imsg_get_u32 (data), MAX_FLAT_ENTRIES);
  while (entry_ids->len < count && offset + 4 <= n_bytes)
    {
      gsize size = _imsg_get_u32 (data + offset);

      offset += 4;
      if (size > n_bytes - offset)
        break;
      g_ptr_array_add (entry_ids, g_bytes_new_from_bytes (bytes, offset, size));
      offset += (size + 3) & ~(gsize) 3;
    }
  return entry_ids;
}

GBytes *
_imsg_flat_entry_list_build (GPtrArray *entry_ids)
{
  static const guint8 padding[3];
  g_autoptr(GByteArray) list = g_byte_array_new ();
  guint32 words[2] = { GUINT32_TO_LE (entry_ids->len), 0 };

  g_byte_array_append (list, (const guint8 *) words, sizeof words);
  for (guint i = 0; i < entry_ids->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (entry_ids, i), &size);
      guint32 size_le = GUINT32_TO_LE ((guint32) size);

      g_byte_array_append (list, (const guint8 *) &size_le, 4);
      g_byte_array_append (list, data, (guint) size);
      g_byte_array_append (list, padding, (guint) (-size & 3));
    }
  words[1] = GUINT32_TO_LE (list->len - 8);
  memcpy (list->data + 4, &words[1], 4);
  return g_byte_array_free_to_bytes (g_steal_pointer (&list));
}
