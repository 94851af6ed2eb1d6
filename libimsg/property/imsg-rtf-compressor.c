/* imsg-rtf-compressor.c - RTF into its compressed form
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-crc-private.h"
#include "imsg-little-endian-private.h"
#include "imsg-rtf-compression-private.h"

#define MIN_MATCH 2
#define MAX_MATCH 17
#define N_HASHES 8192
#define N_PAIRS 65536

/* Candidates looked at for one match. Four times as many make RTF smaller by less than a
 * hundredth, and without a bound a text of two letters would take 4095 steps a byte. */
#define MAX_CANDIDATES 48

/* Finds what came before: of three bytes by chains through the ring, of two the latest only. */
typedef struct
{
  guint32 by_hash[N_HASHES];                /* position + 1, 0 for none */
  guint32 by_pair[N_PAIRS];
  guint32 previous[IMSG_RTF_RING_SIZE];     /* by position modulo the ring */
} Matcher;

typedef struct
{
  GByteArray *out;
  guint8      group[1 + 8 * 2]; /* a control byte and its eight tokens */
  guint       n_group;
  guint       n_tokens;
} TokenWriter;

static guint
hash_three (const guint8 *at)
{
  guint32 key = at[0] | at[1] << 8 | (guint32) at[2] << 16;

  return key * 2654435761u >> 19;
}

static guint
hash_pair (const guint8 *at)
{
  return at[0] | at[1] << 8;
}

/* Makes the bytes at a position findable, as far as there are enough of them. */
static void
matcher_add (Matcher      *matcher,
             const guint8 *text,
             gsize         position,
             gsize         n_text)
{
  if (n_text - position >= 3)
    {
      guint hash = hash_three (text + position);

      matcher->previous[position % IMSG_RTF_RING_SIZE] = matcher->by_hash[hash];
      matcher->by_hash[hash] = position + 1;
    }
  if (n_text - position >= 2)
    matcher->by_pair[hash_pair (text + position)] = position + 1;
}

static guint
get_match_length (const guint8 *a,
                  const guint8 *b,
                  guint         max)
{
  guint n = 0;

  while (n < max && a[n] == b[n])
    n++;
  return n;
}

static guint
matcher_find (const Matcher *matcher,
              const guint8  *text,
              gsize          position,
              gsize          n_text,
              gsize         *source)
{
  guint max = MIN (MAX_MATCH, n_text - position);
  guint best = 0;
  guint32 candidate;

  if (max < MIN_MATCH)
    return 0;
  candidate = max >= 3 ? matcher->by_hash[hash_three (text + position)] : 0;
  for (guint i = 0; candidate != 0 && i < MAX_CANDIDATES; i++)
    {
      gsize at = candidate - 1;
      guint n;

      /* A whole ring back is the write position itself: the end marker. */
      if (position - at >= IMSG_RTF_RING_SIZE)
        break;
      if (best == 0 || text[at + best] == text[position + best])
        {
          n = get_match_length (text + at, text + position, max);
          if (n > best)
            {
              best = n;
              *source = at;
              if (best == max)
                return best;
            }
        }
      candidate = matcher->previous[at % IMSG_RTF_RING_SIZE];
      if (candidate > at)
        break;
    }
  if (best < MIN_MATCH)
    {
      candidate = matcher->by_pair[hash_pair (text + position)];
      if (candidate == 0 || position - (candidate - 1) >= IMSG_RTF_RING_SIZE)
        return 0;
      *source = candidate - 1;
      best = MIN_MATCH;
    }
  return best;
}

static void
token_writer_flush (TokenWriter *writer)
{
  g_byte_array_append (writer->out, writer->group, writer->n_group);
  writer->group[0] = 0;
  writer->n_group = 1;
  writer->n_tokens = 0;
}

static void
token_writer_add_literal (TokenWriter *writer,
                          guint8       byte)
{
  writer->group[writer->n_group++] = byte;
  if (++writer->n_tokens == 8)
    token_writer_flush (writer);
}

static void
token_writer_add_reference (TokenWriter *writer,
                            gsize        position,
                            guint        length)
{
  guint token = position % IMSG_RTF_RING_SIZE << 4 | (length - MIN_MATCH);

  writer->group[0] |= 1 << writer->n_tokens;
  writer->group[writer->n_group++] = token >> 8;
  writer->group[writer->n_group++] = token & 0xFF;
  if (++writer->n_tokens == 8)
    token_writer_flush (writer);
}

/**
 * imsg_rtf_compress:
 * @rtf: RTF, or any bytes, less than 2 GiB
 *
 * Compresses RTF into what `PR_RTF_COMPRESSED` holds.
 *
 * The result decompresses to the same bytes; it is not the same, byte for byte, as what another
 * writer makes of them.
 *
 * Source: `WrapCompressedRTFStream`; [MS-OXRTFCP].
 *
 * Returns: (transfer full): the header of 16 bytes and the compressed contents
 * Since: 1.0
 */
GBytes *
imsg_rtf_compress (GBytes *rtf)
{
  g_autofree Matcher *matcher = NULL;
  g_autofree guint8 *text = NULL;
  TokenWriter writer = { 0 };
  gsize position = IMSG_RTF_PRESET_SIZE;
  gsize n_rtf;
  gsize n_text;
  const guint8 *bytes;

  g_return_val_if_fail (rtf != NULL, NULL);
  g_return_val_if_fail (g_bytes_get_size (rtf) < G_MAXINT32 - IMSG_RTF_RING_SIZE, NULL);

  bytes = g_bytes_get_data (rtf, &n_rtf);
  n_text = n_rtf + IMSG_RTF_PRESET_SIZE;
  text = g_malloc (n_text);
  memcpy (text, _imsg_rtf_preset, IMSG_RTF_PRESET_SIZE);
  if (n_rtf > 0)
    memcpy (text + IMSG_RTF_PRESET_SIZE, bytes, n_rtf);

  matcher = g_new0 (Matcher, 1);
  for (gsize i = 0; i < IMSG_RTF_PRESET_SIZE; i++)
    matcher_add (matcher, text, i, n_text);

  writer.out = g_byte_array_sized_new (IMSG_RTF_HEADER_SIZE + n_rtf / 2 + 16);
  g_byte_array_set_size (writer.out, IMSG_RTF_HEADER_SIZE);
  writer.n_group = 1;
  while (position < n_text)
    {
      gsize source = 0;
      guint length = matcher_find (matcher, text, position, n_text, &source);

      if (length == 0)
        {
          token_writer_add_literal (&writer, text[position]);
          length = 1;
        }
      else
        token_writer_add_reference (&writer, source, length);
      for (guint i = 0; i < length; i++)
        matcher_add (matcher, text, position + i, n_text);
      position += length;
    }
  token_writer_add_reference (&writer, position, MIN_MATCH);
  if (writer.n_tokens > 0)
    token_writer_flush (&writer);

  _imsg_put_u32 (writer.out->data, writer.out->len - 4);
  _imsg_put_u32 (writer.out->data + 4, n_rtf);
  _imsg_put_u32 (writer.out->data + 8, IMSG_RTF_TYPE_COMPRESSED);
  _imsg_put_u32 (writer.out->data + 12, _imsg_crc (writer.out->data + IMSG_RTF_HEADER_SIZE,
                                                   writer.out->len - IMSG_RTF_HEADER_SIZE));
  return g_byte_array_free_to_bytes (writer.out);
}
