/* imsg-rtf-compression.c - RTF out of its compressed form
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-rtf-compression-private.h"

#include "imsg-limits-private.h"
#include "imsg-problem-private.h"

#define PLACE "PR_RTF_COMPRESSED"

/* Eight references of 17 bytes come from 17 bytes of input; the output never outgrows that. */
#define MAX_RATIO 8
#define MAX_RUN_OUTPUT (8 * 17 + 17)
#define FIRST_OUTPUT_SIZE (256 * 1024)

const char _imsg_rtf_preset[] =
  "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
  "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
  "\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

G_STATIC_ASSERT (sizeof _imsg_rtf_preset == IMSG_RTF_PRESET_SIZE + 1);

static guint32
read_u32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_LE (value);
}

/* Eight tables, so that eight bytes go at a time: reading the checksum one by one would take as
 * long as the decompression. */
static const guint32 (*get_crc_tables (void))[256]
{
  static guint32 tables[8][256];
  static gsize are_made = 0;

  if (g_once_init_enter (&are_made))
    {
      for (guint i = 0; i < 256; i++)
        {
          guint32 value = i;

          for (guint bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value & 1 ? 0xEDB88320u : 0);
          tables[0][i] = value;
        }
      for (guint i = 0; i < 256; i++)
        {
          for (guint k = 1; k < 8; k++)
            tables[k][i] = tables[k - 1][i] >> 8 ^ tables[0][tables[k - 1][i] & 0xFF];
        }
      g_once_init_leave (&are_made, 1);
    }
  return (const guint32 (*)[256]) tables;
}

guint32
_imsg_rtf_crc (const guint8 *bytes,
               gsize         n_bytes)
{
  const guint32 (*tables)[256] = get_crc_tables ();
  guint32 crc = 0;

  for (; n_bytes >= 8; bytes += 8, n_bytes -= 8)
    {
      guint32 low = read_u32 (bytes) ^ crc;
      guint32 high = read_u32 (bytes + 4);

      crc = tables[7][low & 0xFF] ^ tables[6][low >> 8 & 0xFF] ^ tables[5][low >> 16 & 0xFF] ^
            tables[4][low >> 24] ^ tables[3][high & 0xFF] ^ tables[2][high >> 8 & 0xFF] ^
            tables[1][high >> 16 & 0xFF] ^ tables[0][high >> 24];
    }
  while (n_bytes-- > 0)
    crc = crc >> 8 ^ tables[0][(crc ^ *bytes++) & 0xFF];
  return crc;
}

typedef enum
{
  EXPANDED,          /* up to the end marker */
  EXPANDED_NO_END,   /* the input ended first */
  EXPANDED_TO_LIMIT,
} ExpandResult;

/* Everything that came out lies behind one another, after the preset and, before that, a ring's
 * worth of spaces: a reference is a distance back, and one that goes before the preset (where the
 * ring was never written) finds spaces. */
