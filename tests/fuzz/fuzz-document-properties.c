/* fuzz-document-properties.c - any bytes as the document properties of an object
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"

#include <imsg-gsf.h>
#include <imsg.h>

typedef struct
{
  guint8      id;
  const char *bytes;
  gsize       n_bytes;
} Property;

#define PROPERTY(id, bytes) { id, bytes, sizeof (bytes) - 1 }

/* Text, a time and a thumbnail; lists as Office writes them, and a name; text in wide and in double
 * bytes */
static const Property sets[][5] = {
  { PROPERTY (1, "\x02\0\0\0\xE4\x04\0\0"), PROPERTY (2, "\x1E\0\0\0\x04\0\0\0abc\0"),
    PROPERTY (6, "\x1F\0\0\0\x02\0\0\0a\0\0\0"), PROPERTY (12, "\x40\0\0\0\0\0\0\0\0\0\xD0\x01"),
    PROPERTY (17, "\x47\0\0\0\x0C\0\0\0\xFF\xFF\xFF\xFF\x03\0\0\0\x01\x02\x03\x04") },
  { PROPERTY (1, "\x02\0\0\0\xE4\x04\0\0"),
    PROPERTY (12, "\x0C\x10\0\0\x02\0\0\0\x1E\0\0\0\x07\0\0\0Sheets\0\x03\0\0\0\x02\0\0\0\0"),
    PROPERTY (13, "\x1E\x10\0\0\x02\0\0\0\x07\0\0\0Sheet1\0\x02\0\0\0A\0\0\0\0"),
    PROPERTY (0, "\x01\0\0\0\x02\0\0\0\x02\0\0\0n\0\0\0") },
  { PROPERTY (1, "\x02\0\0\0\xB0\x04\0\0"), PROPERTY (2, "\x1E\0\0\0\x04\0\0\0a\0\0\0"),
    PROPERTY (0, "\x01\0\0\0\x02\0\0\0\x02\0\0\0n\0\0\0") },
  { PROPERTY (1, "\x02\0\0\0\xA4\x03\0\0"), PROPERTY (2, "\x1E\0\0\0\x04\0\0\0\x87\x40x\0") },
};

static void
append_u32 (GByteArray *bytes,
            guint32     value)
{
  guint32 little = GUINT32_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *) &little, sizeof little);
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const guint8 formats[][16] = {
    { 0xE0, 0x85, 0x9F, 0xF2, 0xF9, 0x4F, 0x68, 0x10,
      0xAB, 0x91, 0x08, 0x00, 0x2B, 0x27, 0xB3, 0xD9 },
    { 0x02, 0xD5, 0xCD, 0xD5, 0x9C, 0x2E, 0x1B, 0x10,
      0x93, 0x97, 0x08, 0x00, 0x2B, 0x2C, 0xF9, 0xAE },
  };
  const guint8 zeros[16] = { 0 };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (sets); i++)
    {
      const Property *properties = sets[i / 2];
      guint8 which = i % 2;
      GByteArray *seed = g_byte_array_new ();
      guint n = 0;
      guint offset;

      while (n < G_N_ELEMENTS (sets[0]) && properties[n].bytes != NULL)
        n++;
      g_byte_array_append (seed, &which, 1);
      append_u32 (seed, 0xFFFE);
      append_u32 (seed, 0x00020005);
      g_byte_array_append (seed, zeros, sizeof zeros);
      append_u32 (seed, 1);
      g_byte_array_append (seed, formats[which], sizeof formats[which]);
      append_u32 (seed, 48);
      offset = 8 + 8 * n;
      for (guint j = 0; j < n; j++)
        offset += (guint) properties[j].n_bytes;
      append_u32 (seed, offset);
      append_u32 (seed, n);
      offset = 8 + 8 * n;
      for (guint j = 0; j < n; j++)
        {
          append_u32 (seed, properties[j].id);
          append_u32 (seed, offset);
          offset += (guint) properties[j].n_bytes;
        }
      for (guint j = 0; j < n; j++)
        g_byte_array_append (seed, (const guint8 *) properties[j].bytes,
                             (guint) properties[j].n_bytes);
      g_ptr_array_add (seeds, g_byte_array_free_to_bytes (seed));
    }
}

/* The first byte tells which of the two sets the others are. libgsf prints what it does not expect:
 * that is fatal here. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  GsfDocMetaData *properties = NULL;

  if (n_bytes == 0)
    return 0;
  storage = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  bytes = g_bytes_new (data + 1, n_bytes - 1);
  g_assert_true (imsg_storage_write_stream (storage, data[0] & 1 ? "\005DocumentSummaryInformation"
                                                                 : "\005SummaryInformation",
                                            bytes, NULL));
  properties = imsg_storage_read_document_properties (storage, NULL, &error);
  if (properties == NULL)
    g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
  g_clear_object (&properties);
  return 0;
}
