/* imsg-base64.c - base64 of whole streams, a buffer at a time
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-base64-private.h"

/* Of the compilers that know how to build one function for a newer processor than the rest. */
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
# define HAS_VECTORS 1
# include <tmmintrin.h>
#endif

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* What a character is no letter: no sum of letters reaches it. */
#define NO_LETTER 0x80000000u

/* Twelve bits are two letters: half as many look-ups as letters, and 8 KiB stay in the nearest
 * cache. The other way round a table for each place of a group needs no shifting. */
static char pairs[4096][2];
static guint32 places[4][256];

static void
init_tables (void)
{
  static gsize is_done;

  if (!g_once_init_enter (&is_done))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      pairs[i][0] = letters[i >> 6];
      pairs[i][1] = letters[i & 63];
    }
  for (guint place = 0; place < 4; place++)
    {
      for (guint i = 0; i < 256; i++)
        places[place][i] = NO_LETTER;
      for (guint i = 0; i < 64; i++)
        places[place][(guchar) letters[i]] = i << (6 * (3 - place));
    }
  g_once_init_leave (&is_done, 1);
}

static inline guint64
read_u64_be (const guint8 *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_BE (value);
}

static inline void
encode_group (const guint8 *bytes,
              char         *characters)
{
  guint bits = (guint) bytes[0] << 16 | (guint) bytes[1] << 8 | bytes[2];

  memcpy (characters, pairs[bits >> 12], 2);
  memcpy (characters + 2, pairs[bits & 0xFFF], 2);
}

/* Six bytes at a time, out of the eight that are read. */
static inline void
encode_line (const guint8 *bytes,
             char         *characters)
{
  for (guint i = 0; i < 9; i++)
    {
      guint64 bits = read_u64_be (bytes);

      memcpy (characters, pairs[bits >> 52], 2);
      memcpy (characters + 2, pairs[bits >> 40 & 0xFFF], 2);
      memcpy (characters + 4, pairs[bits >> 28 & 0xFFF], 2);
      memcpy (characters + 6, pairs[bits >> 16 & 0xFFF], 2);
      bytes += 6;
      characters += 8;
    }
  encode_group (bytes, characters);
  memcpy (characters + 4, "\r\n", 2);
}

#ifdef HAS_VECTORS
/* Sixteen letters out of the first twelve of sixteen bytes: the four sextets of each three bytes are
 * brought into bytes of their own by two multiplications, and each gets the distance from its value
 * to its letter, of which there are seven (Muła and Lemire, "Faster Base64 Encoding and Decoding
 * using AVX2 Instructions", 2018). */