static ExpandResult
expand (const guint8  *in,
        gsize          n_in,
        gsize          max_out,
        gsize          expected,
        guint8       **buffer_out,
        gsize         *n_out,
        gsize         *n_undefined)
{
  const gsize base = IMSG_RTF_RING_SIZE + IMSG_RTF_PRESET_SIZE;
  gsize allocated = base + MAX_RUN_OUTPUT + MIN (MIN (expected, max_out), FIRST_OUTPUT_SIZE);
  guint8 *buffer = g_malloc (allocated);
  gsize at = base;
  gsize i = 0;
  ExpandResult result = EXPANDED_NO_END;

  memset (buffer, ' ', IMSG_RTF_RING_SIZE);
  memcpy (buffer + IMSG_RTF_RING_SIZE, _imsg_rtf_preset, IMSG_RTF_PRESET_SIZE);
  *n_undefined = 0;

  while (i < n_in && result == EXPANDED_NO_END)
    {
      guint control = in[i++];

      if (allocated - at < MAX_RUN_OUTPUT)
        {
          allocated = at + MAX_RUN_OUTPUT + (at - base) + FIRST_OUTPUT_SIZE;
          buffer = g_realloc (buffer, allocated);
        }
      for (guint bit = 0; bit < 8; bit++, control >>= 1)
        {
          guint token;
          gsize distance;
          gsize length;

          if ((control & 1) == 0)
            {
              if (i == n_in)
                break;
              buffer[at++] = in[i++];
              continue;
            }
          if (n_in - i < 2)
            {
              i = n_in;
              break;
            }
          token = in[i] << 8 | in[i + 1];
          i += 2;
          length = (token & 0xF) + 2;
          distance = (at - IMSG_RTF_RING_SIZE - (token >> 4)) % IMSG_RTF_RING_SIZE;
          if (distance == 0)
            {
              result = EXPANDED;
              break;
            }
          if (at - distance < IMSG_RTF_RING_SIZE)
            (*n_undefined)++;
          if (distance >= 16)
            {
              /* All 17 bytes always: what is too much is written over or cut off. */
              memcpy (buffer + at, buffer + at - distance, 16);
              buffer[at + 16] = buffer[at + 16 - distance];
            }
          else
            {
              for (gsize k = 0; k < length; k++)
                buffer[at + k] = buffer[at + k - distance];
            }
          at += length;
        }
      if (at - base > max_out)
        {
          at = base + max_out;
          result = EXPANDED_TO_LIMIT;
        }
    }

  *n_out = at - base;
  memmove (buffer, buffer + base, *n_out);
  *buffer_out = g_realloc (buffer, MAX (*n_out, 1));
  return result;
}

static void
check_sizes (guint32    raw_size,
             gsize      n_out,
             GPtrArray *problems)
{
  if (raw_size != n_out)
    _imsg_problem_list_add (problems,
      _imsg_problem_new (PLACE, IMSG_ERROR_CORRUPT_DATA,
                         "The header says %u bytes, %" G_GSIZE_FORMAT " came out",
                         raw_size, n_out));
}

static GBytes *
decompress (const guint8 *contents,
            gsize         n_contents,
            guint32       raw_size,
            guint32       crc,
            guint64       max_bytes,
            GPtrArray    *problems)
{
  gsize max_out = MIN (max_bytes, G_MAXSIZE / 4);
  guint8 *out = NULL;
  gsize n_out = 0;
  gsize n_undefined = 0;
  guint32 actual_crc = _imsg_rtf_crc (contents, n_contents);
  ExpandResult result;

  if (n_contents < max_out / MAX_RATIO)
    max_out = n_contents * MAX_RATIO;
  if (actual_crc != crc)
    _imsg_problem_list_add (problems,
      _imsg_problem_new (PLACE, IMSG_ERROR_CORRUPT_DATA,
                         "The header's checksum is %08X, the contents have %08X", crc, actual_crc));

  result = expand (contents, n_contents, max_out, raw_size, &out, &n_out, &n_undefined);
  /* Outlook writes an empty text as one NUL and says that it is no byte long. */
  if (raw_size == 0 && n_out == 1 && out[0] == '\0')
    n_out = 0;
  if (n_undefined > 0)
    _imsg_problem_list_add (problems,
      _imsg_problem_new (PLACE, IMSG_ERROR_CORRUPT_DATA,
                         "%" G_GSIZE_FORMAT " references go to where nothing was written yet",
                         n_undefined));
  if (result == EXPANDED_NO_END)
    _imsg_problem_list_add (problems,
      _imsg_problem_new (PLACE, IMSG_ERROR_CORRUPT_DATA,
                         "The contents end after %" G_GSIZE_FORMAT " bytes with no end marker",
                         n_contents));
  if (result == EXPANDED_TO_LIMIT)
    _imsg_problem_list_add (problems,
      _imsg_problem_new (PLACE, IMSG_ERROR_TOO_BIG,
                         "Cut off at the limit of %" G_GSIZE_FORMAT " bytes", max_out));
  check_sizes (raw_size, n_out, problems);
  return g_bytes_new_take (out, n_out);
}