__attribute__ ((target ("ssse3"))) static inline void
encode_vector (const guint8 *bytes,
               char         *characters)
{
  const __m128i order = _mm_setr_epi8 (1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
  const __m128i distances = _mm_setr_epi8 ('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                           '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                           '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
  __m128i in = _mm_shuffle_epi8 (_mm_loadu_si128 ((const __m128i *) (const void *) bytes), order);
  __m128i high = _mm_mulhi_epu16 (_mm_and_si128 (in, _mm_set1_epi32 (0x0FC0FC00)),
                                  _mm_set1_epi32 (0x04000040));
  __m128i low = _mm_mullo_epi16 (_mm_and_si128 (in, _mm_set1_epi32 (0x003F03F0)),
                                 _mm_set1_epi32 (0x01000010));
  __m128i sextets = _mm_or_si128 (high, low);
  __m128i kinds = _mm_subs_epu8 (sextets, _mm_set1_epi8 (51));

  kinds = _mm_or_si128 (kinds, _mm_and_si128 (_mm_cmpgt_epi8 (_mm_set1_epi8 (26), sextets),
                                              _mm_set1_epi8 (13)));
  _mm_storeu_si128 ((__m128i *) (void *) characters,
                    _mm_add_epi8 (_mm_shuffle_epi8 (distances, kinds), sextets));
}

/* 57 is no multiple of 12: the last vector of a line begins where the one before has three bytes
 * left, and reads four bytes of the next line. */
__attribute__ ((target ("ssse3"))) static gsize
encode_vector_lines (const guint8 *bytes,
                     gsize         n_lines,
                     char         *characters)
{
  for (gsize i = 0; i < n_lines; i++)
    {
      encode_vector (bytes, characters);
      encode_vector (bytes + 12, characters + 16);
      encode_vector (bytes + 24, characters + 32);
      encode_vector (bytes + 36, characters + 48);
      encode_vector (bytes + 45, characters + 60);
      memcpy (characters + 76, "\r\n", 2);
      bytes += IMSG_BASE64_LINE_BYTES;
      characters += IMSG_BASE64_LINE_CHARACTERS;
    }
  return n_lines;
}
#endif

/* As many lines as can be encoded in a faster way. */
static gsize
encode_fast (const guint8 *bytes,
             gsize         n_bytes,
             char         *characters)
{
#ifdef HAS_VECTORS
  /* not the last line, behind which there may be nothing to read */
  if (n_bytes > 2 * IMSG_BASE64_LINE_BYTES && __builtin_cpu_supports ("ssse3"))
    return encode_vector_lines (bytes, n_bytes / IMSG_BASE64_LINE_BYTES - 1, characters);
#endif
  return 0;
}

gsize
_imsg_base64_encode_lines (const guint8 *bytes,
                           gsize         n_bytes,
                           char         *characters)
{
  char *start = characters;
  gsize n_fast;

  init_tables ();
  n_fast = encode_fast (bytes, n_bytes, characters);
  bytes += n_fast * IMSG_BASE64_LINE_BYTES;
  n_bytes -= n_fast * IMSG_BASE64_LINE_BYTES;
  characters += n_fast * IMSG_BASE64_LINE_CHARACTERS;
  while (n_bytes >= IMSG_BASE64_LINE_BYTES)
    {
      encode_line (bytes, characters);
      bytes += IMSG_BASE64_LINE_BYTES;
      n_bytes -= IMSG_BASE64_LINE_BYTES;
      characters += IMSG_BASE64_LINE_CHARACTERS;
    }
  if (n_bytes == 0)
    return (gsize) (characters - start);
  for (; n_bytes >= 3; n_bytes -= 3)
    {
      encode_group (bytes, characters);
      bytes += 3;
      characters += 4;
    }
  if (n_bytes > 0)
    {
      const guint8 last[3] = { bytes[0], n_bytes > 1 ? bytes[1] : 0, 0 };

      encode_group (last, characters);
      memset (characters + 1 + n_bytes, '=', 3 - n_bytes);
      characters += 4;
    }
  memcpy (characters, "\r\n", 2);
  return (gsize) (characters + 2 - start);
}

gsize
_imsg_base64_decode_end (IMsgBase64Decoder *decoder,
                         guint8            *bytes)
{
  guint n_bytes = decoder->n_characters > 1 ? decoder->n_characters - 1 : 0;
  guint32 bits = decoder->bits << (6 * (4 - decoder->n_characters));

  if (n_bytes > 0)
    bytes[0] = (guint8) (bits >> 16);
  if (n_bytes > 1)
    bytes[1] = (guint8) (bits >> 8);
  decoder->bits = 0;
  decoder->n_characters = 0;
  return n_bytes;
}

gsize
_imsg_base64_decode (IMsgBase64Decoder *decoder,
                     const char        *characters,
                     gsize              n_characters,
                     guint8            *bytes)
{
  const guchar *c = (const guchar *) characters;
  const guchar *end = c + n_characters;
  guint8 *start = bytes;

  init_tables ();
  while (c < end)
    {
      const guchar *before = c;
      guint32 bits;

      while (decoder->n_characters == 0 && end - c >= 4 &&
             ((bits = places[0][c[0]] | places[1][c[1]] | places[2][c[2]] | places[3][c[3]]) &
              NO_LETTER) == 0)
        {
          bits = GUINT32_TO_BE (bits << 8);
          /* one byte more than the group has; the next overwrites it */
          memcpy (bytes, &bits, 4);
          bytes += 3;
          c += 4;
        }
      decoder->is_padded &= c == before;
      if (c == end)
        break;
      bits = places[3][*c];
      if (*c == '=')
        {
          bytes += _imsg_base64_decode_end (decoder, bytes);
          decoder->is_padded = TRUE;
        }
      else if (bits == NO_LETTER && decoder->is_padded && !g_ascii_isspace (*c))
        {
          decoder->n_rest = (gsize) (end - c);
          break;
        }
      else if (bits != NO_LETTER)
        {
          decoder->is_padded = FALSE;
          decoder->bits = decoder->bits << 6 | bits;
          if (++decoder->n_characters == 4)
            {
              bits = GUINT32_TO_BE (decoder->bits << 8);
              memcpy (bytes, &bits, 4);
              bytes += 3;
              decoder->bits = 0;
              decoder->n_characters = 0;
            }
        }
      c++;
    }
  return (gsize) (bytes - start);
}