GBytes *
_imsg_rtf_decompress (const guint8 *compressed,
                      gsize         n_bytes,
                      guint64       max_bytes,
                      GPtrArray    *problems,
                      GError      **error)
{
  gsize n_contents;
  gsize n_stored;
  guint32 compressed_size;
  guint32 raw_size;
  guint32 type;

  if (n_bytes < IMSG_RTF_HEADER_SIZE)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   "Compressed RTF of %" G_GSIZE_FORMAT " bytes; its header alone has %d",
                   n_bytes, IMSG_RTF_HEADER_SIZE);
      return NULL;
    }
  /* 0 · 4 · bytes that follow this field; 4 · 4 · bytes of RTF; 8 · 4 · type; 12 · 4 · CRC */
  compressed_size = read_u32 (compressed);
  raw_size = read_u32 (compressed + 4);
  type = read_u32 (compressed + 8);
  if (type != IMSG_RTF_TYPE_COMPRESSED && type != IMSG_RTF_TYPE_STORED)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   "Compressed RTF of the unknown type 0x%08X", type);
      return NULL;
    }

  n_stored = n_bytes - IMSG_RTF_HEADER_SIZE;
  n_contents = n_stored;
  if (compressed_size >= 12 && compressed_size - 12 <= n_stored)
    n_contents = compressed_size - 12;
  else
    _imsg_problem_list_add (problems,
      _imsg_problem_new (PLACE, IMSG_ERROR_CORRUPT_DATA,
                         "The header says that %u bytes follow, there are %" G_GSIZE_FORMAT,
                         compressed_size, n_bytes - 4));

  compressed += IMSG_RTF_HEADER_SIZE;
  if (type == IMSG_RTF_TYPE_COMPRESSED)
    return decompress (compressed, n_contents, raw_size, read_u32 (compressed - 4), max_bytes,
                       problems);

  check_sizes (raw_size, n_contents, problems);
  n_contents = MIN (n_contents, raw_size);
  if (n_contents > max_bytes)
    {
      n_contents = max_bytes;
      _imsg_problem_list_add (problems,
        _imsg_problem_new (PLACE, IMSG_ERROR_TOO_BIG,
                           "Cut off at the limit of %" G_GUINT64_FORMAT " bytes", max_bytes));
    }
  return g_bytes_new (compressed, n_contents);
}

/**
 * imsg_rtf_decompress:
 * @compressed: the value of `PR_RTF_COMPRESSED`, with its header of 16 bytes
 * @problems: (out) (optional) (transfer container) (element-type IMsgProblem): return location
 *   for what is wrong with it
 * @error: return location for an error
 *
 * Decompresses RTF, from the compressed (`LZFu`) or the stored (`MELA`) form.
 *
 * The bytes are those that were compressed, a NUL at their end included. Wrong sizes, a wrong
 * checksum, a missing end and references to nothing are listed in @problems and do not keep what
 * can be read from being read. The result is never longer than 8 times @compressed, and not longer
 * than `IMSG_LIMIT_RTF_BYTES`.
 *
 * Fails with `IMSG_ERROR_CORRUPT_DATA` when there is no header or its type is unknown.
 * Source: `WrapCompressedRTFStream`; [MS-OXRTFCP].
 *
 * Returns: (transfer full): the RTF
 * Since: 1.0
 */
GBytes *
imsg_rtf_decompress (GBytes     *compressed,
                     GPtrArray **problems,
                     GError    **error)
{
  g_autoptr(GPtrArray) list = NULL;
  gsize n_bytes;
  const guint8 *bytes;
  GBytes *rtf;

  g_return_val_if_fail (compressed != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  list = _imsg_problem_list_new ();
  bytes = g_bytes_get_data (compressed, &n_bytes);
  rtf = _imsg_rtf_decompress (bytes, n_bytes,
                              _imsg_limits_get_default ()->values[IMSG_LIMIT_RTF_BYTES], list,
                              error);
  if (problems != NULL)
    *problems = g_steal_pointer (&list);
  return rtf;
}
